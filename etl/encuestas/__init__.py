"""Las encuestas que acompañan a las carpetas: por ahora, la denuncia y la cifra negra por entidad de la ENVIPE."""
