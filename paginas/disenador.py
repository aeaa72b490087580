"""Diseñador de metas: antes de firmar, qué se podría distinguir, qué tan seguido pasa sin acuerdo y qué escribir."""

from __future__ import annotations

from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.eficacia import VERSION_DEL_METODO, primer_mes
from analisis.eficacia import palabras as dichos
from datos.catalogos import PREFIJO_DE_CANASTA
from datos.consultas.cerrados import cerrados
from datos.consultas.evaluables import borrador_de_acuerdo
from graficas.eficacia import curva_de_detectable
from informes.eficacia.diseno import (
    detectables_de,
    linea_base,
    opciones_mas_amplias,
    sin_acuerdo_de,
)
from informes.eficacia.servicio import nombre_de_delitos, nombre_de_municipios
from paginas.componentes.direccion import Direccion
from paginas.componentes.eficacia.elegir import (
    DE_EJEMPLO,
    DELITO_DE_EJEMPLO,
    agregar,
    con_serie_municipal,
    elegir_municipios,
)
from paginas.componentes.eficacia.llevar import llevar_al_registro
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.imagen import mostrar_figura
from paginas.componentes.marco import abrir
from paginas.componentes.tabla import Columna, enlace, tabla

METAS = (-10, -15, -20, -25, -30, -40, -50, 10, 15, 20, 30)
PLAZOS = (6, 9, 12)
MESES_POR_VENIR = 18
ALCANCES = {"municipios": "Unos municipios", "pais": "Todo el país (una ley, un operativo)"}
ENCABEZADO_DE_TABLA = "Un conjunto más amplio"

marco = abrir()
actual = marco.actual
vista = Direccion()
delitos = con_serie_municipal()
respuesta = st.container()
alcance = vista.elegir("Alcance", ALCANCES, "alcance", control="segmented_control", label_visibility="collapsed")
if alcance == "pais":
    vista.escribir()
    marco.situar("Todo el país", "un programa nacional")
    marco.titular("Un programa de todo el país no se puede evaluar por comparación", dichos.POR_QUE_NO_EL_PAIS)
    st.subheader("Lo que sí se puede")
    st.write(dichos.ALTERNATIVA_HONESTA)
    st.html(
        f"<p>Para describir la serie: {enlace('Tendencias de todo el país', 'tendencias', lugar='00').texto}, con la fecha "
        "del programa anotada y sin atribuirle lo que siga.</p>"
    )
    st.stop()
if not delitos:
    vista.escribir()
    marco.situar("Diseñador de metas")
    marco.titular("No hay ninguna serie municipal con meses suficientes para diseñar una meta")
    st.write("Cargue el archivo municipal de la fuente: hacen falta 24 meses cerrados antes y 6 después.")
    st.stop()

municipios = elegir_municipios(vista, "conjunto", DE_EJEMPLO)
zona = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
with zona:
    agregar("conjunto")
omision = DELITO_DE_EJEMPLO if DELITO_DE_EJEMPLO in delitos else None
delito = vista.elegir("Delito o canasta", delitos, "delito_meta", omision=omision, zona=zona, width=260)
metas = {str(m): formatos.porcentaje_con_signo(m, 0) for m in METAS}
meta = int(vista.elegir("Meta", metas, "meta", omision="-20", zona=zona, width=110))
plazos = {str(p): formatos.contar(p, "mes", "meses") for p in PLAZOS}
meses = int(vista.elegir("En", plazos, "plazo", omision="12", zona=zona, width=120))
panel = cerrados((delito,))
primero = primer_mes(actual.corte_mas_reciente, 1)
fechas = {f"{m:%Y-%m}": formatos.mes(m) for m in (primer_mes(primero, i) for i in range(MESES_POR_VENIR))}
cuando = vista.elegir(
    "A partir de", fechas, "inicio_meta", omision=list(fechas)[min(3, len(fechas) - 1)], zona=zona, width=200
)
vista.escribir()
if not municipios:
    marco.situar("Diseñador de metas")
    marco.titular("Elija al menos un municipio")
    st.stop()

inicio = date(int(cuando[:4]), int(cuando[5:]), 1)
lugar, nombre = nombre_de_municipios(municipios), nombre_de_delitos((delito,))
signo = -1 if meta < 0 else 1
por_plazo = detectables_de(municipios, delito, signo, PLAZOS)
elegido = next(d for d in por_plazo if d.meses == meses)
sin_nada = sin_acuerdo_de(municipios, delito, float(meta), meses)
medible = dichos.alcanza(meta, elegido.mde_pct)
marco.situar(
    lugar, nombre, f"meta {formatos.porcentaje_con_signo(meta, 0)} en {formatos.contar(meses, 'mes', 'meses')}"
)
verbo = "bajar" if meta < 0 else "subir"
base, base_desde, base_hasta = linea_base(municipios, delito, meses)
if not np.isfinite(elegido.mde_pct):
    marco.titular(f"Con estos municipios y este delito no se podría medir ninguna meta: {elegido.motivo}")
else:
    detectable = dichos.se_distinguiria(elegido.mde_pct, elegido.esperado, meses)
    cuantas = formatos.entero(abs(base * meta / 100))
    marco.titular(
        f"{formatos.mayuscula(verbo)} {cuantas} de {formatos.entero(base)} carpetas {frases.por(nombre)} {frases.en(lugar)} "
        + (
            f"se distinguiría respecto de municipios comparables en {formatos.contar(meses, 'mes', 'meses')}"
            if medible
            else f"no se distinguiría respecto de municipios comparables en {formatos.contar(meses, 'mes', 'meses')}"
        ),
        f"Se distinguirían, ocho de cada diez veces, cambios de {detectable}.",
    )
