"""Sesión: antes, qué falta y qué se va a mirar; durante, asistencia, acuerdos y minuta; después, la minuta y el paquete."""

from __future__ import annotations

from html import escape

import streamlit as st

from analisis import fechas, formatos
from datos import paquetes
from datos.registro import avance, lectura, sesiones
from datos.registro.folios import romano
from datos.registro.lectura import Expediente
from datos.registro.modelo import TIPOS_DE_SESION, Mesa, Sesion
from datos.reloj import hoy
from informes.acuerdos import SIN_MEZCLAR, avance_en_palabras, de_que_es, responsable, ultimo_cerrado
from informes.sesion.lista import FALTA, Preparada
from informes.sesion.pedido import Pedido, leer_mes, ultimo_mes
from paginas.componentes.direccion import Direccion, fijar
from paginas.componentes.entrada import como_entrar
from paginas.componentes.registro import minuta
from paginas.componentes.registro.asistencia import pasar_lista
from paginas.componentes.registro.avisos import al_dia, intentar, mostrar_conflicto, version_vista
from paginas.componentes.registro.borrador import EnBorrador
from paginas.componentes.registro.captura import capturar, liga_al_acuerdo
from paginas.componentes.registro.estado import insignia, plazo
from paginas.componentes.registro.identidad import ANCHO_DE_FORMULARIO, abrir_registro
from paginas.componentes.registro.seguimiento import dar_seguimiento, reprogramar
from paginas.componentes.sesion.antes import mostrar_laminas, mostrar_lista, preparada
from paginas.componentes.sesion.armar import meses_para_elegir, paquete_de
from paginas.componentes.sesion.proyector import proyectar
from paginas.componentes.tabla import Columna, Html, enlace, tabla

ABIERTA, LISTA = "abierta", "lista"
ANTES, DURANTE, DESPUES = "antes", "durante", "despues"
PARTES = {ANTES: "Antes", DURANTE: "Durante", DESPUES: "Después"}
DE_LA_MESA, PUBLICA = "mesa", "publica"
VERSIONES = {DE_LA_MESA: "De la Mesa", PUBLICA: "Pública"}
MOMENTOS = {
    "asistencia": "1 Asistencia",
    "anteriores": "2 Acuerdos anteriores",
    "nuevos": "3 Acuerdos nuevos",
    "minuta": "4 Minuta",
}

abierto = abrir_registro()
marco, registro, actor = abierto.marco, abierto.registro, abierto.actor
vista = Direccion()
todas = {m.clave: m for m in lectura.mesas(registro, actor)}
controles = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
clave = vista.elegir(
    "Mesa", {c: m.nombre for c, m in todas.items()}, "mesa", zona=controles, width=340,
    omision=next((c for c in todas if abierto.escribe(c)), None),
)  # fmt: skip
mesa = todas[clave]
parte = vista.elegir(
    "Momento de la sesión", PARTES, "parte", omision=DURANTE, zona=controles, control="segmented_control"
)
propias = lectura.sesiones(registro, actor, clave)
por_id = {s.id: s for s in propias}
abierta = next((s for s in propias if s.estado == ABIERTA), None)
if "sesion" not in st.query_params and abierta is not None and abierto.escribe(clave):
    fijar("sesion", abierta.id)
pedida = vista.suelto("sesion", {LISTA, *por_id})


def nombre_de(s: Sesion) -> str:
    """«Sesión XLIV (44), 10 feb 2026»."""
    return f"Sesión {romano(s.numero)} ({s.numero}), {fechas.dia(s.fecha)}"


def elegir_pedido() -> Pedido | None:
    """Qué mes y qué versión se preparan; ``None`` si no hay cifras municipales publicadas."""
    ultimo = ultimo_mes()
    if ultimo is None:
        return None
    zona = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    mes = vista.elegir("Cifras de", meses_para_elegir(ultimo), "mes_de_la_sesion", zona=zona, width=220)
    version = PUBLICA
    if abierto.ve_lo_interno(clave):
        version = vista.elegir("Versión", VERSIONES, "version", zona=zona, control="segmented_control")
    return Pedido(clave, leer_mes(mes), hoy(), publico=version == PUBLICA)


