"""La única puerta a los datos guardados: conexión, consultas, registro y catálogos."""
