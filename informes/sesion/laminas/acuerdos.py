"""Los acuerdos anteriores: en qué va cada uno, sus plazos y quién responde de cada lado. Del efecto, nada aquí."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from analisis import fechas, formatos
from datos.registro.lectura import Expediente
from informes.acuerdos import SIN_MEZCLAR, meta, nivel, reparto, respaldo, responsable
from informes.sesion.calculos import fuente_del_registro
from informes.sesion.insumos import Insumos
from informes.sesion.lamina import DIA, ENTERO, TEXTO, Columna, Lamina, Tabla

RENGLONES, LARGO = 4, 150
COMPLETO = 5
COLUMNAS = (
    Columna("folio", "Folio", TEXTO, 1.15, "Número, sesión y año"),
    Columna("acuerdo", "Acuerdo", TEXTO, 3.2, "Lo que se acordó, recortado si es largo"),
    Columna("quien", "Quién responde", TEXTO, 2.6, "Autoridad y ciudadanía"),
    Columna("plazos", "Plazo", TEXTO, 1.7, "El vigente, cuánto falta y, si se movió, el original"),
    Columna("en_que_va", "Cumplimiento", TEXTO, 1.5, "Nivel declarado, de 1 a 5, y en qué se apoya"),
    Columna("completo", "Texto completo", TEXTO, visible=False, ayuda="El acuerdo como quedó dicho"),
    Columna("autoridad", "Autoridad", TEXTO, visible=False, ayuda="Quién responde por la autoridad"),
    Columna("ciudadania", "Ciudadanía", TEXTO, visible=False, ayuda="Quién responde por la ciudadanía"),
    Columna("meta", "Meta", TEXTO, visible=False, ayuda="La meta, o por qué no tiene"),
    Columna("plazo", "Plazo vigente", DIA, visible=False, ayuda="Día límite vigente"),
    Columna("original", "Plazo original", DIA, visible=False, ayuda="Día límite con que se acordó"),
    Columna("nivel", "Nivel", ENTERO, visible=False, ayuda="Cumplimiento declarado, de 1 a 5; aparte del efecto"),
    Columna("visto", "Visibilidad", TEXTO, visible=False, ayuda="Público o interno de la Mesa"),
)


def acuerdos(i: Insumos) -> list[Lamina]:
    """Los que no están completos y los que se completaron desde la sesión anterior, de cuatro en cuatro."""
    todos = list(i.expedientes)
    de_donde = fuente_del_registro(i)
    if not todos:
        return [
            Lamina(
                "acuerdos", "acuerdos", f"{i.mesa.nombre} no tiene acuerdos anteriores que revisar",
                ("No hay ninguno público registrado." if i.pedido.publico else "No hay ninguno registrado.",), fuente=de_donde,
            )
        ]  # fmt: skip
    vistos = por_revisar(i)
    vencidos = [e for e in todos if e.vencido(i.pedido.fecha)]
    titulo = f"Acuerdos anteriores: {reparto(todos)}"
    titulo += f"; {formatos.contar(len(vencidos), 'vencido')} sin completar" if vencidos else "; ninguno vencido"
    otros = len(todos) - len(vistos)
    cuerpo = [SIN_MEZCLAR]
    if otros:
        ya = "ya estaba completo" if otros == 1 else "ya estaban completos"
        repite = "repite" if otros == 1 else "repiten"
        cuerpo.append(f"{formatos.contar(otros, 'acuerdo')} {ya} antes de la sesión anterior y no se {repite}.")
    notas = (
        "El cumplimiento es el declarado en el último seguimiento, en cinco niveles; subirlo exige evidencia. «Con evidencia "
        "verificada» quiere decir que la dio por buena alguien distinto de quien la entregó.",
        "El plazo original no cambia nunca; cada reprogramación queda con su motivo.",
    )
    if not vistos:
        return [Lamina("acuerdos", "acuerdos", titulo, tuple(cuerpo), None, notas, de_donde)]
    bloques = [vistos[n : n + RENGLONES] for n in range(0, len(vistos), RENGLONES)]
    hechas = []
    for numero, bloque in enumerate(bloques, 1):
        cual = f" ({numero} de {len(bloques)})" if len(bloques) > 1 else ""
        hechas.append(
            Lamina(
                f"acuerdos-{numero}", "acuerdos", titulo + cual, tuple(cuerpo),
                Tabla(
                    f"Acuerdos{cual}", tabla(bloque, i.pedido.fecha), COLUMNAS,
                    "Acuerdos anteriores: " + "; ".join(f"{e.acuerdo.folio}, {nivel(e.cumplimiento)}" for e in bloque),
                ),
                notas, de_donde,
            )
        )  # fmt: skip
    return hechas


def por_revisar(i: Insumos) -> list[Expediente]:
    """Los que no están completos, por plazo, y después los completados desde la sesión anterior."""
    desde = i.previa.fecha if i.previa is not None else date.min
    abiertos = [e for e in i.expedientes if e.cumplimiento < COMPLETO]
    abiertos.sort(key=lambda e: (e.acuerdo.plazo is None, e.acuerdo.plazo or date.max, e.acuerdo.folio))
    recientes = [
        e for e in i.expedientes if e.cumplimiento == COMPLETO and e.seguimiento and e.seguimiento.fecha >= desde
    ]
    return [*abiertos, *recientes]


def tabla(expedientes: Sequence[Expediente], hoy: date) -> pd.DataFrame:
    """Un renglón por acuerdo, con las columnas de ``COLUMNAS``."""
    filas = []
    for e in expedientes:
        a = e.acuerdo
        interno = "" if a.publico else " · interno"
        filas.append(
            {
                "folio": a.folio + interno,
                "acuerdo": recortar(a.texto, LARGO),
                "quien": f"Autoridad: {recortar(responsable(a, 'autoridad'), 70)}. "
                f"Ciudadanía: {recortar(responsable(a, 'ciudadania'), 70)}.",
                "plazos": plazos(e, hoy),
                "en_que_va": f"{nivel(e.cumplimiento)}; {respaldo(e)}",
                "completo": a.texto,
                "autoridad": responsable(a, "autoridad"),
                "ciudadania": responsable(a, "ciudadania"),
                "meta": meta(a),
                "plazo": pd.Timestamp(a.plazo) if a.plazo else pd.NaT,
                "original": pd.Timestamp(a.plazo_original) if a.plazo_original else pd.NaT,
                "nivel": e.cumplimiento,
                "visto": "público" if a.publico else "interno",
            }
        )
    return pd.DataFrame(filas).astype({"plazo": "datetime64[us]", "original": "datetime64[us]"})


def plazos(e: Expediente, hoy: date) -> str:
    """«30 nov 2026 (vence en 6 días); antes 31 ago 2026», o por qué no tiene."""
    a = e.acuerdo
    if a.plazo is None:
        return f"sin plazo: {recortar(a.sin_plazo_porque, 60)}"
    lapso = fechas.plazo(a.plazo, hoy, completo=e.cumplimiento == COMPLETO)
    texto = fechas.dia(a.plazo) + (f" ({lapso})" if lapso else "")
    return texto + (
        f"; antes {fechas.dia(a.plazo_original)}" if a.plazo_original and a.plazo_original != a.plazo else ""
    )


def recortar(texto: str, largo: int) -> str:
    """En un renglón y, si no cabe, hasta la última palabra entera."""
    junto = " ".join(texto.split())
    return junto if len(junto) <= largo else junto[:largo].rsplit(" ", 1)[0] + "…"
