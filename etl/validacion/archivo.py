"""Contratos de un archivo: lo que se puede comprobar sin ver los demás. Si algo falla, se rechaza completo."""

from __future__ import annotations

import numpy as np

from datos.catalogos import es_pseudomunicipio, municipios
from datos.esquema import COLUMNAS_DE_MES
from etl.lectura.categorias import Categorias
from etl.lectura.conteos import Lectura
from etl.problemas import Problema

MAXIMO_CORRECCIONES = 10
_ENTIDADES = set(range(1, 33))


def comprobar(lectura: Lectura, categorias: Categorias) -> list[Problema]:
    """Todos los problemas del archivo; lista vacía si cumple."""
    problemas: list[Problema] = []
    problemas += claves_repetidas(lectura)
    problemas += negativos_permitidos(lectura)
    if lectura.ambito == "estatal":
        problemas += estatal_completo(lectura, categorias)
    else:
        problemas += mismas_entidades_cada_anio(lectura)
    if lectura.ambito in ("municipal", "victimas_municipal"):
        problemas += municipios_del_catalogo(lectura)
    return problemas


def _columna(lectura: Lectura, nombre: str) -> np.ndarray:
    return lectura.tabla[nombre].to_numpy()


def claves_repetidas(lectura: Lectura) -> list[Problema]:
    """Ninguna combinación de año, lugar y categoría (y sexo y edad) aparece dos veces."""
    clave = _columna(lectura, "anio").astype("int64")
    for nombre in ("cve_mun" if "municipal" in lectura.ambito else "cve_ent", "categoria"):
        clave = clave * 100_000 + _columna(lectura, nombre)
    if "sexo" in lectura.tabla.column_names:
        for nombre in ("sexo", "edad"):
            clave = clave * 40 + lectura.tabla[nombre].combine_chunks().indices.to_numpy(zero_copy_only=False)
    _, primera, cuantas = np.unique(clave, return_index=True, return_counts=True)
    return [
        Problema(
            lectura.recibido.nombre,
            "una sola vez cada año, lugar y categoría",
            f"{cuantas[i]} renglones iguales",
            linea=int(primera[i]) + 2,
        )
        for i in np.flatnonzero(cuantas > 1)
    ]


def estatal_completo(lectura: Lectura, categorias: Categorias) -> list[Problema]:
    """Cada año trae las 32 entidades y, en cada una, todas las categorías de su metodología."""
    anios, entidades, numeros = (_columna(lectura, c) for c in ("anio", "cve_ent", "categoria"))
    esperadas = categorias.de(lectura.metodologia)
    problemas = []
    for anio in np.unique(anios):
        for entidad in sorted(_ENTIDADES):
            presentes = set(numeros[(anios == anio) & (entidades == entidad)].tolist()) & esperadas
            if len(presentes) != len(esperadas):
                problemas.append(
                    Problema(
                        lectura.recibido.nombre,
                        f"{len(esperadas)} categorías de la entidad {entidad:02d} en {anio}",
                        f"{len(presentes)} (¿archivo truncado?)",
                    )
                )
    return problemas


def mismas_entidades_cada_anio(lectura: Lectura) -> list[Problema]:
    """Todos los años traen las mismas entidades; si al último le faltan, el archivo está truncado."""
    anios, entidades = _columna(lectura, "anio"), _columna(lectura, "cve_ent")
    todas = set(np.unique(entidades).tolist())
    problemas = []
    for anio in np.unique(anios):
        faltan = sorted(todas - set(np.unique(entidades[anios == anio]).tolist()))
        if faltan:
            problemas.append(
                Problema(
                    lectura.recibido.nombre,
                    f"las {len(todas)} entidades del archivo en {anio}",
                    f"faltan {', '.join(f'{e:02d}' for e in faltan)} (¿archivo truncado?)",
                )
            )
    return problemas


def municipios_del_catalogo(lectura: Lectura) -> list[Problema]:
    """Cada clave de municipio existe en el catálogo o es un seudomunicipio."""
    claves = _columna(lectura, "cve_mun")
    conocidas = set(municipios()["cve_mun"])
    distintas, primera = np.unique(claves, return_index=True)
    return [
        Problema(
            lectura.recibido.nombre,
            "una clave de municipio del catálogo de INEGI",
            f"{clave:05d}",
            linea=int(primera[i]) + 2,
            columna="Cve. Municipio",
        )
        for i, clave in enumerate(distintas)
        if f"{clave:05d}" not in conocidas and not es_pseudomunicipio(f"{clave:05d}")
    ]


def negativos_permitidos(lectura: Lectura) -> list[Problema]:
    """Solo se aceptan las correcciones oficiales: celdas de −1, y pocas."""
    problemas, correcciones = [], 0
    for columna in COLUMNAS_DE_MES:
        valores = lectura.tabla[columna].fill_null(0).to_numpy()
        for renglon in np.flatnonzero(valores < 0):
            correcciones += 1
            if valores[renglon] < -1 or correcciones > MAXIMO_CORRECCIONES:
                problemas.append(
                    Problema(
                        lectura.recibido.nombre,
                        f"conteos no negativos (salvo hasta {MAXIMO_CORRECCIONES} correcciones de −1)",
                        str(int(valores[renglon])),
                        linea=int(renglon) + 2,
                        columna=columna,
                    )
                )
    return problemas
