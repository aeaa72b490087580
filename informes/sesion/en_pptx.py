"""La sesión como presentación: gráficas y tablas nativas, editables y con sus números, notas del orador y textos alternativos."""

from __future__ import annotations

import io
import re
from datetime import datetime

import numpy as np
import pandas as pd
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Libro
from pptx.slide import Slide
from pptx.util import Inches, Pt

from graficas.base import CATEGORIAS, GRIS, TINTA
from graficas.impresas.letra import alto as alto_de
from graficas.impresas.letra import partir
from informes.sesion.acomodo import ALTO_DEL_LOGO, DIAPOSITIVA, RELLENO, Bloque, Hoja, Rejilla, acomodar
from informes.sesion.dibujos import dibujar, unidad_de
from informes.sesion.fijo import fijar
from informes.sesion.lamina import NUMERICAS, Barras, Composicion, Mapa, Serie

TIPO = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
AUTOR, IDIOMA = "Delitos a la baja", "es-MX"
FAMILIA = "Atkinson Hyperlegible Next"
AZUL, CLARO, BLANCO = "0B5C8A", "F2F5F7", "FFFFFF"
_SOLO_TITULO = 5
_SIN_HORA = datetime(2000, 1, 1)
BANDA = "9AA5AD"
MESES_DE_UNA_CORTA = 36
LETRA_DE_UNIDAD = 11
_COLORES = {
    "dk1": TINTA[1:], "lt1": BLANCO, "dk2": AZUL, "lt2": CLARO, "accent1": CATEGORIAS[0][1:], "accent2": CATEGORIAS[1][1:],
    "accent3": CATEGORIAS[2][1:], "accent4": CATEGORIAS[3][1:], "accent5": CATEGORIAS[4][1:], "accent6": CATEGORIAS[5][1:],
    "hlink": AZUL, "folHlink": GRIS[1:],
}  # fmt: skip


def en_pptx(c: Composicion) -> bytes:
    """Los bytes del .pptx; los mismos para la misma composición."""
    libro = Presentation()
    libro.slide_width, libro.slide_height = Inches(DIAPOSITIVA.ancho), Inches(DIAPOSITIVA.alto)
    _vestir(libro)
    hojas = [h for lamina in c.laminas for h in acomodar(lamina, DIAPOSITIVA, c.rotulos)]
    for numero, hoja in enumerate(hojas, 1):
        _diapositiva(libro, c, hoja, f"{numero} de {len(hojas)}")
    p = libro.core_properties
    p.title, p.author, p.language, p.subject = c.titulo, AUTOR, IDIOMA, f"{c.sesion}. Corte {c.corte:%Y-%m}."
    p.comments, p.last_modified_by, p.keywords = " ".join(c.rotulos), AUTOR, f"huella {c.huella}"
    p.created = p.modified = _SIN_HORA
    p.revision = 1
    salida = io.BytesIO()
    libro.save(salida)
    return fijar(salida.getvalue())


def _vestir(libro: Libro) -> None:
    """El tema de la casa en el patrón, y una sola disposición: título arriba. Quien no tenga la letra verá una parecida."""
    patron = libro.slide_masters[0]
    tema = patron.part.part_related_by(RT.THEME)
    xml = tema.blob.decode("utf-8")
    for nombre, color in _COLORES.items():
        xml = re.sub(rf"(<a:{nombre}>).*?(</a:{nombre}>)", rf'\g<1><a:srgbClr val="{color}"/>\g<2>', xml, flags=re.S)
    # panose de una sans humanista: con eso el programa escoge una parecida si falta
    letra = f'<a:latin typeface="{FAMILIA}" panose="020B0604020202020204" pitchFamily="34" charset="0"/>'
    xml = re.sub(r"(<a:(?:major|minor)Font>\s*)<a:latin [^>]*/>", rf"\g<1>{letra}", xml)
    tema._blob = xml.encode("utf-8")
    usada = libro.slide_layouts[_SOLO_TITULO]
    for disposicion in list(libro.slide_layouts):
        if disposicion is not usada:
            libro.slide_layouts.remove(disposicion)
    _franja(usada)
    for donde in (patron, usada):
        for lugar in list(donde.placeholders):
            if lugar.placeholder_format.type is not None and lugar.placeholder_format.idx in (10, 11, 12):
                lugar._element.getparent().remove(lugar._element)
            elif lugar.placeholder_format.idx == 0:
                _caja(lugar, DIAPOSITIVA.margen, DIAPOSITIVA.margen * 0.8, DIAPOSITIVA.util, 1.2)
            else:
                _caja(lugar, DIAPOSITIVA.margen, 1.8, DIAPOSITIVA.util, 4.8)


