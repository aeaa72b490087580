"""Decir qué parece cada archivo recibido, sin validarlo todavía: es lo primero que ve quien lo entrega."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from datos.esquema import CNSP, MESES
from etl.fuente import contenido, fichas
from etl.fuente.fallas import FallaDeFuente
from etl.lectura.codificacion import ContenidoInesperado
from etl.lectura.conteos import LecturaRechazada
from etl.lectura.poblacion import leer_poblacion
from etl.lectura.recibido import recibir
from etl.problemas import EntradaRechazada, FueraDeTema

_LIMITES = {".json", ".geojson", ".topojson"}
_NOMBRES = {
    "estatal": "Carpetas, archivo estatal",
    "municipal": "Carpetas, archivo municipal",
    "victimas_estatal": "Víctimas, archivo estatal",
    "victimas_municipal": "Víctimas, archivo municipal",
}


@dataclass(frozen=True)
class Reconocido:
    """Un archivo entregado: cómo se llama, su huella y qué parece."""

    archivo: str
    sha256: str
    bytes: int
    que: str
    detalle: str

    def como_dict(self) -> dict[str, object]:
        """Lo mismo, para ``--json``."""
        return dict(vars(self))


def reconocer(ruta: Path) -> Reconocido:
    """Qué parece un archivo, por su contenido."""
    que, detalle = _que(ruta)
    return Reconocido(ruta.name, fichas.huella_de(ruta), ruta.stat().st_size, que, detalle)


def _que(ruta: Path) -> tuple[str, str]:
    if ruta.suffix.lower() in _LIMITES:
        return _limites(ruta)
    try:
        visto = contenido.asomarse(ruta)
    except FallaDeFuente as falla:
        return "No sirve", falla.causa
    if visto.ambito is not None:
        corte = contenido.corte_de(ruta)
        anios = "2015–2025" if visto.metodologia == CNSP else "2026 en adelante"
        partes = [anios if visto.metodologia else "años que no son de ninguna metodología conocida"]
        partes += [f"corte {MESES[corte.month - 1]} de {corte.year}"] if corte else []
        return _NOMBRES[visto.ambito], ", ".join(partes)
    if visto.anterior:
        return "Incidencia delictiva 1997–2017", "usa otro catálogo; no se carga"
    if visto.parecido:
        return "Incidencia delictiva, con otro encabezado", "sus columnas no son las conocidas"
    return _poblacion(ruta)


def _limites(ruta: Path) -> tuple[str, str]:
    from etl import geografia  # aquí: geopandas tarda en abrirse y casi nadie entrega límites

    try:
        nivel, tabla = geografia.leer_limites(ruta)
    except EntradaRechazada as causa:
        return "No sirve", "; ".join(f"se esperaba {p.esperado}; se encontró {p.encontrado}" for p in causa.problemas)
    return f"Límites de {nivel}", f"{len(tabla):,} figuras"


def _poblacion(ruta: Path) -> tuple[str, str]:
    try:
        tabla = leer_poblacion(recibir(ruta))
    except (FueraDeTema, ContenidoInesperado) as causa:
        return "No se reconoce", str(causa)
    except LecturaRechazada as causa:
        return "Población municipal", f"no cuadra: {causa}"
    return (
        "Población municipal",
        f"{tabla['cve_mun'].nunique():,} municipios, {tabla['anio'].min()}–{tabla['anio'].max()}",
    )
