"""La plantilla de acuerdos, columna por columna: de aquí salen el CSV, el XLSX, la validación y ``PLANTILLA.md``."""

from __future__ import annotations

from dataclasses import dataclass

TIPOS = ("acción", "gestión", "normativo", "medición")
SIGNOS = ("baja", "alza")
SI_NO = ("sí", "no")
CUMPLIMIENTO = ("1", "2", "3", "4", "5")
NIVELES_CUMPLIMIENTO = ("sin evidencia", "no iniciado", "limitado", "sustancial", "completo")
MAXIMO_BYTES = 5_000_000
MAXIMO_DESCOMPRIMIDO = 50_000_000
MAXIMO_RENGLONES = 2_000
MAXIMO_TEXTO = 2_000


@dataclass(frozen=True)
class Columna:
    """Una columna de la plantilla: su nombre, si siempre se llena, qué se escribe y un ejemplo."""

    nombre: str
    obligatoria: bool
    clase: str  # folio, texto, claves, fecha, entero, numero, opcion
    descripcion: str
    ejemplo: str
    opciones: tuple[str, ...] = ()


COLUMNAS: tuple[Columna, ...] = (
    Columna("folio", True, "folio", "NN/SESIÓN/AAAA, la sesión en números romanos. No se repite.", "03/XLIV/2024"),
    Columna("mesa_clave", True, "texto", "Clave corta de la Mesa, siempre la misma.", "mesa-ejemplo"),
    Columna("mesa", True, "texto", "Nombre de la Mesa.", "Mesa de ejemplo"),
    Columna("municipios", True, "claves", "Claves INEGI de cinco dígitos, separadas por ;", "01001;01005"),
    Columna("tipo", True, "opcion", "Qué clase de acuerdo es.", "acción", TIPOS),
    Columna(
        "texto", True, "texto", "Lo que se acordó, como quedó en la minuta.", "Revisar cada mes los puntos de robo."
    ),
    Columna("fecha", True, "fecha", "Día en que se tomó el acuerdo, AAAA-MM-DD.", "2024-02-13"),
    Columna("autoridad_responsable", True, "texto", "Quién responde por la autoridad.", "Policía municipal"),
    Columna("corresponsable_ciudadano", True, "texto", "Quién responde por la ciudadanía.", "Cámara de comercio local"),
    Columna("delitos", False, "claves", "Claves de delito separadas por ; (o se llena canasta).", "robo_vehiculo"),
    Columna("canasta", False, "texto", "Clave de una canasta, en lugar de delitos.", ""),
    Columna(
        "signo_esperado", True, "opcion", "Hacia dónde deben ir las carpetas. Promover denuncia: alza.", "baja", SIGNOS
    ),
    Columna("inicio_efecto", True, "fecha", "Desde cuándo debería notarse; no antes de la fecha.", "2024-03-01"),
    Columna("rezago_meses", True, "entero", "Meses de espera después del inicio: 0 a 3.", "0"),
    Columna("meta_valor", False, "numero", "Meta en carpetas (o meta_pct, o sin_meta_porque).", ""),
    Columna("meta_pct", False, "numero", "Meta en por ciento, con signo según lo esperado.", "-20"),
    Columna("sin_meta_porque", False, "texto", "Si no hay meta medible, por qué.", ""),
    Columna("linea_base_periodo", False, "texto", "Periodo de comparación: AAAA-MM a AAAA-MM.", "2023-03 a 2024-02"),
    Columna("plazo", True, "fecha", "Día límite; no antes de la fecha.", "2025-02-28"),
    Columna("cumplimiento", True, "opcion", "1 sin evidencia … 5 completo; aparte del resultado.", "3", CUMPLIMIENTO),
    Columna("nota", False, "texto", "Lo que haga falta aclarar.", ""),
    Columna("publico", True, "opcion", "Si se puede mostrar a cualquiera.", "sí", SI_NO),
    Columna("fuente", True, "texto", "Minuta, boletín o dirección donde consta.", "Minuta de la sesión XLIV"),
)
NOMBRES = tuple(c.nombre for c in COLUMNAS)
EJEMPLO = {c.nombre: c.ejemplo for c in COLUMNAS}


def documento() -> str:
    """``PLANTILLA.md``, escrito a partir de la declaración."""
    lineas = [
        "# Plantilla de mesas y acuerdos",
        "",
        "Un renglón por acuerdo, en CSV (UTF-8 o cp1252) o XLSX (hoja «Acuerdos»). El archivo es el registro completo:",
        "al importarlo reemplaza al anterior, que se conserva. Si un solo dato no pasa, no se importa nada y se listan",
        "todos los problemas con su renglón y columna. Este documento sale de `datos/acuerdos/columnas.py`:",
        "`python -m datos.acuerdos documento` lo vuelve a escribir.",
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
    niveles = "; ".join(f"{i} {texto}" for i, texto in enumerate(NIVELES_CUMPLIMIENTO, 1))
    lineas += ["", f"Cumplimiento: {niveles}. El cumplimiento y el cambio en las carpetas no se mezclan nunca.", ""]
    return "\n".join(lineas)
