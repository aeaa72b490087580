"""Leer los conteos oficiales (carpetas y víctimas) a una tabla normalizada de enteros."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datos.catalogos import clave_de_entidad
from datos.esquema import CNSP, COLUMNAS_DE_MES, PRIMER_ANIO, RNID, ULTIMO_ANIO
from etl.densos import densas
from etl.lectura.categorias import Categorias
from etl.lectura.codificacion import ContenidoInesperado
from etl.lectura.columnas import Columnas, LecturaRechazada, Textos, leer_columnas
from etl.lectura.corte import corte_de, mes_en_nombre
from etl.lectura.recibido import Recibido
from etl.problemas import Problema


@dataclass
class Lectura:
    """Un archivo de conteos leído.

    ``tabla`` trae ``anio``, ``cve_ent``, ``cve_mun`` (0 en lo estatal), ``categoria`` (número del catálogo), ``sexo`` y
    ``edad`` (solo víctimas) y ``m1`` … ``m12`` (nulo = sin publicar), en el orden del archivo.
    """

    recibido: Recibido
    ambito: str
    metodologia: str
    corte: date
    tabla: pa.Table
    negativos: int = 0
    sin_equivalencia: list[tuple[str, str, str, str]] = field(default_factory=list)

    @property
    def renglones(self) -> int:
        """Renglones de datos del archivo."""
        return self.tabla.num_rows

    @property
    def producto(self) -> tuple[str, str]:
        """Identidad del producto: metodología y ámbito."""
        return self.metodologia, self.ambito

    @property
    def corte_en_el_nombre(self) -> date | None:
        """El mes que dice el nombre con que se recibió, o el de la tabla de dentro del zip."""
        return mes_en_nombre(self.recibido.nombre) or mes_en_nombre(self.recibido.nombre_tabla)


def leer_conteos(recibido: Recibido, categorias: Categorias, *, sin_equivalencia: bool = False) -> Lectura:
    """Lectura normalizada de un archivo oficial de conteos.

    Lanza ``FueraDeTema`` si es otra cosa, ``LecturaRechazada`` con todos los problemas si es de la fuente y no pasa.
    """
    try:
        columnas = leer_columnas(recibido)
    except ContenidoInesperado as causa:
        raise LecturaRechazada([Problema(recibido.nombre, causa.esperado, causa.encontrado)]) from causa
    claves: dict[str, np.ndarray] = {
        c: columnas.enteros(c) for c in ("anio", "cve_ent", "cve_mun") if c in columnas.numeros
    }
    _rechazar_si_hay(columnas)
    metodologia = _metodologia(columnas, claves["anio"])
    _comprobar_claves(columnas, claves)
    numeros, nuevas = _categorizar(columnas, metodologia, categorias, sin_equivalencia)
    _rechazar_si_hay(columnas)
    corte = corte_de(columnas, claves["anio"])
    if corte is None:
        raise LecturaRechazada([Problema(recibido.nombre, "algún conteo distinto de cero", "solo ceros o vacíos")])
    datos: dict[str, pa.Array | pa.ChunkedArray] = {
        "anio": pa.array(claves["anio"].astype(np.int16)),
        "cve_ent": pa.array(claves["cve_ent"].astype(np.int8)),
        "cve_mun": pa.array(claves.get("cve_mun", np.zeros(columnas.renglones, dtype=np.int32))),
        "categoria": pa.array(numeros.astype(np.int16)),
    }
    datos |= {c: _con_diccionario(columnas.textos[c]) for c in ("sexo", "edad") if c in columnas.textos}
    datos |= _meses_publicados(columnas, claves["anio"], corte)
    negativos = sum(_negativos(datos[m]) for m in COLUMNAS_DE_MES)
    return Lectura(recibido, columnas.disposicion.ambito, metodologia, corte, pa.table(datos), negativos, nuevas)


def _rechazar_si_hay(columnas: Columnas) -> None:
    if columnas.problemas:
        raise LecturaRechazada(columnas.problemas)


def _con_diccionario(columna: Textos) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(columna.codigos), pa.array(columna.valores, pa.string()))


def _meses_publicados(columnas: Columnas, anios: np.ndarray, corte: date) -> dict[str, pa.ChunkedArray]:
    """Los doce meses; nulos donde la fuente los dejó vacíos y en todo mes posterior al corte, aunque traiga ceros."""
    ultimo = corte.year * 12 + corte.month
    if int(anios.max()) * 12 + 12 <= ultimo:
        return {clave: columnas.numeros[clave] for clave in COLUMNAS_DE_MES}
    sin_publicar = pa.scalar(None, pa.int32())
    return {
        clave: pc.if_else(pa.array(anios * 12 + numero > ultimo), sin_publicar, columnas.numeros[clave])
        for numero, clave in enumerate(COLUMNAS_DE_MES, 1)
    }


def _negativos(mes: pa.ChunkedArray) -> int:
    return pc.sum(pc.less(mes, 0)).as_py() if (pc.min(mes).as_py() or 0) < 0 else 0


def _metodologia(columnas: Columnas, anios: np.ndarray) -> str:
    primero, ultimo = int(anios.min()), int(anios.max())
    for metodologia in (CNSP, RNID):
        if primero >= PRIMER_ANIO[metodologia] and ultimo <= ULTIMO_ANIO[metodologia]:
            return metodologia
    fuera = sorted({a for a in map(int, np.unique(anios)) if not PRIMER_ANIO[CNSP] <= a <= ULTIMO_ANIO[RNID]})
    columnas.problemas.append(
        Problema(
            columnas.archivo,
            "años de una sola metodología (2015–2025, o desde 2026)",
            f"años {fuera}" if fuera else f"años de {primero} a {ultimo} juntos",
            columna=columnas.titulo("anio"),
        )
    )
    return CNSP


def _comprobar_claves(columnas: Columnas, claves: dict[str, np.ndarray]) -> None:
    """Que la clave de entidad exista, corresponda a su nombre y sea el prefijo de la de municipio."""

    entidades, nombres = claves["cve_ent"], columnas.textos["entidad"]
    por_nombre = np.array([int(clave_de_entidad(n) or -1) for n in nombres.valores], dtype=np.int32)
    for codigo in np.flatnonzero(por_nombre < 0):
        primero = int(np.argmax(nombres.codigos == codigo))
        columnas.anotar(primero, "entidad", "una entidad federativa", f"«{nombres.valores[codigo]}»")
    segun_nombre = por_nombre[nombres.codigos]
    for renglon in np.flatnonzero((segun_nombre >= 0) & (segun_nombre != entidades)):
        nombre = nombres.valores[nombres.codigos[renglon]]
        columnas.anotar(renglon, "cve_ent", f"la clave de {nombre}", f"clave {int(entidades[renglon])}")
    if "cve_mun" in claves:
        for renglon in np.flatnonzero(claves["cve_mun"] // 1000 != entidades):
            esperado = f"una clave de municipio que empiece con {int(entidades[renglon]):02d}"
            columnas.anotar(renglon, "cve_mun", esperado, f"{int(claves['cve_mun'][renglon])}")


def _categorizar(
    columnas: Columnas, metodologia: str, categorias: Categorias, sin_equivalencia: bool
) -> tuple[np.ndarray, list[tuple[str, str, str, str]]]:
    """Número de categoría de cada renglón; las combinaciones se resuelven una vez, no por renglón."""
    claves = ("bien_juridico", "tipo", "subtipo", "modalidad")
    combinada, cuantas = densas([(columnas.textos[c].codigos, len(columnas.textos[c].valores)) for c in claves])
    primeros = np.zeros(cuantas, dtype=np.int64)
    primeros[combinada[::-1]] = np.arange(columnas.renglones - 1, -1, -1)
    numeros = np.zeros(cuantas, dtype=np.int64)
    nuevas: list[tuple[str, str, str, str]] = []
    for i, renglon in enumerate(primeros):
        bien, tipo, subtipo, modalidad = (
            columnas.textos[c].valores[columnas.textos[c].codigos[renglon]].strip() for c in claves
        )
        textos = (bien, tipo, subtipo, modalidad)
        numero = categorias.numero(metodologia, textos)
        if numero is None and sin_equivalencia:
            numero = categorias.agregar_sin_equivalencia(metodologia, textos)
            nuevas.append(textos)
        if numero is None:
            esperado = f"una categoría del catálogo {metodologia} (o pida cargarla con --sin-equivalencia)"
            columnas.anotar(renglon, "modalidad", esperado, " / ".join(f"«{t}»" for t in textos))
        numeros[i] = numero or 0
    return numeros[combinada], nuevas
