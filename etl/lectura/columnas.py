"""Un archivo de conteos como columnas: textos con diccionario y meses enteros, sin interpretar todavía nada.

El CSV se lee como bytes: solo se decodifican los textos distintos, que son unos miles, y no los 400 MB. Así también se
revisan todos, y no una muestra, en busca de mojibake.
"""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv

from datos.esquema import COLUMNAS_DE_MES
from etl.lectura.codificacion import ContenidoInesperado, decodificar, exigir_sin_mojibake, primera_linea
from etl.lectura.disposicion import Disposicion, es_metodologia_anterior, reconocer, se_parece
from etl.lectura.libro import hojas, texto_de_celda
from etl.lectura.recibido import Recibido
from etl.problemas import FueraDeTema, Problema

_DICCIONARIO = pa.dictionary(pa.int32(), pa.binary())
_ENTERO_CON_ADORNOS = re.compile(r"\s*(-?\d{1,3}(?:,\d{3})+|-?\d+)(?:\.0+)?\s*")
_BLOQUE = 1 << 24
_PRIMERA_LINEA_DE_DATOS = 2


class LecturaRechazada(Exception):
    """El archivo es de la fuente pero no pasa; lleva todos sus problemas."""

    def __init__(self, problemas: list[Problema]) -> None:
        super().__init__("; ".join(str(p) for p in problemas[:3]))
        self.problemas = problemas


@dataclass
class Textos:
    """Columna de texto: ``valores`` distintos y, por renglón, la posición del suyo."""

    codigos: np.ndarray
    valores: list[str]


@dataclass
class Enteros:
    """Columna de números: ``valores`` (0 donde falta) y ``faltan``, renglones vacíos; ``None`` si no falta ninguno."""

    valores: np.ndarray
    faltan: np.ndarray | None = None


@dataclass
class Columnas:
    """Las columnas de un archivo, por su clave (``anio``, ``cve_mun``, ``tipo``, ``m1``…)."""

    archivo: str
    disposicion: Disposicion
    textos: dict[str, Textos]
    meses: dict[str, Enteros]
    problemas: list[Problema] = field(default_factory=list)

    @property
    def renglones(self) -> int:
        """Renglones de datos."""
        return len(self.meses["m1"].valores)

    def titulo(self, clave: str) -> str:
        """Cómo se llama la columna en el archivo."""
        return self.disposicion.encabezado[self.disposicion.posiciones[clave]]

    def enteros(self, clave: str) -> np.ndarray:
        """Una columna de claves como enteros; lo vacío o ilegible se anota en ``problemas``."""
        return self._a_enteros(clave, self.textos[clave], vacio=False).valores

    def _a_enteros(self, clave: str, columna: Textos, *, vacio: bool) -> Enteros:
        """Acepta «1,234» y «1.0». Con ``vacio``, lo vacío queda como faltante; si no, es problema."""
        numeros = np.zeros(len(columna.valores), dtype=np.int64)
        en_blanco, ilegibles = (np.zeros(len(columna.valores), dtype=bool) for _ in range(2))
        for i, valor in enumerate(columna.valores):
            hallado = _ENTERO_CON_ADORNOS.fullmatch(valor)
            if hallado is not None:
                numeros[i] = int(hallado.group(1).replace(",", ""))
            elif vacio and not valor.strip():
                en_blanco[i] = True
            else:
                ilegibles[i] = True
        esperado = "un número entero" + (" o vacío" if vacio else "")
        for renglon in np.flatnonzero(ilegibles[columna.codigos]) if ilegibles.any() else ():
            encontrado = f"«{columna.valores[columna.codigos[renglon]][:60]}»"
            self.problemas.append(Problema(self.archivo, esperado, encontrado, linea(renglon), self.titulo(clave)))
        faltan = en_blanco[columna.codigos] if en_blanco.any() else None
        return Enteros(numeros[columna.codigos].astype(np.int32), faltan)


def linea(renglon: int) -> int:
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
    claves = {posicion: clave for clave, posicion in disposicion.posiciones.items()}
    textos = dict(_decodificadas({clave: tabla.column(posicion) for posicion, clave in claves.items()}))
    columnas = Columnas(recibido.nombre, disposicion, textos, {})
    for mes in COLUMNAS_DE_MES:
        if mes in textos:
            columnas.meses[mes] = columnas._a_enteros(mes, textos.pop(mes), vacio=True)
        else:
            columna = tabla.column(disposicion.posiciones[mes])
            faltan = columna.is_null().to_numpy() if columna.null_count else None
            columnas.meses[mes] = Enteros(columna.fill_null(0).to_numpy(), faltan)
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
    """El CSV con diccionarios de bytes; los meses, como enteros si se puede."""
    for tipo_de_mes in (pa.int32(), _DICCIONARIO):  # con miles o «1.0» los meses se deciden celda por celda
        try:
            return _leer_csv(recibido, disposicion, tipo_de_mes, pcsv.ParseOptions(), pcsv.ReadOptions())
        except pa.ArrowInvalid as causa:
            ultima = causa
    malos = _renglones_partidos(recibido, disposicion)
    if malos:
        raise LecturaRechazada(malos)
    raise ContenidoInesperado("un CSV con renglones y comillas completos", str(ultima)[:200])


def _leer_csv(
    recibido: Recibido,
    disposicion: Disposicion,
    tipo_de_mes: pa.DataType,
    formato: pcsv.ParseOptions,
    lectura: pcsv.ReadOptions,
) -> pa.Table:
    lectura.column_names = nombres = [f"c{i}" for i in range(len(disposicion.encabezado))]
    lectura.skip_rows, lectura.block_size = 1, _BLOQUE
    tipos = dict.fromkeys(nombres, _DICCIONARIO)
    tipos |= {f"c{disposicion.posiciones[m]}": tipo_de_mes for m in COLUMNAS_DE_MES}
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
    juntas = {
        clave: columna.combine_chunks() for clave, columna in columnas.items() if pa.types.is_dictionary(columna.type)
    }
    crudos = {clave: junta.dictionary.to_pylist() for clave, junta in juntas.items()}
    textos = iter(decodificar(crudo for lista in crudos.values() for crudo in lista))
    for clave, junta in juntas.items():
        yield clave, Textos(junta.indices.to_numpy(), [next(textos) for _ in crudos[clave]])


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
        textos[clave] = Textos(codificada.indices.to_numpy(), codificada.dictionary.to_pylist())
        for valor in textos[clave].valores:
            exigir_sin_mojibake(valor)
    columnas = Columnas(archivo, disposicion, textos, {})
    for mes in COLUMNAS_DE_MES:
        columnas.meses[mes] = columnas._a_enteros(mes, textos.pop(mes), vacio=True)
    return columnas
