"""De conteos por categoría a delitos y canastas, sin convertir nunca lo que falta en cero.

Un mes se reporta si ningún renglón presente lo trae vacío. Una suma negativa (corrección de la fuente) no se publica como
conteo del delito. Se suma para todos los lugares a la vez: cada clave es la suma de los renglones de sus categorías.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import duckdb
import numpy as np
import pyarrow as pa

from datos.catalogos import PREFIJO_DE_CANASTA
from datos.esquema import COLUMNAS_DE_MES, METODOLOGIAS
from etl.densos import densas
from etl.publicacion.ambitos import Ambito
from etl.publicacion.puente import Equivalencias, Puente, en_orden_fisico


def delitos_de(tabla: pa.Table, puente: Puente, ambito: Ambito) -> pa.Table:
    """Un renglón por clave, lugar, año y desglose: es_canasta, delito, lugar, anio, metodologia, desgloses y m1…m12.

    ``tabla`` trae las columnas de ``Lectura.tabla``, en cualquier orden; por categoría, lugar y año es más rápido. Un mes nulo
    no se reportó; los textos van con diccionario. Las canastas (delito 'canasta:<clave>') van solo en los de carpetas.
    """
    if not tabla.num_rows:
        return _vacia(ambito)
    categoria = tabla["categoria"].to_numpy()
    partes = []
    for metodologia in METODOLOGIAS:
        equivalencias = puente.equivalencias(metodologia, con_canastas=ambito.de_carpetas)
        suyas = equivalencias.columna_de[categoria] >= 0
        if suyas.any():
            propia = tabla if suyas.all() else tabla.filter(pa.array(suyas))
            partes.append(_de_una_metodologia(propia, equivalencias, ambito, metodologia))
    return partes[0] if len(partes) == 1 else _seguidas(pa.concat_tables(partes).unify_dictionaries())


def _seguidas(tabla: pa.Table) -> pa.Table:
    """Los renglones de una misma clave, juntos, en su orden físico y sin mover nada más."""
    delito = tabla["delito"].combine_chunks()
    posicion = {clave: i for i, clave in enumerate(en_orden_fisico(delito.dictionary.to_pylist()))}
    de_clave = np.array([posicion[clave] for clave in delito.dictionary.to_pylist()], dtype=np.int16)
    orden = np.argsort(de_clave[delito.indices.to_numpy()], kind="stable")
    return tabla.combine_chunks().take(pa.array(orden))


def _de_una_metodologia(tabla: pa.Table, puente: Equivalencias, ambito: Ambito, metodologia: str) -> pa.Table:
    grupo, llaves = _grupos(tabla, ambito)
    grupos, categorias = len(llaves["lugar"]), len(puente.suma)
    celda = np.multiply(puente.columna_de[tabla["categoria"].to_numpy()], grupos, dtype=np.int64)
    celda += grupo
    # Con todas las categorías en cada lugar y año, que es como viene, la tabla por categoría ya es la matriz.
    ordenado = len(celda) == grupos * categorias and bool((celda[1:] > celda[:-1]).all())

    def matriz(valores: np.ndarray) -> np.ndarray:
        """(categorías × grupos); cero donde el archivo no trae renglón."""
        llena = valores
        if not ordenado:
            llena = np.zeros(grupos * categorias, dtype=valores.dtype)
            llena[celda] = valores
        return llena.reshape(categorias, grupos)

    completos = _completos(matriz(np.ones(len(celda), dtype=np.float32)), puente)
    sumandos = [np.flatnonzero(columna) for columna in puente.suma.T]

    def sumas(valores: np.ndarray) -> np.ndarray:
        """Lo de cada clave completa, en el orden de ``completos``. Se suman enteros: nada se redondea."""
        por_categoria = matriz(valores)
        return np.concatenate(
            [
                np.add.reduce([por_categoria[i] for i in suyas], axis=0)[completa]
                for suyas, completa in zip(sumandos, completos, strict=True)
            ]
        )

    def mes(nombre: str) -> pa.Array:
        columna = tabla[nombre]
        conteos = sumas((columna.fill_null(0) if columna.null_count else columna).to_numpy())
        sin_reportar = conteos < 0
        if columna.null_count:
            sin_reportar |= sumas(columna.is_null().cast(pa.int32()).to_numpy()) > 0
        return pa.array(conteos, pa.int32(), mask=sin_reportar if sin_reportar.any() else None)

    with ThreadPoolExecutor(os.cpu_count()) as hilos:  # NumPy suelta el intérprete al sumar
        meses = dict(zip(COLUMNAS_DE_MES, hilos.map(mes, COLUMNAS_DE_MES), strict=True))
    # Por clave y, dentro de ella, por lugar y año: el orden en que la base salta lo que no le piden.
    clave, fila = (pa.array(indices.astype(np.int32)) for indices in np.nonzero(completos))
    return pa.table(
        {
            "es_canasta": pa.array([c.startswith(PREFIJO_DE_CANASTA) for c in puente.claves]).take(clave),
            "delito": pa.DictionaryArray.from_arrays(clave, pa.array(puente.claves)),
            **{nombre: llave.take(fila) for nombre, llave in llaves.items()},
            "metodologia": pa.DictionaryArray.from_arrays(
                pa.repeat(pa.scalar(0, pa.int32()), len(clave)), [metodologia]
            ),
            **meses,
        }
    )


def _vacia(ambito: Ambito) -> pa.Table:
    texto = pa.dictionary(pa.int32(), pa.string())
    textos = dict.fromkeys(("delito", "lugar", "metodologia", *ambito.desgloses), texto)
    enteros = dict.fromkeys(COLUMNAS_DE_MES, pa.int32())
    return pa.schema({"es_canasta": pa.bool_(), **textos, "anio": pa.int16(), **enteros}).empty_table()


def _completos(presentes: np.ndarray, puente: Equivalencias) -> np.ndarray:
    """(claves × grupos): si está todo lo que la clave exige. Solo donde falta alguna categoría se ven los componentes."""
    exigidas = puente.exige.sum(axis=0)[:, None]
    completos = puente.exige.T.astype(presentes.dtype) @ presentes >= exigidas
    dudosos = np.flatnonzero(~completos.all(axis=0))
    if len(dudosos):
        componentes = puente.compone.T @ ((puente.forma.T @ presentes[:, dudosos]) > 0)
        completos[:, dudosos] |= componentes >= puente.compone.sum(axis=0)[:, None]
    return completos


def _grupos(tabla: pa.Table, ambito: Ambito) -> tuple[np.ndarray, dict[str, pa.Array]]:
    """Grupo de cada renglón (lugar, año y desgloses, en ese orden) y las llaves de cada grupo."""
    lugar, anio = tabla[ambito.lugar].to_numpy(), tabla["anio"].to_numpy()
    desgloses = {nombre: _con_diccionario(tabla[nombre]) for nombre in ambito.desgloses}
    primero = anio.min()
    grupo, cuantos = densas(
        [
            (lugar, int(lugar.max()) + 1),
            (anio - primero, int(anio.max() - primero) + 1),
            *((d.indices.to_numpy(), len(d.dictionary)) for d in desgloses.values()),
        ]
    )
    muestra = np.empty(cuantos, dtype=np.int64)
    muestra[grupo] = np.arange(len(grupo))
    claves, de_grupo = np.unique(lugar[muestra], return_inverse=True)
    textos = pa.array([f"{clave:0{ambito.cifras}d}" for clave in claves])
    llaves = {"lugar": pa.DictionaryArray.from_arrays(pa.array(de_grupo.astype(np.int32)), textos)}
    llaves |= {"anio": pa.array(anio[muestra])} | {n: d.take(pa.array(muestra)) for n, d in desgloses.items()}
    return grupo, llaves


def _con_diccionario(columna: pa.ChunkedArray) -> pa.DictionaryArray:
    codificada = columna if pa.types.is_dictionary(columna.type) else columna.dictionary_encode()
    return codificada.unify_dictionaries().combine_chunks()


def escribir_delitos(con: duckdb.DuckDBPyConnection, tabla: pa.Table, ambito: Ambito) -> None:
    """Crea la tabla de delitos del ámbito, ancha como la fuente y en el orden de ``tabla``: la vista la pasa a meses."""
    desgloses = "".join(f", {d}" for d in ambito.desgloses)
    con.register("tabla", tabla)
    con.execute(
        f"CREATE TABLE {ambito.delitos} AS SELECT es_canasta, delito, lugar, anio, metodologia, c.provisional_desde"
        f"{desgloses}, {', '.join(COLUMNAS_DE_MES)} FROM tabla LEFT JOIN (SELECT metodologia, provisional_desde "
        "FROM _cortes WHERE vigente AND ambito = ?) AS c USING (metodologia)",
        [ambito.nombre],
    )
    con.unregister("tabla")
