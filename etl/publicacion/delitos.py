"""De conteos por categoría a delitos y canastas, sin convertir nunca lo que falta en cero.

Un mes se reporta si ningún renglón presente lo trae vacío. Una suma negativa (corrección de la fuente) no se publica como
conteo del delito. Las sumas de un lugar son un producto de matrices: (lugares × categorías) por el puente.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from datos.catalogos import PREFIJO_DE_CANASTA
from datos.esquema import COLUMNAS_DE_MES, METODOLOGIAS
from etl.densos import densos
from etl.publicacion.ambitos import Ambito
from etl.publicacion.puente import Equivalencias, Puente

_ANIO_CERO = 2000


def delitos_de(tabla: pa.Table, puente: Puente, ambito: Ambito) -> pa.Table:
    """Un renglón por clave, lugar, año y desglose: es_canasta, delito, lugar, anio, metodologia, desgloses y m1…m12.

    ``tabla`` trae las columnas de ``Lectura.tabla``. Un mes nulo no se reportó. Las canastas (delito 'canasta:<clave>')
    van solo en los productos de carpetas.
    """
    categoria = tabla["categoria"].to_numpy()
    partes = []
    for metodologia in METODOLOGIAS:
        equivalencias = puente.equivalencias(metodologia, con_canastas=ambito.de_carpetas)
        suyas = equivalencias.columna_de[categoria] >= 0
        if suyas.any():
            propia = tabla if suyas.all() else tabla.filter(pa.array(suyas))
            partes.append(_de_una_metodologia(propia, equivalencias, ambito, metodologia))
    return pa.concat_tables(partes) if partes else _vacia(ambito)


def _de_una_metodologia(tabla: pa.Table, puente: Equivalencias, ambito: Ambito, metodologia: str) -> pa.Table:
    grupo, llaves = _grupos(tabla, ambito)
    grupos, categorias = len(llaves["lugar"]), len(puente.suma)
    celda = grupo * categorias + puente.columna_de[tabla["categoria"].to_numpy()]

    def matriz(valores: np.ndarray | float) -> np.ndarray:
        llena = np.zeros(grupos * categorias)
        llena[celda] = valores
        return llena.reshape(grupos, categorias)

    completos = _completos(matriz(1.0), puente)
    # Por clave y, dentro de ella, por lugar y año: el orden en que la base salta lo que no le piden.
    clave, fila = np.nonzero(completos.T)
    meses = {}
    for mes in COLUMNAS_DE_MES:
        columna = tabla[mes]
        vacios = columna.is_null().to_numpy() if columna.null_count else None
        sumas = (matriz(columna.fill_null(0).to_numpy()) @ puente.suma)[fila, clave]
        sin_reportar = sumas < 0
        if vacios is not None:
            sin_reportar |= (matriz(vacios) @ puente.suma)[fila, clave] > 0
        meses[mes] = pa.array(sumas.astype(np.int32), mask=sin_reportar if sin_reportar.any() else None)
    return pa.table(
        {
            "es_canasta": pa.array([c.startswith(PREFIJO_DE_CANASTA) for c in puente.claves]).take(pa.array(clave)),
            "delito": pa.array(puente.claves).take(pa.array(clave)),
            **{nombre: llave.take(pa.array(fila)) for nombre, llave in llaves.items()},
            "metodologia": pa.repeat(metodologia, len(clave)),
            **meses,
        }
    )


def _vacia(ambito: Ambito) -> pa.Table:
    textos = dict.fromkeys(("delito", "lugar", "metodologia", *ambito.desgloses), pa.string())
    enteros = dict.fromkeys(COLUMNAS_DE_MES, pa.int32())
    return pa.schema({"es_canasta": pa.bool_(), **textos, "anio": pa.int16(), **enteros}).empty_table()


def _completos(presentes: np.ndarray, puente: Equivalencias) -> np.ndarray:
    """(grupos × claves): si está completo lo que la clave exige. Solo donde falta alguna categoría se ven componentes."""
    completos = presentes @ puente.exige >= puente.exige.sum(axis=0)
    dudosos = np.flatnonzero(~completos.all(axis=1))
    if len(dudosos):
        componentes = ((presentes[dudosos] @ puente.forma) > 0) @ puente.compone
        completos[dudosos] |= componentes >= puente.compone.sum(axis=0)
    return completos


def _grupos(tabla: pa.Table, ambito: Ambito) -> tuple[np.ndarray, dict[str, pa.Array]]:
    """Grupo de cada renglón (lugar, año y desgloses, en ese orden) y las llaves de cada grupo."""
    lugar, anio = tabla[ambito.lugar].to_numpy().astype(np.int64), tabla["anio"].to_numpy()
    grupo, cuantos = densos(lugar, int(lugar.max()) + 1)
    siguientes = [(anio.astype(np.int64) - _ANIO_CERO, int(anio.max()) - _ANIO_CERO + 1)]
    desgloses = {nombre: _con_diccionario(tabla[nombre]) for nombre in ambito.desgloses}
    siguientes += [(d.indices.to_numpy().astype(np.int64), len(d.dictionary)) for d in desgloses.values()]
    for codigos, tamano in siguientes:
        grupo, cuantos = densos(grupo * tamano + codigos, cuantos * tamano)
    muestra = np.empty(cuantos, dtype=np.int64)
    muestra[grupo] = np.arange(len(grupo))
    claves = [f"{clave:0{ambito.cifras}d}" for clave in lugar[muestra]]
    llaves = {"lugar": pa.array(claves), "anio": pa.array(anio[muestra])}
    return grupo, llaves | {nombre: d.take(pa.array(muestra)).cast(pa.string()) for nombre, d in desgloses.items()}


def _con_diccionario(columna: pa.ChunkedArray) -> pa.DictionaryArray:
    codificada = columna if pa.types.is_dictionary(columna.type) else columna.dictionary_encode()
    return codificada.unify_dictionaries().combine_chunks()


def escribir_delitos(con: duckdb.DuckDBPyConnection, tabla: pa.Table, ambito: Ambito) -> None:
    """Crea la tabla de delitos del ámbito, ancha como la fuente: la vista pública la pasa a un renglón por mes."""
    desgloses = "".join(f", {d}" for d in ambito.desgloses)
    con.register("tabla", tabla)
    con.execute(
        f"CREATE TABLE {ambito.delitos} AS SELECT es_canasta, delito, lugar, anio, metodologia, c.provisional_desde"
        f"{desgloses}, {', '.join(COLUMNAS_DE_MES)} FROM tabla LEFT JOIN (SELECT metodologia, provisional_desde "
        "FROM _cortes WHERE vigente AND ambito = ?) AS c USING (metodologia) ORDER BY es_canasta, delito, lugar, anio",
        [ambito.nombre],
    )
    con.unregister("tabla")
