"""Cargar un conjunto de archivos: leerlos, validarlos todos, escoger los vigentes, publicar y apuntar."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from datos import catalogos
from datos.almacen import Almacen, Publicacion, publicacion_vigente
from datos.esquema import MESES
from etl.lectura.codificacion import ContenidoInesperado
from etl.lectura.conteos import Categorias, Lectura, LecturaRechazada, leer_conteos
from etl.lectura.poblacion import leer_poblacion
from etl.lectura.recibido import Recibido, recibir
from etl.problemas import EntradaRechazada, FueraDeTema, Problema
from etl.publicacion import crudo
from etl.publicacion.construir import Plan, construir
from etl.publicacion.limites import SUFIJOS as _LIMITES
from etl.publicacion.limites import Limites
from etl.publicacion.puntero import PREFIJO_EN_OBRA, apuntar, candado, escribir_ficha, podar
from etl.validacion.archivo import comprobar

_TABLAS = {".csv", ".zip", ".xlsx"}
Avance = Callable[[str], None]


@dataclass
class Resultado:
    """Qué quedó de una carga: la publicación (si la hubo), los avisos y lo que se dejó a un lado."""

    publicacion: Publicacion | None
    avisos: list[str] = field(default_factory=list)
    dejados: list[str] = field(default_factory=list)
    cortes: list[str] = field(default_factory=list)
    limites: str | None = None


@dataclass
class _Conjunto:
    lecturas: list[Lectura] = field(default_factory=list)
    poblacion: tuple[Recibido, pd.DataFrame] | None = None
    dejados: list[str] = field(default_factory=list)
    problemas: list[Problema] = field(default_factory=list)
    limites: Limites = field(default_factory=Limites)


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

    Lanza ``EntradaRechazada`` con todos los problemas, o ``CargaEnCurso`` si hay otra carga.
    """
    with candado(almacen):
        categorias = Categorias(list(catalogos.categorias().itertuples(index=False, name=None)))
        conjunto = _leer(rutas, categorias, sin_equivalencia, avance)
        vigente = publicacion_vigente(almacen)
        base = vigente if vigente is not None and not vigente.demostracion and not demostracion else None
        vigentes, anteriores, avisos = _escoger(conjunto, base)
        nada_que_publicar = not vigentes and not anteriores and conjunto.poblacion is None
        if conjunto.poblacion is not None and not vigentes and base is None:
            conjunto.problemas.append(
                Problema(
                    conjunto.poblacion[0].nombre,
                    "conteos de SESNSP junto con la población, o ya publicados",
                    "solo población",
                )
            )
        if nada_que_publicar and not conjunto.limites.recibidos and not conjunto.problemas:
            conjunto.problemas.append(
                Problema(
                    ", ".join(str(r.name) for r in rutas) or "(nada)",
                    "al menos un archivo de incidencia delictiva, de población o de límites",
                    "; ".join(conjunto.dejados) or "ningún archivo",
                )
            )
        if conjunto.problemas:
            raise EntradaRechazada(conjunto.problemas)
        elegidos, sobrantes = conjunto.limites.escoger()
        conjunto.dejados += sobrantes
        resultado = Resultado(vigente, avisos, conjunto.dejados)
        if elegidos:
            avance("Publicando límites")
            resultado.limites = conjunto.limites.publicar(almacen, elegidos)
        if nada_que_publicar:
            return resultado
        _conservar(almacen, conjunto)
        resultado.publicacion = _publicar(
            almacen, base, vigentes, anteriores, categorias, conjunto, avisos, demostracion, extras or {}, avance
        )
        resultado.cortes = [
            f"{lec.metodologia} {lec.ambito}: corte {MESES[lec.corte.month - 1]} de {lec.corte.year}, "
            f"{lec.renglones:,} renglones ({lec.recibido.nombre})"
            for lec in vigentes
        ]
        return resultado


