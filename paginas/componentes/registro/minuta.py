"""La minuta en pantalla: se arma con lo que pasó en la sesión, se fija al cerrarla y se baja como documento."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from analisis import fechas
from datos.registro import lectura
from datos.registro.folios import romano
from datos.registro.lectura import Expediente
from datos.registro.modelo import Mesa, Sesion
from informes import minuta as informe
from informes.acuerdos import meta, nivel, responsable
from paginas.componentes.registro.identidad import Abierto

_ETIQUETA = {informe.TITULO: "h2", informe.APARTADO: "h3", informe.PARRAFO: "p"}
PRACTICA = "DEMOSTRACIÓN: Mesa, personas y acuerdos ficticios."


def componer(abierto: Abierto, mesa: Mesa, sesion: Sesion, expedientes: Sequence[Expediente], notas: str) -> str:
    """El texto de la minuta con lo que hay en el registro."""
    lista = [a for a in lectura.asistencias(abierto.registro, abierto.actor, mesa.clave) if a.sesion == sesion.id]
    anteriores = [e for e in expedientes if es_anterior(e, sesion)]
    return informe.componer(
        informe.Minuta(
            mesa=mesa.nombre,
            numero=sesion.numero,
            romano=romano(sesion.numero),
            tipo=sesion.tipo,
            fecha=sesion.fecha,
            lugar=sesion.lugar,
            comision=sesion.comision,
            asistentes=[informe.Asistente(a.institucion, a.lado, a.estado, a.representante) for a in lista],
            revisados=[_revisado(e, sesion) for e in anteriores if revisado_en(e, sesion)],
            sin_revisar=[e.acuerdo.folio for e in anteriores if e.cumplimiento < 5 and not revisado_en(e, sesion)],
            nuevos=[_nuevo(e) for e in expedientes if e.acuerdo.sesion == sesion.id],
            notas=notas,
            advertencia=PRACTICA if abierto.registro.practica else "",
        )
    )


def es_anterior(e: Expediente, sesion: Sesion) -> bool:
    """Si el acuerdo se tomó antes de esa sesión."""
    return e.acuerdo.sesion != sesion.id and e.acuerdo.fecha <= sesion.fecha


def revisado_en(e: Expediente, sesion: Sesion) -> bool:
    """Si en esa sesión se le dio seguimiento o se movió su plazo."""
    return any(x.sesion == sesion.id for x in (*e.seguimientos, *e.reprogramaciones))


def _revisado(e: Expediente, sesion: Sesion) -> informe.Revisado:
    suyos = [s for s in e.seguimientos if s.sesion == sesion.id]
    movidos = [r for r in e.reprogramaciones if r.sesion == sesion.id]
    plazo = "; ".join(
        f"plazo del {fechas.dia(r.de) if r.de else '(sin plazo)'} al {fechas.dia(r.a)}: {r.motivo}" for r in movidos
    )
    return informe.Revisado(
        e.acuerdo.folio,
        e.acuerdo.texto,
        nivel(suyos[-1].cumplimiento if suyos else e.cumplimiento),
        " ".join(s.nota for s in suyos if s.nota),
        f"Se movió el {plazo}." if plazo else "",
    )


def _nuevo(e: Expediente) -> informe.Nuevo:
    a = e.acuerdo
    plazo = fechas.dia(a.plazo) if a.plazo else f"sin plazo: {a.sin_plazo_porque}"
    return informe.Nuevo(a.folio, a.texto, responsable(a, "autoridad"), responsable(a, "ciudadania"), meta(a), plazo)


def mostrar(texto: str) -> None:
    """La minuta como se leerá."""
    partes = []
    for clase, contenido in informe.bloques(texto):
        if clase == informe.PUNTO:
            partes.append(f"<li>{escape(contenido)}</li>")
        else:
            etiqueta = _ETIQUETA[clase]
            partes.append(f"<{etiqueta}>{escape(contenido)}</{etiqueta}>")
    st.html(f'<div class="minuta">{"".join(partes)}</div>')


def descargas(abierto: Abierto, mesa: Mesa, sesion: Sesion, texto: str) -> None:
    """El documento y el texto; mientras la sesión siga abierta, el nombre dice que es un borrador."""
    nombre = f"minuta-{mesa.clave}-{sesion.numero}-{sesion.fecha:%Y-%m-%d}"
    nombre += "-borrador" if sesion.estado == "abierta" else ""
    nombre += "-DEMOSTRACION" if abierto.registro.practica else ""
    zona = st.container(horizontal=True, gap="small")
    zona.download_button(
        "Minuta en Word", data=partial(informe.a_docx, texto, mesa.nombre), file_name=f"{nombre}.docx",
        mime=informe.TIPO, key="minuta_docx", icon=":material/download:", on_click="ignore",
    )  # fmt: skip
    zona.download_button(
        "Minuta en texto", data=texto.encode(), file_name=f"{nombre}.txt", mime="text/plain", key="minuta_txt",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip
