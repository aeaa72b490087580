"""Los límites dentro de una carga: escoger los archivos que se complementan y publicarlos."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from datos.almacen import RAIZ_DEL_PROYECTO, Almacen

SUFIJOS = {".json", ".geojson", ".topojson"}
ESTATICOS = RAIZ_DEL_PROYECTO / "static"


@dataclass
class Limites:
    """Archivos de límites recibidos, con su nivel y las claves que traen."""

    recibidos: list[tuple[Path, str, frozenset[str]]] = field(default_factory=list)

    def agregar(self, ruta: Path) -> None:
        """Lee un archivo de límites. Lanza ``EntradaRechazada`` si no sirve."""
        from etl import geografia  # aquí: geopandas tarda en abrirse y casi ninguna carga trae límites

        nivel, marco = geografia.leer_limites(ruta)
        self.recibidos.append((ruta, nivel, frozenset(marco["clave"])))

    def escoger(self) -> tuple[list[Path], list[str]]:
        """Los archivos que se publican juntos y los que se dejan porque otro ya trae sus claves."""
        elegidos: list[Path] = []
        dejados: list[str] = []
        cubiertas: dict[str, set[str]] = {"estados": set(), "municipios": set()}
        for ruta, nivel, claves in sorted(self.recibidos, key=lambda r: (-len(r[2]), r[0].name)):
            if claves & cubiertas[nivel]:
                dejados.append(f"{ruta.name}: límites de {nivel} que ya trae otro archivo")
            else:
                cubiertas[nivel] |= claves
                elegidos.append(ruta)
        return elegidos, dejados

    def publicar(self, almacen: Almacen, elegidos: list[Path]) -> str:
        """Simplifica, publica y dice qué quedó. Lanza ``EntradaRechazada`` si el conjunto no cubre el país."""
        from etl import geografia

        fuente = "INEGI, Marco Geoestadístico (" + ", ".join(ruta.name for ruta in elegidos[:3]) + ")"
        ficha = geografia.publicar_archivos(elegidos, ESTATICOS, almacen, fuente)
        sin_figura = ficha["sin_figura"]
        return f"Límites publicados; {len(sin_figura)} municipios sin figura propia"  # type: ignore[arg-type]
