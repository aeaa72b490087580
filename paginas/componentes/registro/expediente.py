"""La página de un acuerdo, de arriba abajo: qué se acordó, quién responde, pasos, evidencia, plazos, carpetas e historia."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape

import streamlit as st

from analisis import fechas, formatos
from datos.plantilla.columnas import NIVELES_CUMPLIMIENTO
from datos.registro import acuerdos, avance, evidencias, hitos, lectura, seguimientos
from datos.registro.calendario import a_ical
from datos.registro.errores import NoEncontrado, RegistroDanado
from datos.registro.lectura import Expediente
from datos.registro.modelo import Evidencia
from datos.registro.tipos_de_archivo import TIPOS
from datos.reloj import hoy
from informes.acuerdos import SIN_MEZCLAR, avance_en_palabras, de_que_es, donde_es, meta, responsable, ultimo_cerrado
from paginas.componentes.registro.avisos import al_dia, intentar, mostrar_conflicto, version_vista
from paginas.componentes.registro.borrador import EnBorrador
from paginas.componentes.registro.estado import insignia, plazo
from paginas.componentes.registro.historia import mostrar_historia
from paginas.componentes.registro.identidad import Abierto
from paginas.componentes.registro.seguimiento import dar_seguimiento, reprogramar
from paginas.componentes.registro.serie import mostrar_base, mostrar_serie
from paginas.componentes.tabla import Columna, Html, enlace, tabla

LADO = {"autoridad": "Autoridad", "ciudadania": "Ciudadanía"}


def mostrar(abierto: Abierto, e: Expediente) -> None:
    """El expediente completo que la persona puede ver y, si escribe en la Mesa, con qué seguirlo."""
    a, escribe = e.acuerdo, abierto.escribe(e.acuerdo.mesa)
    with st.container():  # siempre está, con o sin aviso: así lo de abajo no cambia de lugar ni se cierra
        mostrar_conflicto()
        version = version_vista(abierto, a)
    st.html(f'<p class="bajada">«{escape(a.texto)}»</p>')
    izquierda, derecha = st.columns([0.5, 0.5], gap="large")
    with izquierda:
        _datos(e)
    with derecha:
        st.subheader("Cumplimiento")
        st.html(f'<p class="grande">{insignia(e).texto}</p><p class="menor">{escape(SIN_MEZCLAR)}</p>')
        if escribe:
            with st.expander("Dar seguimiento", expanded=False):
                if dar_seguimiento(abierto, e, version):
                    st.rerun()
            with st.expander("Reprogramar el plazo"):
                if reprogramar(abierto, e, version):
                    st.rerun()
    _pasos(abierto, e, escribe)
    _seguimientos(abierto, e, escribe)
    st.subheader("Línea base y meta")
    suyo = avance.avances([a], ultimo_cerrado(abierto.marco.actual))[a.id]
    mostrar_base(a, suyo.base_hoy)
    st.html(f"<p>{escape(avance_en_palabras(suyo, a.signo_esperado))}</p>")
    st.subheader("Las carpetas")
    mostrar_serie(abierto.marco, a, e.mesa.nombre)
    _efecto(e)
    if escribe:
        _corregir(abierto, e, version)
    if abierto.ve_lo_interno(a.mesa):
        with st.expander("Historia: quién cambió qué y cuándo"):
            mostrar_historia(lectura.bitacora(abierto.registro, abierto.actor, acuerdo=a.id))
    st.download_button(
        "Plazos de este acuerdo (iCalendar)", data=partial(a_ical, [e]), file_name=f"{a.folio.replace('/', '-')}.ics",
        mime="text/calendar", key="ics_acuerdo", icon=":material/event:", on_click="ignore",
    )  # fmt: skip


def _datos(e: Expediente) -> None:
    a = e.acuerdo
    pares: dict[str, Html | str] = {
        "Mesa": enlace(e.mesa.nombre, "mesas", mesa=a.mesa),
        "Fecha del acuerdo": fechas.dia(a.fecha),
        "Comisión": a.comision,
        "Responde por la autoridad": responsable(a, "autoridad"),
        "Responde por la ciudadanía": responsable(a, "ciudadania"),
        "Municipios": donde_es(a),
        "Se mide con": de_que_es(a),
        "Se espera": "que bajen las carpetas"
        if a.signo_esperado == "baja"
        else "que suban las carpetas (más denuncia)",
        "Desde": fechas.dia(a.inicio_efecto)
        + (f", más {formatos.contar(a.rezago_meses, 'mes', 'meses')}" if a.rezago_meses else ""),
        "Meta": meta(a) + (f", para el {fechas.dia(a.meta_fecha)}" if a.meta_fecha else ""),
        "Plazo": plazo(e, hoy()),
        "Nota": a.nota,
        "Fuente": a.fuente,
        "Visible para": "cualquiera" if a.publico else "su Mesa y la Red Nacional",
    }
    if a.creado_en.date() > a.inicio_efecto:
        pares["Capturado"] = f"{fechas.dia(a.creado_en.date())}, después de su inicio"
    filas = "".join(
        f"<dt>{escape(k)}</dt><dd>{v.texto if isinstance(v, Html) else escape(v)}</dd>" for k, v in pares.items() if v
    )
    st.html(f'<dl class="dos">{filas}</dl>')


def _pasos(abierto: Abierto, e: Expediente, escribe: bool) -> None:
    st.subheader("Pasos")
    if not e.hitos:
        st.caption("Sin pasos registrados.")
    else:
        filas = [
            [
                h.descripcion,
                LADO[h.lado],
                f"{fechas.dia(h.inicio)} – {fechas.dia(h.fin)}",
                f"{h.ponderador}",
                f"{fechas.dia(h.cumplido_en)}{'' if h.cumplido_en <= h.fin else ', tarde'}"
                if h.cumplido_en
                else (fechas.plazo(h.fin, hoy(), completo=False) or "pendiente"),
            ]
            for h in e.hitos
        ]
        st.html(
            tabla(
                [Columna("Paso", "ancha"), Columna("De quién", "", "de quién"), Columna("Entre", "", "entre"),
                 Columna("Pesa", "cifra", "pesa"), Columna("Cumplido", "", "cumplido")],
                filas, "Pasos del acuerdo",
            )
        )  # fmt: skip
    if not escribe:
        return
    pendientes = {h.id: h for h in e.hitos if h.cumplido_en is None}
    if pendientes:
        with st.popover("Marcar un paso como cumplido", icon=":material/check:"):
            cual = st.selectbox(
                "Paso", list(pendientes), format_func=lambda k: pendientes[k].descripcion, key="hito_cual"
            )
            cuando = st.date_input("Cuándo se cumplió", value=hoy(), format="DD/MM/YYYY", key="hito_cuando")
            if st.button("Guardar", key="hito_cumplido") and intentar(
                lambda: hitos.editar(
                    abierto.registro, abierto.actor, cual, pendientes[cual].version, cumplido_en=cuando
                ),
                "Paso cumplido.",
            ):
                st.rerun()
    with st.popover("Agregar un paso", icon=":material/add:"):
        b = EnBorrador(abierto, e.acuerdo.mesa, f"hito:{e.acuerdo.id}", {})
        b.caja("descripcion", "Qué hay que hacer", renglones=2)
        lado = b.elegir("lado", "De quién es", LADO, control="pills")
        inicio = b.fecha("inicio", "Desde", hoy())
        fin = b.fecha("fin", "Hasta", e.acuerdo.plazo)
        pesa = b.numero(
            "ponderador", "Cuánto pesa, de 0 a 100", min_value=0.0, max_value=100.0, step=5.0, format="%.0f"
        )
        listo = bool(inicio and fin)
        if st.button("Agregar", key="hito_nuevo", disabled=not listo) and intentar(
            lambda: hitos.agregar(
                abierto.registro, abierto.actor, e.acuerdo.id, descripcion=b.texto("descripcion"), lado=lado,
                inicio=inicio, fin=fin, ponderador=int(pesa or 0),
            ),
            "Paso agregado.",
        ):  # fmt: skip
            b.olvidar()
            st.rerun()


def _seguimientos(abierto: Abierto, e: Expediente, escribe: bool) -> None:
    st.subheader("Seguimiento y evidencia")
    if not e.seguimientos and not e.reprogramaciones:
        st.caption("Todavía no hay seguimientos.")
    entradas = []
    for s in e.seguimientos:
        quien = f" · {s.quien}" if s.quien else ""
        origen = " · importado de una plantilla, sin evidencia aquí" if s.importado else ""
        nota = f"<br>{escape(s.nota)}" if s.nota else ""
        entradas.append(
            (
                s.fecha,
                f"<strong>{s.cumplimiento} {escape(NIVELES_CUMPLIMIENTO[s.cumplimiento - 1])}</strong>"
                f'{nota}<br><span class="menor">{escape(fechas.dia(s.fecha) + quien + origen)}</span>',
            )
        )
    for r in e.reprogramaciones:
        quien = f" · {r.quien}" if r.quien else ""
        antes = fechas.dia(r.de) if r.de else "sin plazo"
        entradas.append(
            (
                r.fecha,
                f"<strong>Plazo</strong> de <s>{antes}</s> a {fechas.dia(r.a)}: {escape(r.motivo)}"
                f'<br><span class="menor">{escape(fechas.dia(r.fecha) + quien)}</span>',
            )
        )
    if entradas:
        lista = "".join(f"<li>{cuerpo}</li>" for _, cuerpo in sorted(entradas, key=lambda par: par[0]))
        st.html(f'<ol class="lista">{lista}</ol>')
    for numero, una in enumerate(e.evidencias):
        _evidencia(abierto, una, numero, escribe)
    ocultas = e.respaldos - sum(v.seguimiento == (e.seguimiento.id if e.seguimiento else None) for v in e.evidencias)
    if ocultas > 0:
        st.caption(f"Y {formatos.contar(ocultas, 'evidencia')} que no se publica{'n' if ocultas > 1 else ''}.")


def _evidencia(abierto: Abierto, una: Evidencia, numero: int, escribe: bool) -> None:
    verificada = "sin verificar"
    if una.verificada_en is not None:
        por = f"por {una.verificada_nombre} " if una.verificada_nombre else ""
        verificada = f"verificada {por}el {una.verificada_en:%d/%m/%Y}"
    titulo = f"<strong>{escape(una.titulo)}</strong>"
    if una.clase == "liga":
        titulo = f'<a href="{escape(una.url)}" rel="noopener noreferrer nofollow">{escape(una.titulo)}</a>'
    cuerpo = f'{titulo} <span class="menor">{escape(fechas.dia(una.fecha))} · {escape(verificada)}</span>'
    zona = st.container(horizontal=True, vertical_alignment="center", gap="small")
    zona.html(f"<p>{cuerpo}</p>")
    if una.clase == "archivo":
        zona.download_button(
            f"{una.archivo} ({una.bytes / 1_000:,.0f} kB)",
            data=partial(_contenido, abierto, una.id),
            file_name=una.archivo,
            mime=TIPOS[una.tipo],
            key=f"evidencia_{numero}",
            icon=":material/download:",
            on_click="ignore",
        )
    if escribe:
        zona.button(
            "Dejar interna" if una.publica else "Hacer pública", key=f"publicar_{numero}", type="tertiary",
            on_click=_publicar, args=(abierto, una),
        )  # fmt: skip
    if escribe and una.verificada_en is None and una.entregada_por != abierto.actor.id:
        zona.button(
            "Verificar", key=f"verificar_{numero}", icon=":material/verified:", on_click=_verificar, args=(abierto, una)
        )


def _contenido(abierto: Abierto, id_: str) -> bytes:
    """Al pedir la descarga se vuelve a decidir si se puede."""
    try:
        return evidencias.descargar(abierto.registro, abierto.actor, id_)[0]
    except (NoEncontrado, RegistroDanado) as causa:
        return str(causa).encode()


def _verificar(abierto: Abierto, una: Evidencia) -> None:
    intentar(
        lambda: evidencias.verificar(abierto.registro, abierto.actor, una.id, una.version), "Evidencia verificada."
    )


def _efecto(e: Expediente) -> None:
    st.subheader("Efecto")
    if not e.evaluaciones:
        st.info(
            "Sin evaluar todavía. El efecto se mide aparte, contra municipios comparables, y no cambia el cumplimiento."
        )
        return
    ultima = max(e.evaluaciones, key=lambda g: g.creado_en)
    liga = enlace("Ver la evaluación completa", "eficacia", evaluar="acuerdo", acuerdo=e.acuerdo.id)
    st.html(
        f"<p>{escape(str(ultima.salida.get('veredicto', '')))}, respecto de municipios comparables</p>"
        f'<p class="menor">Con el corte {ultima.corte:%m/%Y}, método {escape(ultima.version_metodo)}. {liga.texto}</p>'
    )


def _corregir(abierto: Abierto, e: Expediente, version: int) -> None:
    a = e.acuerdo
    with st.expander("Corregir el texto, los responsables o la nota"):
        iniciales = {
            "texto": a.texto,
            "autoridad_responsable": a.autoridad_responsable,
            "corresponsable_ciudadano": a.corresponsable_ciudadano,
            "sin_responsable_porque": a.sin_responsable_porque,
            "nota": a.nota,
            "fuente": a.fuente,
            "publico": "sí" if a.publico else "no",
        }
        b = EnBorrador(abierto, a.mesa, f"corregir:{a.id}", iniciales)
        b.caja("texto", "Qué se acordó", renglones=4)
        b.caja("autoridad_responsable", "Responde por la autoridad")
        b.caja("corresponsable_ciudadano", "Responde por la ciudadanía")
        b.caja("sin_responsable_porque", "Si falta alguien, por qué")
        b.caja("nota", "Nota", renglones=2)
        b.caja("fuente", "Dónde consta")
        b.marcar("publico", "Lo puede ver cualquiera")
        cambios = {c: b.texto(c) for c, antes in iniciales.items() if b.texto(c) != antes}
        botones = st.container(horizontal=True, gap="small")
        if botones.button("Guardar la corrección", key="corregir_guardar", type="primary", disabled=not cambios):
            hecho = intentar(
                lambda: acuerdos.editar(abierto.registro, abierto.actor, a.id, version, cambios),
                "Se guardó la corrección.",
            )
            if hecho:
                b.olvidar()
                al_dia(a)
            st.rerun()
        if b.hay and botones.button("Desechar los cambios", key="corregir_desechar", type="tertiary"):
            b.olvidar()
            st.rerun()
    _retirar_algo(abierto, e)
    with st.expander("Retirar este acuerdo"):
        st.html('<p class="menor">Deja de verse, no se borra: queda en la bitácora y se puede recuperar.</p>')
        b = EnBorrador(abierto, a.mesa, f"retirar:{a.id}", {})
        b.caja("porque", "Por qué se retira", renglones=2)
        if st.button("Retirar", key="retirar_acuerdo") and intentar(
            lambda: acuerdos.retirar_acuerdo(
                abierto.registro, abierto.actor, a.id, version, b.texto("porque")
            ) or True,
            "Se retiró el acuerdo.",
        ):  # fmt: skip
            b.olvidar()
            st.rerun()


def _retirar_algo(abierto: Abierto, e: Expediente) -> None:
    """Lo que no debió estar se retira con su razón; sin un seguimiento, el cumplimiento vuelve al anterior."""
    registro, actor = abierto.registro, abierto.actor
    cosas: dict[str, tuple[str, Callable[[str], None]]] = {}
    for s in reversed(e.seguimientos):
        cosas[s.id] = (
            f"Seguimiento del {fechas.dia(s.fecha)}: {NIVELES_CUMPLIMIENTO[s.cumplimiento - 1]}",
            lambda porque, s=s: seguimientos.retirar_seguimiento(registro, actor, s.id, s.version, porque),
        )
    for v in e.evidencias:
        cosas[v.id] = (
            f"Evidencia: {v.titulo}",
            lambda porque, v=v: evidencias.retirar_evidencia(registro, actor, v.id, v.version, porque),
        )
    for h in e.hitos:
        cosas[h.id] = (
            f"Paso: {h.descripcion}",
            lambda porque, h=h: hitos.retirar_hito(registro, actor, h.id, h.version, porque),
        )
    if not cosas:
        return
    with st.expander("Retirar un seguimiento, una evidencia o un paso"):
        cual = st.selectbox("Qué se retira", list(cosas), format_func=lambda k: cosas[k][0], key="retirar_que")
        b = EnBorrador(abierto, e.acuerdo.mesa, f"retirar-de:{e.acuerdo.id}", {})
        b.caja("porque", "Por qué no debe estar", renglones=2)
        if st.button("Retirarlo", key="retirar_algo") and intentar(
            lambda: cosas[cual][1](b.texto("porque")) or True, "Se retiró; queda en la bitácora."
        ):
            b.olvidar()
            st.rerun()


def _publicar(abierto: Abierto, una: Evidencia) -> None:
    intentar(
        lambda: evidencias.publicar(abierto.registro, abierto.actor, una.id, una.version, not una.publica),
        "La evidencia quedó interna." if una.publica else "La evidencia la puede ver cualquiera.",
    )
