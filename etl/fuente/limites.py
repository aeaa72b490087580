"""Los límites de INEGI: un estado a la vez, simplificado conforme llega, y se reanuda en el que falló.

Los 32 municipales pesan más de 100 MB y no se guardan: queda cada capa ya ligera en ``descargas/limites`` y, en su
registro, la huella de lo que llegó. Las orillas de cada estado no se tocan, para que los vecinos sigan casando.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import shapely

from datos.almacen import Almacen
from datos.catalogos import entidades
from etl import geografia
from etl.fuente.ajustes import Ajustes
from etl.fuente.cabeceras import MANERAS
from etl.fuente.contenido import nombre_de_pagina
from etl.fuente.fallas import FallaDeFuente
from etl.fuente.fichas import huella_de
from etl.fuente.red import Red
from etl.problemas import EntradaRechazada
from etl.publicacion.puntero import escribir_atomico
from etl.trabajo import Trabajo

TOLERANCIA = 0.0005  # grados, unos 50 m: muy por debajo de lo que se dibuja
EDICION = "Marco Geoestadístico"
FUENTE = "INEGI, Marco Geoestadístico, servicio web"


class LimitesIncompletos(Exception):
    """No llegaron todos; el mensaje dice en cuál se quedó. Lo bajado se aprovecha la próxima vez."""


def publicar_de_inegi(
    ajustes: Ajustes, red: Red, almacen: Almacen, trabajo: Trabajo, estaticos: Path
) -> dict[str, object]:
    """Baja lo que falte, publica los límites y devuelve su ficha. Lanza ``LimitesIncompletos`` o ``EntradaRechazada``."""
    carpeta = almacen.descargas / "limites"
    carpeta.mkdir(parents=True, exist_ok=True)
    registro = _leer_registro(carpeta)
    pedidos = [("estados", ajustes.limites_estados)]
    pedidos += [(c, ajustes.limites_municipios.format(cve_ent=c)) for c in entidades()["cve_ent"]]
    for numero, (clave, direccion) in enumerate(pedidos, 1):
        if clave in registro and (carpeta / f"{clave}.json").is_file():
            continue
        nombre = "estados" if clave == "estados" else f"municipios de la entidad {clave}"
        trabajo.paso(f"Límites de INEGI, {numero} de {len(pedidos)}: {nombre}")
        try:
            registro[clave] = _bajar(red, direccion, carpeta, clave)
        except FallaDeFuente as falla:
            trabajo.intento("INEGI", nombre, falla.causa, bien=False)
            raise LimitesIncompletos(
                f"Los límites de INEGI se quedaron en {nombre}: {falla.causa}. Ya hay {len(registro)} de {len(pedidos)}; "
                "repita «python -m etl geometria» y sigue desde ahí. Los límites publicados no cambiaron."
            ) from falla
        _escribir_registro(carpeta, registro)
    trabajo.paso("Publicando los límites")
    ficha = geografia.publicar_archivos([carpeta / f"{clave}.json" for clave, _ in pedidos], estaticos, almacen, FUENTE)
    escribir_atomico(almacen.publicado / "limites.json", _como_json({"edicion": EDICION, "archivos": registro}))
    for clave, _ in pedidos:
        (carpeta / f"{clave}.json").unlink()
    _escribir_registro(carpeta, {})
    return ficha


def _bajar(red: Red, direccion: str, carpeta: Path, clave: str) -> dict[str, object]:
    """Baja una capa, la deja ligera y devuelve su renglón del registro."""
    falla: FallaDeFuente | None = None
    for manera, cabeceras in MANERAS:
        try:
            bajado = red.bajar(direccion, carpeta / f"{clave}.recibido.json", cabeceras, revisar=_exigir_geojson)
            break
        except FallaDeFuente as causa:
            falla = FallaDeFuente(f"{causa.causa} ({manera})")
    else:
        assert falla is not None
        raise falla
    try:
        _, tabla = geografia.leer_limites(bajado.ruta)
    except EntradaRechazada as causa:
        raise FallaDeFuente("; ".join(str(p) for p in causa.problemas[:3])) from causa
    ligera = tabla.set_geometry(
        shapely.coverage_simplify(tabla.geometry.to_numpy(), TOLERANCIA, simplify_boundary=clave == "estados")
    )
    provisional = carpeta / f"{clave}.en-obra.json"
    provisional.write_text(ligera.to_json(), encoding="utf-8")
    provisional.replace(carpeta / f"{clave}.json")
    renglon: dict[str, object] = {
        "enlace": direccion,
        "sha256": huella_de(bajado.ruta),
        "bytes": bajado.bytes,
        "figuras": len(tabla),
        "descargado_en": datetime.now(UTC).isoformat(timespec="seconds"),
        "licencia": "Términos de libre uso de la información del INEGI",
    }
    bajado.ruta.unlink()
    return renglon


def _exigir_geojson(ruta: Path) -> None:
    contenido = ruta.read_bytes()
    pagina = nombre_de_pagina(contenido)
    if pagina is not None:
        raise FallaDeFuente(f"en lugar de límites llegó {pagina}")
    try:
        tipo = json.loads(contenido).get("type")
    except (ValueError, AttributeError) as causa:
        raise FallaDeFuente("llegó un JSON cortado o de otra cosa", transitoria=True) from causa
    if tipo != "FeatureCollection":
        raise FallaDeFuente(f"llegó un JSON que no es de límites (tipo {str(tipo)[:30]})")


def _leer_registro(carpeta: Path) -> dict[str, dict[str, object]]:
    try:
        leido = json.loads((carpeta / "registro.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return leido if isinstance(leido, dict) else {}


def _escribir_registro(carpeta: Path, registro: dict[str, dict[str, object]]) -> None:
    escribir_atomico(carpeta / "registro.json", _como_json(registro))


def _como_json(datos: object) -> bytes:
    return json.dumps(datos, ensure_ascii=False, indent=1).encode("utf-8")
