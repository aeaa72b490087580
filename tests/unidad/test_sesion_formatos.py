"""Los formatos de la sesión: mismos bytes, mismas cifras, nada se sale de su caja y nada de lo escrito se ejecuta."""

import hashlib
import io
import json
import re
import zipfile
from datetime import date
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pypdfium2
import pytest
from PIL import Image
from pptx import Presentation
from python_calamine import CalamineWorkbook

from graficas.impresas.letra import ancho
from informes.sesion import dibujos, pantalla
from informes.sesion.acomodo import CARTA, DIAPOSITIVA, RELLENO, acomodar, rejillas
from informes.sesion.en_html import en_html
from informes.sesion.en_pdf import en_pdf
from informes.sesion.en_pptx import en_pptx
from informes.sesion.en_xlsx import en_xlsx
from informes.sesion.lamina import DIA, ENTERO, MES, PORCENTAJE, TEXTO, Tabla, en_bloques, escribir
from informes.sesion.paquete import nombre, paquete
from tests import fabrica_de_sesion as fabrica

LARGOS = [
    "Dolores Hidalgo Cuna de la Independencia Nacional, Guanajuato",
    "Heroica Villa Tezoatlán de Segura y Luna, Cuna de la Independencia de Oaxaca, Oaxaca",
    "San Juan Bautista Tlacoatzintepec",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
]
MALOS = [
    "=1+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "+52",
    "$x^2$ & «ñ»",
    "</script><b>",
]
FORMATOS = {"html": en_html, "pptx": en_pptx, "pdf": en_pdf, "xlsx": en_xlsx}


@pytest.fixture(autouse=True)
def limites(monkeypatch):
    """Los límites de las figuras de prueba, en lugar de los publicados."""
    for modulo in (dibujos, pantalla):
        monkeypatch.setattr(modulo, "trazado_de", lambda rutas: fabrica.cuadricula(7)[1])


def hojas(libro):
    """Hoja → renglones de un libro de cálculo."""
    abierto = CalamineWorkbook.from_filelike(io.BytesIO(libro))
    return {n: abierto.get_sheet_by_name(n).to_python() for n in abierto.sheet_names}


def todas(**mas):
    """Una composición con figuras de todas las clases."""
    return fabrica.composicion(
        fabrica.tabla(LARGOS, [3, 1234, 0, 5], [-2, 0, 4, 1]), fabrica.serie(np.arange(40.0) + 3),
        fabrica.barras(LARGOS, [-40, 0, 12, 3]), fabrica.mapa([f"Municipio {n}, Estado" for n in range(7)]), **mas,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("valor", "clase", "esperado"),
    [
        (1234.0, ENTERO, "1,234"), (np.nan, ENTERO, "n. d."), (None, MES, "n. d."), (pd.NaT, DIA, "n. d."),
        ("", TEXTO, ""), (None, TEXTO, ""), (-3.84, PORCENTAJE, "−3.8\N{NO-BREAK SPACE}%"),
        (pd.Timestamp("2026-08-01"), MES, "ago 2026"), (pd.Timestamp("2026-11-30"), DIA, "30 nov 2026"),
    ],
)  # fmt: skip
def test_un_valor_se_escribe_igual_en_todas_partes(valor, clase, esperado):
    assert escribir(valor, clase) == esperado


def test_los_bloques_no_pierden_ni_repiten_renglones():
    datos = pd.DataFrame({"n": range(32)})
    bloques = en_bloques(datos, 13)
    assert [cual for cual, _ in bloques] == [" (1 de 3)", " (2 de 3)", " (3 de 3)"]
    assert pd.concat([b for _, b in bloques])["n"].tolist() == list(range(32))
    assert en_bloques(datos.head(3), 13)[0][0] == ""


