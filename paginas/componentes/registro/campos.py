"""Cómo se le dice a cada campo del registro cuando lo lee una persona."""

from __future__ import annotations

import re

_NOMBRES = {
    "logo": "logotipo",
    "texto": "qué se acordó",
    "municipios": "municipios",
    "delitos": "delitos",
    "canasta": "canasta",
    "autoridad_responsable": "quién responde por la autoridad",
    "corresponsable_ciudadano": "quién responde por la ciudadanía",
    "sin_responsable_porque": "por qué falta quien responda",
    "inicio_efecto": "desde cuándo debería notarse",
    "linea_base_periodo": "periodo de comparación",
    "meta_pct": "meta",
    "meta_valor": "meta en carpetas",
    "meta_fecha": "fecha de la meta",
    "sin_meta_porque": "por qué no hay meta",
    "plazo": "plazo",
    "sin_plazo_porque": "por qué no hay plazo",
    "folio": "folio",
    "fecha": "fecha del acuerdo",
    "fuente": "dónde consta",
    "nota": "nota",
    "tipo": "clase de acuerdo",
    "signo_esperado": "qué se espera",
    "rezago_meses": "meses de espera",
    "comision": "comisión",
    "publico": "si es público",
    "cumplimiento": "cumplimiento",
    "plazo_original": "plazo original",
    "base_desde": "línea base desde",
    "base_hasta": "línea base hasta",
    "base_valor": "línea base",
    "base_cortes": "cortes de la línea base",
    "base_motivo": "por qué no hay línea base",
    "base_congelada_en": "cuándo se congeló",
    "cumplido_en": "cuándo se cumplió",
    "descripcion": "qué hay que hacer",
    "ponderador": "cuánto pesa",
    "activa_desde": "activa desde",
    "activa_hasta": "activa hasta",
    "por_confirmar": "por confirmar",
    "retirado_porque": "razón del retiro",
    "verificada_por": "quién verificó",
    "verificada_nombre": "nombre de quien verificó",
    "verificada_en": "cuándo se verificó",
    "verificacion_nota": "nota de la verificación",
    "institucion": "institución",
    "rol": "papel",
    "sesion": "sesión",
    "numero": "número",
}
_TECNICO = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")


def nombre(campo: str) -> str:
    """Su nombre; si no lo tiene, el mismo sin guiones bajos."""
    return _NOMBRES.get(campo, campo.replace("_", " "))


def en_palabras(texto: str) -> str:
    """El texto con los nombres de columna cambiados por los que se leen."""
    return _TECNICO.sub(lambda hallado: f"«{_NOMBRES[hallado[0]]}»" if hallado[0] in _NOMBRES else hallado[0], texto)
