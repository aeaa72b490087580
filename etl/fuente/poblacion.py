"""La población: el archivo de CONAPO y, si se niega, el censo de INEGI con la misma cifra para todos los años, y dicho."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from datos.almacen import Publicacion
from datos.catalogos import entidades
from etl.fuente import fichas
from etl.fuente.ajustes import Ajustes
from etl.fuente.cabeceras import MANERAS
from etl.fuente.contenido import nombre_de_pagina
from etl.fuente.escalera import ENTRADA
from etl.fuente.fallas import FallaDeFuente
from etl.fuente.obtencion import Almacenista, Obtenido
from etl.lectura.codificacion import ContenidoInesperado
from etl.lectura.conteos import LecturaRechazada
from etl.lectura.poblacion import COLUMNAS_DEL_CENSO, FUENTE, FUENTE_DEL_CENSO, leer_poblacion
from etl.lectura.recibido import recibir
from etl.problemas import FueraDeTema
from etl.trabajo import Trabajo

CLAVE = "poblacion"
LICENCIA_INEGI = "Términos de libre uso de la información del INEGI"


class SinPoblacion(Exception):
    """Ni CONAPO ni el respaldo contestaron; el mensaje junta las causas."""


def fuente_en_uso(vigente: Publicacion | None) -> str:
    """De dónde es la población publicada; vacía si no hay publicación oficial."""
    if vigente is None or vigente.demostracion:
        return ""
    con = duckdb.connect(str(vigente.ruta), read_only=True)
    try:
        fila = con.execute("SELECT any_value(fuente) FROM _poblacion").fetchone()
    finally:
        con.close()
    return str(fila[0]) if fila and fila[0] else ""


def obtener(
    ajustes: Ajustes, almacenista: Almacenista, trabajo: Trabajo, en_uso: str, *, pedida: bool
) -> Obtenido | None:
    """El archivo de población por cargar, o ``None`` si lo que hay se queda como está.

    Sin ``pedida`` solo se busca si nunca se ha recibido el archivo de CONAPO. El censo no reemplaza a un CONAPO recibido.
    Lanza ``SinPoblacion`` si se buscó y no se consiguió.
    """
    if en_uso == FUENTE and not pedida:
        return None
    causas = []
    for manera, cabeceras in MANERAS:
        trabajo.paso(f"Población de CONAPO, {manera}")
        ficha = {"pagina": ajustes.poblacion, "etiqueta": "pobproy_quinq1", "escalon": manera, "fuente": FUENTE}
        ficha |= {"licencia": fichas.LICENCIA_SESNSP, "producto": "población", "edicion": "1990–2040 (2024)"}
        try:
            obtenido = almacenista.bajar(CLAVE, ajustes.poblacion, cabeceras, ficha, revisar=_exigir_poblacion)
        except FallaDeFuente as falla:
            causas.append(f"población de CONAPO ({manera}): {falla.causa}")
            trabajo.intento(manera, "población de CONAPO", falla.causa, bien=False)
            continue
        trabajo.intento(manera, "población de CONAPO", f"{obtenido.bytes / 1e6:,.1f} MB", bien=True)
        return None if not obtenido.nuevo and en_uso == FUENTE else obtenido
    a_mano = _de_la_entrada(almacenista, trabajo)
    if a_mano is not None:
        return a_mano
    if en_uso in (FUENTE, FUENTE_DEL_CENSO):
        raise SinPoblacion(f"{'; '.join(causas)}. Se conserva la población publicada: {en_uso}.")
    if ajustes.poblacion_respaldo == "catalogo":
        raise SinPoblacion(f"{'; '.join(causas)}. Se usa la copia de CONAPO que trae el tablero.")
    try:
        return _del_censo(ajustes, almacenista, trabajo)
    except FallaDeFuente as falla:
        raise SinPoblacion(
            f"{'; '.join([*causas, falla.causa])}. Se usa la copia de CONAPO que trae el tablero."
        ) from falla


def _exigir_poblacion(ruta: Path) -> None:
    with ruta.open("rb") as archivo:
        inicio = archivo.read(1 << 16)
    pagina = nombre_de_pagina(inicio)
    if pagina is not None:
        raise FallaDeFuente(f"en lugar de datos llegó {pagina}")
    try:
        leer_poblacion(recibir(ruta))
    except (FueraDeTema, ContenidoInesperado) as causa:
        raise FallaDeFuente(f"no es el archivo de población ({causa})") from causa
    except LecturaRechazada as causa:
        raise FallaDeFuente(f"su contenido no cuadra ({causa})", transitoria=True) from causa


def _de_la_entrada(almacenista: Almacenista, trabajo: Trabajo) -> Obtenido | None:
    for ruta in sorted(almacenista.almacen.entrada.glob("*.csv")):
        try:
            _exigir_poblacion(ruta)
        except FallaDeFuente:
            continue  # es otra cosa: los conteos que alguien dejó ahí los toma la escalera
        trabajo.intento(ENTRADA, "población", ruta.name, bien=True)
        sha256 = fichas.huella_de(ruta)
        return Obtenido(ruta, sha256, ruta.stat().st_size, not (almacenista.almacen.crudo / sha256).is_file())
    return None


def _del_censo(ajustes: Ajustes, almacenista: Almacenista, trabajo: Trabajo) -> Obtenido:
    """Junta los 32 catálogos de INEGI en un archivo. Lanza ``FallaDeFuente`` si falta alguno."""
    renglones: list[list[str]] = []
    claves = entidades()["cve_ent"].tolist()
    for numero, cve_ent in enumerate(claves, 1):
        trabajo.paso(f"Población del censo (INEGI): entidad {numero} de {len(claves)}")
        direccion = ajustes.catalogo_municipios.format(cve_ent=cve_ent)
        ficha = {"pagina": direccion, "etiqueta": f"catálogo de municipios de {cve_ent}", "fuente": FUENTE_DEL_CENSO}
        ficha |= {"licencia": LICENCIA_INEGI, "producto": "población", "edicion": "Censo 2020", "escalon": "respaldo"}
        clave = f"censo_{cve_ent}"
        try:
            obtenido = almacenista.bajar(clave, direccion, MANERAS[0][1], ficha, revisar=_municipios_de)
            renglones += _municipios_de(obtenido.ruta)
        except FallaDeFuente as falla:
            raise FallaDeFuente(f"censo de INEGI, entidad {cve_ent}: {falla.causa}") from falla
        finally:
            almacenista.limpiar(clave)
    ruta = almacenista.almacen.descargas / CLAVE / "inegi_censo_2020_pob_total.csv"
    ruta.parent.mkdir(parents=True, exist_ok=True)
    with ruta.open("w", encoding="utf-8", newline="") as archivo:
        escritor = csv.writer(archivo)
        escritor.writerow(COLUMNAS_DEL_CENSO)
        escritor.writerows(sorted(renglones))
    try:
        _exigir_poblacion(ruta)
    except FallaDeFuente as falla:
        raise FallaDeFuente(f"censo de INEGI: {falla.causa}") from falla
    sha256 = fichas.huella_de(ruta)
    nuevo = not (almacenista.almacen.crudo / sha256).is_file()
    datos: dict[str, object] = {"fuente": FUENTE_DEL_CENSO, "licencia": LICENCIA_INEGI, "producto": "población"}
    datos |= {"pagina": ajustes.catalogo_municipios, "edicion": "Censo 2020", "escalon": "respaldo"}
    datos |= {
        "etiqueta": "32 catálogos de municipios, juntos",
        "armado_en": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    fichas.conservar(almacenista.almacen, ruta, sha256, datos)
    trabajo.intento("respaldo", "población del Censo 2020 (INEGI)", f"{len(renglones):,} municipios", bien=True)
    return Obtenido(ruta, sha256, ruta.stat().st_size, nuevo)


def _municipios_de(ruta: Path) -> list[list[str]]:
    """Clave, nombre y habitantes de cada municipio de un catálogo; sin los que el censo todavía no contaba aparte."""
    contenido = ruta.read_bytes()
    pagina = nombre_de_pagina(contenido)
    if pagina is not None:
        raise FallaDeFuente(f"en lugar de datos llegó {pagina}")
    try:
        datos = json.loads(contenido)["datos"]
        leidos = [[str(d["cvegeo"]), str(d["nomgeo"]), str(d["pob_total"] or "")] for d in datos]
    except (ValueError, KeyError, TypeError) as causa:
        raise FallaDeFuente("no es el catálogo de municipios de INEGI", transitoria=True) from causa
    return [m for m in leidos if m[2].replace(",", "").isdigit() and int(m[2].replace(",", "")) > 0]
