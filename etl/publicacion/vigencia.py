"""Cuál archivo de cada producto se publica: el corte más nuevo entre los más completos.

Se compara lo que cubre cada uno, contado en ternas de entidad, categoría y año. Un archivo que cubre claramente menos que
el más completo (un extracto: una entidad, un delito, un año) nunca lo reemplaza, por nuevo que sea.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import duckdb
import numpy as np

from etl.lectura.conteos import Lectura
from etl.lectura.corte import mes_y_anio
from etl.publicacion.ambitos import AMBITOS
from etl.publicacion.conteos import BASE

FALTANTE_TOLERADO = 0.005
_DE_CATEGORIA, _DE_ENTIDAD = 10_000, 100
_MAXIMO_DE_NOMBRES = 6


@dataclass(frozen=True)
class Publicado:
    """El corte vigente de un producto en la versión publicada."""

    archivo: str
    sha256: str
    corte: date
    ternas: np.ndarray


@dataclass
class Vigencia:
    """Qué se publica, qué queda para comparar y lo que conviene decir: pares (regla, texto)."""

    vigentes: list[Lectura] = field(default_factory=list)
    anteriores: list[Lectura] = field(default_factory=list)
    avisos: list[tuple[str, str]] = field(default_factory=list)


def publicados(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Publicado]:
    """El corte vigente de cada producto de la base adjunta."""
    tablas = {ambito.nombre: ambito.conteos for ambito in AMBITOS}
    hallados = {}
    for metodologia, ambito, archivo, sha256, corte in con.execute(
        f"SELECT metodologia, ambito, archivo, sha256, corte FROM {BASE}._cortes WHERE vigente"
    ).fetchall():
        columnas = con.execute(
            f"SELECT DISTINCT anio::BIGINT AS anio, cve_ent::BIGINT AS cve_ent, categoria::BIGINT AS categoria "
            f"FROM {BASE}.{tablas[ambito]} WHERE categoria IN (SELECT id FROM {BASE}._categorias WHERE metodologia = ?)",
            [metodologia],
        ).fetchnumpy()
        ternas = _terna(*(np.asarray(columnas[c]) for c in ("anio", "cve_ent", "categoria")))
        hallados[(metodologia, ambito)] = Publicado(archivo, sha256, corte, np.sort(ternas))
    return hallados


def escoger(lecturas: list[Lectura], base: dict[tuple[str, str], Publicado]) -> Vigencia:
    """Decide producto por producto. ``base`` es lo ya publicado; vacío si no se hereda nada."""
    vigencia = Vigencia()
    for producto in sorted({lectura.producto for lectura in lecturas}):
        suyas = [lectura for lectura in lecturas if lectura.producto == producto]
        _escoger_uno(suyas, base.get(producto), vigencia)
    return vigencia


def _escoger_uno(lecturas: list[Lectura], previo: Publicado | None, vigencia: Vigencia) -> None:
    ternas = {id(lectura): ternas_de(lectura) for lectura in lecturas}
    candidatos = [(ternas[id(lectura)], lectura.recibido.nombre) for lectura in lecturas]
    if previo is not None:
        candidatos.append((previo.ternas, f"{previo.archivo} (ya publicado)"))
    completas, nombre = max(candidatos, key=lambda candidato: (len(candidato[0]), candidato[1]))
    enteras = []
    for lectura in lecturas:
        falta = lo_que_falta(ternas[id(lectura)], completas, lectura.corte.year)
        if falta is None:
            enteras.append(lectura)
        else:
            texto = f"{lectura.recibido.nombre}: es un extracto y no se publica; respecto de {nombre} le faltan {falta}"
            vigencia.avisos.append(("extracto_sin_publicar", texto))
    enteras.sort(key=lambda lectura: (lectura.corte, lectura.recibido.sha256))
    if not enteras:
        return
    ultima = enteras[-1]
    if previo is not None and previo.corte > ultima.corte:
        vigencia.anteriores += enteras
        texto = f"llega a {mes_y_anio(ultima.corte)} y lo publicado a {mes_y_anio(previo.corte)}; se conserva sin publicarse"
        vigencia.avisos.append(("corte_anterior_sin_publicar", f"{ultima.recibido.nombre}: {texto}"))
        return
    if previo is not None and previo.sha256 == ultima.recibido.sha256:
        vigencia.avisos.append(("ya_publicado", f"{ultima.recibido.nombre}: ya estaba publicado, con la misma huella"))
    vigencia.vigentes.append(ultima)
    vigencia.anteriores += enteras[:-1]


def ternas_de(lectura: Lectura) -> np.ndarray:
    """Las ternas de entidad, categoría y año que trae un archivo, como enteros ordenados."""
    anio, entidad, categoria = (lectura.tabla[c].to_numpy() for c in ("anio", "cve_ent", "categoria"))
    primero = int(anio.min())
    # En un solo arreglo y con una casilla por terna posible: con millones de renglones, marcar cuesta menos que ordenar.
    ternas = anio.astype(np.int64)
    ternas -= primero
    ternas *= _DE_ENTIDAD
    ternas += entidad
    ternas *= _DE_CATEGORIA
    ternas += categoria
    presentes = np.zeros(int(ternas.max()) + 1, dtype=bool)
    presentes[ternas] = True
    return np.flatnonzero(presentes) + _terna(primero, 0, 0)


def _terna(anio, entidad, categoria):
    return (anio * _DE_ENTIDAD + entidad) * _DE_CATEGORIA + categoria


def lo_que_falta(propias: np.ndarray, completas: np.ndarray, ultimo_anio: int) -> str | None:
    """Lo que le falta a un archivo respecto del más completo, en palabras; ``None`` si nada que importe.

    No cuentan los años posteriores a su corte: un corte anterior no es un extracto.
    """
    exigidas = completas[_anio(completas) <= ultimo_anio]
    faltan = np.setdiff1d(exigidas, propias, assume_unique=True)
    if len(faltan) <= FALTANTE_TOLERADO * len(exigidas):
        return None
    partes = [
        _enumerar(nombre, sorted(set(de(exigidas)) - set(de(propias))), escribir)
        for nombre, de, escribir in (
            ("entidad(es)", _entidad, "{:02d}"),
            ("año(s)", _anio, "{}"),
            ("categoría(s)", _categoria, None),
        )
    ]
    resumen = " y ".join(parte for parte in partes if parte)
    return resumen or f"{len(faltan):,} de {len(exigidas):,} combinaciones de entidad, categoría y año"


def _anio(ternas: np.ndarray) -> np.ndarray:
    return ternas // _DE_CATEGORIA // _DE_ENTIDAD


def _entidad(ternas: np.ndarray) -> np.ndarray:
    return ternas // _DE_CATEGORIA % _DE_ENTIDAD


def _categoria(ternas: np.ndarray) -> np.ndarray:
    return ternas % _DE_CATEGORIA


def _enumerar(nombre: str, valores: Iterable[int], escribir: str | None) -> str:
    lista = list(valores)
    if not lista or escribir is None:
        return f"{len(lista)} {nombre}" if lista else ""
    visibles = ", ".join(escribir.format(v) for v in lista[:_MAXIMO_DE_NOMBRES])
    resto = len(lista) - _MAXIMO_DE_NOMBRES
    return f"{len(lista)} {nombre} ({visibles}{f' y {resto} más' if resto > 0 else ''})"
