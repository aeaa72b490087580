"""Cuando la fuente cambió (categorías, columnas, otra metodología): un informe listo para pegarse en un reporte."""

from __future__ import annotations

import hashlib
from pathlib import Path

from datos.catalogos import categorias, normalizar
from etl.fuente.contenido import inicio_de_la_tabla, primeros_renglones
from etl.lectura.codificacion import ContenidoInesperado
from etl.problemas import Problema

MAXIMO_POR_SECCION = 60
PARTE_DE_METODOLOGIA_NUEVA = 0.3


def es_cambio_de_la_fuente(problemas: list[Problema]) -> bool:
    """Si entre los problemas hay categorías desconocidas, columnas distintas o años de otra metodología."""
    return any(_clase(p) is not None for p in problemas)


def escribir(problemas: list[Problema], rutas: list[Path], orden: str) -> str:
    """El informe en Markdown: qué se corrió, qué archivos eran (con huella y encabezado) y todo lo que no se reconoció."""
    por_clase: dict[str | None, list[Problema]] = {}
    for problema in problemas:
        por_clase.setdefault(_clase(problema), []).append(problema)
    desconocidas = por_clase.get("categorias", [])
    partes = ["# La fuente cambió: informe para reportar", "", f"- Orden: `{orden}`"]
    partes.append("- No se publicó nada; lo publicado antes sigue igual.")
    if len(desconocidas) >= PARTE_DE_METODOLOGIA_NUEVA * len(categorias()) / 2 or "anios" in por_clase:
        partes.append("- **Parece una metodología nueva**: no es una categoría suelta, es otro catálogo u otros años.")
    partes += ["", "## Archivos", ""]
    afectados = {p.archivo for p in problemas}
    for ruta in rutas:
        if ruta.is_file() and ruta.name in afectados:
            partes += _archivo(ruta)
    for clase, titulo in _TITULOS.items():
        if clase in por_clase:
            partes += ["", f"## {titulo} ({len(por_clase[clase]):,})", ""]
            partes += [f"- {_plano(str(p))}" for p in por_clase[clase][:MAXIMO_POR_SECCION]]
            resto = len(por_clase[clase]) - MAXIMO_POR_SECCION
            partes += [f"- … y {resto:,} más"] if resto > 0 else []
    if desconocidas:
        partes += [
            "",
            "Para cargarlo mientras tanto, sin puente con el catálogo para esas categorías: repita la orden con "
            "`--como-sin-equivalencia`. Cuentan en el total de su metodología y en nada más.",
        ]
    return "\n".join(partes) + "\n"


_TITULOS: dict[str | None, str] = {
    "categorias": "Categorías desconocidas",
    "columnas": "Columnas distintas",
    "anios": "Años de otra metodología",
    None: "Otros problemas",
}


def _clase(problema: Problema) -> str | None:
    columna = normalizar(problema.columna or "")
    if columna == "modalidad":
        return "categorias"
    if columna == "ano" and "metodología" in problema.esperado:
        return "anios"
    return "columnas" if "encabezado" in problema.esperado else None


def _archivo(ruta: Path) -> list[str]:
    with ruta.open("rb") as archivo:
        huella = hashlib.file_digest(archivo, "sha256").hexdigest()
    renglones = [f"- `{_plano(ruta.name)}`: {ruta.stat().st_size:,} bytes, SHA-256 `{huella}`"]
    try:
        inicio = inicio_de_la_tabla(ruta)
    except ContenidoInesperado as causa:
        return [*renglones, f"  - no se pudo abrir: {_plano(causa.encontrado)}"]
    columnas, _ = primeros_renglones(inicio)
    return [*renglones, f"  - {len(columnas)} columnas: `{_plano(', '.join(columnas))[:600]}`"]


def _plano(texto: str) -> str:
    """Sin nada que rompa el Markdown de quien lo pegue."""
    return texto.replace("`", "'").replace("\n", " ").replace("|", "/")
