"""El efecto de los acuerdos, aparte del cumplimiento: con las palabras del método y lo observado junto a lo esperado."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analisis import formatos
from analisis.eficacia import INSUFICIENTES, SIN_CAMBIO, primer_mes
from analisis.eficacia import palabras as dichos
from analisis.eficacia.dibujo import PREVIOS
from informes.acuerdos import SIN_MEZCLAR, avance_en_palabras, de_que_es, meta
from informes.eficacia.servicio import DeAcuerdo
from informes.sesion.calculos import Calculos, fuente
from informes.sesion.insumos import Insumos
from informes.sesion.lamina import CON_SIGNO, DECIMAL, ENTERO, MES, TEXTO, Columna, Lamina, Serie, Tabla, en_bloques
from informes.sesion.laminas.acuerdos import recortar

RENGLONES, CON_FIGURA = 5, 4
COLUMNAS = (
    Columna("folio", "Folio", TEXTO, 1.2, "Número, sesión y año"),
    Columna("que", "Se mide con", TEXTO, 1.7, "Delitos o canasta"),
    Columna("observadas", "Observadas", ENTERO, 1.05, "Carpetas en los meses posteriores"),
    Columna("esperadas", "Esperadas", ENTERO, 1.0, "Las que se esperaban según municipios comparables"),
    Columna("diferencia", "Diferencia", CON_SIGNO, 1.0, "La resta"),
    Columna(
        "veredicto", "Respecto de municipios comparables", TEXTO, 2.8, "Veredicto, corregido por mirar varios a la vez"
    ),
    Columna("meta", "Meta y cómo va", TEXTO, 2.6, "La meta contra el corte de hoy; describe, no dice por qué"),
    Columna("bajo", "Diferencia desde, %", DECIMAL, visible=False, ayuda="Límite inferior del intervalo de 95 %"),
    Columna("alto", "Diferencia hasta, %", DECIMAL, visible=False, ayuda="Límite superior"),
    Columna("meses", "Meses después", ENTERO, visible=False, ayuda="Meses cerrados desde el inicio del efecto"),
    Columna("avisos", "Avisos", TEXTO, visible=False, ayuda="Lo que podría engañar"),
)


def efecto(i: Insumos, c: Calculos) -> list[Lamina]:
    """La tabla de todos y una lámina con figura por acuerdo evaluado, de los que siguen vivos primero."""
    de_donde = fuente(i, "municipal")
    if not i.expedientes:
        return []
    if not c.evaluados:
        return [
            Lamina(
                "efecto", "efecto", "Ningún acuerdo de la Mesa se puede evaluar todavía",
                ("Solo se evalúan los públicos con municipios, delitos e inicio de efecto.", SIN_MEZCLAR), fuente=de_donde,
            )
        ]  # fmt: skip
    cuentas: dict[str, int] = {}
    for h, firme, _ in c.evaluados:
        v = h.hecha.evaluacion.veredicto
        cual = v if firme or v == INSUFICIENTES else SIN_CAMBIO
        cuentas[cual] = cuentas.get(cual, 0) + 1
    titulo = f"Efecto, aparte del cumplimiento: {dichos.recuento(cuentas)}"
    tabla = _tabla(i, c)
    notas = (
        "Los veredictos van corregidos por mirar varios acuerdos a la vez (Benjamini–Hochberg, q de 0.10). Uno que por sí solo "
        "tenía evidencia puede no sostenerla en el conjunto.",
        "Diferencia en diferencias emparejada, con la incertidumbre calibrada por placebos; solo meses cerrados.",
    )
    hechas = [
        Lamina(
            f"efecto-{n}", "efecto", titulo + cual,
            (dichos.NO_ES_CAUSA,),
            Tabla(
                f"Efecto{cual}", bloque, COLUMNAS,
                "Efecto de los acuerdos: " + "; ".join(f"{f.folio}, {f.veredicto}" for f in bloque.itertuples()),
            ),
            notas, de_donde,
        )
        for n, (cual, bloque) in enumerate(en_bloques(tabla, RENGLONES), 1)
    ]  # fmt: skip
    con_cifras = [
        (h, firme, q) for h, firme, q in c.evaluados if h.hecha.evaluacion.veredicto != INSUFICIENTES and h.hecha.panel
    ]
    con_cifras.sort(
        key=lambda x: (x[0].acuerdo.cumplimiento == 5, -x[0].hecha.pregunta.mes.toordinal(), x[0].acuerdo.folio)
    )
    return [*hechas, *(_uno(h, firme, q, de_donde) for h, firme, q in con_cifras[:CON_FIGURA])]


def _tabla(i: Insumos, c: Calculos) -> pd.DataFrame:
    por_id = {h.acuerdo.id: (h, firme, q) for h, firme, q in c.evaluados}
    filas = []
    for e in i.expedientes:
        a = e.acuerdo
        va = avance_en_palabras(c.avances[a.id], a.signo_esperado)
        base = {"folio": a.folio, "que": de_que_es(a), "meta": f"{meta(a)}. {va}"}
        if a.id not in por_id:
            porque = (
                "sin evaluar: los acuerdos internos no se evalúan"
                if not a.publico
                else "sin evaluar: faltan sus municipios, delitos o inicio"
            )
            nada = dict.fromkeys(("observadas", "esperadas", "diferencia", "bajo", "alto", "meses"), np.nan)
            filas.append({**base, **nada, "veredicto": porque, "avisos": ""})
            continue
        h, firme, q = por_id[a.id]
        v = h.hecha.evaluacion
        con = v.veredicto != INSUFICIENTES
        filas.append(
            {
                **base,
                "observadas": v.obs_post if con else np.nan,
                "esperadas": v.esperado_post if con else np.nan,
                "diferencia": v.diferencia if con else np.nan,
                "veredicto": dichos.en_la_lista(v, firme, q),
                "bajo": v.ic_bajo,
                "alto": v.ic_alto,
                "meses": float(v.meses_despues),
                "avisos": "; ".join(dichos.EN_CORTO[x] for x in v.avisos),
            }
        )
    for fila in filas:
        fila["meta"] = recortar(str(fila["meta"]), 160)
    return pd.DataFrame(filas)


def _uno(h: DeAcuerdo, firme: bool, q: float, de_donde: str) -> Lamina:
    v, asunto = h.hecha.evaluacion, h.hecha.asunto
    inicio = h.hecha.pregunta.mes
    meses = pd.date_range(primer_mes(inicio, -PREVIOS), periods=len(v.observado), freq="MS")
    datos = pd.DataFrame(
        {
            "fecha": meses,
            "observado": v.observado,
            "esperado": v.esperado,
            "bajo": v.esperado_bajo,
            "alto": v.esperado_alto,
        }
    ).assign(provisional=False)
    cuerpo = [dichos.bajada(v)]
    if v.veredicto != SIN_CAMBIO and not firme:
        cuerpo.append(f"Junto a los demás de la Mesa: {dichos.en_la_lista(v, firme, q)}.")
    cuerpo.append(dichos.NO_ES_CAUSA)
    return Lamina(
        f"efecto-de-{h.acuerdo.folio}",
        "efecto",
        f"{h.acuerdo.folio}. {dichos.titular(v, asunto)}",
        tuple(cuerpo),
        Serie(
            f"Efecto {h.acuerdo.folio}", datos,
            (
                Columna("fecha", "Mes", MES, 1.0, "Primer día del mes"),
                Columna("observado", "Observado", ENTERO, 1.0, "Carpetas observadas, todos los municipios y delitos del acuerdo"),
                Columna("esperado", "Esperado", DECIMAL, 1.0, "Carpetas esperadas según los comparables; vacío antes del inicio"),
                Columna("bajo", "Esperado desde", DECIMAL, 1.0, "Límite inferior de un mes (95 %)"),
                Columna("alto", "hasta", DECIMAL, 1.0, "Límite superior de un mes (95 %)"),
            ),
            f"Carpetas por mes, observadas y esperadas. {dichos.titular(v, asunto)}",
            lineas={"observado": "observado", "esperado": "esperado"},
            que_es_la_banda="En gris, donde caería 95 % de los meses si se movieran como los comparables",
            marcas=((inicio, "inicio"),),
        ),
        (
            f"Acuerdo: {recortar(h.acuerdo.texto, 300)}",
            *dichos.nota_tecnica(v, h.hecha.semilla, h.hecha.panel.mes_inicial),
            formatos.mayuscula(dichos.entre_placebos(v)) + ".",
            *dichos.SUPUESTOS,
        ),
        de_donde,
    )  # fmt: skip
