"""Lo que puede salir mal al leer o escribir el registro; cada mensaje dice qué pasó, qué se conservó y qué sigue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from datos.permisos import SinPermiso

__all__ = [
    "Conflicto",
    "DatoInvalido",
    "Diferencia",
    "EvidenciaRechazada",
    "NoEncontrado",
    "RegistroDanado",
    "RegistroMasNuevo",
    "RespaldoInvalido",
    "SinPermiso",
]


class RegistroDanado(Exception):
    """El registro no se puede abrir o leer; el mensaje dice qué hacer."""


class RegistroMasNuevo(RegistroDanado):
    """Lo escribió una versión más nueva del tablero: abrirlo con esta podría perder algo."""


class RespaldoInvalido(Exception):
    """El archivo no es un respaldo completo de este registro; no se cambió nada."""


class NoEncontrado(KeyError):
    """No existe, fue retirado o quien pregunta no puede verlo: desde fuera son lo mismo."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else "No existe en el registro, o no se puede ver con este permiso."


@dataclass(frozen=True)
class Problema:
    """Un dato que no pasa: en qué campo, qué se esperaba y qué llegó."""

    campo: str
    esperado: str
    encontrado: str

    def __str__(self) -> str:
        return f"{self.campo}: se esperaba {self.esperado}; se encontró {self.encontrado}"


class DatoInvalido(ValueError):
    """Lo escrito no pasa las reglas; no se guardó y ``problemas`` dice todo lo que falta."""

    def __init__(self, problemas: Sequence[Problema]) -> None:
        self.problemas = list(problemas)
        super().__init__("No se guardó: " + "; ".join(str(p) for p in self.problemas) + ". Lo escrito sigue aquí.")

    @classmethod
    def de(cls, campo: str, esperado: str, encontrado: str) -> Self:
        """El error de un solo campo."""
        return cls([Problema(campo, esperado, encontrado)])


class EvidenciaRechazada(DatoInvalido):
    """El archivo no es de un tipo aceptado, pesa de más o está dañado; no se guardó."""


@dataclass(frozen=True)
class Diferencia:
    """Un campo que otra persona cambió mientras se editaba: cómo estaba, cómo quedó y lo que se quiso guardar."""

    campo: str
    antes: object
    ahora: object
    lo_suyo: object


class Conflicto(Exception):
    """Otra persona guardó primero. No se sobrescribió nada: ``diferencias`` dice qué cambió y ``lo_suyo`` qué se intentó."""

    def __init__(
        self,
        quien: str,
        cuando: str,
        version_actual: int,
        diferencias: Sequence[Diferencia],
        lo_suyo: dict[str, object],
    ) -> None:
        self.quien, self.cuando, self.version_actual = quien, cuando, version_actual
        self.diferencias, self.lo_suyo = list(diferencias), dict(lo_suyo)
        campos = ", ".join(d.campo for d in self.diferencias) or "otros campos"
        super().__init__(
            f"{quien} guardó cambios en {campos} ({cuando}) mientras usted editaba. No se guardó lo suyo ni se perdió: "
            "revise lo que cambió y vuelva a guardar."
        )
