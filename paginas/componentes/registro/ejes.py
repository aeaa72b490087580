"""Los tres ejes de una Mesa, cada indicador con su definición y, si no hay dato, por qué: nunca un promedio que los junte."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import pandas as pd

from analisis import formatos
from analisis.corresponsabilidad import Proporcion, a_tiempo, asistencia, continuidad
from datos import catalogos
from datos.consultas.encuestas import denuncia
from datos.registro.lectura import Expediente
from datos.registro.modelo import Asistencia, Mesa, Sesion

CORRESPONSABILIDAD, EFICACIA, CONFIANZA = "Corresponsabilidad", "Eficacia", "Confianza"
SIN_EVALUAR = "sin evaluar todavía"


@dataclass(frozen=True)
class Indicador:
    """Un indicador: de qué eje es, cómo se llama, qué mide y cómo se ordena de mejor a peor."""

    clave: str
    eje: str
    nombre: str
    corto: str
    definicion: str
    mejor_alto: bool = True


INDICADORES = (
    Indicador(
        "pasos_autoridad", CORRESPONSABILIDAD, "Pasos a tiempo, autoridad", "Pasos, autoridad",
        "Pasos de la autoridad cumplidos en su fecha o antes, de los que ya debían estarlo.",
    ),
    Indicador(
        "pasos_ciudadania", CORRESPONSABILIDAD, "Pasos a tiempo, ciudadanía", "Pasos, ciudadanía",
        "Pasos de la ciudadanía cumplidos en su fecha o antes, de los que ya debían estarlo.",
    ),
    Indicador(
        "asistencia_autoridad", CORRESPONSABILIDAD, "Asistencia, autoridad", "Asistencia, autoridad",
        "Veces que cada institución de autoridad estuvo presente, de las que se pasó lista en los últimos 12 meses. Una falta "
        "justificada es una falta.",
    ),
    Indicador(
        "asistencia_ciudadania", CORRESPONSABILIDAD, "Asistencia, ciudadanía", "Asistencia, ciudadanía",
        "Veces que cada institución ciudadana estuvo presente, de las que se pasó lista en los últimos 12 meses.",
    ),
    Indicador(
        "verificados", CORRESPONSABILIDAD, "Cumplimiento con evidencia verificada", "Verificados",
        "Acuerdos con avance declarado (3 o más) cuya evidencia verificó otra persona, de todos los que tienen avance.",
    ),
    Indicador(
        "efecto", EFICACIA, "Efecto de los acuerdos", "Efecto",
        "Cuántos acuerdos tienen efecto medido contra municipios comparables. Se evalúa aparte y nunca se suma al cumplimiento.",
    ),
    Indicador(
        "continuidad", CONFIANZA, "Continuidad", "Continuidad",
        "Meses con alguna sesión entre los 12 meses completos anteriores en que la Mesa estaba activa.",
    ),
    Indicador(
        "cifra_negra", CONFIANZA, "Cifra negra de su entidad", "Cifra negra",
        "Delitos sin denuncia o sin carpeta, según la ENVIPE (INEGI) de su entidad, no de sus municipios. Una Mesa de varias "
        "entidades dice la de cada una.", mejor_alto=False,
    ),
    Indicador(
        "denuncia", CONFIANZA, "Denuncia en su entidad", "Denuncia",
        "Delitos que se denunciaron ante el Ministerio Público o fiscalía, según la ENVIPE de su entidad.",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Valor:
    """Un indicador de una Mesa: lo que se lee y con qué se ordena (``None``: sin dato, con su motivo)."""

    texto: str
    orden: float | None
    motivo: str = ""


def de_la_mesa(
    mesa: Mesa,
    expedientes: Iterable[Expediente],
    sesiones: Sequence[Sesion],
    asistencias: Iterable[Asistencia],
    hoy: date,
) -> dict[str, Valor]:
    """Los indicadores de una Mesa con lo que el actor puede ver."""
    suyos = [e for e in expedientes if e.acuerdo.mesa == mesa.clave]
    suyas = {s.id: s for s in sesiones if s.mesa == mesa.clave}
    recientes = {k for k, s in suyas.items() if (hoy - s.fecha).days <= 366}
    valores = {}
    for lado in ("autoridad", "ciudadania"):
        pasos = a_tiempo(((h.fin, h.cumplido_en) for e in suyos for h in e.hitos if h.lado == lado), hoy)
        lista = asistencia(a.estado for a in asistencias if a.sesion in recientes and a.lado == lado)
        valores[f"pasos_{lado}"] = _valor(pasos, "ningún paso debía cumplirse todavía")
        valores[f"asistencia_{lado}"] = _valor(lista, "no se ha pasado lista en 12 meses")
    con_avance = [e for e in suyos if e.cumplimiento >= 3]
    verificados = Proporcion(sum(e.verificado for e in con_avance), len(con_avance))
    valores["verificados"] = _valor(verificados, "ningún acuerdo declara avance")
    evaluados = sum(bool(e.evaluaciones) for e in suyos)
    valores["efecto"] = (
        Valor(f"{evaluados} de {len(suyos)} evaluados", float(evaluados)) if evaluados else Valor(SIN_EVALUAR, None)
    )
    meses = continuidad((s.fecha for s in suyas.values()), hoy, mesa.activa_desde, mesa.activa_hasta)
    valores["continuidad"] = _valor(meses if suyas else Proporcion(0, 0), "no hay sesiones registradas", "meses")
    valores |= _de_la_encuesta(mesa)
    return valores


def _valor(p: Proporcion, motivo: str, unidad: str = "") -> Valor:
    texto = p.en_palabras()
    return Valor(f"{texto} {unidad}".strip() if p.total else texto, p.valor, "" if p.total else motivo)


def _de_la_encuesta(mesa: Mesa) -> dict[str, Valor]:
    tabla = denuncia()
    nombres = catalogos.entidades().set_index("cve_ent")["nombre_corto"]
    propias = tabla[tabla["cve_ent"].isin(mesa.entidades)]
    if propias.empty:
        motivo = "la ENVIPE no está cargada" if tabla.empty else "no se sabe de qué entidad es"
        return {k: Valor(formatos.SIN_DATO, None, motivo) for k in ("cifra_negra", "denuncia")}
    valores = {}
    for clave, columna in (("cifra_negra", "cifra_negra_pct"), ("denuncia", "denunciados_pct")):
        partes = [
            f"{formatos.porcentaje(getattr(f, columna))}" + (f" {nombres[f.cve_ent]}" if len(propias) > 1 else "")
            for f in propias.itertuples()
        ]
        anio = int(pd.to_numeric(propias["anio"]).max())
        valores[clave] = Valor(f"{formatos.lista(partes)} ({anio})", float(propias[columna].mean()))
    return valores


def tarjetas(valores: dict[str, Valor]) -> str:
    """Los tres ejes como tres tarjetas, con la definición de cada indicador al acercarse y el motivo de cada hueco."""
    cuerpo = []
    for eje in (CORRESPONSABILIDAD, EFICACIA, CONFIANZA):
        renglones = "".join(
            f'<dt><abbr title="{escape(i.definicion)}">{escape(i.nombre)}</abbr></dt><dd>{escape(valores[i.clave].texto)}'
            + (f'<br><span class="menor">{escape(valores[i.clave].motivo)}</span>' if valores[i.clave].motivo else "")
            + "</dd>"
            for i in INDICADORES
            if i.eje == eje
        )
        cuerpo.append(f"<div><h3>{eje}</h3><dl>{renglones}</dl></div>")
    return f'<div class="ejes">{"".join(cuerpo)}</div>'


def definiciones() -> str:
    """Cada indicador con lo que mide, para leerse completo."""
    return "".join(f"<dt>{escape(i.nombre)}</dt><dd>{escape(i.definicion)}</dd>" for i in INDICADORES)
