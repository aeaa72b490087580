"""Eficacia: la evaluación de un acuerdo con lo publicado, y cómo se muestra."""
