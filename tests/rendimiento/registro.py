"""El cuaderno común de mediciones: cada prueba apunta sus filas y de él sale ``docs/rendimiento.md``.

Una sección es de un archivo de pruebas. Al escribir, las secciones que no se midieron en esta corrida se quedan como
estaban, con su propia fecha.
"""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

DOCUMENTO = Path(__file__).resolve().parents[2] / "docs" / "rendimiento.md"
BIBLIOTECAS = ("duckdb", "pyarrow", "pandas", "numpy", "streamlit")
PRESENTACION = """# Rendimiento

Este documento lo escribe `python tareas.py medir --fecha AAAA-MM-DD`; no se edita a mano. Las cifras describen una máquina y un
día: ninguna prueba falla por lenta. Los archivos son de tamaño completo y sintéticos en el reparto entre municipios
(`generar_municipal.py`), con los totales estatales oficiales.
"""


@dataclass
class Seccion:
    """Una tabla: su título, qué se midió y contra qué, sus encabezados y sus filas."""

    titulo: str
    explicacion: str
    encabezados: tuple[str, ...]
    filas: list[tuple[str, ...]] = field(default_factory=list)
    notas: list[str] = field(default_factory=list)

    def fila(self, *celdas: str) -> None:
        """Apunta una fila y la muestra al momento."""
        if len(celdas) != len(self.encabezados):
            raise ValueError(f"«{self.titulo}» lleva {len(self.encabezados)} celdas y llegaron {len(celdas)}")
        self.filas.append(celdas)
        print(f"\n  {self.titulo} · " + " · ".join(celdas), flush=True)

    def nota(self, texto: str) -> None:
        """Apunta un renglón debajo de la tabla: una razón, lo que no se alcanzó y por qué."""
        self.notas.append(texto)
        print(f"\n  {self.titulo} · {texto}", flush=True)

    def texto(self, medido_en: str) -> str:
        """La sección en Markdown."""
        lineas = [f"## {self.titulo}", "", self.explicacion, "", f"Medido: {medido_en}.", ""]
        lineas += [_renglon(self.encabezados), _renglon(["---"] * len(self.encabezados)), *map(_renglon, self.filas)]
        if self.notas:
            lineas += ["", *(f"- {nota}" for nota in self.notas)]
        return "\n".join(lineas) + "\n"


@dataclass
class Registro:
    """Las secciones de una corrida, en el orden en que se abrieron."""

    secciones: dict[str, Seccion] = field(default_factory=dict)

    def seccion(self, titulo: str, explicacion: str, encabezados: tuple[str, ...]) -> Seccion:
        """La sección de ese título; se abre la primera vez que se pide."""
        return self.secciones.setdefault(titulo, Seccion(titulo, explicacion, encabezados))


def _renglon(celdas) -> str:
    return "| " + " | ".join(celdas) + " |"


def maquina() -> str:
    """Núcleos, memoria y versiones con que se midió, en una línea."""
    memoria = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    versiones = ", ".join(f"{nombre} {version(nombre)}" for nombre in BIBLIOTECAS)
    sistema = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} núcleos, {memoria:.0f} GB de memoria, {sistema}, Python {platform.python_version()}, {versiones}"


def actualizar(anterior: str, registro: Registro, fecha: str) -> str:
    """El documento con las secciones medidas puestas al día y las demás como estaban."""
    previas = {parte.split("\n", 1)[0].strip(): f"## {parte}" for parte in re.split(r"^## ", anterior, flags=re.M)[1:]}
    medido_en = f"{fecha}, {maquina()}"
    nuevas = {titulo: seccion.texto(medido_en) for titulo, seccion in registro.secciones.items() if seccion.filas}
    return "\n".join([PRESENTACION, *(texto.rstrip() + "\n" for texto in (previas | nuevas).values())])