def antes_o_despues() -> None:
    """Lo que se prepara antes y lo que queda después: la misma composición y el mismo paquete."""
    pedido = elegir_pedido()
    if pedido is None:
        vista.escribir()
        marco.situar(mesa.nombre, PARTES[parte].lower())
        marco.titular(f"{mesa.nombre}: todavía no hay cifras municipales publicadas que llevar a la sesión")
        return
    proyectando = vista.suelto("proyectar", {"si"})
    hecho = paquetes.hecho(clave, pedido.mes, publico=pedido.publico) if proyectando else None
    if hecho is not None:
        vista.escribir()
        parametros = {"mesa": clave, "parte": parte, "mes_de_la_sesion": f"{pedido.mes:%Y-%m}"}
        parametros |= {"version": PUBLICA if pedido.publico else DE_LA_MESA}
        proyectar(hecho, enlace("Salir del proyector", "sesion", **parametros).texto)
        return
    vista.escribir()
    with st.spinner("Reuniendo el registro, las cifras y el efecto de los acuerdos…"):
        lista = preparada(pedido, registro.sello())
    marco.situar(mesa.nombre, PARTES[parte].lower(), formatos.mes(pedido.mes))
    composicion = lista.composicion
    if parte == DESPUES:
        despues(lista)
        return
    faltan = sum(p.estado == FALTA for p in lista.puntos)
    que = (
        f"faltan {formatos.contar(faltan, 'cosa')}" if faltan > 1 else "falta una cosa" if faltan else "todo está listo"
    )
    bajada = f"{composicion.sesion}. Cifras de {formatos.mes(pedido.mes)}."
    marco.titular(f"{mesa.nombre}, antes de la sesión: {que}", bajada)
    mostrar_lista(lista.puntos)
    st.subheader("El paquete y el proyector", anchor="paquete")
    paquete_de(abierto, composicion, fecha=pedido.fecha)
    mostrar_laminas(lista)


def despues(lista: Preparada) -> None:
    """La minuta de la última sesión cerrada y el paquete que la acompaña."""
    cerradas = [s for s in propias if s.estado != ABIERTA]
    ultima = cerradas[0] if cerradas else None
    frase = f"la última, {nombre_de(ultima)}" if ultima else "todavía ninguna sesión cerrada"
    marco.titular(f"{mesa.nombre}, después de la sesión: {frase}", "La minuta fija y el paquete con que se trabajó.")
    st.subheader("La minuta", anchor="minuta")
    if ultima is None:
        st.caption("Cuando se cierre una sesión, aquí queda su minuta.")
    elif abierto.ve_lo_interno(clave) and ultima.minuta:
        minuta.descargas(abierto, mesa, ultima, ultima.minuta)
        with st.expander("Leerla aquí"):
            minuta.mostrar(ultima.minuta)
    else:
        st.html('<p class="menor">La minuta y las notas las ven la Mesa y la Red Nacional.</p>')
    st.subheader("El paquete y el proyector", anchor="paquete")
    paquete_de(abierto, lista.composicion, fecha=hoy())


