"""Todo en un zip: la figura en cada forma, los datos y cómo citarlos. Los mismos bytes para la misma historia."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from informes.prensa.historia import Historia
from informes.tablas import TIPOS, Ficha, exportar

Dibujada = Callable[[], Mapping[tuple[str, int], bytes]]  # los bytes de cada formato y escala
_FECHA_FIJA = (1980, 1, 1, 0, 0, 0)


def paquete(historia: Historia, ficha: Ficha, liga: str, figuras: Mapping[str, Dibujada]) -> bytes:
    """El zip. ``liga``: la dirección de la vista viva; ``figuras``: cada forma, por su clave, y con qué obtener sus archivos."""
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w") as archivo:

        def guardar(nombre: str, cuerpo: bytes) -> None:
            dato = zipfile.ZipInfo(nombre, _FECHA_FIJA)
            dato.compress_type = zipfile.ZIP_DEFLATED
            archivo.writestr(dato, cuerpo)

        base = ficha.nombre("").rstrip(".")
        for forma, esperar in figuras.items():
            for (formato, escala), cuerpo in esperar().items():
                guardar(f"figuras/{base}_{forma}{f'@{escala}x' if escala > 1 else ''}.{formato}", cuerpo)
        for formato in TIPOS:
            guardar(f"datos/{ficha.nombre(formato)}", exportar(historia.tabla, ficha, formato))
        guardar("CITA.txt", cita(historia, ficha, liga).encode("utf-8"))
    return memoria.getvalue()


def cita(historia: Historia, ficha: Ficha, liga: str) -> str:
    """Cómo citar, qué dice la figura, qué cuidar y su texto alternativo."""
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
        "Texto alternativo",
        c.texto_alternativo,
        "",
        "Notas",
        *(f"{nombre}: {texto}" for nombre, texto in ficha.notas.items()),
    ]
    return "\r\n".join(partes) + "\r\n"
