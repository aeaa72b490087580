"""La plantilla de acuerdos, columna por columna: de aquí salen el CSV, el XLSX, la validación y ``PLANTILLA.md``."""

from __future__ import annotations

from dataclasses import dataclass

TIPOS = ("acción", "gestión", "normativo", "medición")
SIGNOS = ("baja", "alza")
SI_NO = ("sí", "no")
CUMPLIMIENTO = ("1", "2", "3", "4", "5")
NIVELES_CUMPLIMIENTO = ("sin evidencia", "no iniciado", "limitado", "sustancial", "completo")
MAXIMO_BYTES = 25_000_000
MAXIMO_DESCOMPRIMIDO = 200_000_000
MAXIMO_RENGLONES = 10_000
MAXIMO_TEXTO = 2_000


@dataclass(frozen=True)
class Columna:
    """Una columna de la plantilla: su nombre, si siempre se llena, qué se escribe y un ejemplo.

    ``puede_faltar``: un archivo hecho antes de que existiera la columna se lee igual, como si viniera vacía.
    """

    nombre: str
    obligatoria: bool
    clase: str  # folio, texto, claves, fecha, entero, numero, opcion
    descripcion: str
    ejemplo: str
    opciones: tuple[str, ...] = ()
    puede_faltar: bool = False


COLUMNAS: tuple[Columna, ...] = (
    Columna(
        "folio", True, "folio", "NN/SESIÓN/AAAA, la sesión en números romanos. No se repite en su Mesa.", "03/XLIV/2024"
    ),
    Columna("mesa_clave", True, "texto", "Clave corta de la Mesa, siempre la misma.", "mesa-ejemplo"),
    Columna("mesa", True, "texto", "Nombre de la Mesa.", "Mesa de ejemplo"),
    Columna("municipios", True, "claves", "Claves INEGI de cinco dígitos, separadas por ;", "01001;01005"),
    Columna("tipo", True, "opcion", "Qué clase de acuerdo es.", "acción", TIPOS),
    Columna(
        "texto", True, "texto", "Lo que se acordó, como quedó en la minuta.", "Revisar cada mes los puntos de robo."
    ),
    Columna("fecha", True, "fecha", "Día en que se tomó el acuerdo, AAAA-MM-DD.", "2024-02-13"),
    Columna("comision", False, "texto", "Comisión de la Mesa que lo lleva, si alguna.", "", puede_faltar=True),
    Columna("autoridad_responsable", False, "texto", "Quién responde por la autoridad.", "Policía municipal"),
    Columna(
        "corresponsable_ciudadano", False, "texto", "Quién responde por la ciudadanía.", "Cámara de comercio local"
    ),
    Columna(
        "sin_responsable_porque", False, "texto", "Si falta quien responda de un lado, por qué.", "", puede_faltar=True
    ),
    Columna("delitos", False, "claves", "Claves de delito separadas por ; (o se llena canasta).", "robo_vehiculo"),
    Columna("canasta", False, "texto", "Clave de una canasta, en lugar de delitos.", ""),
    Columna(
        "signo_esperado", True, "opcion", "Hacia dónde deben ir las carpetas. Promover denuncia: alza.", "baja", SIGNOS
    ),
    Columna("inicio_efecto", True, "fecha", "Desde cuándo debería notarse; no antes de la fecha.", "2024-03-01"),
    Columna("rezago_meses", True, "entero", "Meses de espera después del inicio: 0 a 3.", "0"),
    Columna("meta_valor", False, "numero", "Meta en carpetas (o meta_pct, o sin_meta_porque).", ""),
    Columna("meta_pct", False, "numero", "Meta en por ciento, con signo según lo esperado.", "-20"),
    Columna("meta_fecha", False, "fecha", "Para cuándo es la meta; vacía, el plazo.", "", puede_faltar=True),
    Columna("sin_meta_porque", False, "texto", "Si no hay meta medible, por qué.", ""),
    Columna("linea_base_periodo", False, "texto", "Periodo de comparación: AAAA-MM a AAAA-MM.", "2023-03 a 2024-02"),
    Columna("plazo", False, "fecha", "Día límite vigente; no antes de la fecha.", "2025-02-28"),
    Columna("plazo_original", False, "fecha", "Día límite con que se acordó, si se reprogramó.", "", puede_faltar=True),
    Columna("sin_plazo_porque", False, "texto", "Si no hay día límite, por qué.", "", puede_faltar=True),
    Columna("cumplimiento", True, "opcion", "1 sin evidencia … 5 completo; aparte del resultado.", "3", CUMPLIMIENTO),
    Columna("nota", False, "texto", "Lo que haga falta aclarar.", ""),
    Columna("publico", True, "opcion", "Si se puede mostrar a cualquiera.", "sí", SI_NO),
    Columna("fuente", True, "texto", "Minuta, boletín o dirección donde consta.", "Minuta de la sesión XLIV"),
)
NOMBRES = tuple(c.nombre for c in COLUMNAS)
INDISPENSABLES = tuple(c.nombre for c in COLUMNAS if not c.puede_faltar)
NUMERICAS = frozenset(c.nombre for c in COLUMNAS if c.clase == "numero")
EJEMPLO = {c.nombre: c.ejemplo for c in COLUMNAS}


def documento() -> str:
    """``PLANTILLA.md``, escrito a partir de la declaración."""
    lineas = [
        "# Plantilla de mesas y acuerdos",
        "",
        "Un renglón por acuerdo, en CSV (UTF-8 o cp1252) o XLSX (hoja «Acuerdos»). Al importar, cada renglón se busca por su",
        "Mesa y su folio: si no está, se agrega; si está y cambió, se actualiza; si es igual, no se toca. Lo que no viene en el",
        "archivo se queda como estaba. Antes de guardar se muestra todo lo que cambiaría; si un solo dato no pasa, no se guarda",
        "nada y se listan todos los problemas con su renglón y columna. El plazo solo cambia si el renglón trae otro, y queda",
        "como reprogramación; el cumplimiento queda como seguimiento importado. Este documento sale de",
        "`datos/plantilla/columnas.py`: `python -m datos.acuerdos documento` lo vuelve a escribir.",
        "",
        f"Límites: {MAXIMO_BYTES // 1_000_000} MB, {MAXIMO_RENGLONES:,} renglones, {MAXIMO_TEXTO:,} caracteres por celda.",
        "Ningún texto empieza con `=`, `+`, `-` o `@`, para que una hoja de cálculo no lo tome por fórmula.",
        "",
        "| columna | ¿siempre? | qué se escribe | opciones | ejemplo |",
        "|---|---|---|---|---|",
    ]
    for c in COLUMNAS:
        opciones = ", ".join(c.opciones) or "—"
        ejemplo = f"`{c.ejemplo}`" if c.ejemplo else "—"
        lineas.append(
            f"| `{c.nombre}` | {'sí' if c.obligatoria else 'no'} | {c.descripcion} | {opciones} | {ejemplo} |"
        )
    lineas += [
        "",
        "Hace falta una meta (`meta_valor` o `meta_pct`), alguien que responda de cada lado y un plazo; si falta uno, su",
        "columna `sin_…_porque` dice la razón. Las columnas "
        + ", ".join(f"`{c.nombre}`" for c in COLUMNAS if c.puede_faltar),
        "pueden no venir.",
    ]
    niveles = "; ".join(f"{i} {texto}" for i, texto in enumerate(NIVELES_CUMPLIMIENTO, 1))
    lineas += ["", f"Cumplimiento: {niveles}. El cumplimiento y el cambio en las carpetas no se mezclan nunca.", ""]
    return "\n".join(lineas)
