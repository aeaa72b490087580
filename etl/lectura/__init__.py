"""Leer lo que publican las fuentes: reconocer por contenido, decodificar y normalizar, sin interpretar."""
