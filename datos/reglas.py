"""Las comprobaciones que se guardan en la vista ``calidad``: qué dice cada una y qué hacer cuando avisa.

Un archivo que no cumple sus propios contratos (claves repetidas, categorías desconocidas, entidades incompletas…) no llega
aquí: se rechaza completo.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Regla:
    """Una comprobación: su nombre, qué dice y qué conviene hacer si avisa."""

    nombre: str
    dice: str
    que_hacer: str


REGLAS: tuple[Regla, ...] = (
    Regla(
        "archivo_completo",
        "El archivo vigente trae cada clave una vez, categorías del catálogo y, si es estatal, las 32 entidades con todas "
        "sus categorías cada año.",
        "Nada: siempre es correcto, porque lo que no cumple se rechaza.",
    ),
    Regla(
        "corte_segun_el_nombre",
        "El último mes con cifras es el que dice el nombre del archivo.",
        "Comparar con la página de la fuente: manda lo que traen los datos, y puede haberse descargado otro corte.",
    ),
    Regla(
        "correcciones_negativas",
        "Celdas de −1 con que la fuente corrige: se conservan en el detalle y no se grafican.",
        "Nada; si crecen de un corte a otro, preguntar a la fuente.",
    ),
    Regla(
        "categoria_sin_equivalencia",
        "Categorías que no están en el catálogo y alguien pidió cargar; solo suman a 'total'.",
        "Agregarlas a datos/catalogos/puente.csv con su equivalencia.",
    ),
    Regla(
        "extracto_sin_publicar",
        "Un archivo cubre claramente menos entidades, categorías o años que otro del mismo producto.",
        "Nada si es un extracto; si debía ser el completo, volver a descargarlo.",
    ),
    Regla(
        "corte_anterior_sin_publicar",
        "Un archivo es anterior al corte publicado: se conserva y no se publica.",
        "Nada; para publicarlo, revertir o usar otro almacén.",
    ),
    Regla("ya_publicado", "Un archivo con la misma huella que el vigente.", "Nada: se volvió a publicar igual."),
    Regla(
        "dejado_a_un_lado",
        "Archivos de la carpeta que no se usaron, y por qué.",
        "Revisar que no haya uno que sí se esperaba.",
    ),
    Regla(
        "estatal_igual_a_suma_municipal",
        "Donde los dos archivos traen dato, la suma municipal da el total estatal en cada entidad, mes y categoría.",
        "Ver la vista diferencias_ambito; suele ser que los dos archivos son de cortes distintos.",
    ),
    Regla(
        "cobertura_municipal",
        "Lo municipal cubre todos los delitos y meses que cubre lo estatal.",
        "Ver la vista cobertura; cargar el archivo municipal completo. Lo que falta no se muestra como cero.",
    ),
    Regla(
        "provisionales_al_final",
        "Los meses provisionales de cada producto son los últimos, sin huecos, y a lo más tres.",
        "Avisar a quien mantiene el tablero: las páginas confían en esto.",
    ),
    Regla(
        "mueve_cifras_publicadas",
        "Un corte nuevo movió más de lo usual el total nacional de un delito principal, en un año ya cerrado o en los meses "
        "cerrados del año en curso.",
        "Leer las cifras antes de difundir y buscar la nota de la fuente; el detalle está en la vista revisiones.",
    ),
    Regla(
        "revisiones",
        "Cifras que la fuente reescribió entre dos cortes.",
        "Ver la vista revisiones; es lo normal en los últimos meses.",
    ),
)


def documento_de_reglas() -> list[str]:
    """Las líneas de la tabla de reglas que lleva ``ESQUEMA.md``."""
    return [
        "| regla | qué dice | si avisa |",
        "|---|---|---|",
        *(f"| `{regla.nombre}` | {regla.dice} | {regla.que_hacer} |" for regla in REGLAS),
    ]
