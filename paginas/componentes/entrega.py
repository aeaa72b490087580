"""Entregar archivos a mano: soltarlos, ver qué es cada uno, todo lo que no pasa y qué cambiaría, y solo entonces publicar."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd
import streamlit as st

from analisis import formatos
from datos import trabajos
from datos.permisos import SinPermiso
from datos.registro.actor import Actor
from datos.trabajos import EntregaInvalida, Trabajo, TrabajoEnCurso
from informes.fuente import NOMBRE_DEL_AMBITO
from paginas.componentes.limite import permitir
from paginas.componentes.tabla_de_datos import mostrar

TIPOS = ["csv", "zip", "xlsx", "json", "geojson", "topojson"]
ROTULOS = {"que": "Qué parece", "detalle": "Detalle", "mb": "MB", "sha256": "SHA-256", "archivo": "Archivo"}
DE_PROBLEMAS = {"linea": "Línea", "columna": "Columna", "esperado": "Se esperaba", "encontrado": "Se encontró"}
DE_CAMBIOS = {
    "producto": "Producto",
    "corte_publicado": "Corte publicado",
    "corte_nuevo": "Corte nuevo",
    "meses_nuevos": "Meses nuevos",
    "cifras_que_cambian": "Cifras ya publicadas que cambian",
    "neto": "Neto, sin el total",
}


def intentar(hacer: Callable[[], object]) -> None:
    """Hace algo que pide permiso o turno; si no se puede, lo dice, y si se pudo vuelve a correr la página."""
    if not permitir():
        return
    try:
        hacer()
    except (SinPermiso, TrabajoEnCurso, EntregaInvalida) as causa:
        st.error(str(causa))
    else:
        st.rerun()


def soltar_archivos(ocupado: bool, actor: Actor) -> None:
    """La caja para soltar archivos y el botón que los revisa, sin publicar nada."""
    # Cada entrega estrena caja: lo revisado ya está guardado y no debe sumarse a lo siguiente.
    entregas = st.session_state.setdefault("entregas", 0)
    subidos = st.file_uploader(
        "Archivos del SESNSP, de población o de límites, tal como se descargaron",
        type=TIPOS,
        accept_multiple_files=True,
        max_upload_size=trabajos.MAXIMO_DE_MEGABYTES,
        key=f"entrega_{entregas}",
    )
    if st.button("Revisar sin publicar", disabled=not subidos or ocupado, icon=":material/fact_check:"):
        intentar(lambda: _revisar(((a.name, a.getvalue()) for a in subidos), actor))


def mostrar_revision(revision: Trabajo, ocupado: bool, actor: Actor) -> None:
    """Qué es cada archivo, qué no pasa y qué cambiaría; con el botón de publicar solo si todo pasa."""
    resultado = revision.resultado
    _archivos(resultado.get("archivos", []))
    if revision.codigo == 0:
        _cambios(resultado)
        if st.button("Publicar", type="primary", disabled=ocupado, icon=":material/publish:", key="publicar"):
            acepta = bool(st.session_state.get("sin_equivalencia_de") == revision.id)
            intentar(lambda: trabajos.publicar(revision.id, sin_equivalencia=acepta, actor=actor))
        return
    if "rechazado" not in resultado:
        st.error(revision.mensaje or "La revisión se interrumpió. No se publicó nada; vuelva a entregar los archivos.")
        return
    _problemas(resultado["rechazado"])
    if any(p["esperado"].startswith("una categoría del catálogo") for p in resultado["rechazado"]):
        st.write(
            "Hay categorías que el catálogo no conoce. Se pueden aceptar sin equivalencia: contarán en el total de su "
            "metodología y en ningún otro delito, y quedarán señaladas."
        )
        if st.button("Revisar aceptando categorías sin equivalencia", key="sin_equivalencia"):
            intentar(lambda: _otra_vez(revision.id, actor))
    if resultado.get("informe_texto"):
        st.download_button(
            "Informe para reportar el cambio",
            data=str(resultado["informe_texto"]).encode("utf-8"),
            file_name="informe-de-cambio.md",
            mime="text/markdown",
            icon=":material/download:",
            on_click="ignore",
        )


def _revisar(archivos: Iterable[tuple[str, bytes]], actor: Actor) -> None:
    trabajos.revisar(archivos, actor=actor)
    st.session_state["entregas"] += 1


def _otra_vez(id: str, actor: Actor) -> None:
    st.session_state["sin_equivalencia_de"] = trabajos.revisar_otra_vez(id, actor=actor)


def _archivos(archivos: list[dict]) -> None:
    if archivos:
        tabla = pd.DataFrame(archivos).assign(mb=lambda t: (t["bytes"] / 1e6).round(2))
        tabla["sha256"] = tabla["sha256"].str[:8]
        mostrar(tabla[["archivo", "que", "detalle", "mb", "sha256"]], rotulos=ROTULOS)


def _problemas(problemas: list[dict]) -> None:
    st.error(
        f"{formatos.contar(len(problemas), 'problema')}. No se publicó nada: lo publicado sigue igual. Corrija o vuelva a "
        "descargar los archivos señalados y entréguelos de nuevo."
    )
    tabla = pd.DataFrame(problemas)[["archivo", "linea", "columna", "esperado", "encontrado"]]
    mostrar(tabla, alto=300 if len(tabla) > 7 else "content", rotulos={**ROTULOS, **DE_PROBLEMAS})


def _cambios(resultado: dict) -> None:
    cambios = resultado.get("cambios", [])
    if resultado.get("reemplaza_demostracion"):
        st.info("Reemplazaría la demostración por datos oficiales.")
    if cambios:
        st.markdown("**Qué cambiaría**")
        tabla = pd.DataFrame(cambios)
        tabla["producto"] = tabla["metodologia"] + ", " + tabla["ambito"].map(NOMBRE_DEL_AMBITO)
        for columna in ("corte_publicado", "corte_nuevo"):
            tabla[columna] = ["ninguno" if pd.isna(c) else formatos.mes_corto(pd.Timestamp(c)) for c in tabla[columna]]
        enteras = dict.fromkeys(("meses_nuevos", "cifras_que_cambian", "neto"), "Int64")
        tabla = tabla.astype(enteras)
        mostrar(tabla[list(DE_CAMBIOS)], rotulos=DE_CAMBIOS)
    else:
        st.write("No cambiaría ninguna cifra de carpetas ni de víctimas.")
    avisos = [*([resultado["limites"]] if resultado.get("limites") else []), *resultado.get("avisos", [])]
    lineas = [*avisos, *(f"A un lado: {d}" for d in resultado.get("dejados", []))]
    if lineas:
        with st.expander(f"{formatos.contar(len(lineas), 'aviso')} de la revisión"):
            for linea in lineas:
                st.text(linea)
