"""La ficha completa de cada archivo conservado: de qué página, etiqueta y liga salió, cuándo, su huella, licencia y corte.

El archivo y su huella nunca se sobrescriben; a la ficha solo se le agrega lo que no tenía.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from datos.almacen import Almacen, Publicacion
from etl.publicacion.puntero import escribir_atomico

LICENCIA_SESNSP = "Libre Uso MX (datos abiertos del Gobierno de México)"
FUENTE_SESNSP = "SESNSP, datos abiertos de incidencia delictiva"
A_MANO = "entregado por una persona"
CAMPOS = (
    "archivo",
    "sha256",
    "bytes",
    "recibido_en",
    "pagina",
    "etiqueta",
    "enlace",
    "escalon",
    "fuente",
    "licencia",
    "producto",
    "corte",
    "edicion",
)


def huella_de(ruta: Path) -> str:
    """SHA-256 de un archivo."""
    with ruta.open("rb") as archivo:
        return hashlib.file_digest(archivo, "sha256").hexdigest()


def conservar(almacen: Almacen, ruta: Path, sha256: str, datos: Mapping[str, object]) -> None:
    """Copia el archivo a ``crudo/<sha256>`` con su ficha; si ya estaba, solo completa la ficha."""
    almacen.crear()
    destino = almacen.crudo / sha256
    if not destino.exists():
        provisional = destino.with_name(f".en-obra-{sha256}")
        shutil.copyfile(ruta, provisional)
        provisional.replace(destino)
    propios = {"archivo": ruta.name, "sha256": sha256, "bytes": destino.stat().st_size}
    completar(almacen, sha256, {**propios, "recibido_en": datetime.now(UTC).isoformat(timespec="seconds"), **datos})


def leer(almacen: Almacen, sha256: str) -> dict[str, object]:
    """La ficha de un archivo conservado; vacía si no tiene o si está dañada."""
    try:
        ficha = json.loads((almacen.crudo / f"{sha256}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return ficha if isinstance(ficha, dict) else {}


def completar(almacen: Almacen, sha256: str, datos: Mapping[str, object]) -> None:
    """Agrega a la ficha los campos que le faltan o están vacíos; lo que ya decía no cambia."""
    ficha = leer(almacen, sha256)
    nuevos = {c: v for c, v in datos.items() if v not in (None, "") and ficha.get(c) in (None, "")}
    if nuevos:
        juntos = dict.fromkeys(CAMPOS) | ficha | nuevos
        contenido = json.dumps(juntos, ensure_ascii=False, indent=1, default=str)
        escribir_atomico(almacen.crudo / f"{sha256}.json", contenido.encode("utf-8"))


def completar_con_cortes(almacen: Almacen, publicacion: Publicacion, pagina: str) -> None:
    """Después de publicar: a la ficha de cada archivo de conteos, su producto y su corte, y de dónde vino si no lo decía."""
    con = duckdb.connect(str(publicacion.ruta), read_only=True)
    try:
        cortes = con.execute("SELECT sha256, metodologia, ambito, corte FROM _cortes").fetchall()
    finally:
        con.close()
    for sha256, metodologia, ambito, corte in cortes:
        if (almacen.crudo / str(sha256)).exists():
            datos = {
                "producto": f"{metodologia} {ambito}",
                "corte": corte.isoformat(),
                "edicion": f"corte {corte:%Y-%m}",
            }
            datos |= {"fuente": FUENTE_SESNSP, "licencia": LICENCIA_SESNSP, "pagina": pagina, "escalon": A_MANO}
            completar(almacen, str(sha256), datos)


def todas(almacen: Almacen) -> list[dict[str, object]]:
    """Las fichas de lo conservado, de lo recibido primero a lo último."""
    fichas = [leer(almacen, ruta.stem) for ruta in almacen.crudo.glob("*.json")]
    return sorted(
        (f for f in fichas if f.get("sha256")), key=lambda f: (str(f.get("recibido_en", "")), str(f["sha256"]))
    )
