"""Escribir la demostración como archivos con la disposición oficial: encabezado, cp1252, claves y nombres."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from datos import catalogos
from datos.esquema import CNSP, MESES, RNID
from etl.demostracion import magnitudes, victimas
from etl.demostracion.modelo import SUFIJO, Anio, Modelo

_CATEGORIA = ("bien_juridico", "tipo", "subtipo", "modalidad")
_TITULO = {"anio": "Año", "cve_ent": "Clave_Ent", "entidad": "Entidad", "cve_mun": "Cve. Municipio",
           "municipio": "Municipio", "bien_juridico": "Bien jurídico afectado", "tipo": "Tipo de delito",
           "subtipo": "Subtipo de delito", "modalidad": "Modalidad", "sexo": "Sexo",
           "edad": "Rango de edad"} | {f"m{i}": mes.capitalize() for i, mes in enumerate(MESES, 1)}  # fmt: skip
NOMBRES = {
    (CNSP, "estatal"): "demostracion-Estatal-Delitos-2015-2025_dic2025.csv",
    (CNSP, "municipal"): "demostracion-Municipal-Delitos-2015-2025_dic2025.csv",
    (CNSP, "victimas"): "demostracion-Estatal-Victimas-2015-2025_dic2025.csv",
    (RNID, "estatal"): "demostracion-RNID-Delitos_Estatal-2026-ago2026.csv",
    (RNID, "municipal"): "demostracion-RNID-Delitos_Municipal-2026-ago2026.csv",
    (RNID, "victimas"): "demostracion-RNID-Victimas_Estatal-2026-ago2026.csv",
}
Avance = Callable[[str], None]


def escribir_archivos(carpeta: Path, modelo: Modelo | None = None, avance: Avance = lambda texto: None) -> list[Path]:
    """Escribe los seis archivos de la demostración en ``carpeta`` y devuelve sus rutas. Mismos bytes cada vez."""
    modelo = modelo or Modelo()
    carpeta.mkdir(parents=True, exist_ok=True)
    rutas = [carpeta / nombre for nombre in NOMBRES.values()]
    abiertos: set[Path] = set()
    with ThreadPoolExecutor(2) as hilos:
        pendientes = [hilos.submit(_un_anio, modelo, anio, carpeta) for anio in magnitudes.ANIOS]
        for anio, pendiente in zip(magnitudes.ANIOS, pendientes, strict=True):
            for clave, trozo in pendiente.result().items():
                destino = carpeta / NOMBRES[clave]
                _agregar(destino, trozo, con_encabezado=destino not in abiertos)
                abiertos.add(destino)
            avance(f"Demostración: {anio}")
    return rutas


def _un_anio(modelo: Modelo, anio: int, carpeta: Path) -> dict[tuple[str, str], Path]:
    datos = modelo.conteos(anio)
    tablas = {
        "municipal": tabla_municipal(modelo, datos),
        "estatal": tabla_estatal(modelo, datos),
        "victimas": tabla_victimas(modelo, datos),
    }
    return {
        (datos.metodologia, ambito): _a_csv(tabla, carpeta / f"~{ambito}-{anio}.csv")
        for ambito, tabla in tablas.items()
    }


def tabla_municipal(modelo: Modelo, datos: Anio) -> pa.Table:
    """21 columnas: un renglón por lugar que reporta y categoría."""
    n_lugares, n_hojas = len(datos.lugares), len(datos.hojas)
    lugares = modelo.lugares.iloc[datos.lugares]
    claves = lugares["cve_mun"].mask(lugares["pseudo"], lugares["cve_ent"] + str(SUFIJO[datos.metodologia]))
    if datos.metodologia == CNSP:
        claves = claves.str.lstrip("0")
    de_lugar = np.repeat(np.arange(n_lugares, dtype=np.int32), n_hojas)
    columnas = {
        **_comunes(datos, lugares["cve_ent"], de_lugar),
        "cve_mun": _texto(claves, de_lugar),
        "municipio": _texto(lugares["nombre"], de_lugar),
        **_categorias(modelo, datos.hojas, np.tile(np.arange(n_hojas, dtype=np.int32), n_lugares)),
    }
    return _con_meses(columnas, datos.conteos.reshape(-1, 12), datos.meses)


def tabla_estatal(modelo: Modelo, datos: Anio) -> pa.Table:
    """19 columnas: 32 entidades por todas las categorías; es la suma exacta de la municipal."""
    n_hojas = len(datos.hojas)
    entidades = catalogos.entidades()["cve_ent"]
    de_entidad = np.repeat(np.arange(32, dtype=np.int32), n_hojas)
    columnas = {
        **_comunes(datos, entidades, de_entidad),
        **_categorias(modelo, datos.hojas, np.tile(np.arange(n_hojas, dtype=np.int32), 32)),
    }
    return _con_meses(columnas, victimas.por_estado(modelo, datos).reshape(-1, 12), datos.meses)


def tabla_victimas(modelo: Modelo, datos: Anio) -> pa.Table:
    """21 columnas, con sexo y rango de edad."""
    marco = victimas.de_un_anio(modelo, datos).sort_values("cve_ent", kind="stable")
    entidades = catalogos.entidades()["cve_ent"]
    posicion_de = {int(h): i for i, h in enumerate(datos.hojas)}
    columnas = {
        **_comunes(datos, entidades, marco["cve_ent"].to_numpy(dtype=np.int32) - 1),
        **_categorias(modelo, datos.hojas, marco["hoja"].map(posicion_de).to_numpy(dtype=np.int32)),
        "sexo": pa.array(marco["sexo"], pa.string()),
        "edad": pa.array(marco["edad"], pa.string()),
    }
    return _con_meses(columnas, marco[[f"m{i}" for i in range(1, 13)]].to_numpy(), datos.meses)


def _texto(valores: Iterable[str], indices: np.ndarray) -> pa.DictionaryArray:
    codigos, unicos = pd.factorize(np.array(list(valores), dtype=object))  # hay nombres repetidos: el diccionario, no
    return pa.DictionaryArray.from_arrays(pa.array(codigos.astype(np.int32)[indices]), pa.array(unicos, pa.string()))


def _comunes(datos: Anio, cve_ent: pd.Series, indices: np.ndarray) -> dict[str, pa.Array]:
    nombres = dict(zip(catalogos.entidades()["cve_ent"], catalogos.entidades()["nombre"], strict=True))
    claves = cve_ent if datos.metodologia == RNID else cve_ent.astype(int).astype(str)
    return {
        "anio": pa.array(np.full(len(indices), datos.anio, dtype=np.int16)),
        "cve_ent": _texto(claves, indices),
        "entidad": _texto(cve_ent.map(nombres), indices),
    }


def _categorias(modelo: Modelo, hojas: np.ndarray, indices: np.ndarray) -> dict[str, pa.Array]:
    return {c: _texto(modelo.hojas[c].iloc[hojas], indices) for c in _CATEGORIA}


def _con_meses(columnas: dict[str, pa.Array], conteos: np.ndarray, meses: int) -> pa.Table:
    for mes in range(12):
        valores = np.ascontiguousarray(conteos[:, mes])
        columnas[f"m{mes + 1}"] = pa.array(valores) if mes < meses else pa.nulls(len(valores), pa.int32())
    return pa.table({_TITULO[c]: v for c, v in columnas.items()})


def _a_csv(tabla: pa.Table, ruta: Path) -> Path:
    """CSV de DuckDB (comillas solo donde hacen falta), en UTF-8; ``_agregar`` lo pasa a cp1252."""
    con = duckdb.connect()
    try:
        con.execute("SET threads = 1")
        con.register("tabla", tabla)
        con.execute(f"COPY tabla TO '{str(ruta).replace(chr(39), chr(39) * 2)}' (FORMAT csv, HEADER true)")
    finally:
        con.close()
    return ruta


def _agregar(destino: Path, trozo: Path, *, con_encabezado: bool) -> None:
    """Pega un trozo al final del archivo, en cp1252, y lo borra.

    Los acentos del español tienen el mismo byte en latin-1 y en cp1252; ``encode`` falla si algo no cupiera.
    """
    with trozo.open("rb") as entrada, destino.open("wb" if con_encabezado else "ab") as salida:
        encabezado = entrada.readline()
        if con_encabezado:
            salida.write(encabezado.decode("utf-8").replace('"', "").encode("latin-1"))
        while bloque := entrada.read(8_000_000):
            bloque += entrada.readline()
            salida.write(bloque.decode("utf-8").encode("latin-1"))
    trozo.unlink()
