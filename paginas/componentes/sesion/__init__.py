"""La página Sesión, antes y después de la reunión: qué falta, sus láminas, el paquete y el proyector."""
