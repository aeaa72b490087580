"""Cuánto tarda y cuánta memoria pide cargar un municipal de tamaño completo, junto a un escaneo y a pandas."""

import json
import shutil

import duckdb

from datos.almacen import Almacen, publicacion_vigente
from tests.rendimiento.procesos import RAIZ, Medicion, correr

COMPARADOS = RAIZ / "tests" / "rendimiento" / "comparados"
VECES = 5
SECCION = (
    "Cargar un archivo municipal completo",
    "`python -m etl cargar`, desde que arranca el proceso hasta que sale (leer, validar, sumar, comparar, calcular tendencias, "
    "guardar el original y publicar), contra un escaneo de DuckDB que solo suma los doce meses del mismo CSV y contra pandas "
    "(leer, alargar y agrupar). Las tres órdenes se turnan en la misma corrida, y las tres dan las mismas sumas. Metas: a lo más "
    "3 veces el escaneo, al menos 6 veces más rápido que pandas y menos de 2 GB.",
    ("orden", "mediana (s)", "mejor (s)", "procesador (s)", "memoria máxima (MB)"),
)


def _fila(seccion, nombre, medicion):
    seccion.fila(
        nombre,
        f"{medicion.mediana:.2f}",
        f"{medicion.mejor:.2f}",
        f"{medicion.procesador:.2f}",
        f"{medicion.memoria_mb:,.0f}",
    )


def _sumas_publicadas(almacen):
    con = duckdb.connect(str(publicacion_vigente(Almacen(almacen)).ruta), read_only=True)
    try:
        por_mes = dict(con.execute("SELECT month(fecha), sum(conteo) FROM conteos_categoria GROUP BY 1").fetchall())
        (renglones,) = con.execute("SELECT renglones FROM cortes").fetchone()
    finally:
        con.close()
    return [renglones, *(por_mes[mes] for mes in range(1, 13))]


def test_cargar_junto_a_un_escaneo_y_a_pandas(municipal_completo, registro, tmp_path):
    seccion = registro.seccion(*SECCION)
    escaneos, cargas = [], []
    for vez in range(VECES):
        escaneos.append(correr(COMPARADOS / "escaneo_duckdb.py", municipal_completo))
        almacen = tmp_path / f"almacen{vez}"
        cargas.append(correr("-m", "etl", "cargar", municipal_completo, "--almacen", almacen))
        assert _sumas_publicadas(almacen) == json.loads(escaneos[-1].salida)
        megas = publicacion_vigente(Almacen(almacen)).bytes / 1e6
        shutil.rmtree(almacen)
    con_pandas = Medicion([correr(COMPARADOS / "pandas_plano.py", municipal_completo)])
    assert json.loads(con_pandas.corridas[0].salida) == json.loads(escaneos[0].salida)
    escaneo, carga = Medicion(escaneos), Medicion(cargas)
    for nombre, medicion in (("escaneo de DuckDB", escaneo), ("carga", carga), ("pandas (una vez)", con_pandas)):
        _fila(seccion, nombre, medicion)
    seccion.nota(
        f"La carga es {carga.mediana / escaneo.mediana:.1f} veces el escaneo por mediana y {carga.mejor / escaneo.mejor:.1f} "
        f"por la mejor; {con_pandas.mediana / carga.mediana:.1f} veces más rápida que pandas."
    )
    seccion.nota(
        f"Lo publicado pesa {megas:,.1f} MB; el archivo recibido, {municipal_completo.stat().st_size / 1e6:,.0f} MB."
    )


def test_la_historia_completa_y_el_corte_de_un_mes(almacen_completo, municipal_2026, registro):
    seccion = registro.seccion(
        "Historia completa y actualización mensual",
        "Municipal y estatal de las dos metodologías en una sola base (meta: menos de 150 MB), y cargar encima, ya publicada, el "
        "municipal de 2026, que es lo que se hace cada mes.",
        ("qué", "tiempo (s)", "memoria máxima (MB)", "base publicada (MB)"),
    )
    seccion.fila("historia completa", "—", "—", f"{publicacion_vigente(Almacen(almacen_completo)).bytes / 1e6:,.1f}")
    mensual = correr("-m", "etl", "cargar", municipal_2026, "--almacen", almacen_completo)
    megas = publicacion_vigente(Almacen(almacen_completo)).bytes / 1e6
    seccion.fila("municipal de 2026 encima", f"{mensual.segundos:.2f}", f"{mensual.memoria_mb:,.0f}", f"{megas:,.1f}")
