"""Nombres de lugares y búsqueda por lo que una persona escribe."""

from __future__ import annotations

from functools import cache

import pandas as pd

from datos import catalogos
from datos.consultas.series import NACIONAL, nivel_de

NOMBRE_NACIONAL = "México"


@cache
def nombres() -> dict[str, str]:
    """«México», «Guanajuato» o «León, Guanajuato» por clave de lugar. Es compartido: no se modifica."""
    return dict(zip(_todos()["lugar"], _todos()["nombre"], strict=True))


def nombre(lugar: str) -> str:
    """El nombre de un lugar. Lanza ``KeyError`` si la clave no está en el catálogo."""
    return nombres()[lugar]


def entidad_de(lugar: str) -> str | None:
    """Clave de la entidad de un municipio; ``None`` si el lugar es una entidad o el país."""
    return lugar[:2] if nivel_de(lugar) == "municipal" else None


def todos() -> pd.DataFrame:
    """País, entidades y municipios: columnas lugar, nombre, tipo ('país', 'entidad', 'municipio')."""
    return _todos().copy()


@cache
def _todos() -> pd.DataFrame:
    entidades, municipios = catalogos.entidades(), catalogos.municipios()
    nombres_de_municipio = municipios["nombre"] + ", " + municipios["entidad"]
    # Hay homónimos dentro de Oaxaca: la clave los distingue.
    repetido = nombres_de_municipio.duplicated(keep=False)
    con_clave = municipios["nombre"] + " (" + municipios["cve_mun"] + "), " + municipios["entidad"]
    return pd.concat(
        [
            pd.DataFrame({"lugar": [NACIONAL], "nombre": [NOMBRE_NACIONAL], "tipo": ["país"]}),
            pd.DataFrame({"lugar": entidades["cve_ent"], "nombre": entidades["nombre_corto"], "tipo": "entidad"}),
            pd.DataFrame(
                {
                    "lugar": municipios["cve_mun"],
                    "nombre": nombres_de_municipio.where(~repetido, con_clave),
                    "tipo": "municipio",
                }
            ),
        ],
        ignore_index=True,
    )


def buscar(texto: str, maximo: int = 20) -> pd.DataFrame:
    """Lugares cuya clave empieza con lo escrito o cuyo nombre lo contiene, sin acentos.

    Primero los que se llaman igual, luego los que empiezan igual; entre ellos, los de más habitantes.
    """
    buscado = catalogos.normalizar(texto)
    lugares = _todos()
    if not buscado:
        return lugares.head(0).copy()
    normalizados = _normalizados()
    propio = normalizados.str.partition(",")[0].str.strip()  # sin la entidad
    es_clave = lugares["lugar"].str.startswith(texto.strip())
    coincide = normalizados.str.replace(",", "").str.contains(buscado, regex=False) | es_clave
    cercania = 3 - (2 * (propio == buscado) + normalizados.str.startswith(buscado)).where(~es_clave, 3)
    orden = lugares.assign(cercania=cercania, habitantes=-_habitantes())[coincide]
    return orden.sort_values(["cercania", "habitantes", "nombre"], ignore_index=True)[list(lugares)].head(maximo)


@cache
def _normalizados() -> pd.Series:
    return _todos()["nombre"].map(lambda n: ", ".join(catalogos.normalizar(p) for p in n.split(",")))


@cache
def _habitantes() -> pd.Series:
    """Para ordenar coincidencias: la gente busca más los lugares grandes. Cero donde CONAPO no publica."""
    tabla = catalogos.poblacion().query("anio == 2025").set_index("cve_mun")["poblacion"]
    por_lugar = pd.concat([tabla, tabla.groupby(tabla.index.str[:2]).sum(), pd.Series({NACIONAL: tabla.sum()})])
    return por_lugar.reindex(_todos()["lugar"]).fillna(0).reset_index(drop=True)
