"""``estado``: qué está publicado, qué versiones y archivos hay, el último intento y si algo está atrasado."""

from __future__ import annotations

import argparse
import json

import duckdb

from analisis import frescura
from datos import salud, sincronizacion
from datos.almacen import Almacen, Publicacion, publicacion_vigente, versiones
from datos.esquema import MESES, RNID
from etl.desenlace import HECHO
from etl.ordenes.comun import decir, opcion_de_hoy
from etl.publicacion.herencia import al_dia

VERBO = "estado"


def registrar(verbos: argparse._SubParsersAction, comunes: argparse.ArgumentParser) -> None:
    """Las opciones del verbo."""
    analizador = verbos.add_parser(VERBO, parents=[comunes], help="qué está publicado, recibido y pendiente")
    opcion_de_hoy(analizador)


def correr(opciones: argparse.Namespace, almacen: Almacen) -> int:
    """Ejecuta el verbo y devuelve su código de salida."""
    from etl.fuente import fichas

    vigente, todas = publicacion_vigente(almacen), versiones(almacen)
    cortes, crudo, intento = _cortes(vigente), fichas.todas(almacen), ultimo_intento(almacen)
    atraso = _atraso(vigente, cortes, opciones)
    lineas = [f"Almacén: {almacen.raiz}"]
    if vigente is None:
        lineas.append(
            "Nada publicado. Búsquelo con «python -m etl actualizar» o cárguelo con «python -m etl cargar RUTA»."
        )
    for version in todas:
        marca = "→" if vigente is not None and version.version == vigente.version else " "
        tipo = "demostración" if version.demostracion else "oficial"
        lineas.append(f"{marca} {version.version}  {version.bytes / 1e6:8.1f} MB  {version.publicado_en}  {tipo}")
    de_hoy = vigente is None or al_dia(vigente)
    if not de_hoy:
        lineas.append(
            "Lo publicado es de otra versión del tablero y las páginas no lo leen: «python -m etl recalcular» lo rehace."
        )
    lineas += ["Cortes vigentes:"] if cortes else []
    lineas += [f"  {c['metodologia']} {c['ambito']}: corte {c['corte']}, {c['archivo']}" for c in cortes]
    lineas += ["Archivos recibidos, todos conservados:"] if crudo else []
    lineas += [f"  {_renglon(ficha)}" for ficha in crudo]
    if intento is not None:
        lineas.append(
            f"Último trabajo: {intento['verbo']}, {intento['desde']}: {str(intento['mensaje']).splitlines()[0]}"
        )
    lineas += [atraso] if atraso else []
    hallada = salud.revisar(almacen)
    lineas += [f"{que}: {como}" for que, como in salud.renglones(hallada)]
    datos = {
        "vigente": vigente.version if vigente else None,
        "demostracion": vigente.demostracion if vigente else None,
        "versiones": [v.version for v in todas],
        "cortes": cortes,
        "crudo": crudo,
        "ultimo_intento": intento,
        "de_esta_version": de_hoy,
        "atrasado": atraso is not None,
        "salud": salud.como_datos(hallada),
        "sincronizacion": sincronizacion.resumen(hallada.sincronizacion, hallada.ahora)
        if hallada.sincronizacion
        else None,
    }
    decir(opciones, datos, "\n".join(lineas))
    return HECHO


def _renglon(ficha: dict[str, object]) -> str:
    partes = [str(ficha.get("recibido_en"))[:10], str(ficha.get("archivo")), str(ficha["sha256"])[:8]]
    partes += [str(ficha["producto"])] if ficha.get("producto") else []
    partes += [f"corte {str(ficha['corte'])[:7]}"] if ficha.get("corte") else []
    return "  ".join(partes)


def _cortes(vigente: Publicacion | None) -> list[dict[str, object]]:
    if vigente is None:
        return []
    con = duckdb.connect(str(vigente.ruta), read_only=True)
    try:
        filas = con.execute(
            "SELECT metodologia, ambito, corte, archivo, sha256 FROM _cortes WHERE vigente ORDER BY ALL"
        ).fetchall()
    finally:
        con.close()
    nombres = ("metodologia", "ambito", "corte", "archivo", "sha256")
    return [dict(zip(nombres, fila, strict=True)) for fila in filas]


def _atraso(vigente: Publicacion | None, cortes: list[dict[str, object]], opciones: argparse.Namespace) -> str | None:
    de_2026 = [c["corte"] for c in cortes if c["metodologia"] == RNID]
    if vigente is None or vigente.demostracion or not de_2026:
        return None
    corte = max(de_2026)  # type: ignore[type-var]
    if not frescura.atrasado(corte, opciones.hoy):  # type: ignore[arg-type]
        return None
    falta = frescura.corte_exigible(opciones.hoy)
    return f"Atrasado: falta el corte de {MESES[falta.month - 1]} de {falta.year}. Búsquelo con «python -m etl actualizar»."


def ultimo_intento(almacen: Almacen) -> dict[str, object] | None:
    """El último trabajo que cambia el almacén: verbo, desde, codigo y mensaje; ``None`` si no hay ninguno."""
    for carpeta in sorted(almacen.trabajos.glob("*-*"), reverse=True):
        try:
            ficha = json.loads((carpeta / "trabajo.json").read_text(encoding="utf-8"))
            if ficha["verbo"] == "revisar":
                continue
            final = {"codigo": None, "mensaje": "sin terminar"}
            if (carpeta / "resultado.json").is_file():
                final = json.loads((carpeta / "resultado.json").read_text(encoding="utf-8"))
            return {"id": ficha["id"], "verbo": ficha["verbo"], "desde": ficha["desde"]} | {
                c: final[c] for c in ("codigo", "mensaje")
            }
        except (OSError, ValueError, KeyError):
            continue
    return None
