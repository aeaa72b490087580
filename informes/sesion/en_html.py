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

import numpy as np

from analisis import formatos
from graficas import vectores
from graficas.impresas.barras import Barra
from graficas.mapas import COLOR_DE_ETIQUETA
from graficas.vectores.piezas import MAPA_EN_PANTALLA, MAPA_EN_TELEFONO, PANTALLA, TELEFONO, Medidas
from informes.sesion.dibujos import NOMBRADOS, acercar, clases_del_mapa, trazado_de, unidad_de
from informes.sesion.lamina import NUMERICAS, Barras, Composicion, Figura, Lamina, Mapa, Serie, escribir

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
        '<div id="globo" class="globo" hidden></div>\n<p id="aviso" class="saltar" role="status"></p>\n'
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
    return (
        f'<section class="{clases}" id="lamina-{numero}" aria-labelledby="titulo-{numero}" tabindex="-1">'
        f'<h2 id="titulo-{numero}">{escape(x.titulo)}</h2>{cuerpo}{figura}{notas}'
        f'<p class="fuente">{escape(x.fuente)}</p></section>'
    )


def _figura(c: Composicion, f: Figura, numero: int) -> str:
    if isinstance(f, Serie):
        dibujos, antes = _serie(f, c), f'<p class="unidad">{escape(unidad_de(f))}</p>'
    elif isinstance(f, Barras):
        dibujos, antes = _barras(f, c), f'<p class="unidad">{escape(f.unidad)}</p>'
    elif isinstance(f, Mapa):
        return _con_mapa(c, f, numero)
    else:
        return f"<figure>{tabla(f)}</figure>"
    return f'<figure>{antes}<div class="dibujos">{dibujos}</div>{_datos(f)}</figure>'


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


def _en_dos(hacer) -> str:  # type: ignore[no-untyped-def]
    """El mismo dibujo para la pantalla y para el teléfono."""
    partes = []
    for clase, medidas in (("pantalla", PANTALLA), ("telefono", TELEFONO)):
        partes.append(hacer(medidas).replace('class="', f'class="{clase} ', 1))
    return "".join(partes)


def leer_mes(f: Serie, fila: dict) -> str:
    """«ago 2026: 43 carpetas; se esperaban de 10 a 28 (provisional)», con las cifras como se escriben en la tabla."""
    de_cada = {x.clave: x.clase for x in f.columnas}
    partes = [f"{r}: {escribir(fila[k], de_cada[k])}" for k, r in f.lineas.items()]
    if formatos.hay(fila["alto"]):
        partes.append(
            f"se esperaban de {escribir(fila['bajo'], de_cada['bajo'])} a {escribir(fila['alto'], de_cada['alto'])}"
        )
    return f"{formatos.mes(fila['fecha'])}. {'; '.join(partes)}{' (provisional)' if fila['provisional'] else ''}"


def _serie(f: Serie, c: Composicion) -> str:
    datos = f.datos
    leido = [leer_mes(f, fila) for fila in datos.to_dict("records")]

    def hacer(m: Medidas) -> str:
        return vectores.serie(
            m,
            datos["fecha"].to_numpy(),
            [(r, datos[k].to_numpy(dtype="float64")) for k, r in f.lineas.items()],
            datos["bajo"].to_numpy(dtype="float64"),
            datos["alto"].to_numpy(dtype="float64"),
            datos["provisional"].to_numpy(dtype=bool),
            leido,
            f.alternativo,
            marcas=f.marcas,
            demostracion=c.demostracion,
        )

    return _en_dos(hacer)


def _barras(f: Barras, c: Composicion) -> str:
    filas = [Barra(str(x.nombre), float(x.valor), str(x.cifra), str(x.color)) for x in f.datos.itertuples()]
    return _en_dos(lambda m: vectores.barras(m, filas, f.alternativo, demostracion=c.demostracion))


def _con_mapa(c: Composicion, f: Mapa, numero: int) -> str:
    if not f.rutas:
        return f"<figure>{tabla(f)}</figure>"
    datos = f.datos
    propios = set(datos.loc[datos["de_la_mesa"] == "sí", "lugar"])
    orden, clases = list(COLOR_DE_ETIQUETA), clases_del_mapa()
    clase_de = {
        x.lugar: orden.index(x.etiqueta) + (0 if x.lugar in propios else len(orden)) for x in datos.itertuples()
    }
    nombres = dict(zip(datos["lugar"], datos["nombre"], strict=True))
    leido = {x.lugar: _leer_lugar(f, x) for x in datos.itertuples()}
    nombrar = [(x.lugar, x.nombre.split(",")[0]) for x in datos.head(len(propios) + NOMBRADOS).itertuples()]
    partes = []
    for clase, m in (("pantalla", MAPA_EN_PANTALLA), ("telefono", MAPA_EN_TELEFONO)):
        visto = acercar(trazado_de(f.rutas), propios, m.ancho / m.alto)
        oeste, sur, este, norte = visto.limites
        dentro = (
            (visto.puntos[:, 0] > oeste)
            & (visto.puntos[:, 0] < este)
            & (visto.puntos[:, 1] > sur)
            & (visto.puntos[:, 1] < norte)
        )
        a_la_vista = {visto.claves[n] for n in np.flatnonzero(dentro)} | propios
        dibujo = vectores.mapa(
            m, visto, clase_de, clases, propios, nombres, leido, [x for x in nombrar if x[0] in a_la_vista], f.alternativo,
            id=f"rayas-{numero}-{clase}", demostracion=c.demostracion,
        )  # fmt: skip
        partes.append(dibujo.replace('class="mapa"', f'class="{clase} mapa"', 1))
    leyenda = "".join(
        f'<li><i{" class=rayado" if x.rayada else ""} style="background-color:{x.color}"></i>{escape(x.texto)}</li>'
        for x in clases
        if x.texto
    )
    return (
        f'<figure><p class="unidad">{escape(f.delito)}, 12 meses contra los 12 anteriores. {TOQUE}</p>'
        f'<div class="junto"><div class="dibujos">{"".join(partes)}</div>{_fichas(f, nombres)}</div>'
        f'<ul class="leyenda">{leyenda}</ul>{_datos(f)}</figure>'
    )


def _leer_lugar(f: Mapa, x) -> str:  # type: ignore[no-untyped-def]
    clases = {k.clave: k.clase for k in f.columnas}
    motivo = f" ({x.motivo})" if x.motivo else ""
    return (
        f"{x.nombre}: {escribir(x.conteo, clases['conteo'])} carpetas en 12 meses; "
        f"{escribir(x.conteo_previo, clases['conteo_previo'])} en los 12 anteriores. {formatos.mayuscula(x.etiqueta)}{motivo}."
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