@pytest.mark.parametrize("pagina", [CARTA, DIAPOSITIVA], ids=["carta", "diapositiva"])
@pytest.mark.parametrize("cuantos", [0, 1, 4, 32])
def test_ninguna_celda_se_sale_ni_con_los_nombres_mas_largos(pagina, cuantos):
    nombres = [LARGOS[n % 4] for n in range(cuantos)]
    figura = fabrica.tabla(nombres, [10**n % 987654321 for n in range(cuantos)], [0] * cuantos)
    partes = rejillas(figura, pagina, pagina.util, 2.2)
    assert sum(len(p.celdas) for p in partes) == cuantos
    for p in partes:
        assert sum(p.altos) <= 2.2 + 1e-9 or len(p.celdas) == 1
        assert sum(p.anchos) == pytest.approx(pagina.util)
        for fila in p.celdas:
            for n, (renglones, cabe) in enumerate(zip(fila, p.anchos, strict=True)):
                for texto in renglones:
                    assert ancho(texto, p.puntos, negrita=n == 0) <= cabe - 2 * RELLENO + 0.02, texto


def test_una_tabla_que_no_cabe_sigue_en_otra_hoja_y_lo_dice():
    c = fabrica.composicion(fabrica.tabla([LARGOS[1]] * 60, [1] * 60, [0] * 60))
    hojas = acomodar(c.laminas[1], CARTA, c.rotulos)
    assert len(hojas) > 1
    assert [h.sigue for h in hojas][:2] == [False, True]
    assert "".join(hojas[1].titulo.parrafos[0]).endswith("(sigue)")
    for h in hojas:
        assert h.caja[1] + sum(h.rejilla.altos) <= h.pie.y


@pytest.mark.parametrize("titulo", ["x", " ".join(["titular"] * 60)])
def test_titulo_cuerpo_y_pie_nunca_se_enciman(titulo):
    c = todas(titulo=titulo, cuerpo=[" ".join(["renglón"] * 60)] * 3)
    for pagina in (CARTA, DIAPOSITIVA):
        for lamina in c.laminas:
            for h in acomodar(lamina, pagina, c.rotulos):
                assert h.titulo.y + h.titulo.alto <= h.cuerpo.y + 1e-9
                assert h.cuerpo.y + h.cuerpo.alto <= h.pie.y
                assert h.pie.y + h.pie.alto <= pagina.alto


@pytest.mark.parametrize("formato", FORMATOS)
def test_la_misma_composicion_da_los_mismos_bytes(formato):
    una, otra = FORMATOS[formato](todas()), FORMATOS[formato](todas())
    assert hashlib.sha256(una).hexdigest() == hashlib.sha256(otra).hexdigest()
    assert FORMATOS[formato](todas(nombre="Otra Mesa")) != una


@pytest.mark.parametrize("formato", FORMATOS)
@pytest.mark.parametrize(
    "figura",
    [
        fabrica.serie([0.0] * 40), fabrica.serie([5.0], con_banda=False), fabrica.serie([np.nan, 3, np.nan, np.nan, 2]),
        fabrica.barras(["Uno"], [0]), fabrica.barras([f"Delito {n}" for n in range(13)], [-5, 3] * 6 + [0]),
        fabrica.tabla([], [], []), fabrica.mapa(["Solo, Estado"]),
    ],
    ids=["todo cero", "un mes", "con huecos", "barra en cero", "muchas barras", "sin renglones", "un municipio"],
)  # fmt: skip
def test_las_orillas_se_dibujan_en_todos_los_formatos(formato, figura):
    cuerpo = FORMATOS[formato](fabrica.composicion(figura))
    assert len(cuerpo) > 2000
    if formato == "html":
        assert not re.search(
            r"[\"\s>](nan|NaN|None|NaT|inf)[\"\s<]", cuerpo.decode().split("<main")[1].split("</main>")[0]
        )


class _Etiquetas(HTMLParser):
    """Qué etiquetas hay de verdad y qué atributos de evento traen."""

    def __init__(self):
        super().__init__()
        self.abiertas, self.eventos, self.textos = [], [], []

    def handle_starttag(self, tag, attrs):
        self.abiertas.append(tag)
        self.eventos += [k for k, _ in attrs if k.startswith("on")]

    def handle_data(self, data):
        self.textos.append(data)


