"""Un acuerdo como renglón de texto (la plantilla) y como renglón del registro: una sola traducción en cada sentido."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from datos.plantilla.columnas import NOMBRES
from datos.plantilla.lectura import partes
from datos.registro.meses import leer_mes
from datos.registro.modelo import Acuerdo

TEXTOS = (
    "folio", "comision", "texto", "tipo", "autoridad_responsable", "corresponsable_ciudadano", "sin_responsable_porque",
    "canasta", "signo_esperado", "sin_meta_porque", "sin_plazo_porque", "nota", "fuente",
)  # fmt: skip
ALCANCE = ("municipios", "delitos", "canasta", "inicio_efecto", "rezago_meses", "base_desde", "base_hasta")
UNIDOR = ";"


def a_campos(valores: Mapping[str, str]) -> dict[str, Any]:
    """Los campos de ``Acuerdo`` que dice un renglón ya validado; los del plazo y el cumplimiento no van: tienen su operación."""
    base = valores["linea_base_periodo"].split(" a ") if valores["linea_base_periodo"] else []
    return {
        **{campo: valores[campo] for campo in TEXTOS},
        "municipios": partes(valores["municipios"]),
        "delitos": partes(valores["delitos"]),
        "fecha": date.fromisoformat(valores["fecha"]),
        "inicio_efecto": date.fromisoformat(valores["inicio_efecto"]),
        "rezago_meses": int(valores["rezago_meses"]),
        "meta_valor": float(valores["meta_valor"]) if valores["meta_valor"] else None,
        "meta_pct": float(valores["meta_pct"]) if valores["meta_pct"] else None,
        "meta_fecha": fecha_o_nada(valores["meta_fecha"]),
        "base_desde": leer_mes(base[0]) if base else None,
        "base_hasta": leer_mes(base[1]) if base else None,
        "publico": valores["publico"] == "sí",
    }


def a_renglon(acuerdo: Acuerdo, nombre_de_la_mesa: str, cumplimiento: int | None) -> dict[str, str]:
    """El acuerdo como renglón de la plantilla, en el orden de sus columnas. Sin seguimiento, su cumplimiento es 1."""
    base = (
        f"{acuerdo.base_desde:%Y-%m} a {acuerdo.base_hasta:%Y-%m}" if acuerdo.base_desde and acuerdo.base_hasta else ""
    )
    original = acuerdo.plazo_original
    valores = {
        **{campo: getattr(acuerdo, campo) for campo in TEXTOS},
        "mesa_clave": acuerdo.mesa,
        "mesa": nombre_de_la_mesa,
        "municipios": UNIDOR.join(acuerdo.municipios),
        "delitos": UNIDOR.join(acuerdo.delitos),
        "fecha": acuerdo.fecha.isoformat(),
        "inicio_efecto": acuerdo.inicio_efecto.isoformat(),
        "rezago_meses": str(acuerdo.rezago_meses),
        "meta_valor": numero(acuerdo.meta_valor),
        "meta_pct": numero(acuerdo.meta_pct),
        "meta_fecha": acuerdo.meta_fecha.isoformat() if acuerdo.meta_fecha else "",
        "linea_base_periodo": base,
        "plazo": acuerdo.plazo.isoformat() if acuerdo.plazo else "",
        "plazo_original": original.isoformat() if original and original != acuerdo.plazo else "",
        "cumplimiento": str(cumplimiento or 1),
        "publico": "sí" if acuerdo.publico else "no",
    }
    return {n: valores[n] for n in NOMBRES}


def numero(valor: float | None) -> str:
    """«−20» como «-20», sin decimales de sobra; vacío si no hay."""
    return "" if valor is None else f"{valor:.4f}".rstrip("0").rstrip(".")


def fecha_o_nada(texto: str) -> date | None:
    """La fecha ISO, o ``None`` si viene vacía."""
    return date.fromisoformat(texto) if texto else None
