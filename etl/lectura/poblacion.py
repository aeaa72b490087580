"""Población de CONAPO: el archivo oficial largo (municipio × sexo × año) y el ancho (una columna por año)."""

from __future__ import annotations

import io
import re

import pandas as pd

from datos.catalogos import municipios, normalizar
from etl.lectura.codificacion import ContenidoInesperado, codificacion
from etl.lectura.conteos import LecturaRechazada
from etl.lectura.recibido import Recibido
from etl.problemas import FueraDeTema, Problema

PRIMER_ANIO = 2010
FUENTE = "CONAPO, Reconstrucción y proyecciones de la población de los municipios de México 1990–2040 (2024)"
# El respaldo cuando CONAPO no contesta: una sola cifra, la del censo, para todos los años; la fuente lo dice en cada tasa.
FUENTE_DEL_CENSO = "INEGI, Censo 2020: la misma población para todos los años, porque CONAPO no respondió"
COLUMNAS_DEL_CENSO = ("cvegeo", "nomgeo", "pob_total")
ANIOS_DEL_CENSO = range(2015, 2031)
_ANIO = re.compile(r"^(19|20)\d{2}$")


def leer_poblacion(recibido: Recibido) -> pd.DataFrame:
    """Tabla ``anio, cve_mun, poblacion, fuente`` (habitantes a mitad de año, desde 2010).

    Lanza ``FueraDeTema`` si el archivo no es de población municipal y ``LecturaRechazada`` si lo es y no cuadra.
    """
    if recibido.es_libro or b"," not in recibido.contenido[:4096]:
        raise FueraDeTema("no es un CSV")
    try:
        nombre_codificacion = codificacion(recibido.contenido)
    except ContenidoInesperado as causa:
        raise LecturaRechazada([Problema(recibido.nombre, causa.esperado, causa.encontrado)]) from causa
    encabezado = pd.read_csv(io.BytesIO(recibido.contenido), encoding=nombre_codificacion, nrows=0).columns
    llaves = {normalizar(str(c)): c for c in encabezado}
    if "pob total" in llaves and "clave" in llaves and ("ano" in llaves):
        tabla = _largo(recibido, nombre_codificacion, llaves)
    elif {"cve", "entidad", "municipio"} <= set(llaves) and sum(bool(_ANIO.match(str(c))) for c in encabezado) > 10:
        tabla = _ancho(recibido, nombre_codificacion, llaves)
    elif list(llaves) == [normalizar(c) for c in COLUMNAS_DEL_CENSO]:
        return _comprobar(recibido, _censo(recibido, nombre_codificacion, llaves)).assign(fuente=FUENTE_DEL_CENSO)
    else:
        raise FueraDeTema("su encabezado no es de población municipal")
    return _comprobar(recibido, tabla).assign(fuente=FUENTE)


def _largo(recibido: Recibido, nombre_codificacion: str, llaves: dict[str, str]) -> pd.DataFrame:
    columnas = [llaves["clave"], llaves["ano"], llaves["pob total"]]
    tabla = pd.read_csv(
        io.BytesIO(recibido.contenido), encoding=nombre_codificacion, usecols=columnas, dtype=str, thousands=","
    )
    tabla.columns = [{columnas[0]: "cve_mun", columnas[1]: "anio", columnas[2]: "poblacion"}[c] for c in tabla.columns]
    for columna in ("anio", "poblacion"):
        tabla[columna] = pd.to_numeric(tabla[columna].str.replace(",", ""), errors="coerce")
    tabla["cve_mun"] = tabla["cve_mun"].str.strip().str.zfill(5)
    return tabla.groupby(["anio", "cve_mun"], as_index=False)["poblacion"].sum(min_count=1)


def _ancho(recibido: Recibido, nombre_codificacion: str, llaves: dict[str, str]) -> pd.DataFrame:
    tabla = pd.read_csv(io.BytesIO(recibido.contenido), encoding=nombre_codificacion, dtype=str)
    anios = [c for c in tabla.columns if _ANIO.match(str(c))]
    largo = tabla.melt(id_vars=[llaves["cve"]], value_vars=anios, var_name="anio", value_name="poblacion")
    largo = largo.rename(columns={llaves["cve"]: "cve_mun"})
    largo["cve_mun"] = largo["cve_mun"].str.strip().str.zfill(5)
    largo["anio"] = pd.to_numeric(largo["anio"])
    largo["poblacion"] = pd.to_numeric(largo["poblacion"].str.replace(",", ""), errors="coerce")
    return largo


def _censo(recibido: Recibido, nombre_codificacion: str, llaves: dict[str, str]) -> pd.DataFrame:
    tabla = pd.read_csv(io.BytesIO(recibido.contenido), encoding=nombre_codificacion, dtype=str)
    habitantes = pd.to_numeric(tabla[llaves["pob total"]].str.replace(",", ""), errors="coerce")
    unica = pd.DataFrame({"cve_mun": tabla[llaves["cvegeo"]].str.strip().str.zfill(5), "poblacion": habitantes})
    return unica.merge(pd.DataFrame({"anio": list(ANIOS_DEL_CENSO)}), how="cross")


def _comprobar(recibido: Recibido, tabla: pd.DataFrame) -> pd.DataFrame:
    """Claves del catálogo, sin repetidos, población positiva y al menos 2,400 municipios por año."""
    problemas = []
    tabla = tabla[tabla["anio"] >= PRIMER_ANIO].reset_index(drop=True)
    conocidas = set(municipios()["cve_mun"])
    for clave in sorted(set(tabla["cve_mun"]) - conocidas):
        problemas.append(Problema(recibido.nombre, "una clave de municipio del catálogo", clave, columna="clave"))
    for fila in tabla[~(tabla["poblacion"] > 0)].itertuples():
        problemas.append(
            Problema(recibido.nombre, f"población positiva de {fila.cve_mun} en {fila.anio}", f"«{fila.poblacion}»")
        )
    for fila in tabla[tabla.duplicated(["anio", "cve_mun"])].itertuples():
        problemas.append(Problema(recibido.nombre, f"una sola vez {fila.cve_mun} en {fila.anio}", "repetido"))
    for anio, cuantos in tabla.groupby("anio")["cve_mun"].nunique().items():
        if cuantos < 2400:
            problemas.append(Problema(recibido.nombre, f"al menos 2,400 municipios en {anio}", f"{cuantos:,}"))
    if problemas or tabla.empty:
        raise LecturaRechazada(problemas or [Problema(recibido.nombre, "años desde 2010", "ninguno")])
    return tabla.astype({"anio": "int32", "poblacion": "int32"})[["anio", "cve_mun", "poblacion"]]