def abrir_otra(mesa: Mesa) -> None:
    """Lo que hace falta para abrir una sesión; el número se propone solo."""
    b = EnBorrador(abierto, mesa.clave, f"abrir:{mesa.clave}", {})
    fecha = b.fecha("fecha", "Día", hoy())
    tipo = b.elegir("tipo", "Tipo", {t: t.capitalize() for t in TIPOS_DE_SESION}, control="pills")
    if tipo == "comisión":
        b.caja("comision", "De qué comisión", maximo=240)
    b.caja("lugar", "Dónde", maximo=240, ejemplo="Sala de cabildo")
    siguiente = max((s.numero for s in propias), default=0) + 1
    numero = b.numero("numero", f"Número (vacío: el que sigue, {siguiente})", min_value=1.0, step=1.0, format="%.0f")
    if not st.button("Abrir la sesión", key="abrir_sesion", type="primary", disabled=fecha is None):
        return
    nueva = intentar(
        lambda: sesiones.abrir(
            registro, actor, mesa.clave, fecha=fecha, tipo=tipo, numero=int(numero) if numero else None,
            comision=b.texto("comision") if tipo == "comisión" else "", lugar=b.texto("lugar"),
        ),
        "Se abrió la sesión.",
    )  # fmt: skip
    if nueva is not None:
        b.olvidar()
        fijar("sesion", nueva.id)
        fijar("momento", "asistencia")
        st.rerun()


def lista_de_sesiones() -> None:
    """Todas las de la Mesa, con su asistencia y los acuerdos que tomaron."""
    expedientes = lectura.expedientes(registro, actor, mesa_clave=clave)
    asistencias = lectura.asistencias(registro, actor, clave)
    filas: list[list[str | Html]] = []
    for s in propias:
        lista = [a for a in asistencias if a.sesion == s.id]
        tomados = [e for e in expedientes if e.acuerdo.sesion == s.id]
        ligas = ", ".join(enlace(e.acuerdo.folio, "acuerdos", mesa=clave, folio=e.acuerdo.folio).texto for e in tomados)
        filas.append(
            [
                enlace(nombre_de(s), "sesion", mesa=clave, sesion=s.id),
                s.tipo + (f", {s.comision}" if s.comision else ""),
                f"{sum(a.estado == 'presente' for a in lista)} de {len(lista)}" if lista else "sin lista",
                Html(ligas or "ninguno"),
                "en curso" if s.estado == ABIERTA else "cerrada",
            ]
        )
    columnas = [
        Columna("Sesión"), Columna("Tipo", "", "tipo"), Columna("Asistencia", "", "asistencia"),
        Columna("Acuerdos tomados", "ancha", "acuerdos tomados"), Columna("Estado", "", "estado"),
    ]  # fmt: skip
    st.html(tabla(columnas, filas, f"Sesiones de {mesa.nombre}"))


