"""Cargar un conjunto de archivos: leerlos, validarlos todos, escoger los vigentes, publicar y apuntar."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from datos import catalogos, integridad
from datos.almacen import Almacen, Publicacion, publicacion_vigente, versiones
from etl.encuestas import publicacion as encuestas
from etl.escritura import PREFIJO_EN_OBRA
from etl.lectura.categorias import Categorias
from etl.lectura.conteos import Lectura
from etl.lectura.corte import mes_y_anio
from etl.problemas import EntradaRechazada, Problema
from etl.publicacion import crudo
from etl.publicacion.calidad import AVISO, Hallazgo
from etl.publicacion.conjunto import Avance, Conjunto, leer_conjunto
from etl.publicacion.construir import Plan, adjuntar, construir
from etl.publicacion.herencia import al_dia, enlazar, legado_de
from etl.publicacion.puntero import apuntar, candado, despues_de_todas, escribir_ficha, limpiar_a_medias, podar
from etl.publicacion.vigencia import Publicado, escoger, publicados


class NadaQueRecalcular(Exception):
    """No hay datos oficiales publicados."""


@dataclass
class Resultado:
    """Qué quedó de una carga: la publicación (si la hubo), los avisos y lo que se dejó a un lado."""

    publicacion: Publicacion | None
    avisos: list[str] = field(default_factory=list)
    dejados: list[str] = field(default_factory=list)
    cortes: list[str] = field(default_factory=list)
    limites: str | None = None


def cargar(
    rutas: list[Path],
    almacen: Almacen,
    *,
    demostracion: bool = False,
    sin_equivalencia: bool = False,
    extras: dict[str, pa.Table] | None = None,
    avance: Avance = lambda texto: None,
) -> Resultado:
    """Lee, valida y publica. Si algo no pasa, no cambia nada.

    Si lo publicado es de otra versión del tablero, primero lo recalcula con los archivos que lo alimentaron.
    Lanza ``EntradaRechazada`` con todos los problemas, ``CargaEnCurso`` si hay otra carga o ``PunteroInvalido`` si lo publicado
    está dañado y hay otra versión a la cual volver.
    """
    with candado(almacen):
        vigente = _intacta_o_ninguna(almacen, avance)
        base = vigente if vigente is not None and not vigente.demostracion and not demostracion else None
        if base is not None and not al_dia(base):
            avance("Lo publicado es de otra versión del tablero: primero se recalcula")
            vigente = base = _recalcular(almacen, base, avance).publicacion
        return _cargar(rutas, almacen, vigente, base, demostracion, sin_equivalencia, extras or {}, avance)


def _intacta_o_ninguna(almacen: Almacen, avance: Avance) -> Publicacion | None:
    """La vigente, si se puede heredar de ella. Lanza ``PublicacionDanada`` si no y hay otra a la cual volver."""
    vigente = publicacion_vigente(almacen)
    if vigente is None or integridad.intacta(vigente):
        return vigente
    if any(integridad.intacta(v) for v in versiones(almacen)):
        integridad.exigir(vigente)
    avance("Lo publicado está dañado y no hay otra versión: se publica solo con estos archivos")
    return None


def recalcular(almacen: Almacen, *, avance: Avance = lambda texto: None) -> Resultado:
    """Vuelve a construir lo publicado (oficial) con los catálogos y las vistas de hoy, desde los archivos ya recibidos.

    Lanza ``EntradaRechazada`` si alguno ya no está o no pasa, ``CargaEnCurso`` si hay otra carga y ``NadaQueRecalcular`` si no
    hay datos oficiales publicados.
    """
    with candado(almacen):
        vigente = publicacion_vigente(almacen)
        if vigente is None or vigente.demostracion:
            raise NadaQueRecalcular("No hay datos oficiales publicados que recalcular.")
        integridad.exigir(vigente)
        return _recalcular(almacen, vigente, avance)


def _recalcular(almacen: Almacen, vigente: Publicacion, avance: Avance) -> Resultado:
    legado = legado_de(vigente)
    with tempfile.TemporaryDirectory(prefix="recalculo-") as carpeta:
        rutas, avisos = enlazar(almacen, legado, Path(carpeta))
        hecho = _cargar(
            rutas,
            almacen,
            vigente,
            None,
            False,
            legado.sin_equivalencia,
            {},
            avance,
            heredada=legado.poblacion,
            encuestas_de=vigente.ruta,
        )
    hecho.avisos += avisos
    return hecho


def _cargar(
    rutas: list[Path],
    almacen: Almacen,
    vigente: Publicacion | None,
    base: Publicacion | None,
    demostracion: bool,
    sin_equivalencia: bool,
    extras: dict[str, pa.Table],
    avance: Avance,
    *,
    heredada: pd.DataFrame | None = None,
    encuestas_de: Path | None = None,
) -> Resultado:
    """Con el candado puesto. ``heredada``: la población que se usa si no viene otra y no hay base de la cual heredarla;
    ``encuestas_de``: de qué publicación se conservan los años de encuesta que no vienen (por omisión, de la base).
    """
    categorias = Categorias(list(catalogos.categorias().itertuples(index=False, name=None)))
    conjunto = leer_conjunto(rutas, categorias, sin_equivalencia, avance)
    vigencia = escoger(conjunto.lecturas, _ya_publicado(base))
    poblacion, sobrantes, problemas = conjunto.poblacion.juntar()
    conjunto.dejados += sobrantes
    conjunto.problemas += problemas
    if poblacion is not None and not vigencia.vigentes and base is None:
        nombres = ", ".join(recibido.nombre for recibido, _ in conjunto.poblacion.recibidas)
        esperado = "conteos de SESNSP junto con la población, o ya publicados"
        conjunto.problemas.append(Problema(nombres, esperado, "solo población"))
    conjunto.dejados += conjunto.encuestas.sobrantes()
    if conjunto.encuestas.recibidas and not vigencia.vigentes and base is None:
        nombres = ", ".join(recibido.nombre for recibido, _ in conjunto.encuestas.recibidas)
        esperado = "conteos de SESNSP junto con la encuesta, o ya publicados"
        conjunto.problemas.append(Problema(nombres, esperado, "solo la encuesta"))
    if conjunto.vacio and not conjunto.problemas:
        conjunto.problemas.append(_nada_que_cargar(rutas, conjunto))
    if conjunto.problemas:
        raise EntradaRechazada(conjunto.problemas)
    elegidos, sobrantes = conjunto.limites.escoger()
    conjunto.dejados += sobrantes
    resultado = Resultado(vigente, dejados=conjunto.dejados)
    if elegidos:
        avance("Publicando límites")
        resultado.limites = conjunto.limites.publicar(almacen, elegidos)
    if not (vigencia.vigentes or vigencia.anteriores or poblacion is not None or conjunto.encuestas.recibidas):
        resultado.avisos = [texto for _, texto in vigencia.avisos]
        return resultado
    hallazgos = [Hallazgo(regla, AVISO, 1, texto) for regla, texto in vigencia.avisos]
    hallazgos += [Hallazgo("dejado_a_un_lado", AVISO, 1, texto) for texto in conjunto.dejados]
    ahora = despues_de_todas(almacen, datetime.now(UTC))
    anterior = encuestas_de or (base.ruta if base else None)
    plan = Plan(
        vigencia.vigentes,
        vigencia.anteriores,
        categorias,
        heredada if poblacion is None else poblacion,
        ahora.replace(tzinfo=None),
        _version(ahora, vigencia.vigentes),
        demostracion,
        base.ruta if base else None,
        hallazgos,
        {**extras, encuestas.TABLA: conjunto.encuestas.tabla(anterior)},
    )
    # Copiar lo recibido es esperar al disco: se hace mientras se construye, y nada se apunta sin que termine.
    try:
        with ThreadPoolExecutor(1) as aparte:
            copia = aparte.submit(_conservar, almacen, conjunto)
            resultado.publicacion, hallazgos = _publicar(almacen, plan, avance, antes_de_apuntar=copia.result)
    except BaseException:
        limpiar_a_medias(almacen)  # un disco lleno no debe quedar más lleno
        raise
    resultado.avisos = [h.detalle for h in hallazgos if h.nivel == AVISO and h.regla != "dejado_a_un_lado"]
    resultado.cortes = [
        f"{lectura.metodologia} {lectura.ambito}: corte {mes_y_anio(lectura.corte)}, "
        f"{lectura.renglones:,} renglones ({lectura.recibido.nombre})"
        for lectura in vigencia.vigentes
    ]
    resultado.cortes += [
        f"ENVIPE: denuncia y cifra negra de {tabla['anio'].iloc[0]} ({recibido.nombre})"
        for recibido, tabla in conjunto.encuestas.recibidas
    ]
    return resultado


def _ya_publicado(base: Publicacion | None) -> dict[tuple[str, str], Publicado]:
    """El corte vigente de cada producto de la base."""
    if base is None:
        return {}
    con = duckdb.connect()
    try:
        adjuntar(con, base.ruta)
        return publicados(con)
    finally:
        con.close()


def _nada_que_cargar(rutas: list[Path], conjunto: Conjunto) -> Problema:
    return Problema(
        ", ".join(ruta.name for ruta in rutas) or "(nada)",
        "al menos un archivo de incidencia delictiva, de población, de límites o de la ENVIPE",
        "; ".join(conjunto.dejados) or "ningún archivo",
    )


def _version(ahora: datetime, vigentes: list[Lectura]) -> str:
    huellas = "".join(sorted(lectura.recibido.sha256 for lectura in vigentes))
    return f"{ahora:%Y%m%dT%H%M%S}{ahora.microsecond // 1000:03d}-{hashlib.sha256(huellas.encode()).hexdigest()[:8]}"


def _conservar(almacen: Almacen, conjunto: Conjunto) -> None:
    for lectura in conjunto.lecturas:
        crudo.conservar(
            almacen,
            lectura.recibido,
            {
                "producto": " ".join(lectura.producto),
                "corte": lectura.corte.isoformat(),
                "fuente": "SESNSP, datos abiertos de incidencia delictiva",
                "licencia": "Libre Uso MX",
            },
        )
    for recibido, _ in conjunto.poblacion.recibidas:
        crudo.conservar(almacen, recibido, {"producto": "población", "fuente": "CONAPO"})
    for recibido, _ in conjunto.encuestas.recibidas:
        crudo.conservar(almacen, recibido, encuestas.FICHA)


def _publicar(
    almacen: Almacen, plan: Plan, avance: Avance, *, antes_de_apuntar: Callable[[], None]
) -> tuple[Publicacion, list[Hallazgo]]:
    """Construye la versión y la pone en uso; hasta que se apunta, lo publicado antes sigue igual."""
    en_obra = almacen.publicado / f"{PREFIJO_EN_OBRA}{plan.version}.duckdb"
    avance("Construyendo la base")
    hallazgos = construir(plan, en_obra)
    avance("Publicando")
    with en_obra.open("rb") as archivo:
        huella = hashlib.file_digest(archivo, "sha256").hexdigest()
    antes_de_apuntar()
    definitiva = almacen.publicado / f"tablero-{plan.version}.duckdb"
    en_obra.rename(definitiva)
    publicado_en = plan.cargado_en.replace(tzinfo=UTC).isoformat(timespec="seconds")
    publicacion = Publicacion(
        plan.version, definitiva, huella, definitiva.stat().st_size, publicado_en, plan.demostracion
    )
    escribir_ficha(publicacion)
    apuntar(almacen, publicacion)
    podar(almacen)
    return publicacion, hallazgos
