"""Lo que conviene discutir, dicho con hechos del registro y de las cifras: nada se inventa ni se explica por causas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analisis import fechas, formatos, frases
from analisis.eficacia.palabras import se_distinguiria
from datos.consultas.cerrados import SinMesesCerrados
from datos.consultas.claves import claves
from informes.acuerdos import avance_en_palabras, de_que_es, responsable, tiene_meta
from informes.alertas import frase
from informes.eficacia.diseno import detectables_de
from informes.sesion.calculos import Calculos, con_folios, fuente, fuente_del_registro
from informes.sesion.insumos import Insumos
from informes.sesion.lamina import TEXTO, Columna, Lamina, Tabla, en_bloques
from informes.sesion.laminas.acuerdos import COMPLETO, recortar

RENGLONES, MAXIMO_DE_ALERTAS, MAXIMO_DETECTABLES = 5, 4, 3
DIAS_PARA_LA_META = 92
COLUMNAS = (
    Columna("asunto", "Asunto", TEXTO, 1.5, "De qué se trata"),
    Columna("hecho", "El hecho", TEXTO, 4.6, "Lo que dicen el registro o las cifras"),
    Columna("pregunta", "Para decidir", TEXTO, 3.0, "Lo que se puede discutir"),
)
MESES = 12


@dataclass(frozen=True)
class Propuesta:
    """De qué se trata, el hecho y la pregunta que deja."""

    asunto: str
    hecho: str
    pregunta: str


def propuestas(i: Insumos, c: Calculos) -> list[Lamina]:
    """De cinco en cinco, en el orden: plazos, seguimiento, metas, alertas y lo que se podría medir."""
    todas = [*_vencidos(i), *_sin_evidencia(i), *_sin_meta(i), *_metas_cerca(i, c), *_alertas(c), *_medibles(i, c)]
    de_donde = f"{fuente_del_registro(i)} {fuente(i, 'municipal')}" if i.municipios else fuente_del_registro(i)
    if not todas:
        return [
            Lamina(
                "propuestas", "propuestas", "Ni el registro ni las cifras dejan un asunto pendiente que proponer",
                ("No hay plazos vencidos, acuerdos sin meta o sin evidencia, metas por cumplirse ni alertas del mes.",),
                fuente=de_donde,
            )
        ]  # fmt: skip
    datos = pd.DataFrame([vars(p) for p in todas])
    titulo = f"Para discutir: {formatos.contar(len(todas), 'asunto')} que dejan el registro y las cifras"
    return [
        Lamina(
            f"propuestas-{n}", "propuestas", titulo + cual,
            ("Cada uno parte de un hecho; ninguno dice por qué pasó ni qué conviene hacer.",),
            Tabla(
                f"Propuestas{cual}", bloque, COLUMNAS,
                "Asuntos para discutir: " + "; ".join(f"{f.asunto}: {f.hecho}" for f in bloque.itertuples()),
            ),
            ("Salen de reglas fijas: plazos vencidos, avance sin evidencia, acuerdos sin meta medible, metas que se cumplen en "
             "tres meses, alertas altas del mes y lo que el Diseñador de metas dice que se distinguiría.",),
            de_donde,
        )
        for n, (cual, bloque) in enumerate(en_bloques(datos, RENGLONES), 1)
    ]  # fmt: skip


def _vencidos(i: Insumos) -> Iterator[Propuesta]:
    vencidos = sorted(
        (e for e in i.expedientes if e.vencido(i.pedido.fecha)), key=lambda e: (e.acuerdo.plazo, e.acuerdo.folio)
    )
    for e in vencidos:
        a = e.acuerdo
        quien = f"Responden {recortar(responsable(a, 'autoridad'), 60)} y {recortar(responsable(a, 'ciudadania'), 60)}."
        yield Propuesta(
            f"Plazo vencido: {a.folio}",
            f"{formatos.mayuscula(fechas.plazo(a.plazo, i.pedido.fecha, completo=False))} ({fechas.dia(a.plazo)}) y va en "
            f"{e.cumplimiento} de 5. {quien}",
            "¿Se completa con su evidencia, se reprograma con su motivo o se cierra como quedó?",
        )


def _sin_evidencia(i: Insumos) -> Iterator[Propuesta]:
    for e in i.expedientes:
        if e.cumplimiento >= 3 and not e.respaldos:
            yield Propuesta(
                f"Avance sin evidencia: {e.acuerdo.folio}",
                f"Declara {e.cumplimiento} de 5 y aquí no hay evidencia que lo respalde.",
                "¿Quién la entrega y quién, de otro lado, la verifica?",
            )
        elif e.cumplimiento >= 3 and not e.verificado:
            yield Propuesta(
                f"Sin verificar: {e.acuerdo.folio}",
                f"Declara {e.cumplimiento} de 5 con evidencia que nadie más ha verificado.",
                "¿Quién, distinto de quien la entregó, la revisa?",
            )


def _sin_meta(i: Insumos) -> Iterator[Propuesta]:
    for e in i.expedientes:
        if not tiene_meta(e.acuerdo) and e.cumplimiento < COMPLETO:
            yield Propuesta(
                f"Sin meta medible: {e.acuerdo.folio}",
                f"Se dijo por qué: «{recortar(e.acuerdo.sin_meta_porque, 140)}»",
                "¿Se le pone una meta en carpetas, o se deja como acción sin efecto que medir?",
            )


def _metas_cerca(i: Insumos, c: Calculos) -> Iterator[Propuesta]:
    hoy = i.pedido.fecha
    for e in i.expedientes:
        dia = e.acuerdo.meta_fecha or (e.acuerdo.plazo if tiene_meta(e.acuerdo) else None)
        if dia is None or not tiene_meta(e.acuerdo) or not 0 <= (dia - hoy).days <= DIAS_PARA_LA_META:
            continue
        yield Propuesta(
            f"Meta por cumplirse: {e.acuerdo.folio}",
            f"Es para el {fechas.dia(dia)}, en {de_que_es(e.acuerdo).lower()}. "
            + avance_en_palabras(c.avances[e.acuerdo.id], e.acuerdo.signo_esperado),
            "¿Con qué corte se dará por medida? Los últimos meses son provisionales.",
        )


def _alertas(c: Calculos) -> Iterator[Propuesta]:
    altas = c.alertas[c.alertas["alerta"] == "alta"]
    for f in altas.head(MAXIMO_DE_ALERTAS).to_dict("records"):
        yield Propuesta(
            f"Fuera de lo esperado: {claves()[f['delito']].nombre_corto.lower()}",
            f"{frase(f)}.",
            "¿Quién puede contar qué pasó en esos casos, y traerlo a la próxima sesión?",
        )


def _medibles(i: Insumos, c: Calculos) -> Iterator[Propuesta]:
    """De lo que pide verse y no tiene acuerdo, qué baja se distinguiría en doce meses."""
    municipios = tuple(sorted(i.municipios))
    altas = c.alertas.loc[c.alertas["alerta"] == "alta", "delito"]
    al_alza = c.detalle.loc[c.detalle["etiqueta"] == "al alza", "delito"]
    candidatos = [d for d in dict.fromkeys([*altas, *al_alza]) if d not in con_folios(i)] if municipios else []
    for delito in candidatos[:MAXIMO_DETECTABLES]:
        try:
            (uno,) = detectables_de(municipios, delito, -1, (MESES,))
        except SinMesesCerrados:
            continue
        nombre = claves()[delito].nombre
        if uno.motivo:
            hecho = f"{nombre} {frases.en(i.lugar)}: todavía no se puede decir qué baja se distinguiría ({uno.motivo})."
        else:
            hecho = (
                f"{nombre} {frases.en(i.lugar)}: con un acuerdo de {MESES} meses se distinguirían cambios mayores que "
                f"{se_distinguiria(uno.mde_pct, uno.esperado, MESES)}, ocho de cada diez veces."
            )
        yield Propuesta(
            f"Sin acuerdo: {claves()[delito].nombre_corto.lower()}",
            hecho,
            "¿Se acuerda algo? El Diseñador de metas ayuda a fijar una que se pueda medir.",
        )