def anteriores(sesion: Sesion, expedientes: list[Expediente]) -> None:
    """Los que no están completos, uno por uno, con lo que se puede hacer en la sesión."""
    pendientes = [
        e
        for e in expedientes
        if minuta.es_anterior(e, sesion) and (e.cumplimiento < 5 or minuta.revisado_en(e, sesion))
    ]
    pendientes.sort(key=lambda e: (e.acuerdo.plazo is None, e.acuerdo.plazo, e.acuerdo.folio))
    if not pendientes:
        st.info("No hay acuerdos anteriores sin completar.")
        return
    folios = [e.acuerdo.folio for e in pendientes]
    cual = vista.valor("folio_revisado", set(folios), folios[0])
    lugar = folios.index(cual)
    e = pendientes[lugar]
    a = e.acuerdo
    hechos = sum(minuta.revisado_en(x, sesion) for x in pendientes)
    st.html(f'<p class="menor" role="status">Acuerdo {lugar + 1} de {len(folios)} · revisados hoy: {hechos}</p>')
    with st.container():
        mostrar_conflicto()
        version = version_vista(abierto, a)
    liga = enlace(f"Acuerdo {a.folio}", "acuerdos", mesa=clave, folio=a.folio)
    st.html(f'<h2 class="pregunta">{liga.texto}</h2><p class="bajada">«{escape(a.texto)}»</p>')
    izquierda, derecha = st.columns([0.45, 0.55], gap="large")
    with izquierda:
        suyo = avance.avances([a], ultimo_cerrado(marco.actual))[a.id]
        pares = {
            "Responde por la autoridad": responsable(a, "autoridad"),
            "Responde por la ciudadanía": responsable(a, "ciudadania"),
            "Se mide con": de_que_es(a),
            "Carpetas": avance_en_palabras(suyo, a.signo_esperado),
        }
        datos = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in pares.items())
        st.html(f'<dl class="dos">{datos}<dt>Plazo</dt><dd>{plazo(e, hoy()).texto}</dd></dl>')
        st.html(f'<p class="grande">{insignia(e).texto}</p><p class="menor">{escape(SIN_MEZCLAR)}</p>')
        if minuta.revisado_en(e, sesion):
            st.success("Revisado en esta sesión.")
    with derecha:
        st.html('<p class="menor"><strong>¿Cómo va?</strong></p>')
        if dar_seguimiento(abierto, e, version, sesion.id):
            st.rerun()
        with st.expander("Mover el plazo"):
            if reprogramar(abierto, e, version, sesion.id):
                al_dia(a)
                st.rerun()
    botones = st.container(horizontal=True, gap="small")
    if lugar > 0:
        botones.button(
            "Acuerdo anterior", key="revisar_anterior", icon=":material/arrow_back:", on_click=fijar,
            args=("folio_revisado", folios[lugar - 1]),
        )  # fmt: skip
    if lugar < len(folios) - 1:
        botones.button(
            "Acuerdo siguiente", key="revisar_siguiente", type="primary", icon=":material/arrow_forward:",
            icon_position="right", on_click=fijar, args=("folio_revisado", folios[lugar + 1]),
        )  # fmt: skip
    else:
        botones.button(
            "A los acuerdos nuevos", key="a_los_nuevos", type="primary", icon=":material/arrow_forward:",
            icon_position="right", on_click=fijar, args=("momento", "nuevos"),
        )  # fmt: skip


def nuevos(sesion: Sesion, expedientes: list[Expediente]) -> None:
    """Los que ya se tomaron hoy y la captura del siguiente."""
    tomados = [e for e in expedientes if e.acuerdo.sesion == sesion.id]
    if tomados:
        puntos = "".join(f"<li>{liga_al_acuerdo(e.acuerdo)} {escape(e.acuerdo.texto)}</li>" for e in tomados)
        st.html(f'<p class="menor"><strong>Tomados en esta sesión</strong></p><ul class="lista">{puntos}</ul>')
    with st.container(width=ANCHO_DE_FORMULARIO):
        hecho = capturar(abierto, vista, mesa, sesion)
    if hecho is not None:
        st.toast(f"Se guardó el acuerdo {hecho.folio}.")
        fijar("paso", "que")
        st.rerun()


def cierre(sesion: Sesion, expedientes: list[Expediente]) -> None:
    """Las notas, la minuta como va quedando y el botón que la fija."""
    b = EnBorrador(abierto, clave, f"notas:{sesion.id}", {"notas": sesion.notas})
    b.caja("notas", "Notas de la sesión", renglones=6, maximo=20_000, ayuda="Van al final de la minuta.")
    texto = minuta.componer(abierto, mesa, sesion, expedientes, b.texto("notas"))
    minuta.mostrar(texto)
    minuta.descargas(abierto, mesa, sesion, texto)
    st.html('<p class="menor">Al cerrar, la minuta queda fija y ya no cambia con lo que pase después.</p>')
    if not st.button("Cerrar la sesión y fijar la minuta", key="cerrar_sesion", type="primary", icon=":material/lock:"):
        return

    def cerrar() -> Sesion:
        actual = sesion
        if b.texto("notas") != sesion.notas:
            actual = sesiones.editar(registro, actor, sesion.id, sesion.version, notas=b.texto("notas"))
        return sesiones.cerrar(registro, actor, sesion.id, actual.version, texto)

    if intentar(cerrar, "Se cerró la sesión y quedó fija su minuta.") is not None:
        b.olvidar()
        fijar("sesion", sesion.id)
    st.rerun()


