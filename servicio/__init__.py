"""Lo que rodea a la aplicación cuando se da a una red: salud, métricas, y el renglón de cada petición."""
