"""Mesas: dónde están, qué cubren y, al elegir una, su expediente: quién se sienta, qué acordó y cómo va."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from analisis import fechas, formatos
from datos.consultas import lugares
from datos.consultas.geometria import SinGeometria, geometria
from datos.registro import avance, lectura
from datos.reloj import hoy
from graficas.base import SIN_DATO
from graficas.mapas import Pintura, Texto
from informes.acuerdos import SIN_MEZCLAR, avance_en_palabras, de_que_es, reparto, ultimo_cerrado
from paginas.componentes.direccion import Direccion, fijar
from paginas.componentes.mapa import mapa, nota_de_limites
from paginas.componentes.registro import ejes, mesa_editable
from paginas.componentes.registro.estado import insignia, plazo
from paginas.componentes.registro.expediente import LADO
from paginas.componentes.registro.identidad import abrir_registro
from paginas.componentes.tabla import Columna, enlace, tabla

TODAS = "todas"
CON_ACUERDOS, SIN_ACUERDOS, FUERA = "con acuerdos", "sin acuerdos registrados", "sin Mesa registrada"
COLOR = {CON_ACUERDOS: "#0072B2", SIN_ACUERDOS: "#56B4E9", FUERA: "#F2F0EA"}

abierto = abrir_registro()
marco, registro, actor = abierto.marco, abierto.registro, abierto.actor
vista = Direccion()
todas = lectura.mesas(registro, actor)
por_clave = {m.clave: m for m in todas}
controles = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
clave = vista.elegir(
    "Mesa", {TODAS: "Todas las Mesas", **{m.clave: m.nombre for m in todas}}, "mesa", zona=controles, width=340
)
pedido = st.query_params.get("folio")
vista.escribir()
expedientes = lectura.expedientes(registro, actor)
sesiones = lectura.sesiones(registro, actor)
asistencias = lectura.asistencias(registro, actor)
nombres = lugares.nombres()
if pedido:
    liga = enlace(pedido, "acuerdos", **({} if clave == TODAS else {"mesa": clave}), folio=pedido)
    st.html(f'<p class="menor">El acuerdo {liga.texto} tiene su propia página.</p>')


def donde(m) -> str:
    """Qué cubre una Mesa, en palabras."""
    if not m.municipios:
        return "municipios por confirmar"
    texto = formatos.lista([nombres[c] for c in m.municipios])
    return f"{texto} (por confirmar)" if m.por_confirmar else texto


def dibujar_mapa(elegida: str | None = None) -> None:
    """Los municipios de cada Mesa; un clic la abre."""
    try:
        figuras = geometria("municipal")
    except SinGeometria as causa:
        st.info(str(causa))
        return
    con_acuerdos = {e.acuerdo.mesa for e in expedientes}
    de_quien: dict[str, str] = {}
    for m in todas:
        for municipio in m.municipios:
            if municipio not in de_quien or m.clave in con_acuerdos:
                de_quien[municipio] = m.clave
    clases = list(COLOR)
    por_lugar = [
        FUERA if c not in de_quien else CON_ACUERDOS if de_quien[c] in con_acuerdos else SIN_ACUERDOS
        for c in figuras.claves
    ]
    pintura = Pintura(
        [*COLOR.values(), SIN_DATO],
        np.array([clases.index(c) for c in por_lugar], dtype="u1"),
        len(clases),
        [
            Texto("", [por_clave[de_quien[c]].nombre if c in de_quien else "" for c in figuras.claves]),
            Texto("", por_lugar),
        ],
    )
    mapa(
        pintura,
        figuras,
        f"Municipios que cubren {formatos.contar(len(todas), 'Mesa')}. La lista los repite.",
        "mapa_de_mesas",
        alto=430,
        al_elegir=lambda lugar: fijar("mesa", de_quien[lugar]) if lugar in de_quien else None,
        con_zonas=True,
    )
    entradas = "".join(f'<li><i style="background-color:{COLOR[c]}"></i>{c}</li>' for c in clases)
    st.html(f'<ul class="leyenda">{entradas}</ul><p class="menor">{escape(nota_de_limites(figuras))}</p>')


def lista_de_mesas() -> None:
    """Una fila por Mesa: qué cubre, cuándo se reunió y cómo van sus acuerdos."""
    filas = []
    de_cada_una: dict[str, list[lectura.Expediente]] = {m.clave: [] for m in todas}
    for e in expedientes:
        de_cada_una[e.acuerdo.mesa].append(e)
    for m in todas:
        suyos = de_cada_una[m.clave]
        ultima = max((s.fecha for s in sesiones if s.mesa == m.clave), default=None)
        filas.append(
            [
                enlace(m.nombre, "mesas", mesa=m.clave),
                donde(m),
                fechas.dia(ultima) if ultima else "sin sesiones registradas",
                reparto(suyos) or "ninguno registrado",
            ]
        )
    st.html(
        tabla(
            [
                Columna("Mesa", "ancha"),
                Columna("Cubre", "ancha", "cubre"),
                Columna("Última sesión", "", "última sesión"),
                Columna("Acuerdos por cumplimiento", "ancha", "acuerdos por cumplimiento"),
            ],
            filas,
            "Mesas registradas",
        )
    )


if clave == TODAS:
    con = {e.acuerdo.mesa for e in expedientes}
    marco.situar("Todas las Mesas")
    if expedientes:
        frase = (
            f"{formatos.contar(len(todas), 'Mesa registrada', 'Mesas registradas')}: {len(con)} con acuerdos, "
            f"{formatos.contar(len(expedientes), 'acuerdo')} en total ({reparto(expedientes)})"
        )
    else:
        nombradas = formatos.contar(len(todas), "Mesa nombrada", "Mesas nombradas")
        frase = f"{nombradas} en público; todavía no hay acuerdos registrados"
    marco.titular(frase, SIN_MEZCLAR)
    dibujar_mapa()
    lista_de_mesas()
    st.html(
        '<p class="menor">No hay una lista pública completa de las Mesas: cada una trae su fuente y se puede corregir. '
        f"{enlace('Ver todas lado a lado', 'red').texto}.</p>"
    )
    st.stop()

m = por_clave[clave]
suyos = [e for e in expedientes if e.acuerdo.mesa == clave]
propias = [s for s in sesiones if s.mesa == clave]
vencidos = [e for e in suyos if e.vencido(hoy())]
marco.situar(m.nombre, donde(m))
if suyos:
    frase = f"{m.nombre}: {formatos.contar(len(suyos), 'acuerdo')} ({reparto(suyos)})"
    frase += f"; {formatos.contar(len(vencidos), 'vencido')} sin completar" if vencidos else "; ninguno vencido"
else:
    frase = f"{m.nombre}: todavía no hay acuerdos registrados"
marco.titular(frase, SIN_MEZCLAR)
st.html(ejes.tarjetas(ejes.de_la_mesa(m, suyos, propias, asistencias, hoy())))
ligas = [
    enlace("Preparar la sesión", "sesion", mesa=clave, parte="antes"),
    enlace("Sus acuerdos", "acuerdos", mesa=clave),
    enlace("Todas lado a lado", "red"),
]
if abierto.escribe(clave):
    ligas = [
        enlace("Abrir o seguir una sesión", "sesion", mesa=clave),
        enlace("Capturar un acuerdo", "capturar", mesa=clave),
        *ligas,
    ]
st.html(f'<p class="puertas">{" · ".join(x.texto for x in ligas)}</p>')

izquierda, derecha = st.columns([0.55, 0.45], gap="large")
with izquierda:
    st.subheader("Próximos plazos")
    pendientes = sorted(
        (e for e in suyos if e.acuerdo.plazo and e.cumplimiento < 5), key=lambda e: (e.acuerdo.plazo, e.acuerdo.folio)
    )
    if not pendientes:
        st.caption("Ningún plazo pendiente.")
    else:
        st.html(
            tabla(
                [
                    Columna("Folio", "folio"),
                    Columna("Acuerdo", "ancha"),
                    Columna("Plazo", "", "plazo"),
                    Columna("Cumplimiento", "", "cumplimiento"),
                ],
                [
                    [
                        enlace(e.acuerdo.folio, "acuerdos", mesa=clave, folio=e.acuerdo.folio),
                        e.acuerdo.texto,
                        plazo(e, hoy()),
                        insignia(e),
                    ]
                    for e in pendientes
                ],
                "Plazos pendientes",
            )
        )
    st.subheader("Metas contra el corte de hoy")
    con_meta = [e for e in suyos if e.acuerdo.meta_pct is not None or e.acuerdo.meta_valor is not None]
    if not con_meta:
        st.caption("Ningún acuerdo con meta medible.")
    else:
        cerrado = ultimo_cerrado(marco.actual)
        hechos = avance.avances([e.acuerdo for e in con_meta], cerrado)
        st.html(
            tabla(
                [
                    Columna("Folio", "folio"),
                    Columna("Se mide con", "ancha", "se mide con"),
                    Columna("Línea base", "cifra", "línea base"),
                    Columna("Meta", "cifra", "meta"),
                    Columna("Cómo va", "ancha", "cómo va"),
                ],
                [
                    [
                        enlace(e.acuerdo.folio, "acuerdos", mesa=clave, folio=e.acuerdo.folio),
                        de_que_es(e.acuerdo),
                        formatos.entero(hechos[e.acuerdo.id].base),
                        formatos.entero(hechos[e.acuerdo.id].meta_total),
                        avance_en_palabras(hechos[e.acuerdo.id], e.acuerdo.signo_esperado),
                    ]
                    for e in con_meta
                ],
                "Metas",
            )
        )
        st.html(
            '<p class="menor">Carpetas observadas, sin decir por qué. La línea base es la congelada al capturar cada acuerdo; '
            "su página dice de qué corte.</p>"
        )
with derecha:
    st.subheader("Qué cubre")
    datos = {
        "Municipios": donde(m),
        "Activa": mesa_editable.activa(m),
        "Nota": m.nota,
    }
    filas = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in datos.items() if v)
    es_liga = m.fuente.startswith(("http://", "https://"))
    fuente = (
        f'<a href="{escape(m.fuente)}" rel="noopener noreferrer">{escape(m.fuente)}</a>'
        if es_liga
        else escape(m.fuente)
    )
    st.html(f'<dl class="dos">{filas}<dt>Fuente</dt><dd>{fuente}</dd></dl>')
    st.subheader("Quién se sienta")
    sentados = lectura.integrantes(registro, actor, clave)
    if not sentados:
        st.caption("Sin instituciones registradas.")
    for lado, rotulo in LADO.items():
        nombres_de_lado = [
            f"{i.institucion}" + (f" ({i.representante})" if i.representante else "")
            for i in sentados
            if i.lado == lado
        ]
        if nombres_de_lado:
            puntos = "".join(f"<li>{escape(n)}</li>" for n in nombres_de_lado)
            st.html(f'<p class="menor"><strong>{rotulo}</strong></p><ul class="lista">{puntos}</ul>')
    st.subheader("Sesiones")
    if not propias:
        st.caption("Sin sesiones registradas.")
    else:
        filas_de_sesion = []
        for s in propias[:14]:
            lista = [a for a in asistencias if a.sesion == s.id]
            presentes = sum(a.estado == "presente" for a in lista)
            titulo = f"{s.numero}"
            filas_de_sesion.append(
                [
                    enlace(titulo, "sesion", mesa=clave, sesion=s.id),
                    fechas.dia(s.fecha),
                    s.tipo + (f", {s.comision}" if s.comision else ""),
                    f"{presentes} de {len(lista)}" if lista else "sin lista",
                ]
            )
        st.html(
            tabla(
                [
                    Columna("Núm."),
                    Columna("Día", "", "día"),
                    Columna("Tipo", "", "tipo"),
                    Columna("Asistencia", "", "asistencia"),
                ],
                filas_de_sesion,
                "Sesiones de la Mesa",
            )
        )
        if len(propias) > 14:
            st.caption(f"Las 14 más recientes de {len(propias)}.")
if abierto.escribe(clave):
    mesa_editable.editar(abierto, m)
