"""Estadística pura sobre arreglos y tablas: no sabe de bases, de páginas ni de archivos."""
