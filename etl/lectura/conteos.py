"""Leer los conteos oficiales (carpetas y víctimas) a una tabla normalizada de enteros.

La tabla sale con las columnas ``anio``, ``cve_ent``, ``cve_mun`` (0 en lo estatal), ``categoria`` (número del catálogo),
``sexo`` y ``edad`` (solo víctimas) y ``m1`` … ``m12`` (nulo = sin publicar), y el corte que resulta de los datos.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from datos.catalogos import clave_de_entidad, normalizar
from datos.esquema import CNSP, COLUMNAS_DE_MES, MESES, PRIMER_ANIO, RNID, ULTIMO_ANIO
from etl.lectura.codificacion import ContenidoInesperado, codificacion
from etl.lectura.disposicion import Disposicion, es_metodologia_anterior, reconocer, se_parece
from etl.lectura.recibido import Recibido
from etl.problemas import FueraDeTema, Problema

_DICCIONARIO = pa.dictionary(pa.int32(), pa.string())
_MES_EN_NOMBRE = re.compile(
    r"(ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic)[a-z]*[ _-]?(20\d{2}|\d{2})(?!\d)", re.IGNORECASE
)
_ENTERO_CON_ADORNOS = re.compile(r"^\s*(-?\d{1,3}(?:,\d{3})+|-?\d+)(?:\.0+)?\s*$")


@dataclass
class Lectura:
    """Un archivo de conteos leído: qué producto es, su corte, su tabla y lo que conviene avisar."""

    recibido: Recibido
    ambito: str
    metodologia: str
    corte: date
    tabla: pa.Table
    avisos: list[str] = field(default_factory=list)
    negativos: int = 0
    sin_equivalencia: list[tuple[str, str, str, str]] = field(default_factory=list)

    @property
    def renglones(self) -> int:
        """Renglones de datos del archivo."""
        return self.tabla.num_rows

    @property
    def entidades(self) -> int:
        """Cuántas entidades trae."""
        return len(pc.unique(self.tabla["cve_ent"]))

    @property
    def producto(self) -> tuple[str, str]:
        """Identidad del producto: metodología y ámbito."""
        return self.metodologia, self.ambito


class LecturaRechazada(Exception):
    """El archivo es de la fuente pero no pasa; lleva todos sus problemas."""

    def __init__(self, problemas: list[Problema]) -> None:
        super().__init__("; ".join(str(p) for p in problemas[:3]))
        self.problemas = problemas


class Categorias:
    """Catálogo de categorías con número estable, para pasar de textos a enteros.

    CNSP/38/15 va de 1 a 98 y RNID de 1001 a 1114, en el orden del catálogo. Las que alguien pide cargar
    «sin equivalencia» reciben números desde 9001.
    """

    PRIMERA: ClassVar = {CNSP: 1, RNID: 1001}
    PRIMERA_SIN_EQUIVALENCIA = 9001

    def __init__(self, catalogo: list[tuple[str, str, str, str, str]]) -> None:
        self.renglones: list[tuple[int, str, str, str, str, str]] = []
        self._numero: dict[tuple[str, tuple[str, ...]], int] = {}
        siguiente = dict(self.PRIMERA)
        for metodologia, *textos in catalogo:
            numero = siguiente[metodologia]
            siguiente[metodologia] += 1
            self._agregar(numero, metodologia, textos)

    def _agregar(self, numero: int, metodologia: str, textos: list[str]) -> None:
        self.renglones.append((numero, metodologia, *textos))
        self._numero[(metodologia, tuple(normalizar(t) for t in textos))] = numero

    def numero(self, metodologia: str, textos: tuple[str, ...]) -> int | None:
        """Número de la categoría (bien, tipo, subtipo, modalidad), sin fijarse en mayúsculas ni acentos."""
        return self._numero.get((metodologia, tuple(normalizar(t) for t in textos)))

    def agregar_sin_equivalencia(self, metodologia: str, textos: tuple[str, ...]) -> int:
        """Da de alta una categoría desconocida, sin puente, y devuelve su número."""
        numero = self.PRIMERA_SIN_EQUIVALENCIA + sum(1 for r in self.renglones if r[0] >= self.PRIMERA_SIN_EQUIVALENCIA)
        self._agregar(numero, metodologia, list(textos))
        return numero

    def de(self, metodologia: str) -> set[int]:
        """Números de las categorías oficiales de una metodología."""
        return {r[0] for r in self.renglones if r[1] == metodologia and r[0] < self.PRIMERA_SIN_EQUIVALENCIA}


def leer_conteos(recibido: Recibido, categorias: Categorias, *, sin_equivalencia: bool = False) -> Lectura:
    """Lectura normalizada de un archivo oficial de conteos.

    Lanza ``FueraDeTema`` si es otra cosa, ``LecturaRechazada`` con todos los problemas si es de la fuente y no pasa.
    """
    try:
        disposicion, textos = _tabla_de_textos(recibido)
    except ContenidoInesperado as causa:
        raise LecturaRechazada([Problema(recibido.nombre, causa.esperado, causa.encontrado)]) from causa
    problemas: list[Problema] = []
    columnas: dict[str, np.ndarray] = {}
    columnas["anio"] = _enteros(textos, disposicion, "anio", recibido.nombre, problemas)
    columnas["cve_ent"] = _enteros(textos, disposicion, "cve_ent", recibido.nombre, problemas)
    if "cve_mun" in disposicion.posiciones:
        columnas["cve_mun"] = _enteros(textos, disposicion, "cve_mun", recibido.nombre, problemas)
    meses = [_enteros(textos, disposicion, m, recibido.nombre, problemas, vacio=True) for m in COLUMNAS_DE_MES]
    if problemas:
        raise LecturaRechazada(problemas)
    metodologia = _metodologia(columnas["anio"], recibido.nombre, problemas)
    _comprobar_claves(columnas, textos, disposicion, recibido.nombre, problemas)
    numeros, nuevas = _categorizar(
        textos, disposicion, metodologia, categorias, recibido.nombre, problemas, sin_equivalencia
    )
    if problemas:
        raise LecturaRechazada(problemas)
    corte, avisos = _corte(columnas["anio"], meses, recibido)
    renglones = len(numeros)
    datos: dict[str, object] = {
        "anio": pa.array(columnas["anio"].astype("int16")),
        "cve_ent": pa.array(columnas["cve_ent"].astype("int8")),
        "cve_mun": pa.array(columnas.get("cve_mun", np.zeros(renglones)).astype("int32")),
        "categoria": pa.array(numeros.astype("int16")),
    }
    for clave in ("sexo", "edad"):
        if clave in disposicion.posiciones:
            datos[clave] = textos.column(disposicion.posiciones[clave])
    negativos = 0
    for numero, valores in enumerate(meses, 1):
        sin_publicar = np.isnan(valores) | ((columnas["anio"] * 12 + numero) > (corte.year * 12 + corte.month))
        negativos += int((valores[~sin_publicar] < 0).sum())
        datos[f"m{numero}"] = pa.array(np.where(sin_publicar, 0, valores).astype("int32"), mask=sin_publicar)
    if negativos:
        avisos.append(f"{negativos} celda(s) con corrección negativa: se conservan para cuadrar y no se grafican")
    return Lectura(recibido, disposicion.ambito, metodologia, corte, pa.table(datos), avisos, negativos, nuevas)


def _encabezado_de(contenido: bytes, nombre_codificacion: str) -> list[str]:
    primera = contenido[: 1 << 16].split(b"\n", 1)[0].decode(nombre_codificacion)
    return [t.strip() for t in next(csv.reader([primera.rstrip("\r")]), [])]


def _tabla_de_textos(recibido: Recibido) -> tuple[Disposicion, pa.Table]:
    """Columnas en el orden del archivo: claves como texto con diccionario y meses como entero si se puede."""
    if recibido.es_libro:
        return _libro(recibido)
    inicio = recibido.contenido[: 1 << 16]
    if b"\x00" in inicio or b"," not in inicio:
        raise FueraDeTema("no es un CSV")
    nombre_codificacion = codificacion(recibido.contenido)
    encabezado = _encabezado_de(recibido.contenido, nombre_codificacion)
    disposicion = _disposicion(encabezado)
    return disposicion, _leer_csv(recibido, nombre_codificacion, disposicion)


def _disposicion(encabezado: list[str]) -> Disposicion:
    disposicion = reconocer(encabezado)
    if disposicion is not None:
        return disposicion
    if es_metodologia_anterior(encabezado):
        raise FueraDeTema("metodología 1997–2017: usa otro catálogo y no se encadena con las vigentes")
    if se_parece(encabezado):
        raise ContenidoInesperado(
            "uno de los encabezados oficiales (19, 21 o 23 columnas)", f"«{', '.join(encabezado)[:300]}»"
        )
    raise FueraDeTema("su encabezado no es de incidencia delictiva")


def _leer_csv(recibido: Recibido, nombre_codificacion: str, disposicion: Disposicion) -> pa.Table:
    nombres = [f"c{i}" for i in range(len(disposicion.encabezado))]
    malos: list[tuple[int | None, int, int]] = []

    def anotar(renglon: object) -> str:
        malos.append((renglon.number, renglon.expected_columns, renglon.actual_columns))  # type: ignore[attr-defined]
        return "skip"

    def leer(tipo_de_mes: pa.DataType, hilos: bool) -> pa.Table:
        malos.clear()
        tipos = {n: _DICCIONARIO for n in nombres}
        tipos |= {f"c{disposicion.posiciones[m]}": tipo_de_mes for m in COLUMNAS_DE_MES}
        return pcsv.read_csv(
            pa.BufferReader(recibido.contenido),
            read_options=pcsv.ReadOptions(
                encoding=nombre_codificacion.removesuffix("-sig"),
                column_names=nombres,
                skip_rows=1,
                block_size=1 << 24,
                use_threads=hilos,
            ),
            parse_options=pcsv.ParseOptions(invalid_row_handler=anotar),
            convert_options=pcsv.ConvertOptions(column_types=tipos, strings_can_be_null=False, null_values=[""]),
        )

    try:
        tabla = leer(pa.int32(), hilos=True)
    except pa.ArrowInvalid:
        tabla = leer(_DICCIONARIO, hilos=True)  # miles con coma, «1.0» o basura: lo decide _enteros, celda por celda
    if malos:
        leer(_DICCIONARIO, hilos=False)  # solo sin hilos se sabe en qué línea está cada renglón
        raise LecturaRechazada(
            [
                Problema(
                    recibido.nombre,
                    f"{esperadas} columnas",
                    f"{halladas} (¿archivo truncado o comillas sin cerrar?)",
                    linea=linea,
                )
                for linea, esperadas, halladas in malos
            ]
        )
    if tabla.num_rows == 0:
        raise ContenidoInesperado("renglones de datos", "solo el encabezado")
    return tabla.unify_dictionaries()


def _libro(recibido: Recibido) -> tuple[Disposicion, pa.Table]:
    """Primera hoja cuyo primer renglón sea un encabezado oficial."""
    import python_calamine

    try:
        libro = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(recibido.contenido))
    except python_calamine.CalamineError as causa:
        raise ContenidoInesperado("un libro de Excel completo", f"un libro dañado ({causa})") from causa
    for hoja in libro.sheet_names:
        renglones = libro.get_sheet_by_name(hoja).to_python(skip_empty_area=True)
        if not renglones:
            continue
        disposicion = reconocer([str(t) for t in renglones[0]])
        if disposicion is None:
            continue
        columnas = [
            pa.array([_texto_de_celda(r[i]) for r in renglones[1:]]).dictionary_encode()
            for i in range(len(disposicion.encabezado))
        ]
        return disposicion, pa.table(columnas, names=[f"c{i}" for i in range(len(columnas))])
    raise FueraDeTema("ninguna hoja del libro tiene un encabezado de incidencia delictiva")


def _texto_de_celda(valor: object) -> str:
    return str(int(valor)) if isinstance(valor, float) and valor.is_integer() else str(valor)


def _indices(columna: pa.ChunkedArray) -> tuple[np.ndarray, list[str]]:
    junta = columna.combine_chunks()
    if isinstance(junta, pa.ChunkedArray):
        junta = junta.chunk(0)
    return junta.indices.to_numpy(zero_copy_only=False), junta.dictionary.to_pylist()


def _enteros(
    textos: pa.Table,
    disposicion: Disposicion,
    clave: str,
    nombre: str,
    problemas: list[Problema],
    *,
    vacio: bool = False,
) -> np.ndarray:
    """Columna como números; acepta «1,234» y «1.0». Con ``vacio``, lo vacío es NaN; si no, es problema."""
    posicion = disposicion.posiciones[clave]
    columna = textos.column(posicion)
    if pa.types.is_integer(columna.type):
        return columna.to_numpy().astype("float64")
    codigos, valores = _indices(columna)
    tabla = np.empty(len(valores))
    ilegibles = np.zeros(len(valores), dtype=bool)
    for i, valor in enumerate(valores):
        if not valor.strip():
            tabla[i], ilegibles[i] = np.nan, not vacio
            continue
        hallado = _ENTERO_CON_ADORNOS.match(valor)
        if hallado is None:
            tabla[i], ilegibles[i] = np.nan, True
        else:
            tabla[i] = int(hallado.group(1).replace(",", ""))
    for renglon in np.flatnonzero(ilegibles[codigos]):
        problemas.append(
            Problema(
                nombre,
                "un número entero" + (" o vacío" if vacio else ""),
                f"«{valores[codigos[renglon]][:60]}»",
                linea=int(renglon) + 2,
                columna=disposicion.encabezado[posicion],
            )
        )
    return tabla[codigos]


def _metodologia(anios: np.ndarray, nombre: str, problemas: list[Problema]) -> str:
    for metodologia in (CNSP, RNID):
        if (anios >= PRIMER_ANIO[metodologia]).all() and (anios <= ULTIMO_ANIO[metodologia]).all():
            return metodologia
    fuera = sorted({int(a) for a in anios if not PRIMER_ANIO[CNSP] <= a <= ULTIMO_ANIO[RNID]})
    problemas.append(
        Problema(
            nombre,
            "años de una sola metodología (2015–2025, o desde 2026)",
            f"años {fuera}" if fuera else f"años de {int(anios.min())} a {int(anios.max())} juntos",
            columna="Año",
        )
    )
    return CNSP


def _comprobar_claves(
    columnas: dict[str, np.ndarray],
    textos: pa.Table,
    disposicion: Disposicion,
    nombre: str,
    problemas: list[Problema],
) -> None:
    """Que la clave de entidad exista, corresponda a su nombre y sea el prefijo de la de municipio."""
    entidades = columnas["cve_ent"]
    codigos, nombres = _indices(textos.column(disposicion.posiciones["entidad"]))
    por_nombre = np.array([int(clave_de_entidad(n) or -1) for n in nombres])
    for i, n in enumerate(nombres):
        if por_nombre[i] < 0:
            linea = int(np.flatnonzero(codigos == i)[0]) + 2
            problemas.append(Problema(nombre, "una entidad federativa", f"«{n}»", linea, "Entidad"))
    discordes = np.flatnonzero((por_nombre[codigos] >= 0) & (por_nombre[codigos] != entidades))
    for renglon in discordes:
        problemas.append(
            Problema(
                nombre,
                f"la clave de {nombres[codigos[renglon]]}",
                f"clave {int(entidades[renglon])}",
                int(renglon) + 2,
                "Clave_Ent",
            )
        )
    if "cve_mun" in columnas:
        for renglon in np.flatnonzero(columnas["cve_mun"] // 1000 != entidades):
            problemas.append(
                Problema(
                    nombre,
                    f"una clave de municipio que empiece con {int(entidades[renglon]):02d}",
                    f"{int(columnas['cve_mun'][renglon])}",
                    int(renglon) + 2,
                    "Cve. Municipio",
                )
            )


def _categorizar(
    textos: pa.Table,
    disposicion: Disposicion,
    metodologia: str,
    categorias: Categorias,
    nombre: str,
    problemas: list[Problema],
    sin_equivalencia: bool,
) -> tuple[np.ndarray, list[tuple[str, str, str, str]]]:
    """Número de categoría de cada renglón; las combinaciones se resuelven una vez, no por renglón."""
    combinado = np.zeros(textos.num_rows, dtype="int64")
    partes: list[tuple[int, list[str]]] = []
    for clave in ("bien_juridico", "tipo", "subtipo", "modalidad"):
        codigos, valores = _indices(textos.column(disposicion.posiciones[clave]))
        combinado = combinado * len(valores) + codigos
        partes.append((len(valores), valores))
    distintas, primera, inverso = np.unique(combinado, return_index=True, return_inverse=True)
    numeros = np.zeros(len(distintas), dtype="int64")
    nuevas: list[tuple[str, str, str, str]] = []
    for i, codigo in enumerate(distintas):
        resto, elegidos = int(codigo), []
        for cuantos, valores in reversed(partes):
            resto, posicion = divmod(resto, cuantos)
            elegidos.append(valores[posicion].strip())
        cuatro = (elegidos[3], elegidos[2], elegidos[1], elegidos[0])
        numero = categorias.numero(metodologia, cuatro)
        if numero is None and sin_equivalencia:
            numero = categorias.agregar_sin_equivalencia(metodologia, cuatro)
            nuevas.append(cuatro)
        if numero is None:
            problemas.append(
                Problema(
                    nombre,
                    f"una categoría del catálogo {metodologia} (o pida cargarla con --sin-equivalencia)",
                    " / ".join(f"«{t}»" for t in cuatro),
                    linea=int(primera[i]) + 2,
                    columna="Modalidad",
                )
            )
            numero = 0
        numeros[i] = numero
    return numeros[inverso], nuevas


def mes_en_nombre(nombre: str) -> date | None:
    """Mes que dice el nombre del archivo («nov2024», «ago23»); ``None`` si no dice ninguno."""
    hallados = _MES_EN_NOMBRE.findall(nombre)
    if not hallados:
        return None
    mes, anio = hallados[-1]
    numero = next(i for i, completo in enumerate(MESES, 1) if completo.startswith(mes.lower()))
    return date(int(anio) + (2000 if int(anio) < 100 else 0), numero, 1)


def _corte(anios: np.ndarray, meses: list[np.ndarray], recibido: Recibido) -> tuple[date, list[str]]:
    """Último mes con algún conteo distinto de cero, y avisos si el nombre del archivo dice otro."""
    ultimo = int(anios.max())
    for anio in range(ultimo, int(anios.min()) - 1, -1):
        del_anio = anios == anio
        con_dato = [n for n, valores in enumerate(meses, 1) if np.nansum(np.abs(valores[del_anio])) > 0]
        if con_dato:
            corte = date(anio, con_dato[-1], 1)
            break
    else:
        raise LecturaRechazada([Problema(recibido.nombre, "algún conteo distinto de cero", "solo ceros o vacíos")])
    dicho = mes_en_nombre(recibido.nombre) or mes_en_nombre(recibido.nombre_tabla)
    avisos = []
    if dicho is not None and dicho != corte:
        avisos.append(
            f"el nombre dice {MESES[dicho.month - 1]} de {dicho.year} y los datos llegan a "
            f"{MESES[corte.month - 1]} de {corte.year}: manda lo que traen los datos"
        )
    return corte, avisos
