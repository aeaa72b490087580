"""Las figuras de la sesión como SVG para una pantalla y para un teléfono: las usan el proyector y la página."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from analisis import formatos
from graficas import vectores
from graficas.impresas.barras import Barra
from graficas.mapas import COLOR_DE_ETIQUETA
from graficas.vectores.piezas import MAPA_EN_PANTALLA, MAPA_EN_TELEFONO, PANTALLA, TELEFONO, Medidas
from informes.sesion.dibujos import NOMBRADOS, acercar, clases_del_mapa, trazado_de
from informes.sesion.lamina import Barras, Figura, Mapa, Serie, escribir

EN_PANTALLA, EN_TELEFONO = "pantalla", "telefono"


def dibujos(f: Figura, *, demostracion: bool, id: str = "figura") -> list[tuple[str, str]]:
    """('pantalla', SVG) y ('telefono', SVG) de una serie, unas barras o un mapa; vacía si es una tabla o no hay límites."""
    if isinstance(f, Serie):
        return _en_dos(_de_serie(f, demostracion=demostracion), PANTALLA, TELEFONO)
    if isinstance(f, Barras):
        filas = [Barra(str(x.nombre), float(x.valor), str(x.cifra), str(x.color)) for x in f.datos.itertuples()]
        return _en_dos(
            lambda m, _: vectores.barras(m, filas, f.alternativo, demostracion=demostracion), PANTALLA, TELEFONO
        )
    if isinstance(f, Mapa) and f.rutas:
        return _en_dos(_de_mapa(f, id, demostracion=demostracion), MAPA_EN_PANTALLA, MAPA_EN_TELEFONO)
    return []


def _en_dos(hacer: Callable[[Medidas, str], str], grande: Medidas, chica: Medidas) -> list[tuple[str, str]]:
    return [(EN_PANTALLA, hacer(grande, EN_PANTALLA)), (EN_TELEFONO, hacer(chica, EN_TELEFONO))]


def leer_mes(f: Serie, fila: dict[str, Any]) -> str:
    """«agosto de 2026. Extorsión: 43; se esperaban de 10 a 28 (provisional)», con las cifras como se escriben en la tabla."""
    clases = {x.clave: x.clase for x in f.columnas}
    partes = [f"{r}: {escribir(fila[k], clases[k])}" for k, r in f.lineas.items()]
    if formatos.hay(fila["alto"]):
        partes.append(
            f"se esperaban de {escribir(fila['bajo'], clases['bajo'])} a {escribir(fila['alto'], clases['alto'])}"
        )
    return f"{formatos.mes(fila['fecha'])}. {'; '.join(partes)}{' (provisional)' if fila['provisional'] else ''}"


def _de_serie(f: Serie, *, demostracion: bool) -> Callable[[Medidas, str], str]:
    datos = f.datos
    leido = [leer_mes(f, fila) for fila in datos.to_dict("records")]

    def hacer(m: Medidas, _: str) -> str:
        return vectores.serie(
            m,
            datos["fecha"].to_numpy(),
            [(r, datos[k].to_numpy(dtype="float64")) for k, r in f.lineas.items()],
            datos["bajo"].to_numpy(dtype="float64"),
            datos["alto"].to_numpy(dtype="float64"),
            datos["provisional"].to_numpy(dtype=bool),
            leido,
            f.alternativo,
            marcas=f.marcas,
            demostracion=demostracion,
        )

    return hacer


def leer_lugar(f: Mapa, x: Any) -> str:
    """Lo que se lee de un municipio al acercarse."""
    clases = {k.clave: k.clase for k in f.columnas}
    motivo = f" ({x.motivo})" if x.motivo else ""
    return (
        f"{x.nombre}: {escribir(x.conteo, clases['conteo'])} carpetas en 12 meses; "
        f"{escribir(x.conteo_previo, clases['conteo_previo'])} en los 12 anteriores. {formatos.mayuscula(x.etiqueta)}{motivo}."
    )


def _de_mapa(f: Mapa, id: str, *, demostracion: bool) -> Callable[[Medidas, str], str]:
    datos = f.datos
    propios = set(datos.loc[datos["de_la_mesa"] == "sí", "lugar"])
    orden = list(COLOR_DE_ETIQUETA)
    clase_de = {
        x.lugar: orden.index(x.etiqueta) + (0 if x.lugar in propios else len(orden)) for x in datos.itertuples()
    }
    nombres = dict(zip(datos["lugar"], datos["nombre"], strict=True))
    leido = {x.lugar: leer_lugar(f, x) for x in datos.itertuples()}
    nombrar = [(x.lugar, x.nombre.split(",")[0]) for x in datos.head(len(propios) + NOMBRADOS).itertuples()]

    def hacer(m: Medidas, clase: str) -> str:
        visto = acercar(trazado_de(f.rutas), propios, m.ancho / m.alto)
        oeste, sur, este, norte = visto.limites
        x, y = visto.puntos[:, 0], visto.puntos[:, 1]
        dentro = (x > oeste) & (x < este) & (y > sur) & (y < norte)
        a_la_vista = {visto.claves[n] for n in np.flatnonzero(dentro)} | propios
        return vectores.mapa(
            m, visto, clase_de, clases_del_mapa(), propios, nombres, leido, [n for n in nombrar if n[0] in a_la_vista],
            f.alternativo, id=f"rayas-{id}-{clase}", demostracion=demostracion,
        )  # fmt: skip

    return hacer