def test_lo_que_escriben_las_personas_no_se_ejecuta_en_ningun_formato():
    c = fabrica.composicion(
        fabrica.tabla(MALOS, [1] * 7, [0] * 7), fabrica.barras(MALOS, range(7)), fabrica.mapa(MALOS), nombre="=HYPERLINK(<b>)",
        titulo=MALOS[2], cuerpo=MALOS,
    )  # fmt: skip
    html = en_html(c).decode()
    leido = _Etiquetas()
    leido.feed(html)
    assert leido.abiertas.count("script") == 1
    assert leido.abiertas.count("img") == leido.abiertas.count("b") == 0
    assert leido.eventos == []
    assert MALOS[2] in "".join(leido.textos)
    assert "=1+1" in [fila[0] for fila in hojas(en_xlsx(c))["Tablero"]]
    with zipfile.ZipFile(io.BytesIO(en_xlsx(c))) as z:
        assert not any(b"<f>" in z.read(n) for n in z.namelist() if n.startswith("xl/worksheets/"))
    diapositivas = Presentation(io.BytesIO(en_pptx(c))).slides
    escrito = "\n".join(f.text_frame.text for d in diapositivas for f in d.shapes if f.has_text_frame)
    assert "<script>alert(1)</script>" in escrito
    pdf = pypdfium2.PdfDocument(en_pdf(c))
    assert "<script>alert(1)</script>" in "".join(p.get_textpage().get_text_bounded() for p in pdf)
    assert b"/JavaScript" not in en_pdf(c)


