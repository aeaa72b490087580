"""Los mismos bytes para lo mismo: un zip (o un documento de Office, que es un zip) sin la hora en que se hizo."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

FECHA = (1980, 1, 1, 0, 0, 0)
_FECHAS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_CUANDO = rb"\g<1>2000-01-01T00:00:00Z\g<2>"
_DE_OFFICE = (".xlsx", ".docx", ".pptx")


def fijar(documento: bytes) -> bytes:
    """El mismo documento de Office, con fechas fijas; también los libros que lleve dentro."""
    with zipfile.ZipFile(io.BytesIO(documento)) as abierto:
        partes = {nombre: abierto.read(nombre) for nombre in abierto.namelist()}
    for nombre, cuerpo in partes.items():
        if nombre.endswith(_DE_OFFICE):
            partes[nombre] = fijar(cuerpo)
        elif nombre == "docProps/core.xml":
            partes[nombre] = _FECHAS.sub(_CUANDO, cuerpo)
    return empacar(partes)


def empacar(partes: Mapping[str, bytes]) -> bytes:
    """Un zip con esas partes, en ese orden y sin horas."""
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w") as archivo:
        for nombre, cuerpo in partes.items():
            dato = zipfile.ZipInfo(nombre, FECHA)
            dato.compress_type = zipfile.ZIP_DEFLATED
            dato.external_attr = 0o644 << 16
            archivo.writestr(dato, cuerpo)
    return memoria.getvalue()
