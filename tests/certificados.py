"""Certificados hechos aquí, para servir por HTTPS en las pruebas."""

import shutil
import subprocess
from pathlib import Path

FALTA_OPENSSL = "no hay openssl para hacer un certificado"
HAY_OPENSSL = shutil.which("openssl") is not None


def certificado(carpeta: Path, nombre: str = "localhost") -> tuple[Path, Path]:
    """Uno que se firma a sí mismo y vale dos días: la ruta de la llave y la del certificado, en PEM."""
    llave, cadena = carpeta / "llave.pem", carpeta / "cadena.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={nombre}",
         "-keyout", str(llave), "-out", str(cadena)],
        check=True, capture_output=True,
    )  # fmt: skip
    return llave, cadena
