"""La sesión como un solo archivo HTML que abre sin red: es el modo proyector y también lo que se lleva en una memoria.

Letra, estilos, guion y dibujos van dentro, y su política de seguridad no deja pedir nada fuera. Sin JavaScript se lee
completo, una lámina tras otra; con él, una idea por pantalla.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path

from informes.sesion.dibujos import clases_del_mapa, unidad_de
from informes.sesion.lamina import NUMERICAS, Barras, Composicion, Figura, Lamina, Mapa, Serie
from informes.sesion.pantalla import dibujos

TIPO = "text/html"
_AQUI = Path(__file__).resolve().parent
_FUENTES = _AQUI.parents[1] / "static" / "fuentes"
_APILADAS = 4  # en el teléfono, una tabla con más columnas va renglón por renglón
TOQUE = "Toque un municipio para ver sus cifras."
AYUDA = "Flechas: cambiar de lámina · Inicio y Fin: primera y última · F: pantalla completa"


def en_html(c: Composicion) -> bytes:
    """Los bytes del archivo; los mismos para la misma composición."""
    guion = (_AQUI / "proyector.js").read_text(encoding="utf-8")
    huella = base64.b64encode(hashlib.sha256(guion.encode("utf-8")).digest()).decode("ascii")
    politica = (
        f"default-src 'none'; script-src 'sha256-{huella}'; style-src 'unsafe-inline'; font-src data:; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    rotulos = f"<p>{escape(' '.join(c.rotulos))}</p>" if c.rotulos else ""
    cuerpo = "\n".join(_lamina(c, x, n) for n, x in enumerate(c.laminas, 1))
    return (
        '<!DOCTYPE html>\n<html lang="es-MX">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(politica)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(c.titulo)}</title>\n<style>\n{_letras()}\n"
        f"{(_AQUI / 'proyector.css').read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
        '<a class="saltar" href="#laminas">Ir a las láminas</a>\n'
        f'<header class="rotulos">{rotulos}<h1 hidden>{escape(c.titulo)}</h1></header>\n'
        f'<main id="laminas" aria-label="{escape(c.titulo)}">\n{cuerpo}\n</main>\n'
        '<nav aria-label="Láminas"><button id="anterior" type="button" aria-label="Lámina anterior">◀</button>'
        '<button id="siguiente" type="button" aria-label="Lámina siguiente">▶</button>'
        '<span class="cuenta" id="cuenta"></span><select id="indice" aria-label="Ir a la lámina"></select>'
        '<progress id="avance" class="solo-pantalla" aria-label="Avance de la presentación"></progress>'
        f'<button id="completa" class="solo-pantalla" type="button" title="{AYUDA}">Pantalla completa (F)</button></nav>\n'
        '<div id="globo" class="globo" hidden></div>\n<p id="aviso" class="oculto" role="status"></p>\n'
        f"<script>{guion}</script>\n</body>\n</html>\n"
    ).encode()


@cache
def _letras() -> str:
    """La tipografía de la casa, dentro del archivo."""
    reglas = []
    for peso in (400, 700):
        cuerpo = base64.b64encode((_FUENTES / f"atkinson-hyperlegible-next-latin-{peso}-normal.woff2").read_bytes())
        reglas.append(
            f'@font-face{{font-family:"Atkinson";font-weight:{peso};font-display:block;'
            f'src:url(data:font/woff2;base64,{cuerpo.decode("ascii")}) format("woff2")}}'
        )
    return "\n".join(reglas)


def _lamina(c: Composicion, x: Lamina, numero: int) -> str:
    clases = " ".join(
        ["lamina", *(["portada"] if x.parte == "portada" else []), *([] if x.figura is not None else ["sin-figura"])]
    )
    if len(x.cuerpo) == 1:
        cuerpo = f'<p class="uno">{escape(x.cuerpo[0])}</p>'
    else:
        cuerpo = f"<ul>{''.join(f'<li>{escape(t)}</li>' for t in x.cuerpo)}</ul>" if x.cuerpo else ""
    notas = "".join(f"<p>{escape(t)}</p>" for t in x.notas)
    notas = f'<details class="notas"><summary>Cómo se calculó</summary>{notas}</details>' if notas else ""
    figura = _figura(c, x.figura, numero) if x.figura is not None else ""
    logo = ""
    if x.parte == "portada" and c.logo:
        dentro = base64.b64encode(c.logo).decode("ascii")
        logo = f'<img class="logo" src="data:image/png;base64,{dentro}" alt="{escape(c.alternativo_del_logo)}">'
    return (
        f'<section class="{clases}" id="lamina-{numero}" aria-labelledby="titulo-{numero}" tabindex="-1">'
        f'{logo}<h2 id="titulo-{numero}">{escape(x.titulo)}</h2>{cuerpo}{figura}{notas}'
        f'<p class="fuente">{escape(x.fuente)}</p></section>'
    )


def _figura(c: Composicion, f: Figura, numero: int) -> str:
    if isinstance(f, Serie):
        antes = f'<p class="unidad">{escape(unidad_de(f))}</p>'
    elif isinstance(f, Barras):
        antes = f'<p class="unidad">{escape(f.unidad)}</p>'
    elif isinstance(f, Mapa):
        return _con_mapa(c, f, numero)
    else:
        return f"<figure>{tabla(f)}</figure>"
    return f'<figure>{antes}<div class="dibujos">{_dibujos(f, c, numero)}</div>{_datos(f)}</figure>'


def _datos(f: Figura) -> str:
    return f'<details class="datos"><summary>Ver los datos en una tabla</summary>{tabla(f)}</details>'


def tabla(f: Figura) -> str:
    """La tabla de una figura; en el teléfono, si es ancha, cada renglón se lee de arriba abajo."""
    columnas = f.visibles
    clase = ' class="apilada"' if len(columnas) > _APILADAS else ""
    encabezado = "".join(f'<th scope="col"{_cifra(x.clase)}>{escape(x.titulo)}</th>' for x in columnas)
    filas = []
    for fila in f.celdas():
        celdas = [f'<th scope="row">{escape(fila[0])}</th>']
        celdas += [
            f'<td{_cifra(x.clase)} data-rotulo="{escape(x.titulo)}">{escape(v)}</td>'
            for x, v in zip(columnas[1:], fila[1:], strict=True)
        ]
        filas.append(f"<tr>{''.join(celdas)}</tr>")
    return (
        f'<div class="tabla" tabindex="0" role="region" aria-label="{escape(f.nombre)}"><table{clase}>'
        f"<caption>{escape(f.nombre)}</caption><thead><tr>{encabezado}</tr></thead><tbody>{''.join(filas)}</tbody></table></div>"
    )


def _cifra(clase: str) -> str:
    return ' class="cifra"' if clase in NUMERICAS else ""


def _dibujos(f: Figura, c: Composicion, numero: int) -> str:
    """El dibujo para la pantalla y el del teléfono, cada uno con su clase."""
    hechos = dibujos(f, demostracion=c.demostracion, id=str(numero))
    return "".join(svg.replace('class="', f'class="{clase} ', 1) for clase, svg in hechos)


def _con_mapa(c: Composicion, f: Mapa, numero: int) -> str:
    if not f.rutas:
        return f"<figure>{tabla(f)}</figure>"
    nombres = dict(zip(f.datos["lugar"], f.datos["nombre"], strict=True))
    leyenda = "".join(
        f'<li><i{" class=rayado" if x.rayada else ""} style="background-color:{x.color}"></i>{escape(x.texto)}</li>'
        for x in clases_del_mapa()
        if x.texto
    )
    return (
        f'<figure><p class="unidad">{escape(f.delito)}, 12 meses contra los 12 anteriores. {TOQUE}</p>'
        f'<div class="junto"><div class="dibujos">{_dibujos(f, c, numero)}</div>{_fichas(f, nombres)}</div>'
        f'<ul class="leyenda">{leyenda}</ul>{_datos(f)}</figure>'
    )


def _fichas(f: Mapa, nombres: dict[str, str]) -> str:
    """Lo que se lee al tocar cada municipio de la Mesa; de los demás, un renglón."""
    partes = []
    for n, (lugar, filas) in enumerate(f.fichas.items()):
        ultima = len(f.encabezados) - 1
        encabezado = "".join(
            f"<th scope=col{' class=cifra' if 0 < k < ultima else ''}>{escape(t)}</th>"
            for k, t in enumerate(f.encabezados)
        )
        renglones = "".join(
            f'<tr><th scope="row">{escape(fila[0])}</th>'
            + "".join(
                f"<td{' class=cifra' if k < len(fila) - 2 else ''}>{escape(v)}</td>" for k, v in enumerate(fila[1:])
            )
            + "</tr>"
            for fila in filas
        )
        partes.append(
            f'<div data-de="{escape(lugar)}"{" hidden" if n else ""}><h3>{escape(nombres.get(lugar, lugar))}</h3>'
            f'<div class="tabla"><table><thead><tr>{encabezado}</tr></thead><tbody>{renglones}</tbody></table></div></div>'
        )
    return f'<div class="ficha" role="status"><p class="corta" hidden></p>{"".join(partes)}</div>'