def cerrada(sesion: Sesion) -> None:
    """La minuta fija y, para quien escribe, cómo reabrir."""
    minuta.mostrar(sesion.minuta)
    minuta.descargas(abierto, mesa, sesion, sesion.minuta)
    if not abierto.escribe(clave):
        return
    with st.expander("Reabrir la sesión"):
        st.html('<p class="menor">La minuta de hoy queda en la bitácora; al volver a cerrar se fija otra.</p>')
        b = EnBorrador(abierto, clave, f"reabrir:{sesion.id}", {})
        b.caja("motivo", "Por qué se reabre", renglones=2)
        if st.button("Reabrir", key="reabrir_sesion") and intentar(
            lambda: sesiones.reabrir(registro, actor, sesion.id, sesion.version, b.texto("motivo")),
            "Se reabrió la sesión.",
        ):
            b.olvidar()
            st.rerun()


if parte in (ANTES, DESPUES):
    antes_o_despues()
    st.stop()

if pedida in (None, LISTA):
    vista.escribir()
    marco.situar(mesa.nombre, "sesiones")
    ultima = propias[0] if propias else None
    frase = (
        f"{mesa.nombre}: {formatos.contar(len(propias), 'sesión', 'sesiones')}, la última el {fechas.dia_largo(ultima.fecha)}"
        if ultima
        else f"{mesa.nombre}: todavía no hay sesiones registradas"
    )
    marco.titular(frase, "" if abierto.escribe(clave) else f"Usted ve lo público. {como_entrar()}")
    if abierto.escribe(clave):
        with st.expander("Abrir una sesión", expanded=abierta is None, width=ANCHO_DE_FORMULARIO):
            abrir_otra(mesa)
    if propias:
        lista_de_sesiones()
    st.stop()

sesion = por_id[pedida]
volver = enlace("Todas las sesiones", "sesion", mesa=clave, sesion=LISTA)
st.html(f'<p class="menor">{volver.texto}</p>')
expedientes = lectura.expedientes(registro, actor, mesa_clave=clave)
marco.situar(mesa.nombre, nombre_de(sesion))
if sesion.estado != ABIERTA or not abierto.escribe(clave):
    vista.escribir()
    estado = "en curso" if sesion.estado == ABIERTA else "cerrada"
    tomados = sum(e.acuerdo.sesion == sesion.id for e in expedientes)
    marco.titular(f"{nombre_de(sesion)}: {estado}, con {formatos.contar(tomados, 'acuerdo nuevo', 'acuerdos nuevos')}")
    if abierto.ve_lo_interno(clave) and sesion.minuta:
        cerrada(sesion)
    else:
        puntos = "".join(
            f"<li>{liga_al_acuerdo(e.acuerdo)} {escape(e.acuerdo.texto)}</li>"
            for e in expedientes
            if e.acuerdo.sesion == sesion.id
        )
        st.html(f'<ul class="lista">{puntos}</ul>' if puntos else '<p class="menor">Ningún acuerdo público.</p>')
        st.html('<p class="menor">La minuta y las notas las ven la Mesa y la Red Nacional.</p>')
    st.stop()

marco.titular(f"{nombre_de(sesion)} de {mesa.nombre}, en curso", f"Sesión {sesion.tipo}. Todo se guarda al momento.")
momento = vista.elegir("Momento", MOMENTOS, "momento", control="segmented_control", label_visibility="collapsed")
if momento == "asistencia":
    with st.container(width=ANCHO_DE_FORMULARIO):
        pasar_lista(abierto, mesa, sesion)
elif momento == "anteriores":
    anteriores(sesion, expedientes)
elif momento == "nuevos":
    nuevos(sesion, expedientes)
else:
    cierre(sesion, expedientes)
vista.escribir()
