"""Capturar un acuerdo: una pregunta a la vez, con el borrador a salvo y la línea base del corte a la vista."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from analisis import fechas, formatos, frases
from datos import catalogos
from datos.consultas import lugares
from datos.plantilla.columnas import SIGNOS, TIPOS
from datos.plantilla.lectura import partes
from datos.registro import acuerdos, linea_base
from datos.registro.errores import DatoInvalido, NoEncontrado, RegistroDanado, SinPermiso
from datos.registro.linea_base import LineaBase
from datos.registro.meses import primer_mes
from datos.registro.modelo import Acuerdo, Mesa, Sesion
from datos.reloj import hoy
from paginas.componentes.direccion import Direccion, fijar
from paginas.componentes.registro.borrador import EnBorrador
from paginas.componentes.registro.campos import en_palabras, nombre
from paginas.componentes.registro.identidad import Abierto
from paginas.componentes.tabla import enlace

PREGUNTAS = {
    "que": "¿Qué se acordó?",
    "donde": "¿Dónde y sobre qué delito?",
    "quien": "¿Quién responde de cada lado?",
    "desde": "¿Desde cuándo debería notarse?",
    "meta": "¿Cuál es la meta?",
    "plazo": "¿Para cuándo?",
    "folio": "¿Con qué folio queda?",
    "revisar": "Revisar y guardar",
}
DE_LA_PREGUNTA = {
    "que": ("texto", "tipo"),
    "donde": ("municipios", "delitos", "canasta", "signo_esperado"),
    "quien": ("autoridad_responsable", "corresponsable_ciudadano", "sin_responsable_porque"),
    "desde": ("inicio_efecto", "rezago_meses", "linea_base_periodo"),
    "meta": ("meta_pct", "meta_valor", "meta_fecha", "sin_meta_porque"),
    "plazo": ("plazo", "sin_plazo_porque"),
    "folio": ("folio", "fecha", "comision", "publico", "fuente", "nota"),
}
_POR_DELITOS, _POR_CANASTA = "delitos", "canasta"
_EN_PORCENTAJE, _EN_CARPETAS, _SIN_META = "porcentaje", "carpetas", "sin"
_SIGNO = {"baja": "Que bajen las carpetas", "alza": "Que suban: se promueve la denuncia"}


def capturar(abierto: Abierto, vista: Direccion, mesa: Mesa, sesion: Sesion | None) -> Acuerdo | None:
    """La captura completa; devuelve el acuerdo recién guardado, o ``None`` mientras se escribe."""
    fecha = sesion.fecha if sesion is not None else hoy()
    numero = sesion.numero if sesion is not None else 1
    asunto = f"acuerdo:{mesa.clave}:{sesion.id if sesion is not None else 'sin-sesion'}"
    borrador = EnBorrador(
        abierto,
        mesa.clave,
        asunto,
        {
            "fecha": fecha.isoformat(),
            "folio": acuerdos.proponer_folio(abierto.registro, abierto.actor, mesa.clave, numero, fecha.year),
            "municipios": ";".join(mesa.municipios),
            "rezago_meses": "0",
            "publico": "sí",
            "fuente": f"Minuta de la sesión {sesion.numero}" if sesion is not None else "",
        },
    )
    paso = vista.valor("paso", set(PREGUNTAS), "que")
    orden = list(PREGUNTAS)
    _avance(paso, borrador)
    st.html(f'<h2 class="pregunta">{escape(PREGUNTAS[paso])}</h2>')
    guardado = None
    if paso == "revisar":
        guardado = _revisar(abierto, borrador, mesa, sesion)
    else:
        _DIBUJAR[paso](borrador, mesa)
    lugar = orden.index(paso)
    botones = st.container(horizontal=True, gap="small")
    if lugar > 0:
        botones.button(
            "Anterior", key="captura_anterior", icon=":material/arrow_back:", on_click=_ir, args=(orden[lugar - 1],)
        )
    if lugar < len(orden) - 1:
        botones.button(
            "Siguiente", key="captura_siguiente", type="primary", icon=":material/arrow_forward:", icon_position="right",
            on_click=_ir, args=(orden[lugar + 1],),
        )  # fmt: skip
    if borrador.hay:
        botones.button(
            "Desechar este borrador", key="captura_desechar", type="tertiary", on_click=_desechar, args=(borrador,)
        )
    st.html(f'<p class="menor" role="status">{escape(borrador.estado())}</p>')
    if paso in _DEBAJO:
        _DEBAJO[paso](borrador)
    return guardado


def _ir(paso: str) -> None:
    fijar("paso", paso)


def _desechar(borrador: EnBorrador) -> None:
    borrador.olvidar()
    _ir("que")
    st.toast("Se desechó el borrador.")


def _avance(paso: str, borrador: EnBorrador) -> None:
    """En qué pregunta va, y un salto a cualquiera."""
    orden = list(PREGUNTAS)
    puntos = "".join(f"<li{' aria-current=step' if p == paso else ''}>{escape(PREGUNTAS[p])}</li>" for p in orden)
    st.html(f'<ol class="pasos" aria-label="Preguntas">{puntos}</ol>')
    st.html(f'<p class="menor">Pregunta {orden.index(paso) + 1} de {len(orden)}</p>')


def _que(b: EnBorrador, mesa: Mesa) -> None:
    b.caja(
        "texto",
        "El acuerdo, como quedó dicho",
        renglones=5,
        ayuda="Que se pueda comprobar si se hizo: quién hace qué, dónde y cada cuándo.",
        ejemplo="Revisar cada mes los puntos de mayor robo y mover ahí los rondines.",
    )
    b.elegir("tipo", "Qué clase de acuerdo es", {t: t.capitalize() for t in TIPOS}, control="pills")


def _donde(b: EnBorrador, mesa: Mesa) -> None:
    nombres = {x: n for x, n in lugares.nombres().items() if len(x) == 5}
    elegidos = b.elegir_varios("municipios", "Municipios", nombres, placeholder="Busque un municipio")
    fuera = [nombres[m] for m in elegidos if mesa.municipios and m not in mesa.municipios]
    if fuera:
        dicho = f"{formatos.lista(fuera)}: fuera de lo que cubre {mesa.nombre}. Se puede guardar."
        st.html(f'<p class="menor">{escape(dicho)}</p>')
    como = b.elegir(
        "_como",
        "Se mide con",
        {_POR_DELITOS: "Uno o varios delitos", _POR_CANASTA: "Una canasta completa"},
        control="pills",
    )
    if como == _POR_DELITOS:
        delitos = dict(catalogos.delitos()[["delito", "nombre"]].itertuples(index=False))
        b.elegir_varios("delitos", "Delitos", delitos, placeholder="Elija uno o más")
    else:
        canastas = dict(catalogos.canastas()[["canasta", "nombre"]].drop_duplicates().itertuples(index=False))
        b.elegir("canasta", "Canasta", canastas)
    b.elegir("signo_esperado", "Qué se espera", {s: _SIGNO[s] for s in SIGNOS}, control="pills")


def _quien(b: EnBorrador, mesa: Mesa) -> None:
    b.caja(
        "autoridad_responsable",
        "Por la autoridad",
        ejemplo="Policía municipal",
        ayuda="Una institución y, si se sabe, un cargo.",
    )
    b.caja("corresponsable_ciudadano", "Por la ciudadanía", ejemplo="Cámara de comercio local")
    b.caja(
        "sin_responsable_porque",
        "Si falta alguien de un lado, por qué",
        ayuda="Un acuerdo sin quien responda de cada lado no se guarda, salvo que se escriba la razón.",
    )


def _desde(b: EnBorrador, mesa: Mesa) -> None:
    b.fecha("inicio_efecto", "Primer día en que debería notarse", help="No antes de la fecha del acuerdo.")
    b.elegir(
        "rezago_meses",
        "Meses de espera después de ese día",
        {"0": "Ninguno", "1": "1 mes", "2": "2 meses", "3": "3 meses"},
        control="pills",
    )


def _debajo_de_desde(b: EnBorrador) -> None:
    if b.texto("inicio_efecto"):
        inicio = date.fromisoformat(b.texto("inicio_efecto"))
        desde = primer_mes(inicio, int(b.texto("rezago_meses") or 0))
        st.html(f'<p class="menor">Las carpetas se miran desde {formatos.mes(desde)}, primer mes completo.</p>')
    _mostrar_base(b)


def _meta(b: EnBorrador, mesa: Mesa) -> None:
    como = b.elegir(
        "_meta",
        "La meta se dice",
        {_EN_PORCENTAJE: "En por ciento", _EN_CARPETAS: "En carpetas", _SIN_META: "No hay meta medible"},
        control="pills",
    )
    alza = b.texto("signo_esperado") == "alza"
    if como == _EN_PORCENTAJE:
        ejemplo = "+10" if alza else "−20"
        b.numero(
            "meta_pct",
            f"Cambio en por ciento respecto de la línea base, por ejemplo {ejemplo}",
            step=1.0,
            format="%.1f",
        )
    elif como == _EN_CARPETAS:
        b.numero(
            "meta_valor", "Carpetas en tantos meses como tiene la línea base", step=1.0, min_value=0.0, format="%.0f"
        )
    else:
        b.caja("sin_meta_porque", "Por qué no hay meta medible", renglones=2)
    if como != _SIN_META:
        b.fecha("meta_fecha", "Para cuándo es la meta (vacía: el plazo)")


def _debajo_de_meta(b: EnBorrador) -> None:
    base = _mostrar_base(b)
    como = b.texto("_meta") or _EN_PORCENTAJE
    pct = b.texto("meta_pct")
    if base is not None and base.valor and como == _EN_PORCENTAJE and pct:
        meta = base.valor * (1 + float(pct) / 100)
        st.html(
            f"<p><strong>{escape(formatos.porcentaje_con_signo(float(pct), 0))}</strong> de {formatos.entero(base.valor)} son "
            f"<strong>{formatos.entero(meta)} carpetas</strong> en 12 meses.</p>"
        )
    if base is not None and base.valor is not None and base.valor < frases.BASE_MINIMA:
        st.warning(
            f"La línea base son {formatos.contar(base.valor, 'carpeta')}: con tan pocas, un por ciento se mueve por azar. "
            "Considere una meta en carpetas, más municipios o un periodo mayor."
        )


def _plazo(b: EnBorrador, mesa: Mesa) -> None:
    b.fecha("plazo", "Día límite")
    b.caja("sin_plazo_porque", "Si no hay día límite, por qué", ayuda="Sin plazo ni razón no se guarda.")


def _folio(b: EnBorrador, mesa: Mesa) -> None:
    b.caja("folio", "Folio", ayuda="NN/SESIÓN/AAAA, la sesión en romanos. Se propone el siguiente libre.", maximo=40)
    b.fecha("fecha", "Día en que se tomó")
    b.caja("comision", "Comisión, si lo lleva una", maximo=240)
    b.caja("fuente", "Dónde consta", ejemplo="Minuta de la sesión XLIV")
    b.caja("nota", "Nota, si hace falta aclarar algo", renglones=2)
    b.marcar("publico", "Es público: lo puede ver cualquiera")


_DIBUJAR = {
    "que": _que,
    "donde": _donde,
    "quien": _quien,
    "desde": _desde,
    "meta": _meta,
    "plazo": _plazo,
    "folio": _folio,
}


# Lo que cambia con lo escrito va debajo de los botones: si apareciera antes, los movería bajo el dedo.
_DEBAJO = {"desde": _debajo_de_desde, "meta": _debajo_de_meta}


def valores_de(b: EnBorrador) -> dict[str, str]:
    """Los valores de la plantilla que dice el borrador: lo que quedó de otra manera de medir o de otra meta no va."""
    valores = {c: b.texto(c) for campos in DE_LA_PREGUNTA.values() for c in campos}
    valores |= {"tipo": valores["tipo"] or TIPOS[0], "signo_esperado": valores["signo_esperado"] or SIGNOS[0]}
    valores["rezago_meses"] = valores["rezago_meses"] or "0"
    valores["delitos" if b.texto("_como") == _POR_CANASTA else "canasta"] = ""
    como = b.texto("_meta") or _EN_PORCENTAJE
    for manera, campo in ((_EN_PORCENTAJE, "meta_pct"), (_EN_CARPETAS, "meta_valor"), (_SIN_META, "sin_meta_porque")):
        if como != manera:
            valores[campo] = ""
    if valores["autoridad_responsable"] and valores["corresponsable_ciudadano"]:
        valores["sin_responsable_porque"] = ""
    if valores["plazo"]:
        valores["sin_plazo_porque"] = ""
    return valores


def base_de(valores: dict[str, str]) -> LineaBase | None:
    """La línea base con el corte de hoy, si ya se sabe dónde, de qué y desde cuándo."""
    municipios, delitos = partes(valores["municipios"]), partes(valores["delitos"])
    if not municipios or not (delitos or valores["canasta"]) or not valores["inicio_efecto"]:
        return None
    inicio, rezago = date.fromisoformat(valores["inicio_efecto"]), int(valores["rezago_meses"])
    desde, hasta = linea_base.periodo(inicio, rezago, linea_base.ultimo_corte())
    series = tuple(linea_base.series_de(delitos, valores["canasta"]))
    return linea_base.calcular([linea_base.Pedido(tuple(municipios), series, desde, hasta)])[0]


def _mostrar_base(b: EnBorrador) -> LineaBase | None:
    base = base_de(valores_de(b))
    if base is None:
        st.html(
            '<p class="menor">La línea base aparece aquí cuando se sabe dónde, sobre qué delito y desde cuándo.</p>'
        )
        return None
    st.html(tarjeta_de_base(base, "Línea base con el corte de hoy; al guardar queda congelada"))
    return base


def tarjeta_de_base(base: LineaBase, titulo: str) -> str:
    """La cifra con su periodo y de qué corte salió, o por qué no se puede decir."""
    cortes = formatos.lista(
        [f"corte {c['corte']} ({c['metodologia']}, SHA-256 {c['sha256'][:8]})" for c in base.cortes]
    )
    tramo = formatos.tramo(base.desde, base.hasta)
    if base.valor is None:
        cuerpo = f"<p>No se puede calcular {escape(tramo)}. {escape(base.motivo)}</p>"
    else:
        provisional = " Incluye meses provisionales." if base.provisional else ""
        cuerpo = f"<p><strong>{formatos.contar(base.valor, 'carpeta')}</strong> {escape(tramo)}.{provisional}</p>"
    pie = f'<p class="menor">{escape(formatos.mayuscula(cortes))}.</p>' if cortes else ""
    return f'<div class="tarjeta" role="status"><p class="menor">{escape(titulo)}</p>{cuerpo}{pie}</div>'


def _revisar(abierto: Abierto, b: EnBorrador, mesa: Mesa, sesion: Sesion | None) -> Acuerdo | None:
    valores = valores_de(b)
    problemas: dict[str, list[str]] = {}
    try:
        acuerdos.revisar(mesa, valores)
    except DatoInvalido as causa:
        for p in causa.problemas:
            pregunta = next((q for q, campos in DE_LA_PREGUNTA.items() if p.campo in campos), "folio")
            problemas.setdefault(pregunta, []).append(
                f"{formatos.mayuscula(nombre(p.campo))}: se espera {en_palabras(p.esperado)}"
            )
    _resumen(valores, mesa)
    if problemas:
        st.error("Todavía no se puede guardar. Lo escrito está a salvo; falta:")
        for pregunta, faltas in problemas.items():
            zona = st.container(horizontal=True, vertical_alignment="center", gap="small")
            zona.html(f"<p>{escape('; '.join(faltas))}.</p>")
            zona.button(PREGUNTAS[pregunta], key=f"falta_{pregunta}", on_click=_ir, args=(pregunta,))
        return None
    _mostrar_base(b)
    if not st.button("Guardar el acuerdo", key="captura_guardar", type="primary", icon=":material/save:"):
        return None
    try:
        hecho = acuerdos.crear(
            abierto.registro, abierto.actor, mesa.clave, valores, sesion_id=sesion.id if sesion else None, borrador=b.id
        )
    except (DatoInvalido, SinPermiso, NoEncontrado, RegistroDanado) as causa:
        st.error(str(causa))
        return None
    b.soltar()
    return hecho


def _resumen(v: dict[str, str], mesa: Mesa) -> None:
    nombres = lugares.nombres()
    delitos = catalogos.delitos().set_index("delito")["nombre"]
    canastas = catalogos.canastas().drop_duplicates("canasta").set_index("canasta")["nombre"]
    meta = (
        f"{formatos.porcentaje_con_signo(float(v['meta_pct']), 1)} en carpetas"
        if v["meta_pct"]
        else f"{v['meta_valor']} carpetas"
        if v["meta_valor"]
        else v["sin_meta_porque"] and f"sin meta: {v['sin_meta_porque']}"
    )
    pares = {
        "Folio": v["folio"],
        "Mesa": mesa.nombre,
        "Acuerdo": v["texto"],
        "Municipios": formatos.lista([nombres[m] for m in partes(v["municipios"]) if m in nombres]),
        "Se mide con": canastas.get(v["canasta"], "")
        or formatos.lista([delitos[d] for d in partes(v["delitos"]) if d in delitos.index]),
        "Se espera": _SIGNO.get(v["signo_esperado"], ""),
        "Por la autoridad": v["autoridad_responsable"] or v["sin_responsable_porque"],
        "Por la ciudadanía": v["corresponsable_ciudadano"] or v["sin_responsable_porque"],
        "Debería notarse desde": fechas.dia(date.fromisoformat(v["inicio_efecto"])) if v["inicio_efecto"] else "",
        "Meta": meta,
        "Plazo": fechas.dia(date.fromisoformat(v["plazo"])) if v["plazo"] else v["sin_plazo_porque"],
        "Público": v["publico"],
    }
    filas = "".join(f"<dt>{escape(k)}</dt><dd>{escape(str(x)) or '—'}</dd>" for k, x in pares.items())
    st.html(f'<dl class="dos">{filas}</dl>')


def liga_al_acuerdo(acuerdo: Acuerdo) -> str:
    """Liga a la página de un acuerdo."""
    return enlace(acuerdo.folio, "acuerdos", mesa=acuerdo.mesa, folio=acuerdo.folio).texto
