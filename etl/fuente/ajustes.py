"""Direcciones y límites de la fuente: los de verdad por omisión, y cada uno se cambia con su variable de entorno."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

from datos.catalogos.etiquetas import PAGINA

VARIABLES = {
    "pagina": "TABLERO_FUENTE_PAGINA",
    "espejo_estatal": "TABLERO_FUENTE_ESPEJO_ESTATAL",
    "espejo_municipal": "TABLERO_FUENTE_ESPEJO_MUNICIPAL",
    "poblacion": "TABLERO_FUENTE_POBLACION",
    "poblacion_respaldo": "TABLERO_FUENTE_POBLACION_RESPALDO",
    "limites_estados": "TABLERO_FUENTE_LIMITES_ESTADOS",
    "limites_municipios": "TABLERO_FUENTE_LIMITES_MUNICIPIOS",
    "catalogo_municipios": "TABLERO_FUENTE_CATALOGO_MUNICIPIOS",
    "segundos_de_conexion": "TABLERO_FUENTE_SEGUNDOS_DE_CONEXION",
    "segundos_de_lectura": "TABLERO_FUENTE_SEGUNDOS_DE_LECTURA",
    "segundos_por_archivo": "TABLERO_FUENTE_SEGUNDOS_POR_ARCHIVO",
    "intentos": "TABLERO_FUENTE_INTENTOS",
    "espera_inicial": "TABLERO_FUENTE_ESPERA_INICIAL",
    "espera_maxima": "TABLERO_FUENTE_ESPERA_MAXIMA",
    "maximo_de_megabytes": "TABLERO_FUENTE_MAXIMO_DE_MEGABYTES",
}
RESPALDOS_DE_POBLACION = ("censo", "catalogo")


class AjusteInvalido(Exception):
    """Un ajuste de la fuente no se entiende; el mensaje dice cuál y qué se espera."""


@dataclass(frozen=True)
class Ajustes:
    """Todo lo que cambia entre la fuente de verdad y la de las pruebas. Los tiempos van en segundos.

    ``{cve_ent}`` en una dirección es la clave de dos dígitos de la entidad.
    """

    pagina: str = PAGINA
    espejo_estatal: str = "https://repodatos.atdt.gob.mx/api_update/sesnsp/incidencia_delictiva/INM_estatal_dic25.csv"
    espejo_municipal: str = "https://repodatos.atdt.gob.mx/api_update/sesnsp/incidencia_delictiva/IDM_NM_dic25.csv"
    poblacion: str = (
        "https://www.datos.gob.mx/dataset/f2b9b220-3ef7-4e3a-bde6-87e1dac78c6a/resource/"
        "3c3092be-583e-4490-8c23-67ef9a64b198/download/pobproy_quinq1.csv"
    )
    poblacion_respaldo: str = "censo"
    limites_estados: str = "https://gaia.inegi.org.mx/wscatgeo/v2/geo/mgee/"
    limites_municipios: str = "https://gaia.inegi.org.mx/wscatgeo/v2/geo/mgem/{cve_ent}"
    catalogo_municipios: str = "https://gaia.inegi.org.mx/wscatgeo/v2/mgem/{cve_ent}"
    segundos_de_conexion: float = 15.0
    segundos_de_lectura: float = 60.0
    segundos_por_archivo: float = 1800.0
    intentos: int = 4
    espera_inicial: float = 2.0
    espera_maxima: float = 60.0
    maximo_de_megabytes: float = 1024.0


def desde_entorno(entorno: Mapping[str, str] | None = None) -> Ajustes:
    """Los ajustes con lo que diga el entorno. Lanza ``AjusteInvalido`` con el nombre de la variable."""
    entorno = os.environ if entorno is None else entorno
    cambios: dict[str, object] = {}
    for campo in fields(Ajustes):
        variable = VARIABLES[campo.name]
        texto = entorno.get(variable, "").strip()
        if texto:
            cambios[campo.name] = _leer(variable, texto, campo.default)
    ajustes = Ajustes(**cambios)  # type: ignore[arg-type]
    if ajustes.poblacion_respaldo not in RESPALDOS_DE_POBLACION:
        variable = VARIABLES["poblacion_respaldo"]
        raise AjusteInvalido(f"{variable} debe ser «censo» o «catalogo», y dice «{ajustes.poblacion_respaldo[:60]}».")
    for direccion in (ajustes.limites_municipios, ajustes.catalogo_municipios):
        if "{cve_ent}" not in direccion:
            raise AjusteInvalido(f"La dirección «{direccion[:120]}» debe llevar {{cve_ent}}, la clave de la entidad.")
    return ajustes


def _leer(variable: str, texto: str, omision: object) -> object:
    if isinstance(omision, str):
        return texto
    try:
        numero = int(texto) if isinstance(omision, int) else float(texto)
    except ValueError as causa:
        raise AjusteInvalido(f"{variable} debe ser un número, y dice «{texto[:60]}».") from causa
    if not 0 < numero < float("inf"):
        raise AjusteInvalido(f"{variable} debe ser mayor que cero, y dice «{texto[:60]}».")
    return numero
