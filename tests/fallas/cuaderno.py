"""El cuaderno de las fallas: cada simulacro apunta cuántas veces se probó, qué se confirmó, qué se halló y qué se leyó.

De él sale ``docs/confiabilidad.md``, siempre en el mismo orden. Apuntar una pérdida es fallar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.rendimiento.registro import maquina

DOCUMENTO = Path(__file__).resolve().parents[2] / "docs" / "confiabilidad.md"
ORDEN = (
    "Proceso de la aplicación muerto",
    "PostgreSQL caído",
    "Disco lleno",
    "Disco de solo lectura",
    "Disco lento",
    "Salto del reloj",
    "Archivo publicado dañado",
    "Puntero dañado",
    "Carga sin memoria",
    "Dos que publican a la vez",
    "Red cortada",
)
PRESENTACION = """# Confiabilidad

Este documento lo escribe `python tareas.py fallas --fecha AAAA-MM-DD`; no se edita a mano. Cada falla se provoca de verdad,
en una máquina y en un día, y se cuenta: cuántas veces, qué había confirmado el tablero antes (un guardado que dijo «se
guardó», una versión publicada), cuánto de eso se encontró después, revisado registro por registro, y cuánto tardó el servicio
en volver sin que nadie hiciera nada. Un simulacro que halla algo perdido, repetido o a medias, o un mensaje que no dice qué
hacer, falla y no se apunta.

«Confirmado» y «hallado» deben ser iguales. «n. d.» quiere decir que en ese renglón no hay nada que contar.
"""
ENCABEZADOS = ("qué se probó", "veces", "confirmado", "hallado", "perdido", "vuelve en", "qué se lee")


@dataclass
class Falla:
    """Lo apuntado de una falla."""

    titulo: str
    que_pasa: str = ""
    que_hacer: str = ""
    medio: str = ""
    filas: list[tuple[str, ...]] = field(default_factory=list)

    def explicar(self, que_pasa: str, que_hacer: str, medio: str) -> None:
        """Qué pasa, qué hacer y con qué se provocó."""
        self.que_pasa, self.que_hacer, self.medio = que_pasa, que_hacer, medio

    def apuntar(
        self,
        que: str,
        veces: int,
        confirmado: int | None,
        hallado: int | None,
        vuelve: str,
        dicho: str,
    ) -> None:
        """Un renglón de la tabla. Falla la prueba si algo confirmado no se halló, o se halló de más."""
        assert veces > 0, f"«{que}»: no se probó ninguna vez"
        assert confirmado == hallado, f"«{que}»: se confirmaron {confirmado} y se hallaron {hallado}"
        exigir_mensaje(dicho)
        cuenta = [("n. d." if n is None else f"{n:,}") for n in (confirmado, hallado)]
        perdido = "n. d." if confirmado is None or hallado is None else str(confirmado - hallado)
        self.filas.append((que, f"{veces:,}", *cuenta, perdido, vuelve, dicho.replace("|", "/").replace("\n", " ")))
        print(f"\n  {self.titulo} · " + " · ".join(self.filas[-1]), flush=True)

    def texto(self, medido_en: str) -> str:
        """La sección en Markdown."""
        renglones = [_renglon(ENCABEZADOS), _renglon(["---"] * len(ENCABEZADOS)), *map(_renglon, self.filas)]
        partes = [f"## {self.titulo}", "", self.que_pasa, "", f"**Qué hacer.** {self.que_hacer}", ""]
        partes += [f"Con qué se provocó: {self.medio} Probado: {medido_en}.", "", *renglones]
        return "\n".join(partes) + "\n"


@dataclass
class Cuaderno:
    """Las fallas apuntadas en una corrida."""

    fallas: dict[str, Falla] = field(default_factory=dict)

    def falla(self, titulo: str) -> Falla:
        """La de ese título; lanza ``ValueError`` si no es una de las del documento."""
        if titulo not in ORDEN:
            raise ValueError(f"«{titulo}» no está en el orden del documento")
        return self.fallas.setdefault(titulo, Falla(titulo))


def exigir_mensaje(dicho: str) -> None:
    """Que lo que se lee sea para una persona: en español, sin rastros del programa. «n. d.» si no había nada que "
    "decir."""
    for malo in (
        "Traceback",
        "Error:",
        "Exception",
        "errno",
        "Errno",
        "No space left",
        "Read-only file",
        "psycopg",
        "sqlalche",
    ):
        assert malo not in dicho, f"un mensaje que no es para una persona: {dicho}"
    assert dicho.strip(), "no se leyó nada"


def actualizar(anterior: str, cuaderno: Cuaderno, fecha: str) -> str:
    """El documento con las fallas de esta corrida puestas al día y las demás como estaban, siempre en el mismo "
    "orden."""
    partes = {p.split("\n", 1)[0].strip(): f"## {p}" for p in re.split(r"^## ", anterior, flags=re.M)[1:]}
    medido_en = f"{fecha}, {maquina()}"
    partes |= {t: f.texto(medido_en) for t, f in cuaderno.fallas.items() if f.filas}
    return "\n".join([PRESENTACION, *(partes[t].rstrip() + "\n" for t in ORDEN if t in partes)])


def _renglon(celdas) -> str:
    return "| " + " | ".join(celdas) + " |"
