"""Lo que escribe una persona hostil con permiso de escribir no se ejecuta: ni en las páginas, ni en nada de lo que se baja."""

import csv
import io
import json
import re
import shutil
import xml.etree.ElementTree as ET
import zipfile
from datetime import date
from html.parser import HTMLParser

import pytest
from icalendar import Calendar
from pptx import Presentation

from datos.consultas.contexto import contexto
from datos.plantilla.escritura import a_bytes
from datos.registro import acuerdos, evidencias, hitos, lectura, mesas, seguimientos, sesiones
from datos.registro.actor import PUBLICO, Actor, Rol
from datos.registro.apertura import registro_vigente
from datos.registro.calendario import a_ical
from datos.registro.errores import DatoInvalido
from datos.registro.evidencias import Entrega
from datos.registro.json_publico import a_json
from datos.registro.renglones import a_renglon
from informes import boletin, minuta
from informes.sesion.componer import componer
from informes.sesion.paquete import paquete
from informes.sesion.pedido import Pedido
from tests.corrutinas import correr
from tests.integracion.atacante import Atacante
from tests.integracion.registro.conftest import VALORES
from tests.navegador.conftest import servir

DIA = date(2026, 11, 20)
MESA = "demo-1"
ANA = Actor("ana@ejemplo.mx", "Ana", Rol.MESA, frozenset({MESA}))
BETO = Actor("beto@ejemplo.mx", "Beto", Rol.MESA, frozenset({MESA}))
HTML = "<svg onload=alert(1)><script>alert(1)</script></td></style></script>\"'><img src=x onerror=alert(1)>"
MARCADO = "[clic](javascript:alert(1)) ![x](https://ajeno.example/x.png) $\\href{javascript:alert(1)}{x}$ :material/x: `x` **n**"
FORMULA = "=cmd|'/C calc'!A0"
CALENDARIO = "fin\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTACH:https://ajeno.example\r\nSUMMARY:otro"
CARGA = f"Xq {HTML} {MARCADO}"
EJECUTABLES = {"script", "img", "svg", "iframe", "object", "embed", "form", "meta", "base", "link"}


def _envenenar():
    """Un registro con la carga en cada texto que admite el registro."""
    registro = registro_vigente()
    mesa = lectura.mesa(registro, ANA, MESA)
    mesas.editar(registro, ANA, MESA, mesa.version, nombre="Mesa <svg onload=alert(1)>", nota=CARGA, fuente=CARGA)
    mesas.sentar(
        registro, ANA, MESA, institucion=f"Policía {HTML}", lado="autoridad", representante=f"Luis {HTML}", desde=DIA
    )
    reunion = sesiones.abrir(registro, ANA, MESA, fecha=DIA, tipo="comisión", comision=HTML, lugar=HTML)
    sesiones.pasar_lista(
        registro, ANA, reunion.id, institucion=HTML, lado="ciudadania", estado="presente", representante=HTML
    )
    valores = {
        **VALORES, "folio": "01/XC/2026", "texto": CARGA, "autoridad_responsable": CARGA,
        "corresponsable_ciudadano": CARGA, "nota": CARGA, "fuente": CARGA, "comision": HTML[:200], "fecha": "2026-02-10",
    }  # fmt: skip
    uno = acuerdos.crear(registro, ANA, MESA, valores, sesion_id=reunion.id)
    sin_nada = {
        **valores, "folio": "02/XC/2026", "meta_valor": "", "meta_pct": "", "meta_fecha": "", "plazo": "",
        "autoridad_responsable": "", "corresponsable_ciudadano": "", "sin_meta_porque": CARGA,
        "sin_responsable_porque": CARGA, "sin_plazo_porque": CARGA,
    }  # fmt: skip
    acuerdos.crear(registro, ANA, MESA, sin_nada)
    hitos.agregar(registro, ANA, uno.id, descripcion=CARGA, lado="autoridad", inicio=DIA, fin=DIA, ponderador=50)
    archivo = Entrega(HTML[:200], DIA, archivo=f"../{HTML}.html", contenido=b"hola", publica=True)
    liga = Entrega(
        MARCADO, DIA, url='https://ejemplo.mx/"><script>alert(1)</script>?x=](javascript:alert(1))', publica=True
    )
    seguimientos.registrar(
        registro, ANA, uno.id, lectura.expediente(registro, ANA, uno.id).acuerdo.version, cumplimiento=4, nota=CARGA,
        dia=DIA, entregas=[archivo, liga],
    )  # fmt: skip
    visto = lectura.expediente(registro, ANA, uno.id)
    evidencias.verificar(registro, BETO, visto.evidencias[0].id, visto.evidencias[0].version, CARGA)
    acuerdos.reprogramar(registro, ANA, uno.id, visto.acuerdo.version, date(2028, 1, 1), CARGA, dia=DIA)
    reunion = sesiones.editar(registro, ANA, reunion.id, reunion.version, notas=f"{CARGA}\n# {HTML}\n- {HTML}")
    sesiones.cerrar(registro, ANA, reunion.id, reunion.version, f"# {HTML}\n## {MARCADO}\n- {CARGA}\n{CARGA}")
    return {"acuerdo": uno.id, "sesion": reunion.id}


