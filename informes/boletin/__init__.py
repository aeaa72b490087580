"""El boletín del mes de un lugar o de una Mesa: lo que se puede decir, con qué se compara y lo que todavía no se puede decir."""

from informes.boletin.componer import Boletin, Delito, SinBoletin, componer, meses_con_cifra, ultimo_mes
from informes.boletin.donde import Donde, MesaSinMunicipios, de_lugar, de_mesa, mesas
from informes.boletin.paquete import archivos, paquete

__all__ = [
    "Boletin",
    "Delito",
    "Donde",
    "MesaSinMunicipios",
    "SinBoletin",
    "archivos",
    "componer",
    "de_lugar",
    "de_mesa",
    "mesas",
    "meses_con_cifra",
    "paquete",
    "ultimo_mes",
]