def test_el_html_no_pide_nada_fuera_y_su_politica_solo_deja_su_guion():
    html = en_html(todas()).decode()
    assert re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?(?!#|data:)[^\"')\s>]+", html.split("<script>")[0]) == []
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", html) == []
    assert re.search(r"\b(fetch|XMLHttpRequest|import|eval)\s*\(", html) is None
    guion = html.split("<script>")[1].split("</script>")[0]
    import base64

    huella = base64.b64encode(hashlib.sha256(guion.encode()).digest()).decode()
    assert f"script-src &#x27;sha256-{huella}&#x27;" in html
    assert "default-src &#x27;none&#x27;" in html
    assert '<html lang="es-MX">' in html
    assert html.count('<section class="lamina') == 5
    assert len(html) < 8_000_000


def test_cada_dibujo_del_html_trae_su_texto_alternativo_y_su_tabla():
    html = en_html(todas()).decode()
    for alternativo, clase in (
        ("Serie de prueba", "serie"),
        ("Barras de prueba", "barras"),
        ("Mapa de prueba", "mapa"),
    ):
        assert html.count(f'class="pantalla {clase}"') == 1
        assert html.count(f'aria-label="{alternativo}"') == 2  # pantalla y teléfono
    assert html.count("Ver los datos en una tabla") == 3
    puntos = json.loads(re.search(r'data-puntos="([^"]+)"', html)[1].replace("&quot;", '"'))
    assert len(puntos) == 40
    assert puntos[-1][1] == "agosto de 2026. Robo de prueba: 42; se esperaban de 21 a 63 (provisional)"


def test_la_presentacion_trae_cifras_editables_notas_y_textos_alternativos():
    libro = Presentation(io.BytesIO(en_pptx(todas())))
    assert libro.core_properties.language == "es-MX"
    assert [d.shapes.title.text_frame.text for d in libro.slides][1] == "Un hallazgo"
    graficas = [f.chart for d in libro.slides for f in d.shapes if f.has_chart]
    assert list(graficas[0].plots[0].series[0].values) == list(np.arange(40.0) + 3)
    assert sorted(graficas[1].plots[0].series[0].values) == [-40, 0, 3, 12]
    with zipfile.ZipFile(io.BytesIO(en_pptx(todas()))) as z:
        dentro = [n for n in z.namelist() if n.startswith("ppt/embeddings/")]
        assert next(iter(hojas(z.read(dentro[0])).values()))[1][1] == 3
        for n in z.namelist():
            if re.fullmatch(r"ppt/slides/slide\d+\.xml", n):
                xml = z.read(n).decode()
                assert "<a:rPr" not in re.sub(r'<a:rPr[^>]*lang="es-MX"', "", xml), n
                for figura in re.findall(r"<p:(?:pic|graphicFrame)>.*?<p:cNvPr ([^>]*)>", xml, flags=re.S):
                    assert "descr=" in figura
    for d in libro.slides:
        orden = [f.name for f in d.shapes]
        assert orden[0].startswith("Title")
        assert orden[-2:] == ["Fuente", "Número de lámina"]
        assert "Fuente: cifras de prueba." in d.notes_slide.notes_text_frame.text
    assert "Así se calculó." in libro.slides[1].notes_slide.notes_text_frame.text


def test_el_pdf_va_etiquetado_con_idioma_titulo_y_marcadores():
    cuerpo = en_pdf(todas())
    documento = pypdfium2.PdfDocument(cuerpo)
    assert documento.get_metadata_value("Title") == "Mesa de prueba: sesión mensual, agosto de 2026"
    assert b"/Lang (es-MX)" in cuerpo or b"es-MX" in cuerpo
    assert b"/Marked true" in cuerpo
    assert b"/S /H1" in cuerpo
    assert b"/S /Figure" in cuerpo
    assert len(list(documento.get_toc())) == 2 + len(documento)
    texto = documento[1].get_textpage().get_text_bounded()
    assert "1,234" in texto
    assert "DEMOSTRACIÓN" in texto


def test_las_hojas_del_libro_llevan_tipos_y_no_repiten_nombre():
    c = fabrica.composicion(*[fabrica.tabla(["Uno"], [5], [-1])] * 3, fabrica.serie([1.0, 2.0]))
    leidas = hojas(en_xlsx(c))
    assert list(leidas) == ["Tablero", "Tablero 2", "Tablero 3", "Serie", "Notas"]
    assert leidas["Tablero"][1] == ["Uno", 5, -1, date(2026, 11, 30), "DEMOSTRACIÓN"]
    with zipfile.ZipFile(io.BytesIO(en_xlsx(c))) as z:
        assert sum(n.startswith("xl/charts/chart") for n in z.namelist()) == 1


def test_el_paquete_lleva_todo_con_nombres_que_dicen_que_es():
    c = todas(publico=True, minuta="# Minuta\nUn párrafo.", minuta_nombre="minuta-1-2026-08-08")
    cuerpo = paquete(c)
    assert cuerpo == paquete(c)
    with zipfile.ZipFile(io.BytesIO(cuerpo)) as z:
        base = "sesion_prueba_2026-08_corte-2026-08_publico_DEMOSTRACION"
        assert z.namelist() == [
            "LEEME.txt", "CITA.txt", *(f"{base}.{x}" for x in ("html", "pptx", "pdf", "xlsx")), "minuta-1-2026-08-08.docx"
        ]  # fmt: skip
        assert {i.date_time for i in z.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "DEMOSTRACIÓN" in z.read("LEEME.txt").decode("utf-8-sig")
    assert nombre(todas(), "zip") == "sesion_prueba_2026-08_corte-2026-08_DEMOSTRACION.zip"


def test_el_mapa_se_acerca_a_la_mesa_y_llena_su_caja():
    claves, todo = fabrica.cuadricula(7)
    visto = dibujos.acercar(todo, {claves[0]}, 2.0)
    oeste, sur, este, norte = visto.limites
    assert (este - oeste) / ((norte - sur) * todo.correccion) == pytest.approx(2.0)
    assert claves[0] in visto.claves
    assert claves[-1] not in visto.claves
    assert oeste < -102
    assert este > -101


def test_una_tabla_solo_ensena_lo_visible():
    figura = fabrica.tabla(["Uno"], [1], [2])
    assert isinstance(figura, Tabla)
    assert figura.celdas() == [["Uno", "1", "+2"]]


def test_el_logotipo_de_la_mesa_va_en_la_portada_y_se_dice_de_quien_es():
    memoria = io.BytesIO()
    Image.new("RGB", (120, 40), "#0072B2").save(memoria, "PNG")
    con_logo = todas(logo=memoria.getvalue())
    html = en_html(con_logo).decode()
    assert html.count('alt="Logotipo de Mesa de prueba"') == 1
    assert "Logotipo" not in en_html(todas()).decode()
    imagenes = [f for f in Presentation(io.BytesIO(en_pptx(con_logo))).slides[0].shapes if f.shape_type == 13]
    assert [i._element.nvPicPr.cNvPr.get("descr") for i in imagenes] == ["Logotipo de Mesa de prueba"]
    assert (
        imagenes[0].top + imagenes[0].height <= Presentation(io.BytesIO(en_pptx(con_logo))).slides[0].shapes.title.top
    )
    imagenes = list(pypdfium2.PdfDocument(en_pdf(con_logo))[0].get_objects(filter=[3]))
    assert len(imagenes) == 1
