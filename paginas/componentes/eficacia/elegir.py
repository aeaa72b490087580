"""Qué se evalúa: un acuerdo del registro, o un placebo con los municipios, el delito y la fecha que se quieran."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date

import numpy as np
import streamlit as st

from analisis import formatos
from analisis.eficacia.calibracion import CLASES, CONJUNTOS, HISTORIA
from datos import catalogos
from datos.consultas import lugares
from datos.consultas.cerrados import ANTES, DESPUES, cerrados, meses_cerrados, meses_evaluables
from datos.consultas.claves import claves
from datos.consultas.evaluables import Evaluable
from datos.tablero import recordar
from informes.eficacia.servicio import Pregunta, avisos_de, nombre_de_delitos
from paginas.componentes.buscador import buscar_lugar
from paginas.componentes.direccion import SEPARADOR, Direccion, fijar

MAXIMO_DE_MUNICIPIOS = 40
PROMEDIO_MINIMO = CLASES[0][0]  # carpetas al mes: con menos casi nada se puede evaluar
DE_EJEMPLO = ("11007", "11017", "11020", "11027")  # cuatro ciudades vecinas entre sí por tamaño; solo para ensayar
DELITO_DE_EJEMPLO = "violencia_familiar"


@recordar(maximo=2)
def con_serie_municipal() -> dict[str, str]:
    """Clave y nombre de los delitos y canastas que se pueden evaluar con lo publicado, en el orden del catálogo."""
    return {c.clave: c.nombre for c in claves().values() if meses_cerrados(c.clave) >= ANTES + DESPUES}


def elegir_acuerdo(vista: Direccion, todos: Sequence[Evaluable]) -> Evaluable:
    """El control de acuerdos. La dirección admite el ``acuerdo`` o su ``folio``."""
    por_id = {a.id: a for a in todos}
    folio = st.query_params.get("folio")
    if folio and "acuerdo" not in st.query_params:
        suyos = [a.id for a in todos if a.folio == folio]
        if suyos:
            fijar("acuerdo", suyos[0])
    opciones = {
        a.id: f"{a.folio} · {a.mesa} · {nombre_de_delitos(a.delitos).lower()}, desde {formatos.mes_corto(a.inicio)}"
        for a in todos
    }
    return por_id[vista.elegir("Acuerdo", opciones, "acuerdo", width="stretch")]


def municipios_validos() -> set[str]:
    """Las claves del catálogo."""
    return set(catalogos.municipios()["cve_mun"])


def agregar(parametro: str) -> None:
    """Caja de búsqueda que agrega a ``parametro`` un municipio, o todos los de un estado."""

    def tomar(lugar: str) -> None:
        actuales = [m for m in st.query_params.get(parametro, "").split(SEPARADOR) if m]
        nuevos = [lugar] if len(lugar) == 5 else []
        fijar(parametro, list(dict.fromkeys([*actuales, *nuevos]))[:MAXIMO_DE_MUNICIPIOS])

    buscar_lugar("Agregar un municipio", parametro, tomar)


def elegir_municipios(vista: Direccion, parametro: str, omision: Sequence[str]) -> tuple[str, ...]:
    """Los municipios de un conjunto; el control quita y la caja de búsqueda agrega."""
    validos = {m: lugares.nombre(m) for m in municipios_validos()}
    elegidos = vista.elegir_varios(
        "Municipios", validos, parametro, omision=list(omision), maximo=MAXIMO_DE_MUNICIPIOS, solo_elegidas=True
    )
    return tuple(sorted(elegidos))


def _sortear(delito: str) -> None:
    """Pone en la dirección un conjunto y una fecha al azar; cada vez otros, y los mismos para quien empieza de nuevo."""
    vez = st.session_state["sorteos"] = st.session_state.get("sorteos", 0) + 1
    panel = cerrados((delito,))
    azar = np.random.default_rng([zlib.crc32(delito.encode()), vez])
    inicio = int(azar.integers(min(HISTORIA, panel.conteos.shape[1] - 13), panel.conteos.shape[1] - 11))
    historia = panel.conteos[:, max(inicio - HISTORIA, 0) : inicio]
    completos = ~np.isnan(panel.conteos[:, max(inicio - HISTORIA, 0) : inicio + 12]).any(axis=1)
    posibles = np.flatnonzero(completos & (np.nan_to_num(historia).mean(axis=1) > PROMEDIO_MINIMO))
    cuantos = min(int(azar.choice(CONJUNTOS)), len(posibles))
    elegidos = azar.choice(posibles, cuantos, replace=False)
    fijar("conjunto", sorted(panel.lugares[i] for i in elegidos))
    fijar("inicio_placebo", f"{panel.meses[inicio]:%Y-%m}")


def elegir_placebo(vista: Direccion) -> Pregunta | None:
    """Los controles de un placebo. ``None`` si no se eligió ningún municipio o no hay delito que evaluar."""
    delitos = con_serie_municipal()
    if not delitos:
        return None
    municipios = elegir_municipios(vista, "conjunto", DE_EJEMPLO)
    zona = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with zona:
        agregar("conjunto")
    omision = DELITO_DE_EJEMPLO if DELITO_DE_EJEMPLO in delitos else None
    delito = vista.elegir("Delito o canasta", delitos, "delito_placebo", omision=omision, zona=zona, width=300)
    meses = meses_evaluables(cerrados((delito,)))
    fechas = {f"{m:%Y-%m}": formatos.mes(m) for m in reversed(meses)}
    un_anio = list(fechas)[min(6, len(fechas) - 1)]  # con doce meses después, si los hay
    rotulo = "Como si algo hubiera empezado en"
    cuando = vista.elegir(rotulo, fechas, "inicio_placebo", omision=un_anio, zona=zona, width=220)
    zona.button(
        "Sortear otro", key="sortear_placebo", icon=":material/casino:", on_click=_sortear, args=(delito,),
        help="Municipios y fecha al azar: en cinco de cada cien, a lo más, se dirá que hubo un cambio",
    )  # fmt: skip
    if not municipios:
        return None
    inicio = date(int(cuando[:4]), int(cuando[5:]), 1)
    return Pregunta(municipios, (delito,), inicio, avisos=tuple(sorted(avisos_de(municipios, (delito,)))))
