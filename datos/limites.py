"""Cuánto puede pedir cada visitante en un rato: entrar, subir archivos y llevarse lo que cuesta hacer.

Es de cada proceso y vive en su memoria: frena a un programa, no reparte cuotas exactas entre réplicas (nginx, que está antes,
también limita). La ventana se mueve: lo pedido deja de contar a los minutos, no a la hora en punto.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

_bitacora = logging.getLogger(__name__)
SIN_LIMITE = "no"
GALLETA = "_streamlit_xsrf"
_LLAVES_ANTES_DE_LIMPIAR = 2_000


@dataclass(frozen=True)
class Negado:
    """Por qué no, y en cuántos segundos sí."""

    que: str
    segundos: int

    def en_palabras(self) -> str:
        """Qué pasó, qué se conservó y qué sigue."""
        minutos = ceil(self.segundos / 60)
        cuando = f"{self.segundos} segundos" if self.segundos < 90 else f"{minutos} minutos"
        return f"{self.que} en poco tiempo. Nada de lo que escribió se perdió: vuelva a intentarlo en {cuando}."


class Limite:
    """Tantas peticiones cada tantos minutos por navegador, y más por dirección de red, que puede ser de una sala entera."""

    def __init__(self, variable: str, omision: str, que: str, *, por_direccion: int) -> None:
        self.variable, self.omision, self.que, self.veces = variable, omision, que, por_direccion
        self._almacen = MemoryStorage()
        self._ventana = MovingWindowRateLimiter(self._almacen)
        self._leido: tuple[str, tuple[int, int] | None] | None = None

    def pedir(self, direccion: str | None, visitante: str | None = None) -> Negado | None:
        """Cuenta una petición y devuelve ``None``; si ya son demasiadas no la cuenta y dice cuándo se puede.

        ``visitante`` es lo que distingue a un navegador de otro de la misma red (``de_galletas``, o su ventana); sin él solo
        cuenta la dirección. Un programa puede inventar tantos como quiera: por eso la dirección cuenta siempre.
        """
        cuantas = self._configurado()
        if cuantas is None:
            return None
        tope, minutos = cuantas
        pedidos = [(RateLimitItemPerMinute(tope * self.veces, minutos), ("direccion", _red(direccion)))]
        if visitante:
            pedidos.append((RateLimitItemPerMinute(tope, minutos), ("navegador", visitante)))
        for cual, llave in pedidos:
            if not self._ventana.test(cual, *llave):
                abre = self._ventana.get_window_stats(cual, *llave).reset_time
                return Negado(self.que, max(1, ceil(abre - time.time())))
        for cual, llave in pedidos:
            self._ventana.hit(cual, *llave)
        self._limpiar()
        return None

    def olvidar(self) -> None:
        """Empieza a contar de cero."""
        self._almacen.reset()

    def _configurado(self) -> tuple[int, int] | None:
        escrito = os.environ.get(self.variable, "").strip().lower()
        if self._leido is None or self._leido[0] != escrito:
            try:
                leido = leer(escrito or self.omision)
            except ValueError as causa:
                # Un ajuste mal escrito no deja la puerta abierta ni tira las páginas.
                _bitacora.warning("%s %s; se usa %s", self.variable, causa, self.omision)
                leido = leer(self.omision)
            self._leido = (escrito, leido)
        return self._leido[1]

    def _limpiar(self) -> None:
        """La biblioteca vacía lo viejo pero conserva su llave: con direcciones que cambian, crecería sin fin."""
        if len(self._almacen.events) > _LLAVES_ANTES_DE_LIMPIAR:
            for llave in [k for k, v in list(self._almacen.events.items()) if not v]:
                self._almacen.events.pop(llave, None)


def de_galletas(galletas: Mapping[str, str]) -> str | None:
    """Lo que distingue a un navegador, sin decir de quién es: la huella de la galleta que Streamlit le pone a cada uno."""
    suya = galletas.get(GALLETA)
    if not isinstance(suya, str) or not suya:  # una página probada sin navegador no trae galletas de verdad
        return None
    return sha256(_sin_mascara(suya.strip("\"'"))).hexdigest()[:32]


def _sin_mascara(galleta: str) -> bytes:
    """Lo que no cambia de ella: cada respuesta la reescribe con otra máscara («2|máscara|cubierta|hora»)."""
    partes = galleta.split("|")
    try:
        mascara, cubierta = bytes.fromhex(partes[1]), bytes.fromhex(partes[2])
        return bytes(b ^ mascara[i % len(mascara)] for i, b in enumerate(cubierta))
    except (IndexError, ValueError, ZeroDivisionError):
        return galleta.encode()


def leer(texto: str) -> tuple[int, int] | None:
    """De «40/10», 40 cada 10 minutos; ``None`` si dice «no». Lanza ``ValueError``."""
    if texto == SIN_LIMITE:
        return None
    cuantas, _, minutos = texto.partition("/")
    if not (cuantas.isdecimal() and minutos.isdecimal() and int(cuantas) and int(minutos)):
        raise ValueError(f"dice «{texto[:20]}»: se espera «CUÁNTAS/MINUTOS», como 40/10, o «{SIN_LIMITE}»")
    return int(cuantas), int(minutos)


def _red(direccion: str | None) -> str:
    """La dirección; de IPv6, su red de 64 bits: a una casa le tocan todas esas y cambiar de una a otra no cuesta nada."""
    try:
        suya = ip_address(direccion or "")
    except ValueError:
        return "desconocida"
    if isinstance(suya, IPv6Address):
        suya = suya.ipv4_mapped or suya
    return str(ip_network(f"{suya}/64", strict=False)) if isinstance(suya, IPv6Address) else str(suya)


# De dónde salen los números. Una redacción, o la sala de una Mesa, sale a internet con una sola dirección: hasta cincuenta
# personas. Entrar son dos peticiones (ir al proveedor y volver): las cincuenta a la vez, y la mitad repitiendo, son 150. La
# contraseña la cuida el proveedor; esto solo evita que un programa lo tenga trabajando.
ENTRAR = Limite("TABLERO_LIMITE_ENTRAR", "300/10", "Se pidió entrar demasiadas veces desde su red", por_direccion=1)
# Quien captura sube uno o dos archivos por acuerdo: en diez minutos, diez o veinte; la carga mensual son seis. Por dirección,
# diez veces más: no suben los cincuenta al mismo tiempo, y cada archivo puede ser de 25 MB.
SUBIR = Limite("TABLERO_LIMITE_SUBIR", "40/10", "Subió demasiados archivos", por_direccion=10)
# Llevarse la figura de una nota en sus tres formatos y tres formas, los datos y el zip son trece; cuatro notas en diez minutos
# caben. Por dirección, doce por persona en una sala de cincuenta: una por segundo, menos de lo que el taller dibuja.
EXPORTAR = Limite("TABLERO_LIMITE_EXPORTAR", "60/10", "Pidió demasiados archivos o trabajos", por_direccion=10)
TODOS = (ENTRAR, SUBIR, EXPORTAR)
