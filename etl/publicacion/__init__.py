"""Publicar: del conjunto de archivos validados a una versión nueva de la base, y el puntero que la pone en uso."""