@pytest.fixture(scope="module")
def envenenado(almacen_demostracion, tmp_path_factory):
    """La demostración con ese registro: (almacén, identificadores). Mientras dure el módulo es el almacén de la prueba."""
    raiz = tmp_path_factory.mktemp("envenenado") / "almacen"
    shutil.copytree(almacen_demostracion, raiz, ignore=shutil.ignore_patterns("registro", "crudo"))
    with pytest.MonkeyPatch.context() as parche:
        parche.setenv("TABLERO_ALMACEN", str(raiz))
        parche.setenv("TABLERO_HOY", "2026-11-24")
        parche.delenv("TABLERO_REGISTRO", raising=False)
        yield raiz, _envenenar()


class _Elementos(HTMLParser):
    """Las etiquetas y atributos que un navegador vería de verdad."""

    def __init__(self):
        super().__init__()
        self.malos = []

    def handle_starttag(self, etiqueta, atributos):
        propios = dict(atributos)
        if etiqueta in EJECUTABLES and not (etiqueta == "img" and (propios.get("src") or "").startswith("data:image/")):
            self.malos.append((etiqueta, atributos))
        for nombre, valor in atributos:
            directo = re.sub(r"[\s\x00-\x1f]", "", valor or "").lower()
            if nombre.startswith("on") or directo.startswith(("javascript:", "vbscript:", "data:text")):
                self.malos.append((etiqueta, nombre, valor))


def _malos(html):
    lector = _Elementos()
    lector.feed(html)
    return lector.malos


def test_el_lector_de_etiquetas_si_ve_lo_que_se_ejecuta():
    assert len(_malos(f"<p>{HTML}</p>")) >= 3
    assert _malos('<a href=" java\nscript:alert(1)">x</a>')
    assert _malos("<p>&lt;script&gt;</p>") == []


VISTAS = [
    ("mesas", {"mesa": MESA}),
    ("mesas", {}),
    *(("acuerdos", {"mesa": MESA, "vista_de_acuerdos": v}) for v in ("lista", "tablero", "calendario")),
    ("acuerdos", {"mesa": MESA, "folio": "01/XC/2026"}),
    ("acuerdos", {"mesa": MESA, "folio": "02/XC/2026"}),
    *(("sesion", {"mesa": MESA, "sesion": "", "momento": m}) for m in ("antes", "asistencia", "anteriores", "minuta")),
    ("sesion", {"mesa": MESA}),
    ("sesion", {"mesa": MESA, "proyector": "si"}),
    ("capturar", {"mesa": MESA}),
    ("eficacia", {"mesa": MESA, "folio": "01/XC/2026"}),
    ("portafolio", {}),
    ("red", {}),
    ("disenador", {"mesa": MESA}),
    ("ficha", {"mesa": MESA}),
    ("prensa", {"mesa": MESA}),
    *(("administracion", {"asunto": a}) for a in ("personas", "mesas", "respaldo", "bitacora")),
]


