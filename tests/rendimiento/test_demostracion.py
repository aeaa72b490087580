"""Cuánto tarda construir la demostración, que es lo primero que espera quien abre el tablero sin datos."""

from datos.almacen import Almacen, publicacion_vigente
from tests.rendimiento.procesos import correr


def test_construir_la_demostracion(registro, tmp_path):
    seccion = registro.seccion(
        "Demostración",
        "`python -m etl demostracion`: generar seis archivos con la disposición oficial, y leerlos, validarlos y publicarlos por "
        "el mismo camino que los reales. Meta: menos de 30 s.",
        ("orden", "tiempo (s)", "procesador (s)", "memoria máxima (MB)", "base publicada (MB)"),
    )
    hecho = correr("-m", "etl", "demostracion", "--almacen", tmp_path / "almacen")
    megas = publicacion_vigente(Almacen(tmp_path / "almacen")).bytes / 1e6
    celdas = (f"{hecho.segundos:.1f}", f"{hecho.procesador:.1f}", f"{hecho.memoria_mb:,.0f}", f"{megas:,.1f}")
    seccion.fila("demostración", *celdas)
