"""La evidencia de un acuerdo: un archivo por su SHA-256 o una liga. La verifica otra persona y la ve quien puede verla."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from datos.registro import contenidos
from datos.registro.actor import Actor
from datos.registro.auditoria import instante_de
from datos.registro.autorizacion import Accion, puede
from datos.registro.comun import MAXIMO_NOMBRE, retirar, texto, tomar
from datos.registro.conexion import Registro
from datos.registro.errores import DatoInvalido, EvidenciaRechazada, NoEncontrado, SinPermiso
from datos.registro.modelo import Acuerdo, Evidencia, Mesa
from datos.registro.tipos_de_archivo import TIPOS, reconocer

VARIABLE_MAXIMO = "TABLERO_EVIDENCIA_MB"
MEGAS_POR_OMISION = 10
_NO_EN_NOMBRE = re.compile(r"[^\w .()\-]")


SIN_TITULO = "Evidencia"


@dataclass(frozen=True)
class Entrega:
    """Lo que alguien entrega: un título y, o bien una liga, o bien un archivo con su nombre y su contenido."""

    titulo: str
    fecha: date
    url: str = ""
    archivo: str = ""
    contenido: bytes = b""
    publica: bool = False


@dataclass(frozen=True)
class Archivo:
    """Un archivo guardado: huella, tipo por su contenido, tamaño y nombre con que se ofrece."""

    sha256: str
    tipo: str
    bytes: int
    nombre: str


def maximo_de_bytes() -> int:
    """Lo que puede pesar un archivo: ``TABLERO_EVIDENCIA_MB`` megas, o 10. Lanza ``ValueError`` si no es un entero positivo."""
    escrito = os.environ.get(VARIABLE_MAXIMO, "").strip()
    megas = int(escrito) if escrito else MEGAS_POR_OMISION
    if megas <= 0:
        raise ValueError(f"{VARIABLE_MAXIMO} debe ser un entero de megas mayor que cero; dice «{escrito}»")
    return megas * 1_000_000


def reunir(titulo: str, url: str, archivo: tuple[str, bytes] | None, *, dia: date, publica: bool) -> list[Entrega]:
    """Lo que se entrega de un formulario: la liga, el archivo (su nombre y su contenido), las dos o ninguna.

    Lanza ``DatoInvalido`` si se dijo qué es la evidencia y no viene ninguna: guardarlo así perdería lo escrito.
    """
    entregas = [Entrega(titulo.strip() or SIN_TITULO, dia, url=url, publica=publica)] if url.strip() else []
    if archivo is not None:
        nombre, contenido = archivo
        entregas.append(
            Entrega(titulo.strip() or SIN_TITULO, dia, archivo=nombre, contenido=contenido, publica=publica)
        )
    if titulo.strip() and not entregas:
        raise DatoInvalido.de(
            "evidencia", "su archivo o su liga", "solo qué es; adjúntela, o borre el texto si no va a entregarla"
        )
    return entregas


def entregar(registro: Registro, actor: Actor, acuerdo: str, entrega: Entrega) -> Evidencia:
    """Agrega evidencia a un acuerdo, sin cambiar su cumplimiento."""
    with registro.escribir(actor) as sesion:
        suyo = tomar(sesion, Acuerdo, acuerdo, actor, Accion.ESCRIBIR)
        nueva = adjuntar(sesion, actor, suyo, entrega, guardar_archivo(registro, sesion, entrega), None)
        sesion.flush()
        return nueva


def guardar_archivo(registro: Registro, sesion: Session, entrega: Entrega) -> Archivo | None:
    """Revisa el archivo y lo deja por su huella, dentro de la operación que lo va a nombrar; ``None`` si la entrega es una liga.

    Lanza ``EvidenciaRechazada``.
    """
    if entrega.url:
        return None
    limite = maximo_de_bytes()
    if len(entrega.contenido) > limite:
        raise EvidenciaRechazada.de(
            "archivo", f"hasta {limite // 1_000_000} MB", f"{len(entrega.contenido) / 1e6:,.1f} MB"
        )
    tipo = reconocer(entrega.contenido, entrega.archivo)
    huella = hashlib.sha256(entrega.contenido).hexdigest()
    contenidos.guardar(registro, sesion, huella, entrega.contenido)
    return Archivo(huella, tipo, len(entrega.contenido), _nombre(entrega.archivo, tipo))


def adjuntar(
    sesion: Session,
    actor: Actor,
    acuerdo: Acuerdo,
    entrega: Entrega,
    archivo: Archivo | None,
    seguimiento: str | None,
) -> Evidencia:
    """Agrega la evidencia dentro de una operación ya autorizada. Lanza ``DatoInvalido`` si la liga no se puede abrir."""
    nueva = Evidencia(
        mesa=acuerdo.mesa,
        acuerdo=acuerdo.id,
        seguimiento=seguimiento,
        clase="liga" if archivo is None else "archivo",
        titulo=texto("título de la evidencia", entrega.titulo, maximo=MAXIMO_NOMBRE),
        url=_liga(entrega.url) if archivo is None else "",
        archivo="" if archivo is None else archivo.nombre,
        sha256="" if archivo is None else archivo.sha256,
        bytes=0 if archivo is None else archivo.bytes,
        tipo="" if archivo is None else archivo.tipo,
        fecha=entrega.fecha,
        publica=entrega.publica,
        entregada_por=actor.id,
        entregada_nombre=actor.nombre,
        creado_en=instante_de(sesion),
    )
    sesion.add(nueva)
    return nueva


def verificar(registro: Registro, actor: Actor, id_: str, version: int, nota: str = "") -> Evidencia:
    """La da por buena alguien distinto de quien la entregó. Lanza ``SinPermiso`` si es la misma persona."""
    escrita = texto("nota", nota, obligatorio=False)
    with registro.escribir(actor, "Verificación de evidencia") as sesion:
        suya = tomar(sesion, Evidencia, id_, actor, Accion.VERIFICAR, version=version)
        if suya.entregada_por == actor.id:
            raise SinPermiso("La evidencia la verifica alguien distinto de quien la entregó. No se cambió nada.")
        if suya.verificada_en is not None:
            raise DatoInvalido.de("evidencia", "una sin verificar", f"una que ya verificó {suya.verificada_nombre}")
        suya.verificada_por, suya.verificada_nombre = actor.id, actor.nombre
        suya.verificada_en, suya.verificacion_nota = instante_de(sesion), escrita
        sesion.flush()
        return suya


def publicar(registro: Registro, actor: Actor, id_: str, version: int, publica: bool) -> Evidencia:
    """Decide si cualquiera puede ver la evidencia de un acuerdo público."""
    with registro.escribir(actor) as sesion:
        suya = tomar(sesion, Evidencia, id_, actor, Accion.ESCRIBIR, version=version)
        suya.publica = publica
        sesion.flush()
        return suya


def retirar_evidencia(registro: Registro, actor: Actor, id_: str, version: int, porque: str) -> None:
    """Retira una evidencia con su razón; el archivo se conserva."""
    with registro.escribir(actor, porque) as sesion:
        retirar(sesion, tomar(sesion, Evidencia, id_, actor, Accion.ESCRIBIR, version=version), porque)


def descargar(registro: Registro, actor: Actor, id_: str) -> tuple[bytes, str, str]:
    """Contenido, nombre y tipo MIME del archivo de una evidencia.

    Lanza ``NoEncontrado`` si no existe, no es un archivo o el actor no puede verla (no se distingue), y ``RegistroDanado`` si el
    archivo falta o cambió después de entregarse.
    """
    with registro.leer() as sesion:
        suya = sesion.get(Evidencia, id_) if isinstance(id_, str) else None
        if suya is None or suya.clase != "archivo" or not visible(sesion, actor, suya):
            raise NoEncontrado("Ese archivo no existe, o no se puede ver con este permiso.")
        return contenidos.leer(registro, sesion, suya.sha256), suya.archivo, TIPOS[suya.tipo]


def visible(sesion: Session, actor: Actor, suya: Evidencia) -> bool:
    """Quien ve lo interno de la Mesa ve todo; los demás, solo la evidencia pública de un acuerdo público de una Mesa pública."""
    acuerdo, mesa = sesion.get(Acuerdo, suya.acuerdo), sesion.get(Mesa, suya.mesa)
    if acuerdo is None or mesa is None or suya.retirado_en is not None or acuerdo.retirado_en is not None:
        return False
    if puede(actor, Accion.LEER_INTERNO, suya.mesa):
        return True
    return suya.publica and acuerdo.publico and mesa.publica and mesa.retirado_en is None


def _liga(url: str) -> str:
    limpia = texto("liga", url)
    partes = urlsplit(limpia)
    if partes.scheme not in ("http", "https") or not partes.hostname:
        raise DatoInvalido.de("liga", "una dirección que empiece con https:// o http://", f"«{limpia[:60]}»")
    return limpia


def _nombre(original: str, tipo: str) -> str:
    """El nombre con que se ofrece: el suyo, sin rutas ni caracteres raros, con la terminación de lo que es."""
    base = _NO_EN_NOMBRE.sub("_", Path(original.replace("\\", "/")).name).strip(" .")
    tronco = base.rsplit(".", 1)[0] if "." in base else base
    return f"{tronco[:120] or 'evidencia'}.{tipo}"
