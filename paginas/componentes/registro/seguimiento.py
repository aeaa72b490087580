"""Dar seguimiento a un acuerdo: nivel, nota y evidencia, con su borrador; y reprogramar su plazo con motivo."""

from __future__ import annotations

import streamlit as st

from analisis import fechas
from datos.plantilla.columnas import NIVELES_CUMPLIMIENTO
from datos.registro import acuerdos, seguimientos
from datos.registro.evidencias import maximo_de_bytes, reunir
from datos.registro.lectura import Expediente
from datos.registro.tipos_de_archivo import TIPOS
from datos.reloj import hoy
from paginas.componentes.registro.avisos import al_dia, intentar
from paginas.componentes.registro.borrador import EnBorrador
from paginas.componentes.registro.identidad import Abierto

_PARA_SUBIR = [*TIPOS, "jpeg"]


def dar_seguimiento(abierto: Abierto, e: Expediente, version: int, sesion: str | None = None) -> bool:
    """El formulario de un seguimiento; dice si se guardó uno. ``version``: la del acuerdo que se tiene a la vista."""
    a = e.acuerdo
    b = EnBorrador(abierto, a.mesa, f"seguimiento:{a.id}", {"nivel": str(e.cumplimiento)})
    niveles = {str(n): f"{n} {texto}" for n, texto in enumerate(NIVELES_CUMPLIMIENTO, 1)}
    elegido = int(b.elegir("nivel", "Cumplimiento de hoy", niveles, control="pills"))
    b.caja("nota", "Qué pasó desde la última vez", renglones=3)
    sube = elegido > e.cumplimiento and elegido >= seguimientos.PIDE_EVIDENCIA
    if sube:
        st.html(
            '<p class="menor">Subir el cumplimiento pide evidencia: una liga o un archivo. La verifica otra persona.</p>'
        )
    b.caja("titulo", "Qué es la evidencia", maximo=240, ejemplo="Lista de asistencia del 10 de febrero")
    b.caja("url", "Liga de la evidencia", maximo=2_000, ejemplo="https://…")
    megas = maximo_de_bytes() // 1_000_000
    archivo = st.file_uploader(
        f"O un archivo de hasta {megas} MB ({', '.join(TIPOS)})",
        type=_PARA_SUBIR,
        max_upload_size=megas,
        key=f"archivo_{a.id}_{len(e.seguimientos)}",
    )
    publica = b.marcar("publica", "La evidencia la puede ver cualquiera", omision=False)
    if not st.button("Guardar el seguimiento", key=f"seguir_{a.id}", type="primary", icon=":material/save:"):
        return False
    subido = None if archivo is None else (archivo.name, archivo.getvalue())
    guardado = intentar(
        lambda: seguimientos.registrar(
            abierto.registro, abierto.actor, a.id, version, cumplimiento=elegido, nota=b.texto("nota"), dia=hoy(),
            entregas=reunir(b.texto("titulo"), b.texto("url"), subido, dia=hoy(), publica=publica), sesion_id=sesion,
            borrador=b.id,
        ),
        "Se guardó el seguimiento.",
    )  # fmt: skip
    if guardado is not None:
        b.soltar()
    return guardado is not None


def reprogramar(abierto: Abierto, e: Expediente, version: int, sesion: str | None = None) -> bool:
    """El formulario para mover el plazo; dice si se movió. ``version``: la del acuerdo que se tiene a la vista."""
    a = e.acuerdo
    b = EnBorrador(abierto, a.mesa, f"reprogramar:{a.id}", {})
    st.html(
        f'<p class="menor">Plazo vigente: {fechas.dia(a.plazo)}. El anterior se queda a la vista, con el motivo.</p>'
    )
    nuevo = b.fecha("plazo", "Plazo nuevo")
    b.caja("motivo", "Por qué se mueve", renglones=2)
    if not st.button("Reprogramar", key=f"mover_{a.id}", icon=":material/event_repeat:", disabled=nuevo is None):
        return False
    movida = intentar(
        lambda: acuerdos.reprogramar(
            abierto.registro, abierto.actor, a.id, version, nuevo, b.texto("motivo"), dia=hoy(), sesion_id=sesion
        ),
        "Se movió el plazo.",
    )
    if movida is not None:
        b.olvidar()
        al_dia(a)
    return movida is not None
