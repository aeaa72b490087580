"""Ensayar una carga: leerla, validarla y construirla entera en un almacén aparte, para decir qué cambiaría. No publica."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import duckdb

from datos.almacen import Almacen, Publicacion, ficha_de, publicacion_vigente
from datos.esquema import MESES
from etl.actualizacion import rechazo
from etl.desenlace import HECHO, Desenlace, datos_de, lineas_de
from etl.problemas import EntradaRechazada
from etl.publicacion.cargar import cargar
from etl.reconocimiento import reconocer
from etl.trabajo import Trabajo

_VISTAS = {
    "estatal": ("delitos_estatal", "cve_ent"),
    "municipal": ("delitos_municipal", "cve_mun"),
    "victimas_estatal": ("victimas_estatal", "cve_ent"),
    "victimas_municipal": ("victimas_municipal", "cve_mun"),
}


def ensayar(rutas: list[Path], almacen: Almacen, trabajo: Trabajo, *, sin_equivalencia: bool = False) -> Desenlace:
    """Qué es cada archivo, qué problemas o avisos tiene el conjunto y qué cambiaría contra lo publicado."""
    archivos = archivos_de(rutas)
    reconocidos = []
    for ruta in archivos:
        trabajo.paso(f"Reconociendo {ruta.name}")
        reconocidos.append(reconocer(ruta).como_dict())
    aparte = Almacen(trabajo.carpeta / "ensayo")
    vigente = publicacion_vigente(almacen)
    try:
        _sembrar(almacen, vigente, aparte)
        try:
            hecho = cargar(rutas, aparte, sin_equivalencia=sin_equivalencia, avance=trabajo.paso)
        except EntradaRechazada as causa:
            desenlace = rechazo(causa, archivos, "python -m etl cargar", trabajo)
            return Desenlace(desenlace.codigo, desenlace.mensaje, {"archivos": reconocidos, **desenlace.datos})
        trabajo.paso("Comparando con lo publicado")
        cambios = comparar(vigente, hecho.publicacion)
        lineas = [linea for linea in lineas_de(hecho) if not linea.startswith("Publicado")]
        mensaje = "\n".join(["Nada se publicó: es un ensayo.", *lineas, *(_en_palabras(c) for c in cambios)])
        datos = {"archivos": reconocidos, "cambios": cambios, **datos_de(hecho)}
        datos |= {"version": None, "reemplaza_demostracion": bool(vigente and vigente.demostracion)}
        return Desenlace(HECHO, mensaje, datos)
    finally:
        shutil.rmtree(aparte.raiz, ignore_errors=True)


def archivos_de(rutas: list[Path]) -> list[Path]:
    """Los archivos que hay en las rutas dadas, también dentro de las carpetas."""
    lista: list[Path] = []
    for ruta in rutas:
        lista += sorted(r for r in ruta.rglob("*") if r.is_file()) if ruta.is_dir() else [ruta]
    return [r for r in lista if r.is_file()]


def _sembrar(almacen: Almacen, vigente: Publicacion | None, aparte: Almacen) -> None:
    """Deja en el almacén de ensayo la versión publicada: sin copiarla, si el disco lo permite."""
    aparte.crear()
    if vigente is None:
        return
    _enlazar(vigente.ruta, aparte.publicado / vigente.ruta.name)
    shutil.copyfile(ficha_de(vigente.ruta), ficha_de(aparte.publicado / vigente.ruta.name))
    shutil.copyfile(almacen.puntero, aparte.puntero)


def _enlazar(origen: Path, destino: Path) -> None:
    try:
        os.link(origen, destino)
    except OSError:
        shutil.copyfile(origen, destino)


def comparar(antes: Publicacion | None, despues: Publicacion | None) -> list[dict[str, object]]:
    """Un renglón por producto que cambia: cortes de antes y después, meses nuevos, cifras que cambian y su neto."""
    if despues is None or (antes is not None and despues.ruta.name == antes.ruta.name):
        return []
    con = duckdb.connect()
    try:
        _adjuntar(con, "nueva", despues.ruta)
        base = antes if antes is not None and not antes.demostracion else None
        if base is not None:
            _adjuntar(con, "vieja", base.ruta)
        return [_producto(con, fila, base is not None) for fila in _productos(con, base is not None)]
    finally:
        con.close()


def _adjuntar(con: duckdb.DuckDBPyConnection, nombre: str, ruta: Path) -> None:
    texto = str(ruta).replace("'", "''")
    con.execute(f"ATTACH '{texto}' AS {nombre} (READ_ONLY)")


def _productos(con: duckdb.DuckDBPyConnection, hay_vieja: bool) -> list[tuple]:
    """Productos vigentes cuyo archivo es otro: metodología, ámbito, archivo y los dos cortes."""
    vieja = "vieja._cortes" if hay_vieja else "(SELECT * FROM nueva._cortes WHERE false)"
    return con.execute(
        "SELECT n.metodologia, n.ambito, n.archivo, v.corte, n.corte FROM nueva._cortes AS n "
        f"LEFT JOIN (SELECT * FROM {vieja} WHERE vigente) AS v USING (metodologia, ambito) "
        "WHERE n.vigente AND v.sha256 IS DISTINCT FROM n.sha256 ORDER BY ALL"
    ).fetchall()


def _producto(con: duckdb.DuckDBPyConnection, fila: tuple, hay_vieja: bool) -> dict[str, object]:
    metodologia, ambito, archivo, antes, despues = fila
    renglon: dict[str, object] = {"metodologia": metodologia, "ambito": ambito, "archivo": archivo}
    renglon |= {"corte_publicado": antes, "corte_nuevo": despues, "meses_nuevos": _meses(antes, despues)}
    cifras = neto = None
    if hay_vieja and antes is not None:
        vista, lugar = _VISTAS[ambito]
        suma = f"SELECT fecha, {lugar} AS lugar, delito, sum(conteo)::BIGINT AS conteo FROM {{base}}.{vista} "
        suma += "WHERE metodologia = $metodologia AND fecha <= $hasta GROUP BY ALL"
        cifras, neto = con.execute(  # type: ignore[misc]
            "SELECT count(*), coalesce(sum(coalesce(n.conteo, 0) - coalesce(v.conteo, 0)) "
            "FILTER (delito <> 'total'), 0)::BIGINT "
            f"FROM ({suma.format(base='vieja')}) AS v FULL JOIN ({suma.format(base='nueva')}) AS n "
            "USING (fecha, lugar, delito) WHERE v.conteo IS DISTINCT FROM n.conteo",
            {"metodologia": metodologia, "hasta": min(antes, despues)},
        ).fetchone()
    return renglon | {"cifras_que_cambian": cifras, "neto": neto}


def _meses(antes: date | None, despues: date) -> int | None:
    return None if antes is None else (despues.year - antes.year) * 12 + despues.month - antes.month


def _en_palabras(cambio: dict[str, object]) -> str:
    corte: date = cambio["corte_nuevo"]  # type: ignore[assignment]
    nuevo = f"{MESES[corte.month - 1]} de {corte.year}"
    quien = f"{cambio['metodologia']} {cambio['ambito']}"
    antes: date | None = cambio["corte_publicado"]  # type: ignore[assignment]
    if antes is None:
        return f"Cambiaría: {quien} se publicaría por primera vez, a {nuevo}."
    return (
        f"Cambiaría: {quien} pasaría de {MESES[antes.month - 1]} de {antes.year} a {nuevo}, con "
        f"{cambio['cifras_que_cambian']:,} cifras ya publicadas distintas (neto {cambio['neto']:+,} carpetas)."
    )
