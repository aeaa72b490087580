"""La sesión mensual de una Mesa: se compone una vez, lámina por lámina, y de ahí sale en cada formato sin recalcular nada."""
