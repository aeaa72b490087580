"""Cuántos cortes recibidos se conservan de cada producto. Por omisión, todos; los que alimentan lo publicado, siempre."""

from __future__ import annotations

import os
from dataclasses import dataclass

import duckdb

from datos.almacen import Almacen, Publicacion
from etl.fuente import fichas

VARIABLE = "TABLERO_RETENCION"


class RetencionInvalida(Exception):
    """El ajuste no es un número de cortes."""


@dataclass(frozen=True)
class Sobrante:
    """Un archivo conservado que la regla ya no pide guardar."""

    archivo: str
    sha256: str
    bytes: int
    producto: str
    corte: str


def configurada() -> int | None:
    """Cortes por producto que dice ``TABLERO_RETENCION``; ``None`` si se guardan todos. Lanza ``RetencionInvalida``."""
    texto = os.environ.get(VARIABLE, "").strip()
    if not texto or texto == "todos":
        return None
    if not texto.isdigit() or int(texto) < 1:
        raise RetencionInvalida(f"{VARIABLE} debe ser un número de cortes (1 o más) o «todos», y dice «{texto[:40]}».")
    return int(texto)


def sobrantes(almacen: Almacen, vigente: Publicacion | None, cortes: int | None) -> list[Sobrante]:
    """Lo que la regla quitaría: de cada producto, lo anterior a sus ``cortes`` más recientes que no esté publicado."""
    if cortes is None:
        return []
    en_uso = _en_uso(vigente)
    por_producto: dict[str, list[Sobrante]] = {}
    for ficha in fichas.todas(almacen):
        producto, corte = ficha.get("producto"), ficha.get("corte")
        if producto and corte:
            uno = Sobrante(
                str(ficha.get("archivo")),
                str(ficha["sha256"]),
                int(str(ficha.get("bytes") or 0)),
                str(producto),
                str(corte),
            )
            por_producto.setdefault(str(producto), []).append(uno)
    quitar = []
    for propios in por_producto.values():
        guardar = set(sorted({s.corte for s in propios}, reverse=True)[:cortes])
        quitar += [s for s in propios if s.corte not in guardar and s.sha256 not in en_uso]
    return sorted(quitar, key=lambda s: (s.producto, s.corte))


def aplicar(almacen: Almacen, vigente: Publicacion | None, cortes: int | None = None) -> list[Sobrante]:
    """Quita lo que sobra según la regla (o según el ajuste, si no se da) y dice qué quitó. La ficha se queda, con la huella."""
    quitados = sobrantes(almacen, vigente, configurada() if cortes is None else cortes)
    for sobrante in quitados:
        (almacen.crudo / sobrante.sha256).unlink(missing_ok=True)
    return quitados


def _en_uso(vigente: Publicacion | None) -> set[str]:
    if vigente is None:
        return set()
    con = duckdb.connect(str(vigente.ruta), read_only=True)
    try:
        return {str(f[0]) for f in con.execute("SELECT sha256 FROM _cortes WHERE vigente").fetchall()}
    finally:
        con.close()
