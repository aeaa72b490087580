"""El paquete de evidencia: la sesión en todos sus formatos, cómo citarla y su minuta, en un zip de bytes fijos."""

from __future__ import annotations

from collections.abc import Callable

from analisis import fechas, formatos
from informes import minuta
from informes.sesion.en_html import en_html
from informes.sesion.en_pdf import en_pdf
from informes.sesion.en_pptx import en_pptx
from informes.sesion.en_xlsx import en_xlsx
from informes.sesion.fijo import empacar, fijar
from informes.sesion.lamina import Composicion
from informes.tablas import Ficha

TIPO = "application/zip"
ESCRITORES: tuple[tuple[str, str, Callable[[Composicion], bytes]], ...] = (
    ("html", "Proyector: se abre en cualquier navegador, sin internet; flechas para cambiar de lámina", en_html),
    ("pptx", "Presentación editable, con gráficas y tablas nativas y notas para quien presenta", en_pptx),
    ("pdf", "Las mismas láminas para imprimir o mandar", en_pdf),
    ("xlsx", "Los datos de cada figura, una hoja por figura, con sus notas", en_xlsx),
)
# En el orden en que se anotan: sirven para saber cuánto va.
PASOS = (
    "Leyendo el registro y lo publicado",
    "Calculando indicadores, alertas y efecto",
    *(f"Escribiendo {extension.upper()}" for extension, _, _ in ESCRITORES),
    "Juntando el paquete",
)


def nombre(c: Composicion, extension: str) -> str:
    """Qué, dónde, cuándo y con qué corte: «sesion_mesa-de-leon_2026-08_corte-2026-08.zip»."""
    partes = ("sesión", c.mesa, f"{c.mes:%Y-%m}", f"corte {c.corte:%Y-%m}", *(("público",) if c.publico else ()))
    return Ficha(partes, "DEMOSTRACIÓN" if c.demostracion else "SESNSP", {}).nombre(extension)


def paquete(c: Composicion, avance: Callable[[str], None] = lambda texto: None) -> bytes:
    """El zip; los mismos bytes para la misma composición. ``avance`` recibe qué se está escribiendo."""
    partes: dict[str, bytes] = {"LEEME.txt": _texto(leeme(c)), "CITA.txt": _texto(cita(c))}
    for numero, (extension, _, escribir) in enumerate(ESCRITORES):
        avance(PASOS[2 + numero])
        partes[nombre(c, extension)] = escribir(c)
    if c.minuta:
        partes[f"{c.minuta_nombre}.docx"] = fijar(minuta.a_docx(c.minuta, c.mesa_nombre))
    avance(PASOS[-1])
    return empacar(partes)


def leeme(c: Composicion) -> list[str]:
    """Qué trae el paquete y qué no dice."""
    return [
        c.titulo,
        c.sesion,
        *c.rotulos,
        "",
        "Qué trae",
        *(f"- {nombre(c, extension)}: {que}." for extension, que, _ in ESCRITORES),
        *([f"- {c.minuta_nombre}.docx: la minuta, como se fijó al cerrar la sesión."] if c.minuta else []),
        "- CITA.txt: de dónde salen las cifras y cómo citarlas.",
        "",
        "Qué mira",
        f"Cifras de {formatos.mes(c.mes)}, corte {formatos.mes(c.corte)}. Plazos contados al {fechas.dia_largo(c.fecha)}.",
        "Todos los formatos dicen las mismas cifras. El cumplimiento de los acuerdos y su efecto van siempre aparte.",
        "Describe carpetas de investigación y acuerdos; no dice por qué cambiaron.",
        "",
        f"Huella de lo que entró: {c.huella}",
    ]


def cita(c: Composicion) -> list[str]:
    """Cómo citar y qué advertir."""
    return [
        f"{c.titulo}. Delitos a la baja.",
        *c.cita,
        *c.rotulos,
        "",
        "Láminas",
        *(f"{n}. {x.titulo}" for n, x in enumerate(c.laminas, 1)),
    ]


def _texto(renglones: list[str]) -> bytes:
    return ("\r\n".join(renglones) + "\r\n").encode("utf-8-sig")