with respuesta:
    st.html(
        f'<p class="bajada">{formatos.mayuscula(dichos.pasa_sin_acuerdo(sin_nada, meta))}. Cumplir la meta no basta para decir '
        "que algo pasó aquí: hay que compararlo.</p>"
    )

st.subheader("Qué se podría distinguir, según cuánto se espere")
con_cifra = pd.DataFrame(
    [(d.meses, d.mde_pct) for d in por_plazo if np.isfinite(d.mde_pct)], columns=["meses", "mde_pct"]
)
if con_cifra.empty:
    st.info(f"Ningún plazo alcanza: {por_plazo[0].motivo}.")
else:
    mostrar_figura(
        actual,
        curva_de_detectable(con_cifra, meta, demostracion=actual.demostracion),
        "Cambio más chico que se distinguiría según los meses que se esperen, contra la meta.",
        "figura_detectable",
        ["meta", nombre, lugar],
        ["municipal"],
        titulo=marco.dicho,
        bajada="Cambio más chico que se distinguiría, ocho de cada diez veces, según los meses que se esperen.",
    )
    st.html(
        tabla(
            [
                Columna("Plazo"),
                Columna("Se distinguirían cambios de", "ancha"),
                Columna("¿Alcanza para la meta?", "", "¿alcanza?"),
            ],
            [
                [
                    formatos.contar(d.meses, "mes", "meses"),
                    d.motivo or dichos.se_distinguiria(d.mde_pct, d.esperado, d.meses),
                    "sí" if dichos.alcanza(meta, d.mde_pct) else "no",
                ]
                for d in por_plazo
            ],
            "Lo detectable por plazo",
        )
    )
    st.caption(
        "Se ensayó con la misma comparación en las fechas más recientes en que todavía no hay acuerdo. A más carpetas y más "
        "meses, más fino; con pocas, ni una caída grande se distingue del azar."
    )
escribir_fuente(
    actual, ["municipal"], base_desde, base_hasta, notas=[f"Solo meses cerrados, hasta {formatos.mes(panel.cierre)}"]
)

st.subheader("Qué cambiar para que se pueda medir")
amplias = opciones_mas_amplias(municipios, delito, signo, meses)
if not amplias:
    st.caption("No hay un conjunto más amplio que ensayar con lo publicado.")
else:
    st.html(
        tabla(
            [
                Columna(ENCABEZADO_DE_TABLA, "ancha"),
                Columna("Municipios", "cifra", "municipios"),
                Columna(f"Se distinguirían, en {meses} meses, cambios de", "ancha"),
                Columna("¿Alcanza para la meta?", "", "¿alcanza?"),
            ],
            [
                [
                    enlace(o.nombre, "disenador", conjunto=",".join(o.municipios), delito_meta=o.delito, meta=str(meta),
                           plazo=str(meses), inicio_meta=cuando),
                    formatos.entero(len(o.municipios)),
                    o.detectable.motivo or dichos.se_distinguiria(o.detectable.mde_pct, o.detectable.esperado, meses),
                    "sí" if dichos.alcanza(meta, o.detectable.mde_pct) else "no",
                ]
                for o in amplias
            ],
            "Conjuntos más amplios",
        )
    )  # fmt: skip
    st.caption(
        "Un conjunto más amplio también diluye: la meta tendría que lograrse en todos, no solo donde se trabaja."
    )

st.subheader("La cláusula de medición")
if not np.isfinite(base) or not np.isfinite(elegido.mde_pct):
    st.info(
        "Sin línea base o sin nada que se pueda distinguir no se redacta una cláusula: cambie los municipios, el delito o el "
        "plazo."
    )
    st.stop()
huella = actual.fuentes("municipal")[-1].sha256[:12]
texto = dichos.clausula(
    dichos.Clausula(
        delito=nombre, lugar=lugar, meta_pct=meta, base=base, base_desde=base_desde, base_hasta=base_hasta, inicio=inicio,
        meses=meses, corte=actual.corte_mas_reciente, huella=huella, metodo=VERSION_DEL_METODO, detectable=detectable,
        alcanza=medible,
    )
)  # fmt: skip
if actual.demostracion:
    texto = f"DEMOSTRACIÓN. {texto}"
st.code(texto, language=None, wrap_lines=True)
es_canasta = delito.startswith(PREFIJO_DE_CANASTA)
fin = primer_mes(inicio, meses)
renglon = {
    "municipios": ";".join(municipios), "texto": texto, "delitos": "" if es_canasta else delito,
    "canasta": delito.removeprefix(PREFIJO_DE_CANASTA) if es_canasta else "",
    "signo_esperado": "baja" if meta < 0 else "alza", "inicio_efecto": inicio.isoformat(), "rezago_meses": "0",
    "meta_pct": str(meta), "linea_base_periodo": f"{base_desde:%Y-%m} a {base_hasta:%Y-%m}", "plazo": fin.isoformat(),
    "cumplimiento": "1", "nota": f"Línea base congelada: {base:.0f} carpetas, corte {actual.corte_mas_reciente:%Y-%m}, {huella}",
}  # fmt: skip
llevar_al_registro(renglon)
botones = st.container(horizontal=True, gap="small")
for formato, tipo in (
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("csv", "text/csv"),
):
    botones.download_button(
        f"Borrador del acuerdo en {formato.upper()}",
        data=partial(borrador_de_acuerdo, renglon, formato),
        file_name=f"borrador-de-acuerdo.{formato}",
        mime=tipo,
        key=f"borrador_{formato}",
        icon=":material/download:",
        on_click="ignore",
    )
st.caption(
    "El borrador es la plantilla de acuerdos con la medición ya escrita: falta el folio, la Mesa, la fecha, quién responde y la "
    "fuente."
)
