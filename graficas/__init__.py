"""Figuras a partir de tablas: no sabe de bases ni de páginas."""
