"""Qué archivos alimentan lo publicado, y si lo que se consiguió hace un conjunto completo."""

from __future__ import annotations

from datetime import date

import duckdb

from datos.almacen import Publicacion
from datos.catalogos.etiquetas import OBLIGATORIOS
from datos.esquema import MESES, RNID
from etl.fuente import contenido
from etl.fuente.escalera import Cosecha
from etl.fuente.productos import producto

Clave = tuple[str, str]


def cortes_vigentes(vigente: Publicacion | None) -> dict[Clave, tuple[str, date]]:
    """Por producto, huella y corte de lo publicado; vacío si no hay nada o es la demostración."""
    if vigente is None or vigente.demostracion:
        return {}
    con = duckdb.connect(str(vigente.ruta), read_only=True)
    try:
        filas = con.execute("SELECT metodologia, ambito, sha256, corte FROM _cortes WHERE vigente").fetchall()
    finally:
        con.close()
    return {(str(m), str(a)): (str(sha256), corte) for m, a, sha256, corte in filas}


def por_que_es_parcial(cosecha: Cosecha, publicados: dict[Clave, tuple[str, date]]) -> list[str]:
    """Lo que falta para publicar un conjunto completo: las dos metodologías, estatal y municipal, y RNID al mismo corte."""
    motivos = [f"falta {p.nombre}" for p in OBLIGATORIOS if p not in cosecha.obtenidos and p.clave not in publicados]
    cortes: dict[str, date] = {}
    for ambito in ("estatal", "municipal"):
        buscado = producto(RNID, ambito)
        if buscado in cosecha.obtenidos:
            hallado = contenido.corte_de(cosecha.obtenidos[buscado].ruta)
        else:
            hallado = publicados[buscado.clave][1] if buscado.clave in publicados else None
        if hallado is not None:
            cortes[ambito] = hallado
    if len(set(cortes.values())) > 1:
        dichos = " y ".join(f"el {a} llega a {MESES[c.month - 1]} de {c.year}" for a, c in cortes.items())
        motivos.append(f"en 2026 {dichos}")
    return motivos
