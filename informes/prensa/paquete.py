"""Todo en un zip: la figura en cada forma, los datos y cómo citarlos. Los mismos bytes para la misma historia."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from graficas.impresas import FORMAS, FORMATOS
from informes.prensa.historia import Historia
from informes.tablas import TIPOS, Ficha, exportar

_FECHA_FIJA = (1980, 1, 1, 0, 0, 0)


def paquete(historia: Historia, ficha: Ficha, liga: str, avance: Callable[[float], None] = lambda parte: None) -> bytes:
    """El zip. ``liga``: la dirección de la vista viva; ``avance`` recibe de 0 a 1."""
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w") as archivo:

        def guardar(nombre: str, cuerpo: bytes) -> None:
            dato = zipfile.ZipInfo(nombre, _FECHA_FIJA)
            dato.compress_type = zipfile.ZIP_DEFLATED
            archivo.writestr(dato, cuerpo)

        base = ficha.nombre("").rstrip(".")
        for numero, (clave, forma) in enumerate(FORMAS.items()):
            lienzo = historia.en(forma)
            for formato in FORMATOS:
                guardar(f"figuras/{base}_{clave}.{formato}", lienzo.guardar(formato))
            guardar(f"figuras/{base}_{clave}@2x.png", lienzo.guardar("png", 2))
            avance((numero + 1) / (len(FORMAS) + 1))
        for formato in TIPOS:
            guardar(f"datos/{ficha.nombre(formato)}", exportar(historia.tabla, ficha, formato))
        guardar("CITA.txt", cita(historia, ficha, liga).encode("utf-8"))
        avance(1.0)
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
