"""``python -m tests.auditoria``: fallas ya publicadas de las bibliotecas fijadas, con pip-audit en un entorno pasajero.

Sale con 1 si hay alguna que no se haya aceptado con su razón. Si no hay a quién preguntarle (sin red, o un índice que no trae
fallas) lo dice y sale con 0; con ``TABLERO_EXIGIR_AUDITORIA=1``, con 1.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

RAIZ = Path(__file__).resolve().parent.parent
RESTRICCIONES = RAIZ / "restricciones.txt"
# Aparte y no en el entorno de pruebas: trae treinta bibliotecas que nadie más usa.
PROGRAMA = "pip-audit>=2.9,<3"
SEGUNDOS = 240
# Identificador de la falla → por qué no nos toca.
ACEPTADAS: dict[str, str] = {}


class NoSePregunto(Exception):
    """No se pudo saber; el mensaje dice por qué."""


@dataclass(frozen=True)
class Auditoria:
    """``consultadas``: de cuántas bibliotecas contestaron; ``sin_respuesta``: de cuáles no; ``fallas``: «nombre versión: id»."""

    consultadas: int
    sin_respuesta: tuple[str, ...]
    fallas: tuple[str, ...]


def leer(informe: str) -> Auditoria:
    """Lo que dice el informe JSON de pip-audit. Lanza ``NoSePregunto`` si no se entiende o si de ninguna contestaron."""
    try:
        todas = json.loads(informe)["dependencies"]
        sin_respuesta = tuple(sorted(d["name"] for d in todas if "skip_reason" in d))
        fallas = tuple(
            f"{d['name']} {d['version']}: {v['id']}"
            + (f" (corregida en {', '.join(v['fix_versions'])})" if v.get("fix_versions") else " (sin corrección)")
            for d in todas
            for v in d.get("vulns", ())
            if not {v["id"], *v.get("aliases", ())} & set(ACEPTADAS)
        )
    except (ValueError, KeyError, TypeError) as causa:
        raise NoSePregunto(f"el informe no se entiende ({causa})") from causa
    if len(sin_respuesta) == len(todas):
        raise NoSePregunto("de ninguna biblioteca contestaron: sin red, o un índice que no trae fallas")
    return Auditoria(len(todas) - len(sin_respuesta), sin_respuesta, fallas)


def preguntar() -> str:
    """El informe de pip-audit, en JSON. Lanza ``NoSePregunto``."""
    with tempfile.TemporaryDirectory(prefix="tablero-auditoria-") as carpeta:
        venv.create(carpeta, with_pip=True)
        python = Path(carpeta) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        _correr(python, "-m", "pip", "install", "-q", "--retries", "1", "--timeout", "15", PROGRAMA)
        return _correr(
            python, "-m", "pip_audit", "-r", str(RESTRICCIONES), "--no-deps", "--disable-pip", "--timeout", "15", "-f", "json",
            "--progress-spinner", "off",
        )  # fmt: skip


def _correr(*orden: str | Path) -> str:
    try:
        hecho = subprocess.run([str(o) for o in orden], capture_output=True, text=True, timeout=SEGUNDOS, check=False)
    except subprocess.TimeoutExpired as causa:
        raise NoSePregunto(f"{orden[2]} no terminó en {SEGUNDOS} s") from causa
    if hecho.returncode and not hecho.stdout.startswith("{"):  # con fallas también sale con 1, pero trae su informe
        ultima = hecho.stderr.strip().splitlines()[-1:] or ["sin decir por qué"]
        raise NoSePregunto(f"{orden[2]} salió con {hecho.returncode}: {ultima[0][:200]}")
    return hecho.stdout


def main() -> int:
    """Pregunta, lo dice y devuelve el código de salida."""
    try:
        hecha = leer(preguntar())
    except NoSePregunto as causa:
        exige = os.environ.get("TABLERO_EXIGIR_AUDITORIA") == "1"
        print(f"No se pudo preguntar por fallas conocidas: {causa}. Repítalo donde haya red antes de entregar.")
        return 1 if exige else 0
    for falla in hecha.fallas:
        print(f"FALLA CONOCIDA: {falla}")
    if hecha.sin_respuesta:
        print(f"Sin respuesta: {', '.join(hecha.sin_respuesta)}.")
    print(f"{hecha.consultadas} bibliotecas consultadas, {len(hecha.fallas)} fallas conocidas.")
    return 1 if hecha.fallas else 0


if __name__ == "__main__":
    sys.exit(main())
