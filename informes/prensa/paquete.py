"""Todo en un zip: la figura en cada forma, los datos y cómo citarlos. Los mismos bytes para la misma historia."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

from graficas.impresas.lienzo import NoCabe
from informes.prensa.historia import Historia
from informes.tablas import TIPOS, Ficha, exportar

Dibujada = Callable[[], Mapping[tuple[str, int], bytes]]  # los bytes de cada formato y escala
_FECHA_FIJA = (1980, 1, 1, 0, 0, 0)


def paquete(historia: Historia, ficha: Ficha, liga: str, figuras: Mapping[str, Dibujada]) -> bytes:
    """El zip. ``liga``: la dirección de la vista viva; ``figuras``: cada forma, por su clave, y con qué obtener sus archivos.

    La forma en que no cabe se omite y la cita lo dice; si no cabe en ninguna, lanza ``NoCabe``.
    """
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w") as archivo:

        def guardar(nombre: str, cuerpo: bytes) -> None:
            dato = zipfile.ZipInfo(nombre, _FECHA_FIJA)
            dato.compress_type = zipfile.ZIP_DEFLATED
            archivo.writestr(dato, cuerpo)

        base = ficha.nombre("").rstrip(".")
        sin_lugar: list[str] = []
        for forma, esperar in figuras.items():
            try:
                dibujada = esperar()
            except NoCabe as causa:
                sin_lugar.append(str(causa))
                continue
            for (formato, escala), cuerpo in dibujada.items():
                guardar(f"figuras/{base}_{forma}{f'@{escala}x' if escala > 1 else ''}.{formato}", cuerpo)
        if len(sin_lugar) == len(figuras):
            raise NoCabe(" ".join(sin_lugar))
        for formato in TIPOS:
            guardar(f"datos/{ficha.nombre(formato)}", exportar(historia.tabla, ficha, formato))
        guardar("CITA.txt", cita(historia, ficha, liga, sin_lugar).encode("utf-8"))
    return memoria.getvalue()


def cita(historia: Historia, ficha: Ficha, liga: str, sin_lugar: Sequence[str] = ()) -> str:
    """Cómo citar, qué dice la figura, qué cuidar, su texto alternativo y qué formas no van y por qué (``sin_lugar``)."""
    c = historia.contenido
    partes = [
        c.titulo,
        c.bajada,
        "",
        "Cómo citar",
        *c.pie,
        f"Vista viva: {liga}",
        "",
        *(["Antes de publicar", *(f"- {x}" for x in historia.cautelas), ""] if historia.cautelas else []),
        *(["Formas que no van", *(f"- {x}" for x in sin_lugar), ""] if sin_lugar else []),
        "Texto alternativo",
        c.texto_alternativo,
        "",
        "Notas",
        *(f"{nombre}: {texto}" for nombre, texto in ficha.notas.items()),
    ]
    return "\r\n".join(partes) + "\r\n"
