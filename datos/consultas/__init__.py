"""Las preguntas que hacen las páginas, cada una con su SQL."""
