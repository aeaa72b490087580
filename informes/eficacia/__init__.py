"""Evaluar acuerdos y ensayar metas con lo publicado: lo que piden las páginas y los documentos."""
