"""Lo que sale del tablero: archivos con sus datos, su fuente y sus notas, hechos con datos, analisis y graficas."""
