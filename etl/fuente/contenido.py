"""Reconocer lo que llegó por lo que trae y no por lo que dice el servidor: datos, páginas, accesos, zips a medias."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from datos.esquema import CNSP, COLUMNAS_DE_MES, PRIMER_ANIO, RNID, ULTIMO_ANIO
from etl.fuente.fallas import FallaDeFuente
from etl.lectura.codificacion import ContenidoInesperado, es_html
from etl.lectura.disposicion import es_metodologia_anterior, reconocer, se_parece
from etl.lectura.recibido import recibir

_INICIO = 1 << 16
_FINAL = 1 << 13
_PAGINAS = (
    (
        "una página de verificación contra programas",
        r"captcha|challenge|cf-chl|_incapsula_|imperva|just a moment|checking your browser|verificando (?:que|su|tu)|"
        r"no (?:eres|es) un robot|enable javascript and cookies",
    ),
    (
        "un aviso de que el enlace venció",
        r"link has expired|has expired|ha expirado|ha vencido|venci[oó]|no longer valid|ya no es v[aá]lido|"
        r"link (?:was|has been) removed|se quit[oó] este v[ií]nculo",
    ),
    (
        "una página de acceso que pide iniciar sesión",
        r"login\.microsoftonline|type=.?password|sign in|iniciar sesi[oó]n|inicie sesi[oó]n|inicia sesi[oó]n",
    ),
)


@dataclass(frozen=True)
class Vistazo:
    """Lo que se alcanza a saber de un archivo sin leerlo entero; ``None`` donde no se alcanza.

    ``parecido`` dice que, aunque no se reconozca, su encabezado se parece a los de incidencia delictiva; ``anterior``, que es
    la metodología 1997–2017, que no se usa.
    """

    metodologia: str | None = None
    ambito: str | None = None
    parecido: bool = False
    anterior: bool = False


def nombre_de_pagina(inicio: bytes) -> str | None:
    """Qué clase de página es, si es una; ``None`` si no es HTML."""
    if not es_html(inicio):
        return None
    texto = inicio.decode("utf-8", errors="replace").lower()
    for nombre, patron in _PAGINAS:
        if re.search(patron, texto):
            return nombre
    return "una página web"


def asomarse(ruta: Path) -> Vistazo:
    """Qué producto parece. Lanza ``FallaDeFuente`` si no es un archivo de datos completo.

    Un encabezado que no se reconoce no es falla aquí: la carga lo explica mejor, con todos sus problemas.
    """
    inicio = _leer(ruta, 0, _INICIO)
    if not inicio.strip():
        raise FallaDeFuente("llegó un archivo vacío", transitoria=True)
    pagina = nombre_de_pagina(inicio)
    if pagina is not None:
        raise FallaDeFuente(f"en lugar de datos llegó {pagina}")
    if inicio.startswith(b"PK"):
        return _del_zip(ruta)
    if inicio.startswith((b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise FallaDeFuente("llegó un documento (PDF u Office antiguo) en lugar de un csv o un zip")
    if inicio.lstrip()[:1] in (b"{", b"["):
        raise FallaDeFuente("llegó JSON en lugar de un csv o un zip (¿un mensaje de error del servidor?)")
    _exigir_final_completo(inicio, _leer(ruta, -_FINAL, _FINAL))
    return _del_texto(inicio)


def _leer(ruta: Path, desde: int, cuanto: int) -> bytes:
    with ruta.open("rb") as archivo:
        archivo.seek(max(0, ruta.stat().st_size + desde) if desde < 0 else desde)
        return archivo.read(cuanto)


def _del_zip(ruta: Path) -> Vistazo:
    try:
        with zipfile.ZipFile(ruta) as comprimido:
            miembros = [m for m in comprimido.infolist() if not m.is_dir()]
            if any(m.filename == "xl/workbook.xml" for m in miembros):
                return Vistazo()
            for miembro in sorted(miembros, key=lambda m: -m.file_size):
                try:
                    with comprimido.open(miembro) as abierto:
                        inicio = abierto.read(_INICIO)
                except NotImplementedError:
                    return _con_el_sistema(ruta)
                except RuntimeError:
                    return Vistazo()  # con contraseña: la carga lo explica
                if b"," in inicio[:4096] and b"\x00" not in inicio[:4096]:
                    return _del_texto(inicio)
            return Vistazo()
    except zipfile.BadZipFile as causa:
        raise FallaDeFuente(f"llegó un zip truncado o dañado ({causa})", transitoria=True) from causa


def inicio_de_la_tabla(ruta: Path) -> bytes:
    """Los primeros bytes de la tabla, también si va dentro de un zip. Lanza ``ContenidoInesperado`` si no la hay."""
    contenido: Any = recibir(ruta).contenido
    return bytes(contenido[:_INICIO])


def _con_el_sistema(ruta: Path) -> Vistazo:
    """Un zip que la biblioteca estándar no abre (Deflate64): la lectura sabe pedirle ayuda al sistema."""
    try:
        return _del_texto(inicio_de_la_tabla(ruta))
    except ContenidoInesperado as causa:
        raise FallaDeFuente(f"llegó {causa.encontrado}") from causa


def primeros_renglones(inicio: bytes) -> list[list[str]]:
    """El encabezado y el primer renglón de datos."""
    try:
        texto = codecs.getincrementaldecoder("utf-8-sig")().decode(inicio)  # el trozo puede acabar a media letra
    except UnicodeDecodeError:
        texto = inicio.decode("cp1252", errors="replace")
    leidos = csv.reader(io.StringIO(texto.replace("\r\n", "\n").replace("\r", "\n")))
    return [next(leidos, []), next(leidos, [])]


def _del_texto(inicio: bytes) -> Vistazo:
    encabezado, primero = primeros_renglones(inicio)
    disposicion = reconocer(encabezado)
    if disposicion is None:
        return Vistazo(parecido=se_parece(encabezado), anterior=es_metodologia_anterior(encabezado))
    posicion = disposicion.posiciones["anio"]
    anio = primero[posicion].strip() if len(primero) > posicion else ""
    return Vistazo(_metodologia(anio), disposicion.ambito, parecido=True)


def _metodologia(anio: str) -> str | None:
    if not anio.isdigit():
        return None
    return next((m for m in (CNSP, RNID) if PRIMER_ANIO[m] <= int(anio) <= ULTIMO_ANIO[m]), None)


def corte_de(ruta: Path) -> date | None:
    """Último mes con algún conteo distinto de cero; ``None`` si el archivo no es de conteos o no se alcanza a saber.

    Mira solo el año y los meses, sin validar: sirve para comparar dos archivos antes de cargarlos.
    """
    try:
        contenido: Any = recibir(ruta).contenido
    except ContenidoInesperado:
        return None
    encabezado, _ = primeros_renglones(bytes(contenido[:_INICIO]))
    disposicion = reconocer(encabezado)
    if disposicion is None:
        return None
    nombres = [f"c{i}" for i in range(len(encabezado))]
    de_mes = [nombres[disposicion.posiciones[m]] for m in COLUMNAS_DE_MES]
    de_anio = nombres[disposicion.posiciones["anio"]]
    try:
        tabla = pcsv.read_csv(
            pa.BufferReader(contenido),
            read_options=pcsv.ReadOptions(encoding="latin-1", column_names=nombres, skip_rows=1),
            convert_options=pcsv.ConvertOptions(
                include_columns=[de_anio, *de_mes], column_types=dict.fromkeys([de_anio, *de_mes], pa.string())
            ),
        )
    except pa.ArrowInvalid:
        return None
    hallados = []
    for numero, columna in enumerate(de_mes, 1):
        con_dato = tabla.filter(pc.invert(pc.is_in(tabla[columna], value_set=pa.array(["", "0", "0.0"]))))
        anios = [int(a) for a in pc.unique(con_dato[de_anio]).to_pylist() if a.strip().isdigit()]
        hallados += [date(max(anios), numero, 1)] if anios else []
    return max(hallados, default=None)


def _exigir_final_completo(inicio: bytes, final: bytes) -> None:
    """El último renglón de un csv trae tantas columnas como el encabezado; si no, la descarga se cortó."""
    encabezado = inicio.split(b"\n", 1)[0]
    if final.endswith(b"\n") or b"\n" not in final or b"," not in encabezado:
        return
    ultimo = final.rsplit(b"\n", 1)[1].decode("latin-1")
    columnas = len(next(csv.reader([encabezado.decode("latin-1").rstrip("\r")]), []))
    if ultimo.count('"') % 2 or len(next(csv.reader([ultimo]), [])) != columnas:
        raise FallaDeFuente("la descarga se cortó a la mitad de un renglón", transitoria=True)
