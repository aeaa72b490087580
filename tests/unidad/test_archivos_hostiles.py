"""Archivos hechos para hacer daño (bombas, disfraces, macros con otro nombre): se rechazan, o quedan como bytes inertes."""

import io
import struct
import tracemalloc
import warnings
import zipfile
import zlib

import pytest

from datos.plantilla.lectura import AcuerdosRechazados, leer_bytes
from datos.registro.errores import DatoInvalido, EvidenciaRechazada
from datos.registro.logos import como_texto
from datos.registro.tipos_de_archivo import TIPOS, reconocer


def _trozo(tipo, datos):
    return struct.pack(">I", len(datos)) + tipo + datos + struct.pack(">I", zlib.crc32(tipo + datos))


def _png(ancho, alto, *, datos=None, antes=b""):
    encabezado = _trozo(b"IHDR", struct.pack(">IIBBBBB", ancho, alto, 8, 0, 0, 0, 0))
    pixeles = zlib.compress(b"\0" * 1_000) if datos is None else datos
    return b"\x89PNG\r\n\x1a\n" + encabezado + antes + _trozo(b"IDAT", pixeles) + _trozo(b"IEND", b"")


def _zip(partes, compresion=zipfile.ZIP_DEFLATED):
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w", compresion) as paquete:
        for nombre, contenido in partes.items():
            paquete.writestr(nombre, contenido)
    return memoria.getvalue()


def _roto(contenido, desde=60, cuantos=15):
    return contenido[:desde] + b"\xff" * cuantos + contenido[desde + cuantos :]


_BOMBA = zlib.compress(b"a" * 50_000_000)
XLSX = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}
DOCX = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}
DE_MACROS = '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'


def _plantilla(destino):
    relacion = f'<Relationship Type="x/attachedTemplate" Target="{destino}" TargetMode="External"/>'
    return {**DOCX, "word/_rels/settings.xml.rels": f"<Relationships>{relacion}</Relationships>"}


IMAGENES = {
    "una de 3,600 millones de pixeles": _png(60_000, 60_000),
    "una sin ancho": _png(0, 0),
    "una con su encabezado cortado": b"\x89PNG\r\n\x1a\n" + _trozo(b"IHDR", b"\0\0") + _trozo(b"IEND", b""),
    "una con 50 MB en un comentario": _png(20, 20, antes=_trozo(b"zTXt", b"k\0\0" + _BOMBA)),
    "una con 50 MB en otro comentario": _png(20, 20, antes=_trozo(b"iTXt", b"k\0\1\0\0\0" + _BOMBA)),
    "una con 50 MB en su perfil de color": _png(20, 20, antes=_trozo(b"iCCP", b"k\0\0" + _BOMBA)),
    "una JPG de puros encabezados": b"\xff\xd8\xff" + b"\xe0\x00\x02" * 50,
}
DOCUMENTOS = {
    "macros": _zip({**XLSX, "xl/vbaProject.bin": "x"}),
    "macros con mayúsculas": _zip({**DOCX, "word/VBAPROJECT.BIN": "x"}),
    "macros con otro nombre": _zip({**XLSX, "[Content_Types].xml": DE_MACROS, "xl/otro.bin": "x"}),
    "macros de Excel 4": _zip({**XLSX, "xl/macrosheets/sheet1.xml": "x"}),
    "un control": _zip({**DOCX, "word/activeX/activeX1.bin": "x"}),
    "un objeto de otro programa": _zip({**DOCX, "word/embeddings/oleObject1.bin": "x"}),
    "una orden por DDE": _zip(
        {**XLSX, "xl/externalLinks/externalLink1.xml": '<externalLink><ddeLink ddeService="cmd"/></externalLink>'}
    ),
    "una plantilla por la red": _zip(_plantilla("https://ajeno.example/x.dotm")),
    "una plantilla de otra máquina": _zip(_plantilla("\\\\ajeno\\x.dotm")),
    "una parte dañada": _roto(_zip({"[Content_Types].xml": "q" * 5_000 + "zxcv" * 500, "xl/workbook.xml": "x"})),
    "otra compresión": _zip(XLSX, zipfile.ZIP_LZMA),
    "otra compresión dañada": _roto(_zip({**XLSX, "a": "q" * 5_000}, zipfile.ZIP_BZIP2), 60, 6),
    "más partes de las que hay en un documento": _zip({**XLSX, **{f"p{n}": "" for n in range(10_001)}}),
    "una bomba": _zip({**XLSX, **{f"p{n}": b"\0" * 31_000_000 for n in range(10)}}),
    "puro encabezado": b"PK\x03\x04" + b"\0" * 40,
    "HTML detrás de un ZIP vacío": b"PK\x05\x06" + b"\0" * 18 + b"<html><script>alert(1)</script>",
}
TEXTOS = {
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "SVG con espacios": b" \r\n\t <SVG onload=alert(1)>",
    "XML": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
    "HTML": b"<!DOCTYPE html><p>",
    "un guion": b"\xef\xbb\xbf<script>alert(1)</script>",
}


