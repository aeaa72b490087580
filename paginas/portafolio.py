"""Todos los acuerdos de una Mesa, de un delito o de la red: qué se distingue al mirarlos juntos, y qué se cumplió."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from analisis import formatos
from analisis.eficacia import INSUFICIENTES, SIN_CAMBIO, VEREDICTOS, portafolio
from analisis.eficacia import palabras as dichos
from datos.acuerdos import RegistroDanado
from datos.consultas.claves import claves
from datos.consultas.evaluables import acuerdos_evaluables
from graficas.eficacia import Renglon, bosque
from informes.eficacia.servicio import DeAcuerdo, evaluar_acuerdo, nombre_de_delitos, salida_de
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.direccion import Direccion
from paginas.componentes.eficacia.cumplimiento import cumplimiento_y_efecto
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.imagen import mostrar_figura
from paginas.componentes.marco import abrir
from paginas.componentes.tabla import Columna, enlace, tabla

TODAS, TODOS = "todas", "todos"
COLUMNAS = {
    "folio": "Folio del acuerdo",
    "mesa": "Mesa",
    "delitos": "Claves de los delitos o la canasta",
    "municipios": "Claves de los municipios",
    "desde": "Primer mes completo del efecto",
    "cumplimiento": "Cumplimiento de lo acordado, 1 a 5; aparte del efecto",
    "veredicto": "Veredicto respecto de municipios comparables, de este acuerdo solo",
    "valor_q": "Valor q de Benjamini–Hochberg entre los acuerdos mostrados",
    "se_sostiene": "Si el veredicto con evidencia se sostiene a q de 0.10",
    "obs_post": "Carpetas observadas",
    "esperado_post": "Carpetas esperadas según los comparables",
    "diferencia": "La resta",
    "efecto_pct": "Efecto estimado, por ciento de lo esperado",
    "ic_bajo": "Límite inferior del intervalo de 95 %",
    "ic_alto": "Límite superior",
    "p_placebo": "Valor p entre placebos",
    "mde_pct": "Cambio más chico detectable, por ciento",
    "avisos": "Avisos",
}

marco = abrir()
actual = marco.actual
vista = Direccion()
try:
    todos = acuerdos_evaluables()
except RegistroDanado as causa:
    marco.situar("Todos los acuerdos")
    marco.titular("El registro de acuerdos no se puede leer")
    st.error(str(causa))
    st.stop()
if not todos:
    vista.escribir()
    marco.situar("Todos los acuerdos")
    marco.titular("Todavía no hay acuerdos que evaluar en esta instalación")
    st.html(
        f"<p>Cuando los haya, aquí se verán juntos. Mientras tanto, el método se puede "
        f"{enlace('ensayar con un placebo', 'eficacia').texto}, y una meta se puede {enlace('diseñar', 'disenador').texto}.</p>"
    )
    st.stop()

respuesta = st.container()
zona = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
mesas = {a.mesa_clave: a.mesa for a in todos}
delitos = {d: claves()[d].nombre for a in todos for d in a.delitos}
mesa = vista.elegir("Mesa", {TODAS: "Toda la red", **mesas}, "mesa", zona=zona, width=320)
delito = vista.elegir("Delito", {TODOS: "Todos los delitos", **delitos}, "delito_acordado", zona=zona, width=320)
vista.escribir()
visibles = [a for a in todos if mesa in (TODAS, a.mesa_clave) and (delito == TODOS or delito in a.delitos)]
donde = mesas.get(mesa, "Toda la red")
marco.situar(donde, delitos.get(delito, "todos los delitos"))
if not visibles:
    marco.titular("Ningún acuerdo de esa Mesa es sobre ese delito")
    st.stop()
hechos: list[DeAcuerdo] = [evaluar_acuerdo(a, todos, completa=False) for a in visibles]
evaluaciones = [h.hecha.evaluacion for h in hechos]
conjunto = portafolio(evaluaciones)
hay = [e for e in evaluaciones if e.veredicto != INSUFICIENTES]
marco.titular(
    formatos.mayuscula(dichos.recuento(conjunto.cuentas)),
    formatos.mayuscula(dichos.de_conjunto(conjunto, sum(e.obs_post for e in hay), sum(e.esperado_post for e in hay)))
    + ".",
)
with respuesta:
    caidos = sum(
        e.veredicto not in (SIN_CAMBIO, INSUFICIENTES) and not s
        for e, s in zip(evaluaciones, conjunto.sostienen, strict=True)
    )
    texto = (
        "Al mirar muchos acuerdos a la vez, algunos parecen distinguirse por azar: los veredictos van corregidos "
        "(Benjamini–Hochberg, q de 0.10)."
    )
    if caidos:
        texto += (
            f" {formatos.contar(caidos, 'acuerdo')} que por sí solo tenía evidencia ya no la sostiene en este conjunto."
        )
    st.html(f'<p class="menor">{texto} {dichos.NO_ES_CAUSA}</p>')

st.subheader("Cada acuerdo con su intervalo")
renglones = [
    Renglon(
        h.acuerdo.folio,
        formatos.lista([claves()[d].nombre_corto for d in h.acuerdo.delitos]),
        e.efecto_pct,
        e.ic_bajo,
        e.ic_alto,
        e.veredicto if firme or e.veredicto == SIN_CAMBIO else SIN_CAMBIO,
        f"{h.acuerdo.folio}, {h.acuerdo.mesa}<br>{formatos.contar(e.obs_post, 'carpeta')}; se esperaban "
        f"{formatos.entero(e.esperado_post)}<br>{e.veredicto}",
    )
    for h, e, firme in zip(hechos, evaluaciones, conjunto.sostienen, strict=True)
    if e.veredicto != INSUFICIENTES
]
if renglones:
    un_solo_sentido = len({e.signo for e in hay}) == 1
    rombo = (conjunto.efecto_pct, conjunto.ic_bajo, conjunto.ic_alto)
    if hay[0].signo > 0:
        rombo = tuple(100 * (1 / (1 + v / 100) - 1) for v in (rombo[0], rombo[2], rombo[1]))  # type: ignore[assignment]
    con_rombo = un_solo_sentido and np.isfinite(conjunto.efecto_pct)
    mostrar_figura(
        actual,
        bosque(renglones, rombo if con_rombo else None, demostracion=actual.demostracion),
        f"Efecto de cada acuerdo respecto de municipios comparables. {dichos.recuento(conjunto.cuentas)}.",
        "bosque",
        ["acuerdos evaluados", donde],
        ["municipal"],
        titulo=marco.dicho,
        bajada="Carpetas observadas contra las esperadas según los municipios comparables, en por ciento, con intervalo de 95 %.",
    )
    st.caption(
        "Carpetas observadas contra las esperadas según los municipios comparables, en por ciento de estas, con su intervalo de "
        "95 %. Lleno: con evidencia después de corregir por muchos; hueco: sin cambio distinguible."
        + (
            ""
            if con_rombo
            else " Hay acuerdos que esperan bajas y otros que esperan alzas: no se dibuja un efecto conjunto."
        )
    )
st.html(
    tabla(
        [
            Columna("Acuerdo"),
            Columna("Delitos", "ancha", "delitos"),
            Columna("Desde", "cifra", "desde"),
            Columna("Observadas", "cifra", "observadas"),
            Columna("Esperadas", "cifra", "esperadas"),
            Columna("Veredicto respecto de municipios comparables", "ancha", "veredicto"),
            Columna("Cumplimiento", "cifra", "cumplimiento"),
        ],
        [
            [
                enlace(h.acuerdo.folio, "eficacia", evaluar="acuerdo", acuerdo=h.acuerdo.id),
                nombre_de_delitos(h.acuerdo.delitos),
                formatos.mes_corto(h.hecha.pregunta.mes),
                formatos.entero(e.obs_post),
                formatos.entero(e.esperado_post),
                dichos.en_la_lista(e, bool(firme), q),
                f"{h.acuerdo.cumplimiento} de 5",
            ]
            for h, e, firme, q in zip(hechos, evaluaciones, conjunto.sostienen, conjunto.valores_q, strict=True)
        ],
        "Acuerdos evaluados",
    )
)
completa = pd.DataFrame(
    [
        {
            **{c: v for c, v in salida_de(e).items() if c in COLUMNAS},
            "folio": h.acuerdo.folio,
            "mesa": h.acuerdo.mesa,
            "delitos": ";".join(h.acuerdo.delitos),
            "municipios": ";".join(h.acuerdo.municipios),
            "desde": h.hecha.pregunta.mes,
            "cumplimiento": h.acuerdo.cumplimiento,
            "valor_q": q,
            "se_sostiene": bool(firme),
            "avisos": ";".join(e.avisos),
        }
        for h, e, firme, q in zip(hechos, evaluaciones, conjunto.sostienen, conjunto.valores_q, strict=True)
    ]
)[list(COLUMNAS)]
descargas(
    completa,
    ficha_de(
        actual,
        ["acuerdos evaluados", donde],
        ["municipal"],
        notas={"Conjunto": dichos.recuento(conjunto.cuentas), "Supuestos": " ".join(dichos.SUPUESTOS)},
        columnas=COLUMNAS,
    ),
    "portafolio",
)
escribir_fuente(actual, ["municipal"], notas=["Solo meses cerrados; cada acuerdo, hasta doce meses desde su inicio"])
corregidos = [
    e.veredicto if firme or e.veredicto == INSUFICIENTES else SIN_CAMBIO
    for e, firme in zip(evaluaciones, conjunto.sostienen, strict=True)
]
cumplimiento_y_efecto([h.acuerdo.cumplimiento for h in hechos], corregidos, VEREDICTOS)