@pytest.mark.parametrize("modo", ["si", "no"])
def test_ninguna_pagina_ejecuta_lo_escrito(envenenado, modo):
    raiz, suyos = envenenado

    async def recorrer(direccion):
        fallas, vista_con_carga = [], 0
        for pagina, consulta in VISTAS:
            completa = {**consulta, **({"sesion": suyos["sesion"]} if "sesion" in consulta else {})}
            async with Atacante(direccion) as quien:
                await quien.visitar(pagina, completa)
                if quien.excepciones:
                    fallas.append((pagina, completa, quien.excepciones))
                malos = [m for cuerpo in quien.marcas for m in _malos(cuerpo)]
                if malos:
                    fallas.append((pagina, completa, malos[:3]))
                vista_con_carga += any("onload=alert" in cuerpo for cuerpo in quien.marcas)
                escrito = [t for t in quien.prosa if "](javascript:" in t or "](https://ajeno" in t]
                if escrito:
                    fallas.append((pagina, completa, escrito[:2]))
                if any(x.lower().startswith(("javascript:", "data:text")) for x in quien.ligas):
                    fallas.append((pagina, completa, quien.ligas))
        return fallas, vista_con_carga

    with servir(raiz, TABLERO_HOY="2026-11-24", TABLERO_MODO_LOCAL=modo) as direccion:
        fallas, vista_con_carga = correr(recorrer(direccion))
    assert fallas == []
    assert vista_con_carga >= 6  # la carga sí llegó a las páginas, ya inofensiva


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
        "file:///etc/passwd", "//ajeno.example", "https://", "http:///x", "ftp://x/y", "\x01javascript:alert(1)",
        "java\nscript:alert(1)", "https:javascript:alert(1)", " ",
    ],
)  # fmt: skip
def test_una_liga_de_evidencia_solo_puede_ser_web(envenenado, url):
    registro = registro_vigente()
    with pytest.raises(DatoInvalido):
        # vacía no es una liga: se toma por archivo, y tampoco pasa
        evidencias.entregar(registro, ANA, envenenado[1]["acuerdo"], Entrega("x", DIA, url=url))


# ── Lo que se baja ────────────────────────────────────────────────────────────────────────────────────────────────────


def _expedientes():
    return lectura.expedientes(registro_vigente(), ANA, mesa_clave=MESA)


def _formulas(xlsx):
    """Celdas con fórmula, ligas y relaciones hacia fuera de un libro."""
    malos = []
    with zipfile.ZipFile(io.BytesIO(xlsx)) as libro:
        for nombre in libro.namelist():
            cuerpo = libro.read(nombre)
            if nombre.endswith((".xml", ".rels")):
                for e in ET.fromstring(cuerpo).iter():
                    etiqueta = e.tag.rsplit("}", 1)[-1]
                    de_celda = (
                        etiqueta == "f" and "/charts/" not in nombre
                    )  # una gráfica dice con «f» de qué celdas sale
                    if (
                        de_celda
                        or etiqueta in ("hyperlink", "ddeLink", "oleObject")
                        or e.get("TargetMode") == "External"
                    ):
                        malos.append((nombre, etiqueta, e.text))
            if "externalLink" in nombre or nombre.endswith(".bin"):
                malos.append((nombre, "parte", ""))
    return malos


def test_las_hojas_de_los_acuerdos_no_traen_formulas(envenenado):
    expedientes = _expedientes()
    renglones = [a_renglon(e.acuerdo, e.mesa.nombre, e.cumplimiento) for e in expedientes]
    renglones[0] = {**renglones[0], "texto": FORMULA, "nota": "@SUM(1)", "fuente": "+1+1", "mesa": "-2+3"}
    libro = a_bytes(renglones, "xlsx")
    assert _formulas(libro) == []
    hoja = list(csv.reader(io.StringIO(a_bytes(renglones, "csv").decode("utf-8-sig"))))
    assert len(hoja) == len(renglones) + 1
    assert [c for fila in hoja for c in fila if c[:1] in "=+-@\t\r" and c and not re.fullmatch(r"[+-]?[\d.]+", c)] == []
    assert any("onload=alert" in c for fila in hoja for c in fila)


def test_el_calendario_no_gana_sucesos_ni_propiedades(envenenado):
    expedientes = _expedientes()
    for e in expedientes:
        e.acuerdo.texto = f"{CARGA}\n{CALENDARIO}"
        e.acuerdo.folio = f"{e.acuerdo.folio}\r\nATTACH:x"
    crudo = a_ical(expedientes)
    esperados = sum(e.acuerdo.plazo is not None and e.cumplimiento < 5 for e in expedientes)
    esperados += sum(h.cumplido_en is None for e in expedientes for h in e.hitos)
    sucesos = Calendar.from_ical(crudo).walk("VEVENT")
    assert len(sucesos) == esperados > 0
    assert not re.search(rb"(?m)^ATTACH", crudo)
    assert {p for s in sucesos for p in s} <= {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "TRANSP"
    }  # fmt: skip


def test_el_json_vuelve_a_leerse_igual_y_sin_lo_interno(envenenado):
    leido = json.loads(a_json(registro_vigente(), PUBLICO))
    textos = json.dumps(leido, ensure_ascii=False)
    assert CARGA in [a["texto"] for a in _listas(leido, "texto")]
    assert "Luis <svg" not in textos
    assert "entregada_por" not in textos


def _listas(nodo, llave):
    """Cada objeto de un JSON que tenga esa llave."""
    if isinstance(nodo, dict):
        if llave in nodo:
            yield nodo
        for v in nodo.values():
            yield from _listas(v, llave)
    elif isinstance(nodo, list):
        for v in nodo:
            yield from _listas(v, llave)