def _franja(disposicion) -> None:  # type: ignore[no-untyped-def]
    """Una franja azul arriba; vive en la disposición, así que un lector de pantalla no la encuentra."""
    xml = (
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="90" name="Franja"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{Inches(DIAPOSITIVA.ancho)}" cy="{Inches(0.12)}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="dk2"/></a:solidFill><a:ln><a:noFill/>'
        "</a:ln></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr/></a:p></p:txBody></p:sp>"
    )
    disposicion.shapes._spTree.insert(2, parse_xml(xml))


def _caja(forma, x: float, y: float, ancho: float, alto: float) -> None:  # type: ignore[no-untyped-def]
    forma.left, forma.top, forma.width, forma.height = Inches(x), Inches(y), Inches(ancho), Inches(alto)


def _diapositiva(libro: Libro, c: Composicion, hoja: Hoja, cual: str) -> None:
    """En el orden en que se lee: título, cuerpo, figura, fuente."""
    d = libro.slides.add_slide(libro.slide_layouts[0])
    lamina, m = hoja.lamina, DIAPOSITIVA.margen
    titulo = d.shapes.title
    _caja(titulo, m, hoja.titulo.y, DIAPOSITIVA.util, max(hoja.titulo.alto * 1.05, 0.4))
    texto = " ".join(" ".join(p) for p in hoja.titulo.parrafos) if hoja.sigue else lamina.titulo
    _escribir(titulo.text_frame, [texto], hoja.titulo.puntos, negrita=True, ancla=MSO_ANCHOR.TOP)
    if hoja.cuerpo.parrafos:
        caja = d.shapes.add_textbox(
            Inches(m), Inches(hoja.cuerpo.y), Inches(DIAPOSITIVA.util), Inches(max(hoja.cuerpo.alto, 0.3))
        )
        caja.name = "Texto"
        con_punto = lamina.parte != "portada" and len(lamina.cuerpo) > 1
        _escribir(caja.text_frame, list(lamina.cuerpo), hoja.cuerpo.puntos, puntos=con_punto, entre=0.05)
    if lamina.parte == "portada" and c.logo:
        logo = d.shapes.add_picture(io.BytesIO(c.logo), Inches(m), Inches(m), height=Inches(ALTO_DEL_LOGO))
        logo._element.nvPicPr.cNvPr.set("descr", c.alternativo_del_logo)
    if hoja.rejilla is not None:
        _tabla(d, hoja, hoja.rejilla)
    elif lamina.figura is not None:
        _figura(d, c, hoja)
    _pie(d, hoja.pie, [t for t in (" ".join(c.rotulos), lamina.fuente) if t], cual)
    notas = d.notes_slide.notes_text_frame
    renglones = [lamina.titulo, *lamina.cuerpo, *(("Método", *lamina.notas) if lamina.notas else ()), lamina.fuente]
    notas.text = "\n".join(_limpio(x) for x in renglones if x)
    for corrida in notas._txBody.iter(qn("a:rPr")):
        corrida.set("lang", IDIOMA)


