"""Población de CONAPO: la tabla oficial larga (municipio × sexo × año, en CSV o en libro) y la ancha (años en columnas)."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd

from datos.catalogos import municipios, normalizar
from etl.lectura.codificacion import ContenidoInesperado, primera_linea, texto_completo
from etl.lectura.columnas import LecturaRechazada, linea
from etl.lectura.libro import hojas, texto_de_celda
from etl.lectura.recibido import Recibido
from etl.problemas import FueraDeTema, Problema

PRIMER_ANIO = 2010
FUENTE = "CONAPO, Reconstrucción y proyecciones de la población de los municipios de México 1990–2040 (2024)"
# El respaldo cuando CONAPO no contesta: una sola cifra, la del censo, para todos los años; la fuente lo dice en cada tasa.
FUENTE_DEL_CENSO = "INEGI, Censo 2020: la misma población para todos los años, porque CONAPO no respondió"
COLUMNAS_DEL_CENSO = ("cvegeo", "nomgeo", "pob_total")
ANIOS_DEL_CENSO = range(2015, 2031)
_ANIO = re.compile(r"(19|20)\d{2}")
_LARGO = {"clave": "cve_mun", "ano": "anio", "sexo": "sexo", "pob total": "poblacion"}
_ANCHO = {"cve", "entidad", "municipio"}
_MINIMO_DE_ANIOS = 10


def leer_poblacion(recibido: Recibido) -> pd.DataFrame:
    """Columnas anio, cve_mun, poblacion y fuente: habitantes desde 2010 de los municipios que traiga el archivo.

    Lanza ``FueraDeTema`` si el archivo no es de población municipal y ``LecturaRechazada`` si lo es y no cuadra.
    """
    try:
        tabla = _de_libro(recibido) if recibido.es_libro else _de_csv(recibido)
    except ContenidoInesperado as causa:
        raise LecturaRechazada([Problema(recibido.nombre, causa.esperado, causa.encontrado)]) from causa
    titulos = [normalizar(titulo) for titulo in tabla.columns]
    larga, censo = _es_larga(titulos), _es_censo(titulos)
    tabla.columns = [_LARGO.get(t, t) if larga else t for t in titulos]
    problemas: list[Problema] = []
    celdas = _larga(tabla) if larga else _del_censo(tabla) if censo else _ancha(tabla)
    celdas = _con_numeros(recibido, celdas, problemas)
    if larga:
        problemas += _sexos(recibido, celdas)
    else:
        repetidas = celdas[celdas.duplicated(["anio", "cve_mun"])]
        problemas += [
            _problema(recibido, f, f"una sola vez {f.cve_mun} en {f.anio}", "repetido") for f in _filas(repetidas)
        ]
    conocidas = set(municipios()["cve_mun"])
    ajenas = celdas[~celdas["cve_mun"].isin(conocidas)].drop_duplicates("cve_mun")
    problemas += [_problema(recibido, f, "una clave de municipio del catálogo", f.cve_mun) for f in _filas(ajenas)]
    if not problemas and celdas.empty:
        problemas.append(Problema(recibido.nombre, f"años desde {PRIMER_ANIO}", "ninguno"))
    if problemas:
        raise LecturaRechazada(problemas)
    sumadas = celdas.groupby(["anio", "cve_mun"], as_index=False)["poblacion"].sum().astype({"poblacion": "int32"})
    return sumadas.assign(fuente=FUENTE_DEL_CENSO if censo else FUENTE)


def _es_larga(titulos: list[str]) -> bool:
    return set(_LARGO) <= set(titulos)


def _es_censo(titulos: list[str]) -> bool:
    return titulos == [normalizar(c) for c in COLUMNAS_DEL_CENSO]


def _exigir_encabezado(encabezado: list[str]) -> None:
    titulos = [normalizar(titulo) for titulo in encabezado]
    ancha = set(titulos) >= _ANCHO and sum(bool(_ANIO.fullmatch(t)) for t in titulos) > _MINIMO_DE_ANIOS
    if not (_es_larga(titulos) or _es_censo(titulos) or ancha):
        raise FueraDeTema("su encabezado no es de población municipal")


def _de_csv(recibido: Recibido) -> pd.DataFrame:
    inicio = bytes(recibido.contenido[: 1 << 16])
    if b"," not in inicio:
        raise FueraDeTema("no es un CSV")
    _exigir_encabezado(next(csv.reader([primera_linea(inicio)]), []))
    texto = texto_completo(bytes(recibido.contenido))
    try:
        return pd.read_csv(io.StringIO(texto), dtype=str, keep_default_na=False)
    except pd.errors.ParserError as causa:
        raise ContenidoInesperado("un CSV con renglones completos", str(causa).strip()) from causa


def _de_libro(recibido: Recibido) -> pd.DataFrame:
    for renglones in hojas(recibido):
        encabezado = [str(t) for t in renglones[0]] if renglones else []
        if _es_larga([normalizar(titulo) for titulo in encabezado]):
            return pd.DataFrame([[texto_de_celda(v) for v in r] for r in renglones[1:]], columns=encabezado)
    raise FueraDeTema("ninguna hoja del libro tiene un encabezado de población municipal")


def _larga(tabla: pd.DataFrame) -> pd.DataFrame:
    celdas = tabla[list(_LARGO.values())].copy()
    celdas["linea"] = [linea(i) for i in range(len(celdas))]
    return celdas


def _ancha(tabla: pd.DataFrame) -> pd.DataFrame:
    tabla["linea"] = [linea(i) for i in range(len(tabla))]
    anios = [c for c in tabla.columns if _ANIO.fullmatch(c)]
    return tabla.melt(id_vars=["cve", "linea"], value_vars=anios, var_name="anio", value_name="poblacion").rename(
        columns={"cve": "cve_mun"}
    )


def _del_censo(tabla: pd.DataFrame) -> pd.DataFrame:
    """La cifra de cada municipio, repetida en todos los años."""
    tabla["linea"] = [linea(i) for i in range(len(tabla))]
    unica = tabla.rename(columns={"cvegeo": "cve_mun", "pob total": "poblacion"})[["cve_mun", "linea", "poblacion"]]
    return unica.merge(pd.DataFrame({"anio": [str(anio) for anio in ANIOS_DEL_CENSO]}), how="cross")


def _con_numeros(recibido: Recibido, celdas: pd.DataFrame, problemas: list[Problema]) -> pd.DataFrame:
    """Las mismas celdas, desde 2010, con año y población enteros; lo que no se entiende se anota."""
    anios = pd.to_numeric(celdas["anio"].str.strip(), errors="coerce")
    problemas += [_problema(recibido, f, "un año", f"«{f.anio}»") for f in _filas(celdas[anios.isna()])]
    celdas = celdas.assign(anio=anios.fillna(0).astype("int32"), cve_mun=celdas["cve_mun"].str.strip().str.zfill(5))
    celdas = celdas[celdas["anio"] >= PRIMER_ANIO]
    habitantes = pd.to_numeric(celdas["poblacion"].str.replace(",", ""), errors="coerce")
    malas = celdas[~(habitantes > 0)]
    problemas += [
        _problema(recibido, f, f"población positiva de {f.cve_mun} en {f.anio}", f"«{f.poblacion}»")
        for f in _filas(malas)
    ]
    return celdas.assign(poblacion=habitantes.fillna(0))


def _sexos(recibido: Recibido, celdas: pd.DataFrame) -> list[Problema]:
    """Cada municipio y año trae hombres y mujeres una vez: un total sumado con ellos duplicaría la población."""
    sexo = celdas["sexo"].map(normalizar)
    ajenos = celdas[~sexo.isin(["hombres", "mujeres"])]
    problemas = [_problema(recibido, f, "HOMBRES o MUJERES", f"«{f.sexo}»") for f in _filas(ajenos)]
    renglones = celdas.assign(sexo=sexo).groupby(["anio", "cve_mun"])["sexo"]
    malos = renglones.size()[(renglones.size() != 2) | (renglones.nunique() != 2)]
    return problemas + [
        Problema(
            recibido.nombre, f"un renglón de hombres y uno de mujeres de {cve_mun} en {anio}", f"{cuantos} renglones"
        )
        for (anio, cve_mun), cuantos in malos.items()
    ]


def _filas(celdas: pd.DataFrame):
    return celdas.itertuples(index=False)


def _problema(recibido: Recibido, fila, esperado: str, encontrado: str) -> Problema:
    return Problema(recibido.nombre, esperado, encontrado, linea=fila.linea)
