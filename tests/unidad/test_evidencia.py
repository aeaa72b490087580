"""Qué se acepta como evidencia: por su contenido, entero y sin nada que se ejecute; el nombre no engaña."""

import io
import re
import zipfile
from datetime import date

import pytest
import xlsxwriter
from PIL import Image

from datos.registro.errores import DatoInvalido, EvidenciaRechazada
from datos.registro.evidencias import VARIABLE_MAXIMO, _nombre, maximo_de_bytes, reunir
from datos.registro.tipos_de_archivo import reconocer


def imagen(formato):
    memoria = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(memoria, formato)
    return memoria.getvalue()


def foto(**mas):
    memoria = io.BytesIO()
    Image.effect_noise((640, 480), 80).convert("RGB").save(memoria, "JPEG", **mas)
    return memoria.getvalue()


def libro():
    memoria = io.BytesIO()
    with xlsxwriter.Workbook(memoria) as archivo:
        archivo.add_worksheet().write(0, 0, "x")
    return memoria.getvalue()


def paquete(*nombres, relleno=b"x"):
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w", zipfile.ZIP_DEFLATED) as archivo:
        for nombre in nombres:
            archivo.writestr(nombre, relleno)
    return memoria.getvalue()


DOCX = paquete("[Content_Types].xml", "word/document.xml")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.mark.parametrize(
    ("contenido", "nombre", "tipo"),
    [
        (PDF, "a.pdf", "pdf"),
        (PDF, "disfrazado.txt", "pdf"),
        (imagen("PNG"), "a.png", "png"),
        (imagen("JPEG"), "foto.jpeg", "jpg"),
        (foto(), "foto.jpg", "jpg"),
        (foto(progressive=True), "progresiva.jpg", "jpg"),
        (foto() + b"lo que agregan algunos celulares", "con cola.jpg", "jpg"),
        (libro(), "a.xlsx", "xlsx"),
        (DOCX, "a.docx", "docx"),
        ("fecha,asistió\n2026-01-01,sí\n".encode(), "lista.csv", "csv"),
        ("Acta con ñ".encode("cp1252"), "acta.txt", "txt"),
        (b"\xef\xbb\xbfhola", "sin terminacion", "txt"),
    ],
)
def test_se_reconoce_por_su_contenido(contenido, nombre, tipo):
    assert reconocer(contenido, nombre) == tipo


@pytest.mark.parametrize(
    ("contenido", "nombre"),
    [
        (b"", "vacio.pdf"),
        (PDF[:-20], "cortado.pdf"),
        (imagen("PNG")[:40], "cortada.png"),
        (imagen("JPEG")[:30], "cortada.jpg"),
        (foto()[:-2_000], "sin el final.jpg"),
        (foto(progressive=True)[:-2_000], "progresiva sin el final.jpg"),
        (imagen("GIF"), "a.png"),
        (libro()[:200], "cortado.xlsx"),
        (paquete("otra.cosa"), "a.docx"),
        (paquete("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros.docx"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "nota.txt"),
        (b"\xef\xbb\xbf  <svg onload=alert(1)>", "dibujo.txt"),
        (b"MZ\x90\x00\x03", "programa.pdf"),
        (b"#!/bin/sh\x00", "orden.txt"),
        (b"\x7fELF\x02\x01", "x.csv"),
    ],
)
def test_lo_demas_se_rechaza_con_su_motivo(contenido, nombre):
    with pytest.raises(EvidenciaRechazada) as rechazo:
        reconocer(contenido, nombre)
    assert rechazo.value.problemas[0].campo == "archivo"
    assert not re.search(r"\b(the|file|not|truncated|cannot|is)\b", str(rechazo.value), re.IGNORECASE)


def test_una_bomba_de_compresion_se_rechaza():
    partes = ["[Content_Types].xml", "word/document.xml", *[f"p{n}" for n in range(20)]]
    bomba = paquete(*partes, relleno=b"\0" * 20_000_000)
    assert len(bomba) < 1_000_000
    with pytest.raises(EvidenciaRechazada, match="tamaño"):
        reconocer(bomba, "bomba.docx")


@pytest.mark.parametrize(
    ("original", "ofrecido"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\x\\Acta 1.TXT", "Acta 1.txt"),
        ("a<b>\"'.html", "a_b___.txt"),
        ("...", "evidencia.txt"),
        ("á" * 300 + ".txt", "á" * 120 + ".txt"),
    ],
)
def test_el_nombre_con_que_se_ofrece_no_sale_de_su_carpeta(original, ofrecido):
    assert _nombre(original, "txt") == ofrecido


def test_el_limite_se_ajusta_y_no_admite_disparates(monkeypatch):
    assert maximo_de_bytes() == 10_000_000
    monkeypatch.setenv(VARIABLE_MAXIMO, "2")
    assert maximo_de_bytes() == 2_000_000
    monkeypatch.setenv(VARIABLE_MAXIMO, "0")
    with pytest.raises(ValueError, match="mayor que cero"):
        maximo_de_bytes()


def test_lo_que_se_reune_de_un_formulario():
    dia = date(2026, 11, 24)
    assert reunir("", "", None, dia=dia, publica=False) == []
    (liga,) = reunir("Nota", "https://ejemplo.mx", None, dia=dia, publica=True)
    assert (liga.titulo, liga.url, liga.publica) == ("Nota", "https://ejemplo.mx", True)
    (archivo,) = reunir("", " ", ("a.txt", b"hola"), dia=dia, publica=False)
    assert (archivo.titulo, archivo.archivo, archivo.contenido) == ("Evidencia", "a.txt", b"hola")
    assert len(reunir("Las dos", "https://ejemplo.mx", ("a.txt", b"hola"), dia=dia, publica=False)) == 2
    with pytest.raises(DatoInvalido, match="solo qué es"):
        reunir("Foto que no llegó", "", None, dia=dia, publica=False)
