"""Un archivo de conteos como columnas: textos con diccionario y números enteros, sin interpretar todavía nada.

El CSV se lee como bytes: solo se decodifican los textos distintos, que son unos miles, y no los 400 MB. Así también se
revisan todos, y no una muestra, en busca de mojibake.
"""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import SupportsInt

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv

from datos.esquema import COLUMNAS_DE_MES
from etl.lectura.codificacion import ContenidoInesperado, decodificar, exigir_sin_mojibake, primera_linea
from etl.lectura.disposicion import Disposicion, es_metodologia_anterior, reconocer, se_parece
from etl.lectura.libro import hojas, texto_de_celda
from etl.lectura.recibido import Recibido
from etl.problemas import FueraDeTema, Problema

NUMERICAS = ("anio", "cve_ent", "cve_mun", *COLUMNAS_DE_MES)
_DICCIONARIO = pa.dictionary(pa.int32(), pa.binary())
_ENTERO_CON_ADORNOS = re.compile(r"\s*(-?\d{1,3}(?:,\d{3})+|-?\d+)(?:\.0+)?\s*")
_MAXIMO_ENTERO = (1 << 31) - 1
_BLOQUE = 1 << 24
_PRIMERA_LINEA_DE_DATOS = 2


class LecturaRechazada(Exception):
    """El archivo es de la fuente pero no pasa; lleva todos sus problemas."""

    def __init__(self, problemas: list[Problema]) -> None:
        super().__init__("; ".join(str(p) for p in problemas[:3]))
        self.problemas = problemas


class Textos:
    """Columna de texto: ``valores`` distintos y, por renglón, en ``codigos``, la posición del suyo."""

    def __init__(self, columna: pa.ChunkedArray, valores: list[str]) -> None:
        self._columna = columna
        self.valores = valores

    @cached_property
    def codigos(self) -> np.ndarray:
        """Posición del valor de cada renglón; se juntan solo los de las columnas que alguien usa."""
        return self._columna.combine_chunks().indices.to_numpy()


@dataclass
class Columnas:
    """Las columnas de un archivo, por su clave: las de ``NUMERICAS`` como int32, nulo donde está vacío; las demás, textos."""

    archivo: str
    disposicion: Disposicion
    textos: dict[str, Textos]
    numeros: dict[str, pa.ChunkedArray]
    problemas: list[Problema] = field(default_factory=list)

    @property
    def renglones(self) -> int:
        """Renglones de datos."""
        return len(self.numeros["m1"])

    def titulo(self, clave: str) -> str:
        """Cómo se llama la columna en el archivo."""
        return self.disposicion.encabezado[self.disposicion.posiciones[clave]]

    def anotar(self, renglon: SupportsInt, clave: str, esperado: str, encontrado: str) -> None:
        """Agrega un problema de una celda."""
        self.problemas.append(Problema(self.archivo, esperado, encontrado, linea(renglon), self.titulo(clave)))

    def enteros(self, clave: str) -> np.ndarray:
        """Una columna numérica que no admite vacíos; los que haya se anotan y quedan en cero."""
        columna = self.numeros[clave]
        if columna.null_count:
            for renglon in np.flatnonzero(columna.is_null().to_numpy()):
                self.anotar(renglon, clave, "un número entero", "la celda vacía")
            columna = columna.fill_null(0)
        return columna.to_numpy()

    def numeros_de_textos(self) -> None:
        """Pasa a enteros las columnas numéricas que llegaron como texto; acepta «1,234» y «1.0», y anota lo ilegible."""
        for clave in NUMERICAS:
            if clave not in self.textos:
                continue
            columna = self.textos.pop(clave)
            numeros = np.zeros(len(columna.valores), dtype=np.int32)
            vacios, ilegibles = (np.zeros(len(columna.valores), dtype=bool) for _ in range(2))
            for i, valor in enumerate(columna.valores):
                hallado = _ENTERO_CON_ADORNOS.fullmatch(valor)
                if hallado is not None and abs(numero := int(hallado.group(1).replace(",", ""))) <= _MAXIMO_ENTERO:
                    numeros[i] = numero
                else:
                    vacios[i] = not valor.strip()
                    ilegibles[i] = not vacios[i]
            for renglon in np.flatnonzero(ilegibles[columna.codigos]) if ilegibles.any() else ():
                self.anotar(renglon, clave, "un número entero", f"«{columna.valores[columna.codigos[renglon]][:60]}»")
            por_renglon = pa.array(numeros, mask=vacios).take(pa.array(columna.codigos))
            self.numeros[clave] = pa.chunked_array([por_renglon])


def linea(renglon: SupportsInt) -> int:
    """Línea del archivo en que está un renglón de datos; el encabezado es la 1."""
    return int(renglon) + _PRIMERA_LINEA_DE_DATOS


def leer_columnas(recibido: Recibido) -> Columnas:
    """Las columnas de un archivo oficial de conteos.

    Lanza ``FueraDeTema`` si es otra cosa, ``ContenidoInesperado`` si no se puede leer y ``LecturaRechazada`` si trae
    renglones partidos. Las celdas ilegibles quedan en ``problemas``.
    """
    columnas = _de_libro(recibido) if recibido.es_libro else _de_csv(recibido)
    if columnas.renglones == 0:
        raise ContenidoInesperado("renglones de datos", "solo el encabezado")
    return columnas


