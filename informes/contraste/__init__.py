"""Contrastar una declaración: lo que se dijo, cada manera de contarlo con lo publicado, y qué se puede decir de la cifra."""

from informes.contraste.componer import Contraste, Manera, contrastar
from informes.contraste.declaracion import Declaracion, NoSeContrasta
from informes.contraste.historia import historia

__all__ = ["Contraste", "Declaracion", "Manera", "NoSeContrasta", "contrastar", "historia"]
