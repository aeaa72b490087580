"""Ver correr el tablero: qué se cuenta (``metricas``), qué se anota (``bitacora``) y qué nunca se escribe (``secretos``)."""
