"""Contadores, medidores e histogramas, y su texto en el formato de exposición de Prometheus (0.0.4).

Son de este proceso: con varias réplicas, Prometheus pregunta a cada una y suma. No hay nombres de personas ni direcciones: las
etiquetas salen de listas cortas (páginas, consultas, resultados).
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

TIPO = "text/plain; version=0.0.4; charset=utf-8"
CUBETAS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0)
_Etiquetas = tuple[str, ...]


class _Serie(ABC):
    """Lo común: nombre, ayuda y etiquetas; se apunta sola en la lista de lo que se expone."""

    tipo = ""

    def __init__(self, nombre: str, ayuda: str, etiquetas: _Etiquetas = ()) -> None:
        self.nombre, self.ayuda, self.etiquetas = nombre, ayuda, etiquetas
        self._candado = threading.Lock()
        if nombre in _todas:
            raise ValueError(f"la serie {nombre} ya existe")
        _todas[nombre] = self

    @abstractmethod
    def renglones(self) -> list[str]:
        """Sus muestras."""

    def _llave(self, valores: Mapping[str, str]) -> _Etiquetas:
        if set(valores) != set(self.etiquetas):
            raise ValueError(f"{self.nombre} lleva las etiquetas {self.etiquetas} y llegaron {tuple(valores)}")
        return tuple(valores[e] for e in self.etiquetas)

    def _con(self, llave: _Etiquetas, **mas: str) -> str:
        pares = [*zip(self.etiquetas, llave, strict=True), *mas.items()]
        return "{" + ",".join(f'{n}="{_escapar(v)}"' for n, v in pares) + "}" if pares else ""


_todas: dict[str, _Serie] = {}


class Contador(_Serie):
    """Solo crece."""

    tipo = "counter"

    def __init__(self, nombre: str, ayuda: str, etiquetas: _Etiquetas = ()) -> None:
        super().__init__(nombre, ayuda, etiquetas)
        self._valores: dict[_Etiquetas, float] = {}

    def sumar(self, cuanto: float = 1.0, /, **etiquetas: str) -> None:
        """Suma a la combinación de etiquetas dada. Lanza ``ValueError`` si no son las suyas."""
        llave = self._llave(etiquetas)
        with self._candado:
            self._valores[llave] = self._valores.get(llave, 0.0) + cuanto

    def valor(self, **etiquetas: str) -> float:
        """Cuánto va."""
        with self._candado:
            return self._valores.get(self._llave(etiquetas), 0.0)

    def renglones(self) -> list[str]:
        """Una muestra por combinación vista."""
        with self._candado:
            copia = sorted(self._valores.items())
        if not copia and not self.etiquetas:
            copia = [((), 0.0)]
        return [f"{self.nombre}{self._con(llave)} {_numero(valor)}" for llave, valor in copia]


class Histograma(_Serie):
    """Cuánto tardan las cosas, en cubetas acumuladas de segundos."""

    tipo = "histogram"

    def __init__(
        self, nombre: str, ayuda: str, etiquetas: _Etiquetas = (), cubetas: tuple[float, ...] = CUBETAS
    ) -> None:
        super().__init__(nombre, ayuda, etiquetas)
        self.cubetas = cubetas
        self._cuentas: dict[_Etiquetas, list[int]] = {}
        self._sumas: dict[_Etiquetas, float] = {}

    def observar(self, segundos: float, /, **etiquetas: str) -> None:
        """Anota una duración."""
        llave = self._llave(etiquetas)
        cual = next((i for i, tope in enumerate(self.cubetas) if segundos <= tope), len(self.cubetas))
        with self._candado:
            self._cuentas.setdefault(llave, [0] * (len(self.cubetas) + 1))[cual] += 1
            self._sumas[llave] = self._sumas.get(llave, 0.0) + segundos

    def cuantas(self, **etiquetas: str) -> int:
        """Cuántas van."""
        with self._candado:
            return sum(self._cuentas.get(self._llave(etiquetas), ()))

    def renglones(self) -> list[str]:
        """Cubetas acumuladas, suma y cuenta de cada combinación vista."""
        with self._candado:
            copia = [(llave, list(cuentas), self._sumas[llave]) for llave, cuentas in sorted(self._cuentas.items())]
        salida = []
        for llave, cuentas, suma in copia:
            van = 0
            for tope, cuantas in zip((*map(_numero, self.cubetas), "+Inf"), cuentas, strict=True):
                van += cuantas
                salida.append(f"{self.nombre}_bucket{self._con(llave, le=tope)} {van}")
            salida.append(f"{self.nombre}_sum{self._con(llave)} {_numero(suma)}")
            salida.append(f"{self.nombre}_count{self._con(llave)} {van}")
        return salida


class Medidor(_Serie):
    """Un valor de ahora: se calcula al preguntar. La función da {etiquetas: valor}; vacío si no se sabe."""

    tipo = "gauge"

    def __init__(
        self, nombre: str, ayuda: str, leer: Callable[[], Mapping[_Etiquetas, float]], etiquetas: _Etiquetas = ()
    ) -> None:
        super().__init__(nombre, ayuda, etiquetas)
        self._leer = leer

    def renglones(self) -> list[str]:
        """Una muestra por combinación."""
        return [f"{self.nombre}{self._con(llave)} {_numero(valor)}" for llave, valor in sorted(self._leer().items())]


def exponer() -> str:
    """Todo lo que se mide, en texto."""
    partes = []
    for serie in list(_todas.values()):
        partes += [f"# HELP {serie.nombre} {_ayuda(serie.ayuda)}", f"# TYPE {serie.nombre} {serie.tipo}"]
        partes += serie.renglones()
    return "\n".join(partes) + "\n"


def nombres() -> dict[str, str]:
    """Cada serie que se expone y su tipo."""
    return {nombre: serie.tipo for nombre, serie in _todas.items()}


def _numero(valor: float) -> str:
    return str(int(valor)) if float(valor).is_integer() else repr(float(valor))


def _escapar(valor: str) -> str:
    return valor.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _ayuda(texto: str) -> str:
    return texto.replace("\\", "\\\\").replace("\n", "\\n")


PAGINAS = Contador(
    "tablero_pagina_corridas_total", "Corridas de cada página y en qué acabaron.", ("pagina", "resultado")
)
PAGINA_SEGUNDOS = Histograma(
    "tablero_pagina_segundos", "Cuánto tarda en correr una página, en el servidor.", ("pagina",)
)
RECORDADAS = Contador(
    "tablero_consultas_recordadas_total",
    "Consultas que ya se recordaban (acierto) o no (falla).",
    ("consulta", "resultado"),
)
TALLER = Contador("tablero_taller_encargos_total", "Encargos al taller y en qué acabaron.", ("resultado",))
TALLER_SEGUNDOS = Histograma("tablero_taller_segundos", "De que se encarga una figura a que está lista.")
PETICIONES = Contador("tablero_peticiones_total", "Peticiones HTTP por clase de ruta y código.", ("clase", "codigo"))
PETICION_SEGUNDOS = Histograma("tablero_peticion_segundos", "Cuánto tarda una petición HTTP.", ("clase",))
