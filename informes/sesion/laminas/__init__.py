"""Las láminas de la sesión: un módulo por apartado, en el orden en que se presentan."""
