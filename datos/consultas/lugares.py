"""Nombres de lugares y búsqueda por lo que una persona escribe."""

from __future__ import annotations

import pandas as pd

from datos import catalogos
from datos.consultas.series import NACIONAL, nivel_de

NOMBRE_NACIONAL = "México"


def nombre(lugar: str) -> str:
    """«México», «Guanajuato» o «León, Guanajuato». Lanza ``KeyError`` si la clave no está en el catálogo."""
    nivel = nivel_de(lugar)
    if nivel == "nacional":
        return NOMBRE_NACIONAL
    if nivel == "estatal":
        return str(catalogos.entidades().set_index("cve_ent")["nombre_corto"][lugar])
    fila = catalogos.municipios().set_index("cve_mun").loc[lugar]
    return f"{fila['nombre']}, {fila['entidad']}"


def todos() -> pd.DataFrame:
    """País, entidades y municipios: columnas lugar, nombre, tipo ('país', 'entidad', 'municipio')."""
    entidades, municipios = catalogos.entidades(), catalogos.municipios()
    return pd.concat(
        [
            pd.DataFrame({"lugar": [NACIONAL], "nombre": [NOMBRE_NACIONAL], "tipo": ["país"]}),
            pd.DataFrame({"lugar": entidades["cve_ent"], "nombre": entidades["nombre_corto"], "tipo": "entidad"}),
            pd.DataFrame(
                {
                    "lugar": municipios["cve_mun"],
                    "nombre": municipios["nombre"] + ", " + municipios["entidad"],
                    "tipo": "municipio",
                }
            ),
        ],
        ignore_index=True,
    )


def buscar(texto: str, maximo: int = 20) -> pd.DataFrame:
    """Lugares cuya clave o nombre contiene lo escrito, sin acentos; primero los que empiezan igual."""
    buscado = catalogos.normalizar(texto)
    lugares = todos()
    if not buscado:
        return lugares.head(0)
    normalizados = lugares["nombre"].map(catalogos.normalizar)
    coincide = normalizados.str.contains(buscado, regex=False) | (lugares["lugar"] == texto.strip())
    empieza = normalizados.str.startswith(buscado) | (lugares["lugar"] == texto.strip())
    hallados = lugares[coincide].assign(lejos=~empieza[coincide])
    return hallados.sort_values(["lejos", "nombre"], ignore_index=True).drop(columns="lejos").head(maximo)