@pytest.mark.parametrize("nombre", IMAGENES)
def test_una_imagen_hostil_no_es_evidencia_ni_logotipo(nombre):
    with pytest.raises(EvidenciaRechazada):
        reconocer(IMAGENES[nombre], "foto.png")
    with pytest.raises(DatoInvalido, match="logo"):
        como_texto(IMAGENES[nombre])


@pytest.mark.parametrize("nombre", DOCUMENTOS)
def test_un_documento_hostil_se_rechaza(nombre):
    with pytest.raises(EvidenciaRechazada):
        reconocer(DOCUMENTOS[nombre], "acta.docx")
    with pytest.raises(DatoInvalido):
        como_texto(DOCUMENTOS[nombre])


@pytest.mark.parametrize("nombre", TEXTOS)
def test_lo_que_un_navegador_ejecutaria_no_pasa_por_texto(nombre):
    for llamado in ("nota.txt", "dibujo.svg", "tabla.csv", "foto.png"):
        with pytest.raises(EvidenciaRechazada):
            reconocer(TEXTOS[nombre], llamado)


def test_lo_que_una_oficina_hace_todos_los_dias_si_pasa():
    """Sin esto, rechazar todo también pasaría las pruebas de arriba."""
    assert reconocer(_zip(_plantilla("file:///C:/Plantillas/Normal.dotm")), "a") == "docx"
    assert (
        reconocer(
            _zip({**XLSX, "xl/externalLinks/externalLink1.xml": "<externalLink><externalBook/></externalLink>"}), "a"
        )
        == "xlsx"
    )
    assert reconocer(_zip({**DOCX, "word/embeddings/Microsoft_Excel_Sheet1.xlsx": "x"}), "a") == "docx"


@pytest.mark.parametrize("datos", [b"basura", zlib.compress(b"\0" * 10)[:-6], b""])
def test_un_logotipo_danado_por_dentro_se_explica(datos):
    with pytest.raises(DatoInvalido, match=r"dañada|completa"):
        como_texto(_png(2_000, 2_000, datos=datos))


def test_un_archivo_que_es_tres_a_la_vez_se_guarda_como_lo_primero_que_es():
    """PDF, ZIP y HTML a la vez: se sirve como PDF, con «nosniff» y para bajarse, así que lo demás no cuenta."""
    poliglota = b"%PDF-1.7\n<html><script>alert(1)</script>\n%%EOF\n" + _zip({"x.html": "<script>"})
    assert TIPOS[reconocer(poliglota, "acta.html")] == "application/pdf"
    with pytest.raises(DatoInvalido):
        como_texto(poliglota)


def test_rechazar_una_bomba_no_gasta_lo_que_la_bomba_pide():
    tracemalloc.start()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for bomba in (*IMAGENES.values(), DOCUMENTOS["una bomba"]):
                with pytest.raises(EvidenciaRechazada):
                    reconocer(bomba, "x")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("nombre", [*DOCUMENTOS])
def test_la_plantilla_de_acuerdos_rechaza_lo_mismo_sin_caerse(nombre):
    with pytest.raises(AcuerdosRechazados):
        leer_bytes(DOCUMENTOS[nombre])
