"""Lo que comparten las páginas."""
