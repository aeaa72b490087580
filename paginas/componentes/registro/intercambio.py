"""Sacar y meter acuerdos desde la página: hojas, JSON y calendario; importar enseña todo antes de guardar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from analisis import formatos
from datos.plantilla.columnas import EJEMPLO
from datos.plantilla.escritura import a_bytes
from datos.plantilla.lectura import AcuerdosRechazados, leer_bytes
from datos.registro import importacion, json_publico
from datos.registro.autorizacion import Accion, puede
from datos.registro.calendario import a_ical
from datos.registro.errores import SinPermiso
from datos.registro.importacion import Plan
from datos.registro.lectura import Expediente
from datos.registro.modelo import Mesa
from datos.registro.renglones import a_renglon
from datos.reloj import hoy
from informes.tablas import TIPOS
from paginas.componentes.registro.avisos import intentar
from paginas.componentes.registro.identidad import Abierto

_VUELTA = "importacion_vuelta"
_MOSTRADOS = 500


def descargar(abierto: Abierto, expedientes: Sequence[Expediente], mesas: Mapping[str, Mesa], mesa: str | None) -> None:
    """Lo que se ve, en cuatro formatos; las hojas son las de la plantilla y vuelven a entrar igual."""
    nombres = {c: m.nombre for c, m in mesas.items()}

    def hoja(formato: str) -> bytes:
        renglones = [a_renglon(e.acuerdo, e.mesa.nombre, e.cumplimiento) for e in expedientes]
        return a_bytes(renglones, formato, nombres if formato == "xlsx" else None)

    base = f"acuerdos-{mesa or 'todas-las-mesas'}" + ("-DEMOSTRACION" if abierto.registro.practica else "")
    zona = st.container(horizontal=True, gap="small")
    archivos = [
        ("XLSX", "xlsx", TIPOS["xlsx"], partial(hoja, "xlsx")),
        ("CSV", "csv", TIPOS["csv"], partial(hoja, "csv")),
        ("JSON", "json", "application/json", partial(json_publico.a_json, abierto.registro, abierto.actor, mesa)),
        ("Calendario de plazos", "ics", "text/calendar", partial(a_ical, list(expedientes))),
    ]
    for rotulo, formato, tipo, datos in archivos:
        zona.download_button(
            rotulo, data=datos, file_name=f"{base}.{formato}", mime=tipo, key=f"acuerdos_{formato}",
            icon=":material/event:" if formato == "ics" else ":material/download:", on_click="ignore",
        )  # fmt: skip


def traer(abierto: Abierto, mesas: Mapping[str, Mesa]) -> None:
    """La plantilla vacía y la caja para soltar una llena: quien escribe en una Mesa la importa; los demás solo la revisan."""
    escribe = any(puede(abierto.actor, Accion.IMPORTAR, c) for c in mesas)
    zona = st.container(horizontal=True, gap="small")
    nombres = {c: m.nombre for c, m in mesas.items()}
    for formato in ("xlsx", "csv"):
        zona.download_button(
            f"Plantilla en {formato.upper()}", data=partial(a_bytes, [EJEMPLO], formato, nombres),
            file_name=f"plantilla-de-acuerdos.{formato}", mime=TIPOS[formato], key=f"plantilla_{formato}",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    vuelta = st.session_state.setdefault(_VUELTA, 0)
    subida = st.file_uploader(
        "Plantilla llena, en CSV o XLSX", type=["csv", "xlsx"], key=f"plantilla_llena_{vuelta}",
        help="Se revisa completa y se enseña qué cambiaría. Nada se guarda hasta que usted acepte.",
    )  # fmt: skip
    if subida is None:
        return
    try:
        if not escribe:
            _solo_revisar(subida.getvalue())
            return
        plan = importacion.planear_bytes(abierto.registro, abierto.actor, subida.getvalue())
    except AcuerdosRechazados as causa:
        _problemas(causa)
        return
    except SinPermiso as causa:
        st.error(str(causa))
        return
    _vista_previa(plan)
    hay = plan.cuantos("nuevo") + plan.cuantos("cambia")
    if not hay:
        st.success("Todo lo del archivo ya está así en el registro. No hay nada que guardar.")
        return
    if st.button(
        f"Guardar {formatos.contar(hay, 'acuerdo')}", key="importar_aceptar", type="primary", icon=":material/save:"
    ) and intentar(
        lambda: importacion.importar(abierto.registro, abierto.actor, plan, hoy()),
        f"Se guardaron {formatos.contar(hay, 'acuerdo')}. Lo que no venía en el archivo se quedó como estaba.",
    ):
        st.session_state[_VUELTA] += 1
        st.rerun()


def _problemas(causa: AcuerdosRechazados) -> None:
    cuantos = len(causa.problemas)
    st.error(
        f"{formatos.contar(cuantos, 'problema')}. No se guardó nada: corríjalos todos en el archivo y vuelva a subirlo."
    )
    tabla = pd.DataFrame([vars(p) for p in causa.problemas]).rename(columns={"renglon": "renglón"})
    st.dataframe(tabla, hide_index=True, width="stretch")


def _solo_revisar(contenido: bytes) -> None:
    renglones = leer_bytes(contenido)
    st.success(
        f"{formatos.contar(len(renglones), 'acuerdo')} sin problemas. Aquí solo se revisa: para guardarlos hay que entrar con "
        "una cuenta que escriba en esa Mesa."
    )
    st.dataframe(pd.DataFrame(renglones), hide_index=True, width="stretch")


def _vista_previa(plan: Plan) -> None:
    nuevos, cambian, iguales = (plan.cuantos(q) for q in ("nuevo", "cambia", "igual"))
    st.info(
        f"El archivo pasa completo: {formatos.contar(nuevos, 'acuerdo nuevo', 'acuerdos nuevos')}, "
        f"{formatos.contar(cambian, 'que cambia', 'que cambian')} y {formatos.contar(iguales, 'igual', 'iguales')}. "
        "Todavía no se guarda nada."
    )
    for clave, nombre in plan.mesas_nuevas.items():
        st.warning(f"«{nombre}» ({clave}) no está en el registro: al guardar se da de alta.")
    filas = []
    for r in plan.renglones:
        if r.que == "nuevo":
            filas.append((r.numero, r.mesa, r.folio, "nuevo", "", r.valores["texto"]))
        filas += [
            (r.numero, r.mesa, r.folio, columna, antes, despues) for columna, (antes, despues) in r.cambios.items()
        ]
    if not filas:
        return
    columnas = ["renglón", "Mesa", "folio", "qué", "antes", "después"]
    st.dataframe(pd.DataFrame(filas[:_MOSTRADOS], columns=columnas), hide_index=True, width="stretch")
    if len(filas) > _MOSTRADOS:
        st.caption(f"Se muestran {_MOSTRADOS} de {formatos.entero(len(filas))} cambios; se guardarían todos.")