def _sin_relaciones_de_fuera(oficina):
    """Relaciones hacia fuera, campos y macros de un DOCX o un PPTX."""
    malos = []
    with zipfile.ZipFile(io.BytesIO(oficina)) as documento:
        for nombre in documento.namelist():
            if nombre.endswith((".xml", ".rels")):
                for e in ET.fromstring(documento.read(nombre)).iter():
                    etiqueta = e.tag.rsplit("}", 1)[-1]
                    externa = e.get("TargetMode") == "External"
                    if externa or etiqueta in ("instrText", "fldSimple", "altChunk", "control", "hlinkClick"):
                        malos.append((nombre, etiqueta, e.attrib))
            if "vba" in nombre.lower():
                malos.append((nombre, "macros", {}))
    return malos


def test_la_minuta_en_word_es_solo_texto(envenenado):
    suya = lectura.sesion_de(registro_vigente(), ANA, envenenado[1]["sesion"])
    documento = minuta.a_docx(suya.minuta, HTML)
    assert _sin_relaciones_de_fuera(documento) == []
    with zipfile.ZipFile(io.BytesIO(documento)) as partes:
        assert "&lt;svg onload=alert(1)&gt;" in partes.read("word/document.xml").decode()


@pytest.fixture(scope="module")
def del_paquete(envenenado):
    """Nombre → contenido del paquete de la sesión de esa Mesa, para quien ve lo interno."""
    mes = contexto().corte_mas_reciente.replace(day=1)
    hecho = paquete(componer(Pedido(MESA, mes, date(2026, 11, 24))))
    with zipfile.ZipFile(io.BytesIO(hecho)) as partes:
        return {n: partes.read(n) for n in partes.namelist()}


def _uno(partes, extension):
    return next(c for n, c in partes.items() if n.endswith(extension))


def test_los_nombres_del_paquete_no_salen_de_su_carpeta(del_paquete):
    for nombre in del_paquete:
        assert re.fullmatch(r"[A-Za-z0-9._-]+", nombre), nombre
        assert ".." not in nombre


def test_el_html_del_paquete_solo_ejecuta_su_guion(del_paquete):
    html = _uno(del_paquete, ".html").decode()
    politica = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)[1]
    assert "script-src 'sha256-" in politica.replace("&#x27;", "'").replace("&#39;", "'")
    assert html.count("<script>") == 1
    assert "<svg onload" not in html
    assert "onerror=alert(1)>" not in html
    assert "&lt;svg onload=alert(1)&gt;" in html


def test_la_presentacion_y_el_libro_del_paquete_son_solo_texto(del_paquete):
    assert _formulas(_uno(del_paquete, ".xlsx")) == []
    assert _sin_relaciones_de_fuera(_uno(del_paquete, ".pptx")) == []
    textos = [
        f.text_frame.text
        for s in Presentation(io.BytesIO(_uno(del_paquete, ".pptx"))).slides
        for f in s.shapes
        if f.has_text_frame
    ]
    assert any("<svg onload" in t for t in textos)


def test_el_pdf_del_paquete_no_trae_acciones(del_paquete):
    crudo = _uno(del_paquete, ".pdf")
    assert crudo.startswith(b"%PDF-")
    for accion in (b"/JavaScript", b"/JS ", b"/Launch", b"/EmbeddedFile", b"/SubmitForm", b"javascript:"):
        assert accion not in crudo, accion
    assert not re.search(
        rb"/OpenAction\s*(<<|\d)", crudo
    )  # abrir en una hoja es una lista; una acción sería un diccionario


def test_el_boletin_de_la_mesa_es_solo_texto(envenenado):
    hecho = boletin.componer(boletin.de_mesa(MESA))
    with zipfile.ZipFile(io.BytesIO(boletin.paquete(hecho))) as partes:
        for nombre in partes.namelist():
            assert re.fullmatch(r"[A-Za-z0-9._/-]+", nombre), nombre
            contenido = partes.read(nombre)
            if nombre.endswith(".xlsx"):
                assert _formulas(contenido) == []
            elif nombre.endswith(".docx"):
                assert _sin_relaciones_de_fuera(contenido) == []
            elif nombre.endswith((".svg", ".html")):
                assert _malos(contenido.decode().replace("<svg ", "<dibujo ")) == []
                assert "<svg onload" not in contenido.decode()
            elif nombre.endswith(".pdf"):
                assert b"/JavaScript" not in contenido