def _limpio(texto: str) -> str:
    """Sin los caracteres que XML no admite."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", " ", texto)


def _escribir(
    marco, textos: list[str], puntos_de_letra: float, *, negrita: bool = False, color: str = TINTA, puntos: bool = False,
    entre: float = 0.0, ancla=MSO_ANCHOR.TOP, alinea=PP_ALIGN.LEFT, margen: float = 0.0,
) -> None:  # type: ignore[no-untyped-def]  # fmt: skip
    marco.word_wrap, marco.auto_size, marco.vertical_anchor = True, MSO_AUTO_SIZE.NONE, ancla
    marco.margin_left = marco.margin_right = Inches(margen)
    marco.margin_top = marco.margin_bottom = Inches(0 if not margen else 0.04)
    for numero, texto in enumerate(textos):
        parrafo = marco.paragraphs[0] if numero == 0 else marco.add_paragraph()
        parrafo.alignment = alinea
        parrafo.line_spacing = 1.05
        parrafo.space_after = Pt(entre * 72)
        if puntos:
            propiedades = parrafo._p.get_or_add_pPr()
            propiedades.set("marL", str(Inches(0.22)))
            propiedades.set("indent", str(-Inches(0.22)))
            marca = propiedades.makeelement(qn("a:buChar"), {"char": "•"})
            propiedades.append(marca)
        corrida = parrafo.add_run()
        corrida.text = _limpio(texto)
        letra = corrida.font
        letra.size, letra.bold, letra.color.rgb = Pt(puntos_de_letra), negrita, RGBColor.from_string(color.lstrip("#"))
        corrida._r.get_or_add_rPr().set("lang", IDIOMA)


def _pie(d: Slide, pie: Bloque, textos: list[str], cual: str) -> None:
    caja = d.shapes.add_textbox(
        Inches(DIAPOSITIVA.margen), Inches(pie.y), Inches(DIAPOSITIVA.util - 0.9), Inches(pie.alto + 0.05)
    )
    caja.name = "Fuente"
    _escribir(caja.text_frame, textos, pie.puntos, color=GRIS)
    numero = d.shapes.add_textbox(
        Inches(DIAPOSITIVA.ancho - DIAPOSITIVA.margen - 0.9), Inches(DIAPOSITIVA.alto - 0.5), Inches(0.9), Inches(0.25)
    )
    numero.name = "Número de lámina"
    _escribir(numero.text_frame, [cual], pie.puntos, color=GRIS, alinea=PP_ALIGN.RIGHT)


def _tabla(d: Slide, hoja: Hoja, r: Rejilla) -> None:
    x, y, ancho, _ = hoja.caja
    marco = d.shapes.add_table(
        len(r.celdas) + 1, len(r.columnas), Inches(x), Inches(y), Inches(ancho), Inches(sum(r.altos))
    )
    figura = hoja.lamina.figura
    assert figura is not None
    marco.name = figura.nombre
    _alternativo(marco, figura.alternativo)
    tabla = marco.table
    for n, a in enumerate(r.anchos):
        tabla.columns[n].width = Inches(a)
    for n, a in enumerate(r.altos):
        tabla.rows[n].height = Inches(a)
    titulos = tuple(c.titulo for c in r.columnas)
    for fila, textos in enumerate((titulos, *r.textos)):
        for n, (columna, texto) in enumerate(zip(r.columnas, textos, strict=True)):
            celda = tabla.cell(fila, n)
            celda.fill.solid()
            fondo = AZUL if fila == 0 else CLARO if fila % 2 == 0 else BLANCO
            celda.fill.fore_color.rgb = RGBColor.from_string(fondo)
            _escribir(
                celda.text_frame, [texto], r.puntos, negrita=fila == 0 or n == 0, color=f"#{BLANCO}" if fila == 0 else TINTA,
                alinea=PP_ALIGN.RIGHT if columna.clase in NUMERICAS else PP_ALIGN.LEFT,
            )  # fmt: skip
            celda.margin_left = celda.margin_right = Inches(RELLENO)
            celda.margin_top = celda.margin_bottom = Inches(RELLENO * 0.6)
            celda.vertical_anchor = MSO_ANCHOR.TOP


def _alternativo(forma, texto: str) -> None:  # type: ignore[no-untyped-def]
    forma._element.xpath(".//p:cNvPr")[0].set("descr", _limpio(texto)[:2000])


def _figura(d: Slide, c: Composicion, hoja: Hoja) -> None:
    figura = hoja.lamina.figura
    x, y, ancho, alto = hoja.caja
    if isinstance(figura, Serie):
        _grafica_de_serie(d, figura, hoja.caja)
    elif isinstance(figura, Barras):
        _grafica_de_barras(d, figura, hoja.caja)
    elif isinstance(figura, Mapa):
        lienzo = dibujar(figura, ancho, alto, 12, demostracion=c.demostracion)
        if lienzo is None:
            return
        puesta = d.shapes.add_picture(
            io.BytesIO(lienzo.guardar("png", 2)), Inches(x), Inches(y), Inches(ancho), Inches(alto)
        )
        puesta.name = figura.nombre
        _alternativo(puesta, figura.alternativo)


def _valores(columna: pd.Series) -> list[float | None]:
    return [float(v) if np.isfinite(v) else None for v in columna.to_numpy(dtype="float64")]


def _grafica_de_serie(d: Slide, figura: Serie, caja: tuple[float, float, float, float]) -> None:
    """Una gráfica de líneas con eje de fechas; la banda son dos líneas delgadas y lo provisional va punteado."""
    datos = figura.datos
    cifras = CategoryChartData(number_format="#,##0")
    cifras.categories = [f.date() for f in datos["fecha"]]
    for columna, rotulo in figura.lineas.items():
        cifras.add_series(_limpio(rotulo), _valores(datos[columna]))
    con_banda = bool(np.isfinite(datos["alto"].to_numpy(dtype="float64")).any())
    if con_banda:
        cifras.add_series("Se esperaban desde", _valores(datos["bajo"]), number_format="#,##0.0")
        cifras.add_series("hasta (95 %)", _valores(datos["alto"]), number_format="#,##0.0")
    x, y, ancho, alto = caja
    baja = _unidad(d, _nota_de_la_grafica(figura), caja)
    marco = d.shapes.add_chart(
        XL_CHART_TYPE.LINE, Inches(x), Inches(y + baja), Inches(ancho), Inches(alto - baja), cifras
    )
    marco.name = figura.nombre
    _alternativo(marco, figura.alternativo)
    g = marco.chart
    _vestir_grafica(g)
    g.has_legend = True
    g.legend.position, g.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    g.legend.font.size = Pt(12)
    tiempo = g.category_axis
    corta = len(datos) <= MESES_DE_UNA_CORTA
    formato = "[$-80A]mmm yyyy" if corta else "yyyy"  # 80A: español de México
    tiempo.tick_labels.number_format, tiempo.tick_labels.number_format_is_linked = formato, False
    _cada_cuanto(tiempo, 3 if corta else 1, "months" if corta else "years")
    tiempo.has_major_gridlines = False
    colores = [CATEGORIAS[0], GRIS]
    propias = list(g.plots[0].series)
    provisional = datos["provisional"].to_numpy(dtype=bool)
    for n, serie in enumerate(propias):
        de_la_banda = n >= len(figura.lineas)
        color = f"#{BANDA}" if de_la_banda else colores[n % 2]
        serie.smooth = False
        serie.format.line.color.rgb = RGBColor.from_string(color[1:])
        serie.format.line.width = Pt(1 if de_la_banda else 2.5)
        if de_la_banda or n:
            serie.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
        _sin_marcas(serie)
        if n == 0:
            for punto in np.flatnonzero(provisional):
                trazo = serie.points[int(punto)].format.line
                trazo.color.rgb, trazo.width = RGBColor.from_string(color[1:]), Pt(2.5)
                trazo.dash_style = MSO_LINE_DASH_STYLE.ROUND_DOT


def _unidad(d: Slide, texto: str, caja: tuple[float, float, float, float]) -> float:
    """Lo que mide la gráfica y cómo se lee, arriba de ella; devuelve cuánto ocupa."""
    x, y, ancho, _ = caja
    ocupa = alto_de(len(partir(texto, LETRA_DE_UNIDAD * DIAPOSITIVA.holgura, ancho)), LETRA_DE_UNIDAD) + 0.06
    unidad = d.shapes.add_textbox(Inches(x), Inches(y), Inches(ancho), Inches(ocupa))
    unidad.name = "Unidad"
    _escribir(unidad.text_frame, [texto], LETRA_DE_UNIDAD, color=GRIS)
    return ocupa


def _cada_cuanto(eje, cuantos: int, unidad: str) -> None:  # type: ignore[no-untyped-def]
    """Una marca cada tantos meses o años; python-pptx no lo ofrece para fechas."""
    for etiqueta, valor in (
        ("c:baseTimeUnit", "months"), ("c:majorUnit", str(cuantos)), ("c:majorTimeUnit", unidad),
    ):  # fmt: skip
        for previo in eje._element.findall(qn(etiqueta)):
            eje._element.remove(previo)
        nuevo = eje._element.makeelement(qn(etiqueta), {"val": valor})
        eje._element.append(nuevo)


def _nota_de_la_grafica(figura: Serie) -> str:
    partes = [unidad_de(figura)]
    if figura.datos["provisional"].any():
        partes.append("punteado, lo provisional")
    if figura.datos["fecha"].max() >= pd.Timestamp("2026-01-01") > figura.datos["fecha"].min():
        partes.append("desde enero de 2026, nueva metodología")
    partes += [f"{folio}: {cuando:%m/%Y}" for cuando, folio in figura.marcas]
    return "; ".join(partes)


def _sin_marcas(serie) -> None:  # type: ignore[no-untyped-def]

    serie.marker.style = XL_MARKER_STYLE.NONE


def _vestir_grafica(g) -> None:  # type: ignore[no-untyped-def]
    g.font.size, g.font.color.rgb = Pt(12), RGBColor.from_string(TINTA[1:])
    g.has_title = False
    eje = g.value_axis
    eje.minimum_scale = 0
    eje.has_major_gridlines = True
    eje.major_gridlines.format.line.color.rgb = RGBColor.from_string("E3E8EC")
    eje.format.line.fill.background()
    eje.tick_labels.number_format, eje.tick_labels.number_format_is_linked = "#,##0", False


def _grafica_de_barras(d: Slide, figura: Barras, caja: tuple[float, float, float, float]) -> None:
    datos = figura.datos.iloc[::-1]  # PowerPoint dibuja de abajo arriba
    cifras = CategoryChartData(number_format="+#,##0;−#,##0;0")
    cifras.categories = [_limpio(str(n)) for n in datos["nombre"]]
    cifras.add_series(figura.nombre, _valores(datos["valor"]))
    x, y, ancho, alto = caja
    baja = _unidad(d, figura.unidad, caja)
    marco = d.shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED, Inches(x), Inches(y + baja), Inches(ancho), Inches(alto - baja), cifras
    )
    marco.name = figura.nombre
    _alternativo(marco, figura.alternativo)
    g = marco.chart
    _vestir_grafica(g)
    g.has_legend = False
    eje = g.value_axis
    eje.minimum_scale = None
    eje.visible = False
    eje.has_major_gridlines = False
    # Los nombres van a la izquierda aunque la barra sea negativa.
    g.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    g.category_axis.format.line.color.rgb = RGBColor.from_string(GRIS[1:])
    trazo = g.plots[0]
    trazo.gap_width = 45 if len(figura.datos) > 3 else 220  # una sola barra no llena la lámina
    trazo.has_data_labels = True
    trazo.data_labels.number_format, trazo.data_labels.number_format_is_linked = "+#,##0;−#,##0;0", False
    trazo.data_labels.font.size = Pt(12)
    trazo.data_labels.show_value = True
    serie = trazo.series[0]
    serie.invert_if_negative = False
    for n, color in enumerate(datos["color"]):
        relleno = serie.points[n].format.fill
        relleno.solid()
        relleno.fore_color.rgb = RGBColor.from_string(str(color)[1:].upper())
