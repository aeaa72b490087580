"""Leer y validar la plantilla de acuerdos: o pasa completa, o se rechaza con todos sus problemas a la vez."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from datos import catalogos
from datos.plantilla.columnas import (
    COLUMNAS,
    INDISPENSABLES,
    MAXIMO_BYTES,
    MAXIMO_DESCOMPRIMIDO,
    MAXIMO_RENGLONES,
    MAXIMO_TEXTO,
    NOMBRES,
    NUMERICAS,
    Columna,
)

HOJA = "Acuerdos"
_ROMANO = r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_FOLIO = re.compile(rf"\d{{2}}/(?=[MDCLXVI])({_ROMANO})/(20\d{{2}})")
_PERIODO = re.compile(r"(20\d{2}-(?:0[1-9]|1[0-2])) a (20\d{2}-(?:0[1-9]|1[0-2]))")
_NUMERO = re.compile(r"[+-]?\d{1,9}(\.\d{1,4})?")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class ProblemaDeAcuerdo:
    """Qué no pasó: renglón del archivo (el encabezado es el 1), columna, qué se esperaba y qué se encontró."""

    renglon: int
    columna: str
    esperado: str
    encontrado: str

    def __str__(self) -> str:
        return f"renglón {self.renglon}, {self.columna}: se esperaba {self.esperado}; se encontró {self.encontrado}"


class AcuerdosRechazados(Exception):
    """El archivo no pasó; ``problemas`` los trae todos. El registro no cambió."""

    def __init__(self, problemas: list[ProblemaDeAcuerdo]) -> None:
        self.problemas = problemas
        lista = "\n".join(f"  - {p}" for p in problemas)
        super().__init__(
            f"No se importó nada: {len(problemas)} problema(s). El registro queda como estaba. "
            f"Corrija y vuelva a importar.\n{lista}"
        )


def leer(ruta: Path) -> list[dict[str, str]]:
    """Renglones validados, todos los valores como texto normalizado y en el orden del archivo.

    Lanza ``AcuerdosRechazados`` con todos los problemas. No escribe nada.
    """
    if not ruta.is_file():
        raise AcuerdosRechazados([ProblemaDeAcuerdo(0, "archivo", "un archivo CSV o XLSX", f"nada en {ruta.name}")])
    return leer_bytes(ruta.read_bytes())


def leer_bytes(contenido: bytes) -> list[dict[str, str]]:
    """Como ``leer``, con el contenido ya en memoria (lo que recibe una página)."""
    if len(contenido) > MAXIMO_BYTES:
        raise AcuerdosRechazados(
            [ProblemaDeAcuerdo(0, "archivo", f"hasta {MAXIMO_BYTES:,} bytes", f"{len(contenido):,} bytes")]
        )
    matriz = _de_xlsx(contenido) if contenido[:2] == b"PK" else _de_csv(contenido)
    renglones, problemas = _con_encabezado(matriz)
    problemas += validar(renglones)
    if problemas:
        raise AcuerdosRechazados(problemas)
    return [valores for _, valores in renglones]


def _rechazar(esperado: str, encontrado: str) -> AcuerdosRechazados:
    return AcuerdosRechazados([ProblemaDeAcuerdo(0, "archivo", esperado, encontrado)])


def _de_csv(contenido: bytes) -> list[list[str]]:
    for codificacion in ("utf-8-sig", "cp1252"):
        try:
            texto = contenido.decode(codificacion)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _rechazar("texto en UTF-8 o cp1252", "bytes que no son ninguno de los dos")
    if "\0" in texto or "Ã" in texto.partition("\n")[0]:
        raise _rechazar("un CSV de texto", "caracteres dañados o un archivo binario")
    try:
        return list(csv.reader(io.StringIO(texto, newline=""), strict=True))
    except csv.Error as causa:
        raise _rechazar("un CSV con comillas bien cerradas", str(causa)) from causa


def _de_xlsx(contenido: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(contenido)) as paquete:
            if sum(m.file_size for m in paquete.infolist()) > MAXIMO_DESCOMPRIMIDO:
                raise _rechazar(f"un XLSX de hasta {MAXIMO_DESCOMPRIMIDO:,} bytes al abrirse", "uno mayor")
        libro = CalamineWorkbook.from_filelike(io.BytesIO(contenido))
    except (zipfile.BadZipFile, CalamineError, OSError) as causa:
        raise _rechazar("un XLSX que se pueda abrir", str(causa)) from causa
    if HOJA not in libro.sheet_names:
        raise _rechazar(f"una hoja «{HOJA}»", ", ".join(libro.sheet_names))
    return [[_celda(v) for v in fila] for fila in libro.get_sheet_by_name(HOJA).to_python(skip_empty_area=False)]


def _celda(valor: object) -> str:
    if isinstance(valor, datetime):
        return valor.date().isoformat()
    if isinstance(valor, float) and valor.is_integer():
        return str(int(valor))
    return str(valor)


def _con_encabezado(
    matriz: list[list[str]],
) -> tuple[list[tuple[int, dict[str, str]]], list[ProblemaDeAcuerdo]]:
    encabezado = [t.strip() for t in matriz[0]] if matriz else []
    while encabezado and not encabezado[-1]:
        encabezado.pop()
    faltan = [n for n in INDISPENSABLES if n not in encabezado]
    sobran = [t for t in encabezado if t not in NOMBRES]
    repetidas = sorted({t for t in encabezado if encabezado.count(t) > 1})
    if faltan or sobran or repetidas:
        detalle = [f"faltan {', '.join(faltan)}"] * bool(faltan) + [f"sobran {', '.join(sobran)}"] * bool(sobran)
        detalle += [f"se repiten {', '.join(repetidas)}"] * bool(repetidas)
        raise AcuerdosRechazados(
            [ProblemaDeAcuerdo(1, "encabezado", "las columnas de la plantilla", "; ".join(detalle))]
        )
    renglones, problemas = [], []
    for numero, fila in enumerate(matriz[1:], 2):
        valores = [_sin_apostrofo(v.strip()) for v in fila]
        if not any(valores):
            continue
        problemas += [
            ProblemaDeAcuerdo(numero, columna, "texto que no parezca fórmula", f"«{original[:30]}»")
            for columna, original in zip(encabezado, (v.strip() for v in fila), strict=False)
            if original.startswith(FORMULA) and columna not in NUMERICAS
        ]
        while len(valores) > len(encabezado) and not valores[-1]:
            valores.pop()
        if len(valores) > len(encabezado):
            problemas.append(
                ProblemaDeAcuerdo(numero, "renglón", f"{len(encabezado)} columnas", f"{len(valores)} columnas")
            )
        valores += [""] * (len(encabezado) - len(valores))
        por_nombre = dict(zip(encabezado, valores, strict=False))
        renglones.append((numero, {n: por_nombre.get(n, "") for n in NOMBRES}))
    if not renglones:
        problemas.append(ProblemaDeAcuerdo(2, "renglón", "al menos un acuerdo", "ninguno"))
    if len(renglones) > MAXIMO_RENGLONES:
        problemas.append(
            ProblemaDeAcuerdo(MAXIMO_RENGLONES + 2, "renglón", f"hasta {MAXIMO_RENGLONES:,}", f"{len(renglones):,}")
        )
    return renglones, problemas


def _sin_apostrofo(valor: str) -> str:
    """Quita el apóstrofo con que la exportación vuelve inofensivo lo que parece fórmula."""
    return valor[1:] if valor.startswith("'") and valor.lstrip("'").startswith(FORMULA) else valor


def validar(renglones: list[tuple[int, dict[str, str]]]) -> list[ProblemaDeAcuerdo]:
    """Todos los problemas de todos los renglones; lista vacía si el conjunto pasa."""
    problemas: list[ProblemaDeAcuerdo] = []
    vistos: dict[tuple[str, str], int] = {}
    conocidos = _conocidos()
    nombres_de_mesa: dict[str, str] = {}
    for numero, valores in renglones:
        hallados = [(c.nombre, *p) for c in COLUMNAS if (p := _de_la_celda(c, valores[c.nombre]))]
        hallados += _del_renglon(valores, *conocidos)
        folio = (valores["mesa_clave"], valores["folio"])
        if all(folio) and folio in vistos:
            esperado = "un folio que no se repita en su Mesa"
            hallados.append(("folio", esperado, f"{folio[1]}, que ya está en el renglón {vistos[folio]}"))
        vistos.setdefault(folio, numero)
        previo = nombres_de_mesa.setdefault(valores["mesa_clave"], valores["mesa"])
        if previo != valores["mesa"]:
            hallados.append(("mesa", f"«{previo}», como en los demás renglones de esa Mesa", f"«{valores['mesa']}»"))
        problemas += [ProblemaDeAcuerdo(numero, *h) for h in hallados]
    return problemas


@cache
def _conocidos() -> tuple[set[str], set[str], set[str]]:
    """Claves de municipio, de delito y de canasta que existen. Son compartidas: no se modifican."""
    return (
        set(catalogos.municipios()["cve_mun"]),
        set(catalogos.delitos()["delito"]),
        set(catalogos.canastas()["canasta"]),
    )


def _de_la_celda(columna: Columna, valor: str) -> tuple[str, str] | None:
    """Esperado y encontrado de una celda sola, o nada si pasa."""
    if not valor:
        return ("un valor", "la celda vacía") if columna.obligatoria else None
    if len(valor) > MAXIMO_TEXTO:
        return f"hasta {MAXIMO_TEXTO:,} caracteres", f"{len(valor):,}"
    if any((ord(c) < 32 and c != "\n") or 0xD800 <= ord(c) <= 0xDFFF for c in valor):
        return "texto sin caracteres de control", repr(valor[:30])
    revisar = {
        "folio": (lambda v: _FOLIO.fullmatch(v), "NN/SESIÓN/AAAA, con la sesión en romanos"),
        "fecha": (_fecha, "una fecha AAAA-MM-DD entre 2000 y 2100"),
        "entero": (lambda v: v in ("0", "1", "2", "3"), "un entero de 0 a 3"),
        "numero": (lambda v: _NUMERO.fullmatch(v), "un número"),
        "opcion": (lambda v: v in columna.opciones, " o ".join(columna.opciones)),
    }
    if columna.clase in revisar and not revisar[columna.clase][0](valor):
        return revisar[columna.clase][1], f"«{valor[:60]}»"
    return None


def _fecha(valor: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", valor):
        return None
    try:
        dia = date.fromisoformat(valor)
    except ValueError:
        return None
    return dia if 2000 <= dia.year <= 2100 else None


def partes(valor: str) -> list[str]:
    """Claves de una celda separadas por punto y coma, sin espacios ni vacíos."""
    return [p.strip() for p in valor.split(";") if p.strip()]


def delitos_de(valores: dict[str, str]) -> list[str]:
    """Claves de serie de un renglón: los delitos declarados, o 'canasta:<clave>', que ya es una sola serie."""
    if valores["canasta"]:
        return [catalogos.PREFIJO_DE_CANASTA + valores["canasta"]]
    return partes(valores["delitos"])


def _del_renglon(
    v: dict[str, str], municipios: set[str], delitos: set[str], canastas: set[str]
) -> list[tuple[str, str, str]]:
    """Lo que depende del catálogo o de varias celdas del mismo renglón."""
    h: list[tuple[str, str, str]] = []
    for columna, validas, que in (("municipios", municipios, "municipio"), ("delitos", delitos, "delito")):
        claves = partes(v[columna])
        h += [(columna, f"una clave de {que} del catálogo", f"«{c}»") for c in claves if c not in validas]
        h += [
            (columna, "claves que no se repitan", f"«{c}»") for c in sorted({c for c in claves if claves.count(c) > 1})
        ]
    if bool(v["delitos"]) == bool(v["canasta"]):
        h.append(("delitos", "delitos o canasta, uno de los dos", "los dos" if v["delitos"] else "ninguno"))
    if v["canasta"] and v["canasta"] not in canastas:
        h.append(("canasta", "una canasta del catálogo: " + ", ".join(sorted(canastas)), f"«{v['canasta']}»"))
    suyos = [d for d in dict.fromkeys(delitos_de(v)) if d in delitos]
    h += [
        ("delitos", "delitos que no se cuenten dos veces", f"{a} y {b}, que comparten carpetas")
        for a, b in _traslapes(suyos)
    ]
    fecha, inicio = _fecha(v["fecha"]), _fecha(v["inicio_efecto"])
    if fecha and inicio and inicio < fecha:
        h.append(("inicio_efecto", f"una fecha no anterior a {fecha}", str(inicio)))
    for columna in ("plazo", "plazo_original", "meta_fecha"):
        dia = _fecha(v[columna])
        if fecha and dia and dia < fecha:
            h.append((columna, f"una fecha no anterior a {fecha}", str(dia)))
    h += _con_razon(v)
    if fecha and (m := _FOLIO.fullmatch(v["folio"])) and m[2] != str(fecha.year):
        h.append(("folio", f"el año de la fecha, {fecha.year}", m[2]))
    metas = [c for c in ("meta_valor", "meta_pct") if v[c]]
    if not metas and not v["sin_meta_porque"]:
        h.append(("meta_pct", "meta_valor, meta_pct o la razón en sin_meta_porque", "ninguna de las tres"))
    if len(metas) == 2 or (metas and v["sin_meta_porque"]):
        h.append(("meta_pct", "una sola forma de meta", "más de una"))
    if _NUMERO.fullmatch(v["meta_valor"]) and float(v["meta_valor"]) < 0:
        h.append(("meta_valor", "carpetas: cero o más", v["meta_valor"]))
    if _NUMERO.fullmatch(v["meta_pct"]):
        meta = float(v["meta_pct"])
        if (
            not -100 <= meta <= 1000
            or (meta > 0 and v["signo_esperado"] == "baja")
            or (meta < 0 and v["signo_esperado"] == "alza")
        ):
            h.append(("meta_pct", f"un por ciento acorde con «{v['signo_esperado']}»", v["meta_pct"]))
    if v["linea_base_periodo"]:
        periodo = _PERIODO.fullmatch(v["linea_base_periodo"])
        if not periodo or periodo[1] > periodo[2]:
            h.append(("linea_base_periodo", "AAAA-MM a AAAA-MM, en orden", f"«{v['linea_base_periodo'][:40]}»"))
    return h


def _con_razon(v: dict[str, str]) -> list[tuple[str, str, str]]:
    """Quien responde de cada lado y el plazo: están, o se escribe por qué no."""
    h = []
    responsables = ("autoridad_responsable", "corresponsable_ciudadano")
    if not v["sin_responsable_porque"]:
        esperado = "alguien que responda, o la razón en sin_responsable_porque"
        h += [(c, esperado, "la celda vacía") for c in responsables if not v[c]]
    elif all(v[c] for c in responsables):
        h.append(
            (
                "sin_responsable_porque",
                "nada, si responde alguien de cada lado",
                f"«{v['sin_responsable_porque'][:60]}»",
            )
        )
    if bool(v["plazo"]) == bool(v["sin_plazo_porque"]):
        h.append(("plazo", "un plazo, o la razón en sin_plazo_porque", "los dos" if v["plazo"] else "la celda vacía"))
    return h


def _traslapes(delitos: list[str]) -> list[tuple[str, str]]:
    hojas = _hojas()
    return [(a, b) for i, a in enumerate(delitos) for b in delitos[i + 1 :] if hojas[a] & hojas[b]]


@cache
def _hojas() -> dict[str, set[tuple[str, ...]]]:
    """Las categorías de cada delito: dos que comparten alguna contarían dos veces la misma carpeta."""
    return {
        str(d): set(g[["metodologia", "tipo", "subtipo", "modalidad"]].itertuples(index=False, name=None))
        for d, g in catalogos.puente().groupby("delito")
    }
