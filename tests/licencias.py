"""Con qué licencia viene cada paquete: ``python -m tests.licencias`` las escribe y sale con 1 si alguna no se puede usar.

Se lee lo que cada paquete declara; no se pide nada a la red.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions

# Cómo se reconoce cada familia en lo que declaran los paquetes, que no siguen una sola manera de decirlo.
PERMISIVAS = {
    "MIT": r"\bMIT\b(?!-)",
    "MIT-0": r"\bMIT-0\b",
    "MIT-CMU": r"\bMIT-CMU\b",
    "BSD": r"\bBSD\b|\b0BSD\b",
    "Apache": r"\bApache\b",
    "PSF": r"\bPSF\b|\bPSFL\b|Python Software Foundation",
    "ISC": r"\bISC\b",
    "Zlib": r"\bZlib\b",
    "CC0": r"\bCC0\b",
    "Unlicense": r"\bUnlicense\b",
}
COPYLEFT = re.compile(
    r"\bA?L?GPL|\bMPL\b|Mozilla Public|\bEPL\b|\bEUPL\b|\bCDDL\b|\bSSPL\b|General Public", re.IGNORECASE
)
# Copyleft que se acepta, con su razón. Las de prueba no se instalan donde se sirve.
ACEPTADAS = {
    "certifi": "MPL-2.0, por archivo: se usa sin cambiarle nada",
    "fpdf2": "LGPL-3.0: biblioteca que se importa sin cambiarla y que cualquiera puede sustituir",
    "psycopg": "LGPL-3.0: biblioteca que se importa sin cambiarla y que cualquiera puede sustituir",
    "psycopg-binary": "LGPL-3.0: lo mismo que psycopg, ya compilado",
    "hypothesis": "MPL-2.0, por archivo; solo pruebas",
    "pathspec": "MPL-2.0, por archivo; solo pruebas (la pide mypy)",
}


@dataclass(frozen=True)
class Licencia:
    """Qué declara un paquete y por qué no se puede usar; sin problema, ``problema`` está vacío."""

    paquete: str
    version: str
    declarada: str
    problema: str
    razon: str = ""


def juzgar(paquete: str, version: str, declaradas: Iterable[str]) -> Licencia:
    """La licencia de un paquete a partir de lo que declara: expresión SPDX, campo «License» o clasificadores."""
    textos = [t.strip().splitlines()[0][:120] for t in declaradas if t and t.strip()]
    declarada = " / ".join(dict.fromkeys(textos)) or "no la declara"
    nombre = re.sub(r"[-_.]+", "-", paquete).lower()
    permisiva = any(re.search(p, declarada) for p in PERMISIVAS.values())
    copyleft = bool(COPYLEFT.search(declarada))
    # «A OR B» deja escoger; con «AND», o una sola, la recíproca obliga.
    a_escoger = " OR " in declarada and " AND " not in declarada
    problema = ""
    if nombre in ACEPTADAS:
        problema = ""
    elif copyleft and not (permisiva and a_escoger):
        problema = "es recíproca (copyleft) y no está entre las aceptadas"
    elif not permisiva:
        problema = "no se reconoce"
    return Licencia(paquete, version, declarada, problema, ACEPTADAS.get(nombre, ""))


def _de_su_texto(instalado: Distribution) -> list[str]:
    nombres = instalado.metadata.get_all("License-File") or []
    textos = (instalado.read_text(f"licenses/{n}") or instalado.read_text(n) or "" for n in nombres)
    return [t for t in textos if t.strip()]


def instaladas() -> list[Licencia]:
    """La de cada paquete instalado, por nombre."""
    halladas = {}
    for d in distributions():
        m = d.metadata
        clasificadores = [c.split("::")[-1] for c in m.get_all("Classifier") or [] if c.startswith("License ::")]
        # El campo «License» de algunos trae el texto entero: solo dice algo si no hay otra cosa. Los que no declaran nada traen
        # al menos el texto, y su primer renglón la nombra.
        declaradas = [m.get("License-Expression") or ""] if m.get("License-Expression") else clasificadores
        sueltas = [m.get("License") or ""] if m.get("License") else _de_su_texto(d)
        halladas[m["Name"].lower()] = juzgar(m["Name"], d.version, declaradas or sueltas)
    return [halladas[k] for k in sorted(halladas)]


def main() -> int:
    """Escribe el informe; 1 si alguna licencia no se puede usar."""
    todas = instaladas()
    for una in todas:
        print(f"{una.paquete:28} {una.version:14} {una.declarada}{f'  [{una.razon}]' if una.razon else ''}")
    malas = [una for una in todas if una.problema]
    for una in malas:
        print(f"NO SE PUEDE USAR: {una.paquete} {una.version}: {una.declarada}: {una.problema}", file=sys.stderr)
    print(f"{len(todas)} paquetes; {len(malas)} con una licencia que no se puede usar.")
    return 1 if malas else 0


if __name__ == "__main__":
    sys.exit(main())
