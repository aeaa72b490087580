"""Un respaldo que se deja solo: se hace aparte, se comprueba volviéndolo a abrir, se cifra si hay clave, y se rotan los viejos.

A la carpeta de destino no llega nada sin comprobar ni, habiendo clave, nada sin cifrar.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from datos import ultimo_respaldo
from datos.registro import cifrado, respaldo
from datos.registro.actor import SISTEMA, Actor
from datos.registro.conexion import Registro
from datos.registro.errores import RespaldoInvalido
from datos.registro.migrar import ultima
from datos.registro.respaldo import Respaldo
from datos.registro.rotacion import Conservar, sobrantes
from datos.registro.siembra import recordar
from datos.ultimo_respaldo import UltimoRespaldo

HUELLA = ".sha256"
BITACORA = "respaldos.jsonl"
_NOMBRE = re.compile(r"registro-(\d{8}T\d{6}Z)-r\w+\.zip(\.age)?")


@dataclass(frozen=True)
class Guardado:
    """Un respaldo ya escrito y comprobado: dónde, qué trae, cuánto pesa, para quién se cifró y cuánto tardó."""

    archivo: Path
    respaldo: Respaldo
    bytes: int
    sha256: str
    para: tuple[str, ...]
    segundos: float

    def en_palabras(self) -> str:
        """Para quien lo pidió: qué trae, cuánto pesa y, dicho sin rodeos, si está cifrado."""
        como = (
            f"Cifrado para {' y '.join(self.para)}: se abre solo con su llave privada."
            if self.para
            else f"SIN CIFRAR: quien tenga el archivo lee lo que no es público. Para cifrarlo, ponga {cifrado.VARIABLE}."
        )
        faltan = (
            f"\nOJO: faltan {len(self.respaldo.faltan):,} archivo(s) de evidencia que el registro nombra: va sin ellos."
            if self.respaldo.faltan
            else ""
        )
        return (
            f"Respaldo en {self.archivo}: {self.respaldo.en_palabras()}; {_peso(self.bytes)} en {self.segundos:.1f} s, "
            f"comprobado volviendo a abrirlo.\n{como} Guárdelo en otra máquina.{faltan}"
        )


def guardar(registro: Registro, actor: Actor, destino: Path, privada: Path) -> Guardado:
    """Hace un respaldo en ``destino`` (con ``.age`` al final si hay clave) y junto a él su SHA-256, como lo lee ``sha256sum -c``.

    ``privada`` es dónde se arma sin cifrar, en una carpeta que solo abre este usuario y se borra. Lanza ``SinPermiso``,
    ``RespaldoInvalido`` (la clave no se entiende, o lo escrito no se pudo volver a leer) u ``OSError``; entonces en ``destino``
    no hay nada nuevo.
    """
    empezo, para = time.perf_counter(), cifrado.destinatarios()
    if para and destino.suffix != cifrado.TERMINACION:
        destino = destino.with_name(destino.name + cifrado.TERMINACION)
    if not para and destino.suffix == cifrado.TERMINACION:
        raise RespaldoInvalido(
            f"Para que quede cifrado hace falta una clave pública en {cifrado.VARIABLE}. No se hizo el respaldo. Haga una con "
            "«python -m datos.acuerdos claves ARCHIVO»."
        )
    temporal = destino.with_name(f".{destino.name}.{os.getpid()}")
    try:
        with cifrado.aparte(privada) as propia:
            claro = propia / "respaldo.zip"
            hecho = respaldo.respaldar(registro, actor, claro)
            if respaldo.revisar(claro) != hecho:
                raise RespaldoInvalido("Al volver a abrirlo, el respaldo no dice lo mismo. No se guardó.")
            sha = cifrado.cifrar(claro, temporal, para) if para else _copiar(claro, temporal)
        pesa = temporal.stat().st_size
        os.replace(temporal, destino)
        destino.with_name(destino.name + HUELLA).write_text(f"{sha}  {destino.name}\n", encoding="utf-8")
    finally:
        temporal.unlink(missing_ok=True)
    return Guardado(destino, hecho, pesa, sha, tuple(d.nombre for d in para), time.perf_counter() - empezo)


def programado(
    registro: Registro, actor: Actor, carpeta: Path, conservar: Conservar, privada: Path
) -> tuple[Guardado, list[str]]:
    """Un respaldo con su fecha y revisión en el nombre, y los viejos que se quitaron. Deja un renglón en ``respaldos.jsonl``.

    Si algo falla no se quita ninguno, el renglón lo dice y se lanza lo mismo que ``guardar``; tampoco si le falta evidencia.
    """
    carpeta.mkdir(parents=True, exist_ok=True)
    ahora = datetime.now(UTC)
    try:
        hecho = guardar(registro, actor, carpeta / f"registro-{ahora:%Y%m%dT%H%M%SZ}-r{ultima()}.zip", privada)
        anotar(registro, hecho)
    except Exception as causa:
        _renglon(carpeta, ahora, {"resultado": "falló", "mensaje": str(causa).splitlines()[0][:300]})
        raise
    # Con evidencia perdida, los viejos pueden ser los únicos que la traen.
    quitados = [] if hecho.respaldo.faltan else sobrantes(_fechados(carpeta), conservar)
    for nombre in quitados:
        (carpeta / nombre).unlink()
        (carpeta / f"{nombre}{HUELLA}").unlink(missing_ok=True)
    _renglon(
        carpeta,
        ahora,
        {
            "resultado": "incompleto" if hecho.respaldo.faltan else "hecho",
            "archivo": hecho.archivo.name,
            "bytes": hecho.bytes,
            "sha256": hecho.sha256,
            "cifrado": bool(hecho.para),
            "renglones": hecho.respaldo.total,
            "evidencias": hecho.respaldo.evidencias,
            "faltan": len(hecho.respaldo.faltan),
            "segundos": round(hecho.segundos, 2),
            "quitados": quitados,
        },
    )
    return hecho, quitados


def anotar(registro: Registro, hecho: Guardado) -> None:
    """El registro recuerda cuándo se respaldó: de ahí sale lo que dicen la salud y las métricas de cualquier réplica."""
    suyo = UltimoRespaldo(datetime.fromisoformat(hecho.respaldo.hecho_en), bool(hecho.para), len(hecho.respaldo.faltan))
    with registro.escribir(SISTEMA) as sesion:
        recordar(sesion, ultimo_respaldo.CLAVE_DE_AJUSTE, ultimo_respaldo.escribir(suyo))


def conservados(carpeta: Path) -> tuple[int, int]:
    """Cuántos respaldos con fecha hay en la carpeta y cuántos de ellos van sin cifrar."""
    nombres = list(_fechados(carpeta))
    return len(nombres), sum(not n.endswith(cifrado.TERMINACION) for n in nombres)


def comprobar_huella(archivo: Path) -> bool | None:
    """Si el archivo es el que se escribió, según el ``.sha256`` que lo acompaña; ``None`` si no lo acompaña."""
    ficha = archivo.with_name(archivo.name + HUELLA)
    if not ficha.is_file():
        return None
    dicha = ficha.read_text(encoding="utf-8").split()
    with archivo.open("rb") as entrada:
        return bool(dicha) and dicha[0] == hashlib.file_digest(entrada, "sha256").hexdigest()


def _peso(bytes_: int) -> str:
    return f"{bytes_ / 1e3:,.0f} KB" if bytes_ < 1_000_000 else f"{bytes_ / 1e6:,.1f} MB"


def _fechados(carpeta: Path) -> dict[str, datetime]:
    """Nombre → fecha de lo que esta rotación escribió; lo demás que haya en la carpeta no es suyo y no se toca."""
    hallados = {}
    for archivo in carpeta.iterdir():
        if suyo := _NOMBRE.fullmatch(archivo.name):
            hallados[archivo.name] = datetime.strptime(suyo[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return hallados


def _copiar(de: Path, a: Path) -> str:
    """Copia, asegura en el disco y devuelve el SHA-256 de lo que quedó. Lanza ``RespaldoInvalido`` si no es lo mismo."""
    with de.open("rb") as entrada, os.fdopen(os.open(a, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as salida:
        shutil.copyfileobj(entrada, salida, 1 << 20)
        salida.flush()
        os.fsync(salida.fileno())
    sumas = []
    for ruta in (de, a):
        with ruta.open("rb") as entrada:
            sumas.append(hashlib.file_digest(entrada, "sha256").hexdigest())
    if sumas[0] != sumas[1]:
        raise RespaldoInvalido(f"Lo que quedó en {a.parent} no es lo que se escribió: revise ese disco.")
    return sumas[0]


def _renglon(carpeta: Path, cuando: datetime, que: dict[str, object]) -> None:
    linea = json.dumps({"hecho_en": cuando.isoformat(timespec="seconds"), **que}, ensure_ascii=False)
    with (carpeta / BITACORA).open("a", encoding="utf-8") as salida:
        salida.write(linea + "\n")
