"""Pedir por HTTP sin confiar: tiempos límite, reintentos con retroceso, reanudación, y cada falla con su nombre.

Un archivo se baja a un nombre provisional con su ficha al lado (dirección y validadores); si la descarga se corta y el
servidor acepta rangos con un validador, sigue donde iba; si no, empieza de nuevo. Lo que llega comprimido por la red se
descomprime aquí, para notar cuando el gzip no termina.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO, TypeVar
from urllib.parse import unquote, urlsplit

import requests
from urllib3.exceptions import HTTPError, IncompleteRead, ProtocolError, ReadTimeoutError

from etl.fuente.ajustes import Ajustes
from etl.fuente.contenido import nombre_de_pagina
from etl.fuente.fallas import TRANSITORIOS, FallaDeFuente, SinCambios, por_codigo

_TROZO = 1 << 17
_MAXIMO_DE_PAGINA = 8 << 20
_RANGO = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")
Bytes = Callable[[int, int | None], None]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Bajado:
    """Un archivo completo en el disco: dónde quedó, su huella, cómo se llama en la fuente y con qué validadores vino."""

    ruta: Path
    sha256: str
    bytes: int
    nombre: str
    enlace: str
    etag: str | None
    modificado: str | None


@dataclass(frozen=True)
class Pagina:
    """Una página leída: su texto y la dirección en que acabó."""

    texto: str
    direccion: str


class Red:
    """Una sesión con sus límites. ``dormir``, ``reloj`` y ``azar`` se cambian en las pruebas."""

    def __init__(
        self,
        ajustes: Ajustes,
        avance: Bytes = lambda hechos, total: None,
        *,
        dormir: Callable[[float], None] = time.sleep,
        reloj: Callable[[], float] = time.monotonic,
        azar: random.Random | None = None,
    ) -> None:
        self._ajustes, self._avance, self._dormir, self._reloj = ajustes, avance, dormir, reloj
        self._azar = azar or random.Random()
        self._sesion = requests.Session()
        self._sesion.max_redirects = 10

    def pagina(self, direccion: str, cabeceras: Mapping[str, str]) -> Pagina:
        """El texto de una página. Lanza ``FallaDeFuente`` si no llega o si es una pantalla de verificación o de acceso."""

        def leer(limite: float) -> Pagina:
            respuesta = self._pedir(direccion, dict(cabeceras))
            with respuesta:
                contenido = b"".join(self._trozos(respuesta, limite, _MAXIMO_DE_PAGINA))
            clase = nombre_de_pagina(contenido)
            if clase is not None and clase != "una página web":
                raise FallaDeFuente(f"en lugar de la página de datos llegó {clase}")
            return Pagina(contenido.decode("utf-8", errors="replace"), respuesta.url)

        return self._con_reintentos(leer)

    def bajar(
        self,
        direccion: str,
        destino: Path,
        cabeceras: Mapping[str, str],
        *,
        etag: str | None = None,
        modificado: str | None = None,
        revisar: Callable[[Path], object] = lambda ruta: None,
    ) -> Bajado:
        """Baja un archivo a ``destino``. ``revisar`` mira lo que llegó y puede pedir que se repita con ``FallaDeFuente``.

        Con validadores, lanza ``SinCambios`` si la fuente dice que sigue igual. Lanza ``FallaDeFuente`` si no llega.
        """
        parcial = destino.with_name(destino.name + ".parcial")

        def bajar(limite: float) -> Bajado:
            hecho = self._una_vez(direccion, parcial, dict(cabeceras), etag, modificado, limite)
            try:
                revisar(parcial)
            except FallaDeFuente:
                _olvidar(parcial)
                raise
            huella = hashlib.sha256()
            with parcial.open("rb") as archivo:
                while trozo := archivo.read(1 << 20):
                    huella.update(trozo)
            parcial.replace(destino)
            _ficha(parcial).unlink(missing_ok=True)
            return Bajado(destino, huella.hexdigest(), destino.stat().st_size, *hecho)

        return self._con_reintentos(bajar)

    def _con_reintentos(self, hacer: Callable[[float], _T]) -> _T:
        limite = self._reloj() + self._ajustes.segundos_por_archivo
        falla: FallaDeFuente | None = None
        for intento in range(int(self._ajustes.intentos)):
            if falla is not None:
                espera = self._espera(intento, falla)
                if self._reloj() + espera >= limite:
                    break
                self._dormir(espera)
            try:
                return hacer(limite)
            except FallaDeFuente as causa:
                if not causa.transitoria:
                    raise
                falla = causa
        assert falla is not None
        raise FallaDeFuente(f"{falla.causa}, tras {int(self._ajustes.intentos)} intentos") from falla

    def _espera(self, intento: int, falla: FallaDeFuente) -> float:
        """Lo que pidió el servidor; si no pidió nada, el doble cada vez, con una parte al azar para no ir en bola."""
        if falla.espera is not None:
            return falla.espera
        tope = min(self._ajustes.espera_maxima, self._ajustes.espera_inicial * 2 ** (intento - 1))
        return tope / 2 + self._azar.uniform(0, tope / 2)

    def _pedir(self, direccion: str, cabeceras: dict[str, str]) -> requests.Response:
        tiempos = (self._ajustes.segundos_de_conexion, self._ajustes.segundos_de_lectura)
        try:
            respuesta = self._sesion.get(direccion, headers=cabeceras, stream=True, timeout=tiempos)
        except requests.TooManyRedirects as causa:
            raise FallaDeFuente("manda de una dirección a otra en círculo (redirecciones sin fin)") from causa
        except requests.exceptions.SSLError as causa:
            raise FallaDeFuente("su certificado de seguridad (TLS) no es válido; no se confió en él") from causa
        except requests.ConnectTimeout as causa:
            raise FallaDeFuente(f"no contestó en {tiempos[0]:g} s", transitoria=True) from causa
        except requests.ReadTimeout as causa:
            raise FallaDeFuente(f"aceptó la conexión y no mandó nada en {tiempos[1]:g} s", transitoria=True) from causa
        except requests.ConnectionError as causa:
            raise FallaDeFuente(_sin_conexion(causa), transitoria=True) from causa
        except (requests.RequestException, HTTPError) as causa:
            raise FallaDeFuente(f"la petición no se pudo hacer ({type(causa).__name__})") from causa
        if respuesta.status_code == 304:
            respuesta.close()
            raise SinCambios(direccion)
        if respuesta.status_code not in (200, 206):
            with respuesta:
                raise self._por_codigo(respuesta)
        return respuesta

    def _por_codigo(self, respuesta: requests.Response) -> FallaDeFuente:
        codigo = respuesta.status_code
        try:
            cuerpo = respuesta.raw.read(4096, decode_content=True) or b""
        except HTTPError:
            cuerpo = b""
        espera = _retry_after(respuesta.headers.get("Retry-After"))
        causa = por_codigo(codigo, nombre_de_pagina(cuerpo))
        if espera is not None and espera > self._ajustes.espera_maxima:
            return FallaDeFuente(f"{causa}; pide esperar {espera:,.0f} s, más de lo que aquí se espera")
        return FallaDeFuente(causa, transitoria=codigo in TRANSITORIOS, espera=espera)

    def _una_vez(
        self,
        direccion: str,
        parcial: Path,
        cabeceras: dict[str, str],
        etag: str | None,
        modificado: str | None,
        limite: float,
    ) -> tuple[str, str, str | None, str | None]:
        parcial.parent.mkdir(parents=True, exist_ok=True)
        cabeceras["Accept-Encoding"] = "identity"
        if etag:
            cabeceras["If-None-Match"] = etag
        if modificado:
            cabeceras["If-Modified-Since"] = modificado
        ya, validador = _a_medias(parcial, direccion)
        if ya:
            cabeceras |= {"Range": f"bytes={ya}-", "If-Range": validador}
            cabeceras.pop("If-None-Match", None)
            cabeceras.pop("If-Modified-Since", None)
        try:
            respuesta = self._pedir(direccion, cabeceras)
        except FallaDeFuente as causa:
            if not ya or causa.transitoria:
                raise
            _olvidar(parcial)  # quizá no aceptó el rango: que el siguiente intento lo pida completo
            raise FallaDeFuente(causa.causa, transitoria=True) from causa
        with respuesta:
            desde = _desde(respuesta, ya)
            comprimida = respuesta.headers.get("Content-Encoding", "").lower() not in ("", "identity")
            recordado = None if comprimida else _validador(respuesta)
            _ficha(parcial).write_text(json.dumps({"direccion": direccion, "validador": recordado}), encoding="utf-8")
            with parcial.open("ab" if desde else "wb") as archivo:
                self._guardar(respuesta, archivo, desde, limite)
            nombre = _nombre(respuesta)
            return nombre, respuesta.url, respuesta.headers.get("ETag"), respuesta.headers.get("Last-Modified")

    def _guardar(self, respuesta: requests.Response, archivo: BinaryIO, desde: int, limite: float) -> None:
        anunciados = respuesta.headers.get("Content-Length", "")
        comprimida = respuesta.headers.get("Content-Encoding", "").lower() not in ("", "identity")
        total = desde + int(anunciados) if anunciados.isdigit() and not comprimida else None
        hechos = desde
        self._avance(hechos, total)
        tope = int(self._ajustes.maximo_de_megabytes * 1e6) - desde
        for trozo in self._trozos(respuesta, limite, tope):
            archivo.write(trozo)
            hechos += len(trozo)
            self._avance(hechos, total)

    def _trozos(self, respuesta: requests.Response, limite: float, tope: int) -> Iterator[bytes]:
        """El cuerpo, descomprimido. Lanza ``FallaDeFuente`` si se corta, si el gzip no termina, si tarda o si pesa de más."""
        codificacion = respuesta.headers.get("Content-Encoding", "").lower()
        gzip = zlib.decompressobj(zlib.MAX_WBITS | 32) if codificacion in ("gzip", "deflate", "x-gzip") else None
        if codificacion not in ("", "identity") and gzip is None:
            raise FallaDeFuente(f"mandó los datos con una compresión que aquí no se lee ({codificacion[:20]})")
        llegados = entregados = 0
        try:
            while True:
                # read1 entrega lo que vaya llegando: el límite se comprueba también con un goteo.
                trozo = respuesta.raw.read1(_TROZO, decode_content=False)
                if not trozo:
                    break
                llegados += len(trozo)
                if self._reloj() > limite:
                    raise FallaDeFuente(
                        f"iba tan lento que no terminó en {self._ajustes.segundos_por_archivo:g} s ({_cuanto(llegados)})"
                    )
                pendiente = trozo
                while pendiente:
                    salida = gzip.decompress(pendiente, _TROZO * 8) if gzip else pendiente
                    pendiente = gzip.unconsumed_tail if gzip else b""
                    entregados += len(salida)
                    if entregados > tope:
                        raise FallaDeFuente(f"pesa más de {self._ajustes.maximo_de_megabytes:,.0f} MB; no se guardó")
                    yield salida
            _exigir_completo(respuesta, llegados)
        except ReadTimeoutError as causa:
            segundos = self._ajustes.segundos_de_lectura
            raise FallaDeFuente(
                f"dejó de mandar datos por {segundos:g} s ({_cuanto(llegados)})", transitoria=True
            ) from causa
        except (IncompleteRead, ProtocolError, OSError) as causa:
            raise FallaDeFuente(_se_corto(respuesta, llegados), transitoria=True) from causa
        except zlib.error as causa:
            raise FallaDeFuente(f"el gzip que mandó está dañado ({causa})", transitoria=True) from causa
        if gzip is not None and not gzip.eof:
            raise FallaDeFuente(f"el gzip que mandó no termina ({_cuanto(llegados)})", transitoria=True)


def _exigir_completo(respuesta: requests.Response, llegados: int) -> None:
    anunciados = respuesta.headers.get("Content-Length", "")
    if anunciados.isdigit() and llegados < int(anunciados):
        raise FallaDeFuente(_se_corto(respuesta, llegados), transitoria=True)


def _se_corto(respuesta: requests.Response, llegados: int) -> str:
    anunciados = respuesta.headers.get("Content-Length", "")
    de = f" de {int(anunciados):,}" if anunciados.isdigit() else ""
    return f"la descarga se cortó: llegaron {llegados:,}{de} bytes"


def _cuanto(llegados: int) -> str:
    return f"llegaron {llegados:,} bytes"


def _sin_conexion(causa: Exception) -> str:
    texto = str(causa)
    if "resolve" in texto or "Name or service" in texto:
        return "no se encontró ese servidor en la red (¿hay internet?)"
    if "refused" in texto:
        return "el servidor rechazó la conexión"
    if "timed out" in texto.lower():
        return "dejó de contestar"
    return "la conexión se cortó antes de contestar"


def _retry_after(valor: str | None) -> float | None:
    """Segundos que pide esperar, en número o en fecha; ``None`` si no pide o no se entiende."""
    if not valor:
        return None
    if valor.strip().isdigit():
        return float(valor)
    try:
        cuando = parsedate_to_datetime(valor)
    except ValueError:
        return None
    return max(0.0, (cuando - datetime.now(UTC if cuando.tzinfo else None)).total_seconds())


def _ficha(parcial: Path) -> Path:
    return parcial.with_name(parcial.name + ".json")


def _olvidar(parcial: Path) -> None:
    parcial.unlink(missing_ok=True)
    _ficha(parcial).unlink(missing_ok=True)


def _a_medias(parcial: Path, direccion: str) -> tuple[int, str]:
    """Cuántos bytes hay ya de esta misma dirección y con qué validador se puede pedir el resto; (0, "") si no se puede."""
    if not (parcial.is_file() and _ficha(parcial).is_file()):
        return 0, ""
    try:
        ficha = json.loads(_ficha(parcial).read_text(encoding="utf-8"))
        de_esta, validador = ficha["direccion"] == direccion, ficha["validador"]
    except (ValueError, KeyError, TypeError):
        de_esta, validador = False, None
    return (parcial.stat().st_size, str(validador)) if de_esta and validador else (0, "")


def _validador(respuesta: requests.Response) -> str | None:
    """ETag fuerte, o fecha: sin uno de los dos no se sabe si el resto sería del mismo archivo."""
    etag = respuesta.headers.get("ETag", "")
    return etag if etag and not etag.startswith("W/") else respuesta.headers.get("Last-Modified")


def _desde(respuesta: requests.Response, ya: int) -> int:
    """Desde qué byte sigue la respuesta: 0 si manda todo otra vez. Lanza ``FallaDeFuente`` si manda otro tramo."""
    if respuesta.status_code == 200:
        return 0
    tramo = _RANGO.match(respuesta.headers.get("Content-Range", ""))
    if tramo is None or int(tramo.group(1)) != ya:
        raise FallaDeFuente("mandó un tramo distinto del que se pidió", transitoria=True)
    return ya


def _nombre(respuesta: requests.Response) -> str:
    """Nombre con que la fuente lo entrega; vacío si no dice uno. Nunca lleva carpetas."""
    disposicion = respuesta.headers.get("Content-Disposition", "")
    hallado = re.search(r"filename\*=(?:UTF-8'')?([^;]+)", disposicion, re.IGNORECASE)
    if hallado is not None:
        nombre = unquote(hallado.group(1))
    else:
        hallado = re.search(r'filename="?([^";]+)"?', disposicion, re.IGNORECASE)
        nombre = hallado.group(1) if hallado else unquote(urlsplit(respuesta.url).path.rsplit("/", 1)[-1])
    limpio = re.sub(r"[^\w .()\-]", "_", nombre.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    return limpio[:120]