def _de_csv(recibido: Recibido) -> Columnas:
    inicio = bytes(recibido.contenido[: 1 << 16])
    if b"\x00" in inicio or b"," not in inicio:
        raise FueraDeTema("no es un CSV")
    disposicion = _disposicion(inicio)
    tabla = _tabla(recibido, disposicion).unify_dictionaries()
    por_clave = {clave: tabla.column(posicion) for clave, posicion in disposicion.posiciones.items()}
    numeros = {clave: columna for clave, columna in por_clave.items() if pa.types.is_integer(columna.type)}
    textos = dict(_decodificadas({clave: columna for clave, columna in por_clave.items() if clave not in numeros}))
    columnas = Columnas(recibido.nombre, disposicion, textos, numeros)
    columnas.numeros_de_textos()
    return columnas


def _disposicion(inicio: bytes) -> Disposicion:
    encabezado = [t.strip() for t in next(csv.reader([primera_linea(inicio)]), [])]
    disposicion = reconocer(encabezado)
    if disposicion is not None:
        return disposicion
    if es_metodologia_anterior(encabezado):
        raise FueraDeTema("metodología 1997–2017: usa otro catálogo y no se encadena con las vigentes")
    if se_parece(encabezado):
        exigir_sin_mojibake(", ".join(encabezado))
        raise ContenidoInesperado(
            "uno de los encabezados oficiales (19, 21 o 23 columnas)", f"«{', '.join(encabezado)[:300]}»"
        )
    raise FueraDeTema("su encabezado no es de incidencia delictiva")


def _tabla(recibido: Recibido, disposicion: Disposicion) -> pa.Table:
    """El CSV con los textos como diccionarios de bytes y los números como enteros, si se puede."""
    for numerico in (pa.int32(), _DICCIONARIO):  # con miles o «1.0» se decide celda por celda
        try:
            return _leer_csv(recibido, disposicion, numerico, pcsv.ParseOptions(), pcsv.ReadOptions())
        except pa.ArrowInvalid as causa:
            ultima = causa
    malos = _renglones_partidos(recibido, disposicion)
    if malos:
        raise LecturaRechazada(malos)
    raise ContenidoInesperado("un CSV con renglones y comillas completos", str(ultima)[:200])


def _leer_csv(
    recibido: Recibido,
    disposicion: Disposicion,
    numerico: pa.DataType,
    formato: pcsv.ParseOptions,
    lectura: pcsv.ReadOptions,
) -> pa.Table:
    lectura.column_names = nombres = [f"c{i}" for i in range(len(disposicion.encabezado))]
    lectura.skip_rows, lectura.block_size = 1, _BLOQUE
    tipos = dict.fromkeys(nombres, _DICCIONARIO)
    tipos |= {f"c{disposicion.posiciones[c]}": numerico for c in NUMERICAS if c in disposicion.posiciones}
    celdas = pcsv.ConvertOptions(column_types=tipos, check_utf8=False, strings_can_be_null=False, null_values=[""])
    return pcsv.read_csv(pa.BufferReader(pa.py_buffer(recibido.contenido)), lectura, formato, celdas)


def _renglones_partidos(recibido: Recibido, disposicion: Disposicion) -> list[Problema]:
    """Los renglones con más o menos columnas de las debidas, con su línea: solo se sabe leyendo en un solo hilo."""
    malos: list[Problema] = []

    def anotar(renglon: pcsv.InvalidRow) -> str:
        halladas = f"{renglon.actual_columns} (¿archivo truncado o comillas sin cerrar?)"
        malos.append(Problema(recibido.nombre, f"{renglon.expected_columns} columnas", halladas, renglon.number))
        return "skip"

    formato = pcsv.ParseOptions(invalid_row_handler=anotar)
    # Los renglones partidos llegan como texto y aquí no importa qué dicen: latin-1 los entiende todos.
    lectura = pcsv.ReadOptions(use_threads=False, encoding="latin-1")
    with contextlib.suppress(pa.ArrowInvalid):  # lo que no es un renglón partido lo dice quien llama
        _leer_csv(recibido, disposicion, _DICCIONARIO, formato, lectura)
    return malos


def _decodificadas(columnas: dict[str, pa.ChunkedArray]) -> Iterator[tuple[str, Textos]]:
    """Las columnas con diccionario, con sus textos; una sola codificación para todo el archivo."""
    crudos = {clave: columna.chunk(0).dictionary.to_pylist() for clave, columna in columnas.items()}
    textos = iter(decodificar(crudo for lista in crudos.values() for crudo in lista))
    for clave, columna in columnas.items():
        yield clave, Textos(columna, [next(textos) for _ in crudos[clave]])


def _de_libro(recibido: Recibido) -> Columnas:
    """Primera hoja cuyo primer renglón sea un encabezado oficial."""
    for renglones in hojas(recibido):
        disposicion = reconocer([str(t) for t in renglones[0]]) if renglones else None
        if disposicion is not None:
            return _de_renglones(recibido.nombre, disposicion, renglones[1:])
    raise FueraDeTema("ninguna hoja del libro tiene un encabezado de incidencia delictiva")


def _de_renglones(archivo: str, disposicion: Disposicion, renglones: list[list[object]]) -> Columnas:
    textos = {}
    for clave, posicion in disposicion.posiciones.items():
        codificada = pa.array([texto_de_celda(r[posicion]) for r in renglones], pa.string()).dictionary_encode()
        textos[clave] = Textos(pa.chunked_array([codificada]), codificada.dictionary.to_pylist())
        for valor in textos[clave].valores:
            exigir_sin_mojibake(valor)
    columnas = Columnas(archivo, disposicion, textos, {})
    columnas.numeros_de_textos()
    return columnas