def archivos_de(rutas: list[Path]) -> list[tuple[Path, bool]]:
    """Archivos de las rutas dadas, y si se nombraron uno por uno (entonces lo desconocido es error)."""
    lista: list[tuple[Path, bool]] = []
    for ruta in rutas:
        if ruta.is_dir():
            lista += [(r, False) for r in sorted(ruta.rglob("*")) if r.is_file() and not r.name.startswith(".")]
        else:
            lista.append((ruta, True))
    return lista


def _leer(rutas: list[Path], categorias: Categorias, sin_equivalencia: bool, avance: Avance) -> _Conjunto:
    conjunto = _Conjunto()
    for ruta, nombrado in archivos_de(rutas):
        if not ruta.is_file():
            conjunto.problemas.append(Problema(str(ruta), "un archivo o carpeta que exista", "nada en esa ruta"))
            continue
        sufijo = ruta.suffix.lower()
        if sufijo not in _TABLAS | _LIMITES and not nombrado:
            conjunto.dejados.append(f"{ruta.name}: no es csv, zip, xlsx ni límites")
            continue
        avance(f"Leyendo {ruta.name}")
        try:
            if sufijo in _LIMITES:
                conjunto.limites.agregar(ruta)
            else:
                _leer_tabla(ruta, conjunto, categorias, sin_equivalencia)
        except FueraDeTema as causa:
            if nombrado:
                conjunto.problemas.append(Problema(ruta.name, "un archivo que este tablero use", str(causa)))
            else:
                conjunto.dejados.append(f"{ruta.name}: {causa}")
        except ContenidoInesperado as causa:
            conjunto.problemas.append(Problema(ruta.name, causa.esperado, causa.encontrado))
        except (LecturaRechazada, EntradaRechazada) as causa:
            conjunto.problemas += causa.problemas
    return conjunto


def _leer_tabla(ruta: Path, conjunto: _Conjunto, categorias: Categorias, sin_equivalencia: bool) -> None:
    recibido = recibir(ruta)
    try:
        lectura = leer_conteos(recibido, categorias, sin_equivalencia=sin_equivalencia)
    except FueraDeTema as causa:
        try:
            poblacion = leer_poblacion(recibido)
        except FueraDeTema:
            raise causa from None
        if conjunto.poblacion is not None:
            conjunto.dejados.append(f"{ruta.name}: población que ya trae {conjunto.poblacion[0].nombre}")
        else:
            conjunto.poblacion = (recibido, poblacion)
        return
    recibido.contenido = b""  # la tabla ya está leída: el texto no se guarda en memoria
    problemas = comprobar(lectura, categorias)
    if problemas:
        conjunto.problemas += problemas
    else:
        conjunto.lecturas.append(lectura)
        conjunto.dejados += [f"{ruta.name} › {nombre}: se usó {recibido.nombre_tabla}" for nombre in recibido.dejados]


def _escoger(conjunto: _Conjunto, base: Publicacion | None) -> tuple[list[Lectura], list[Lectura], list[str]]:
    """Por producto: el corte más nuevo del archivo más completo; los demás cortes quedan para comparar."""
    cortes_base: dict[tuple[str, str], tuple[object, str, int]] = {}
    if base is not None:
        con = duckdb.connect(str(base.ruta), read_only=True)
        try:
            for metodologia, ambito, corte, sha256 in con.execute(
                "SELECT metodologia, ambito, corte, sha256 FROM _cortes WHERE vigente"
            ).fetchall():
                hallado = con.execute(
                    f"SELECT count(DISTINCT cve_ent) FROM _conteos_{ambito} WHERE categoria IN "
                    "(SELECT id FROM _categorias WHERE metodologia = ?)",
                    [metodologia],
                ).fetchone()
                cortes_base[(metodologia, ambito)] = (corte, sha256, hallado[0] if hallado else 0)
        finally:
            con.close()
    vigentes, anteriores, avisos = [], [], []
    por_producto: dict[tuple[str, str], list[Lectura]] = {}
    for lectura in conjunto.lecturas:
        por_producto.setdefault(lectura.producto, []).append(lectura)
    for producto, lecturas in sorted(por_producto.items()):
        previo = cortes_base.get(producto)
        entidades = max([lec.entidades for lec in lecturas] + ([previo[2]] if previo else []))
        completas = []
        for lectura in lecturas:
            if lectura.entidades < entidades:
                avisos.append(
                    f"{lectura.recibido.nombre}: es un extracto de {lectura.entidades} entidad(es) que otro archivo más "
                    f"completo ya cubre; no se publica (llega a {MESES[lectura.corte.month - 1]} de {lectura.corte.year})"
                )
                conjunto.dejados.append(f"{lectura.recibido.nombre}: extracto de un producto más completo")
            else:
                completas.append(lectura)
        completas.sort(key=lambda lec: (lec.corte, lec.recibido.sha256))
        if not completas:
            continue
        ultima = completas.pop()
        if previo is not None and previo[0] > ultima.corte:  # type: ignore[operator]
            avisos.append(f"{ultima.recibido.nombre}: es anterior al corte publicado; se conserva sin publicarse")
            anteriores += [*completas, ultima]
            continue
        if previo is not None and previo[1] == ultima.recibido.sha256:
            avisos.append(f"{ultima.recibido.nombre}: ya estaba publicado, con la misma huella")
        vigentes.append(ultima)
        anteriores += completas
    return vigentes, anteriores, avisos


