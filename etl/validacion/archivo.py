"""Contratos de un archivo: lo que se puede comprobar sin ver los demás. Si algo falla, se rechaza completo."""

from __future__ import annotations

import numpy as np

from datos.catalogos import es_pseudomunicipio, municipios
from datos.esquema import COLUMNAS_DE_MES
from etl.densos import densas
from etl.lectura.categorias import Categorias
from etl.lectura.columnas import linea
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
    lugar = "cve_mun" if "municipal" in lectura.ambito else "cve_ent"
    nombres = [n for n in ("anio", lugar, "categoria", "sexo", "edad") if n in lectura.tabla.column_names]
    clave, cuantas = densas((codigos, int(codigos.max()) + 1) for codigos in (_codigos(lectura, n) for n in nombres))
    if cuantas == lectura.renglones:
        return []
    veces = np.bincount(clave)
    repetidos = np.flatnonzero(veces[clave] > 1)
    _, primeros = np.unique(clave[repetidos], return_index=True)
    return [
        Problema(
            lectura.recibido.nombre,
            "una sola vez cada año, lugar y categoría",
            f"{veces[clave[renglon]]} renglones iguales",
            linea=linea(renglon),
        )
        for renglon in repetidos[primeros]
    ]


def _codigos(lectura: Lectura, nombre: str) -> np.ndarray:
    columna = lectura.tabla[nombre]
    if nombre in ("sexo", "edad"):
        return columna.combine_chunks().indices.to_numpy()
    valores = columna.to_numpy()
    return valores - valores.min()


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
    primero = int(anios.min())
    presentes = np.zeros((int(anios.max()) - primero + 1, len(_ENTIDADES) + 1), dtype=bool)
    presentes[anios - primero, entidades] = True
    todas = np.flatnonzero(presentes.any(axis=0))
    problemas = []
    for posicion, del_anio in enumerate(presentes):
        faltan = todas[~del_anio[todas]]
        if del_anio.any() and len(faltan):
            problemas.append(
                Problema(
                    lectura.recibido.nombre,
                    f"las {len(todas)} entidades del archivo en {primero + posicion}",
                    f"faltan {', '.join(f'{e:02d}' for e in faltan)} (¿archivo truncado?)",
                )
            )
    return problemas


def municipios_del_catalogo(lectura: Lectura) -> list[Problema]:
    """Cada clave de municipio existe en el catálogo o es un seudomunicipio."""
    claves = _columna(lectura, "cve_mun")
    conocidas = set(municipios()["cve_mun"])
    return [
        Problema(
            lectura.recibido.nombre,
            "una clave de municipio del catálogo de INEGI",
            f"{clave:05d}",
            linea=linea(int(np.argmax(claves == clave))),
            columna="Cve. Municipio",
        )
        for clave in np.flatnonzero(np.bincount(claves))
        if f"{clave:05d}" not in conocidas and not es_pseudomunicipio(f"{clave:05d}")
    ]


def negativos_permitidos(lectura: Lectura) -> list[Problema]:
    """Solo se aceptan las correcciones oficiales: celdas de −1, y pocas."""
    if not lectura.negativos:
        return []
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
                        linea=linea(renglon),
                        columna=columna,
                    )
                )
    return problemas
