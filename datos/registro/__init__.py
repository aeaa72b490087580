"""El registro de Mesas, sesiones y acuerdos: modelo, permisos, operaciones, bitácora, evidencia, respaldo e intercambio.

Toda operación recibe el registro y un ``Actor``, y es aquí donde se decide si puede: las páginas solo preguntan.
"""