def _conservar(almacen: Almacen, conjunto: _Conjunto) -> None:
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
    if conjunto.poblacion is not None:
        crudo.conservar(almacen, conjunto.poblacion[0], {"producto": "población", "fuente": "CONAPO"})


def _publicar(
    almacen: Almacen,
    base: Publicacion | None,
    vigentes: list[Lectura],
    anteriores: list[Lectura],
    categorias: Categorias,
    conjunto: _Conjunto,
    avisos: list[str],
    demostracion: bool,
    extras: dict[str, pa.Table],
    avance: Avance,
) -> Publicacion:
    ahora = datetime.now(UTC)
    huellas = "".join(sorted(lec.recibido.sha256 for lec in vigentes))
    version = f"{ahora:%Y%m%dT%H%M%S}{ahora.microsecond // 1000:03d}-{hashlib.sha256(huellas.encode()).hexdigest()[:8]}"
    en_obra = almacen.publicado / f"{PREFIJO_EN_OBRA}{version}.duckdb"
    filas = [("aviso_de_carga", "aviso", 1, a) for a in avisos]
    filas += [("dejado_a_un_lado", "aviso", 1, d) for d in conjunto.dejados]
    for lectura in conjunto.lecturas:
        for nueva in lectura.sin_equivalencia:
            filas.append(("categoria_sin_equivalencia", "aviso", 1, f"{lectura.recibido.nombre}: {' / '.join(nueva)}"))
    plan = Plan(
        vigentes,
        anteriores,
        categorias,
        _poblacion(conjunto, base),
        ahora.replace(tzinfo=None),
        version,
        demostracion,
        base.ruta if base else None,
        filas,
        extras,
    )
    avance("Construyendo la base")
    construir(plan, en_obra)
    avance("Publicando")
    definitiva = almacen.publicado / f"tablero-{version}.duckdb"
    with en_obra.open("rb") as archivo:
        huella = hashlib.file_digest(archivo, "sha256").hexdigest()
    en_obra.rename(definitiva)
    publicacion = Publicacion(
        version, definitiva, huella, definitiva.stat().st_size, ahora.isoformat(timespec="seconds"), demostracion
    )
    escribir_ficha(publicacion)
    apuntar(almacen, publicacion)
    podar(almacen)
    return publicacion


def _poblacion(conjunto: _Conjunto, base: Publicacion | None) -> pd.DataFrame:
    """La recién cargada; si no, la publicada; si no, la del catálogo. Nunca se mezclan ediciones."""
    if conjunto.poblacion is not None:
        return conjunto.poblacion[1]
    if base is not None:
        con = duckdb.connect(str(base.ruta), read_only=True)
        try:
            return con.execute("SELECT anio, cve_mun, poblacion, fuente FROM _poblacion").df()
        finally:
            con.close()
    return catalogos.poblacion()
