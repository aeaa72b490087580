"""Administración: quién entra y con qué papel, Mesas nuevas, el respaldo en un archivo y la bitácora completa."""

from __future__ import annotations

import tempfile
from html import escape
from pathlib import Path

import streamlit as st

from analisis import formatos
from datos import salud
from datos.consultas import lugares
from datos.registro import cifrado, lectura, mesas, personas, respaldo, respaldo_programado
from datos.registro.actor import NOMBRE_DEL_ROL, Rol
from datos.registro.autorizacion import Accion, puede
from datos.registro.errores import RegistroDanado, RespaldoInvalido
from datos.registro.migrar import ultima
from datos.registro.modelo import Persona
from datos.reloj import hoy
from paginas.componentes.direccion import Direccion
from paginas.componentes.entrada import como_entrar, con_oidc
from paginas.componentes.registro.avisos import intentar, mostrar_conflicto
from paginas.componentes.registro.borrador import EnBorrador
from paginas.componentes.registro.historia import mostrar_historia
from paginas.componentes.registro.identidad import ANCHO_DE_FORMULARIO, abrir_registro
from paginas.componentes.tabla import Columna, Html, tabla

ASUNTOS = {
    "personas": "Personas",
    "mesas": "Mesas",
    "respaldo": "Respaldo",
    "bitacora": "Bitácora",
    "servicio": "Servicio",
}
ENTRADAS_A_LA_VISTA = 100
QUE_PUEDE = {
    Rol.MESA: "lee y escribe en sus Mesas",
    Rol.RED: "lee y escribe en todas, y registra Mesas nuevas",
    Rol.ADMINISTRACION: "además reparte papeles y respalda",
}

abierto = abrir_registro()
marco, registro, actor = abierto.marco, abierto.registro, abierto.actor
vista = Direccion()
marco.situar("Administración")
if not puede(actor, Accion.CREAR_MESA):
    vista.escribir()
    marco.titular("Esta página es de quien administra el registro", como_entrar())
    st.stop()

nombres_de_mesa = {m.clave: m.nombre for m in lectura.mesas(registro, actor)}
administra = puede(actor, Accion.PERSONAS)
marco.titular(
    "Quién entra al registro, sus Mesas y su respaldo",
    "Con cuentas (OIDC), el papel de cada quien sale de aquí o de secrets.toml; lo de aquí manda."
    if con_oidc()
    else "Esta instalación no tiene cuentas: los papeles que reparta aquí valen cuando se configure la entrada con OIDC.",
)
asunto = vista.elegir("Asunto", ASUNTOS, "asunto", control="segmented_control", label_visibility="collapsed")
vista.escribir()
mostrar_conflicto()


def de_personas() -> None:
    """Quiénes tienen papel, y dar o quitar uno."""
    gente = personas.todas(registro, actor)
    if not gente:
        st.info("Nadie tiene papel todavía.")
    else:
        filas: list[list[str | Html]] = [
            [
                p.correo,
                p.nombre,
                NOMBRE_DEL_ROL[Rol(p.rol)],
                formatos.lista([nombres_de_mesa.get(c, c) for c in p.mesas]),
            ]
            for p in gente
        ]
        columnas = [Columna("Correo", "ancha"), Columna("Nombre", "", "nombre"), Columna("Papel", "", "papel"),
                    Columna("Mesas", "ancha", "Mesas")]  # fmt: skip
        st.html(tabla(columnas, filas, "Personas con papel en el registro"))
    st.subheader("Dar o cambiar un papel")
    b = EnBorrador(abierto, "", "persona", {})
    b.caja("correo", "Correo con que entra", maximo=240, ejemplo="nombre@organizacion.mx")
    b.caja("nombre", "Nombre", maximo=240)
    rol = b.elegir("rol", "Papel", {r.value: f"{NOMBRE_DEL_ROL[r]}: {q}" for r, q in QUE_PUEDE.items()})
    suyas = b.elegir_varios("mesas", "Sus Mesas", nombres_de_mesa) if rol == Rol.MESA else []
    if st.button("Guardar el papel", key="poner_papel", type="primary") and intentar(
        lambda: personas.poner(
            registro, actor, correo=b.texto("correo"), nombre=b.texto("nombre"), rol=rol, mesas=suyas
        ),
        "Se guardó el papel.",
    ):
        b.olvidar()
        st.rerun()
    if gente:
        quitar_papel({p.correo: p for p in gente})


def quitar_papel(gente: dict[str, Persona]) -> None:
    """Con su razón; desde su siguiente clic solo ve lo público."""
    with st.expander("Quitar un papel"):
        cual = st.selectbox("Persona", list(gente), key="quitar_cual")
        b = EnBorrador(abierto, "", "quitar-papel", {})
        b.caja("porque", "Por qué", renglones=2)
        if st.button("Quitar", key="quitar_papel") and intentar(
            lambda: personas.quitar(registro, actor, cual, gente[cual].version, b.texto("porque")) or True,
            "Se quitó el papel: desde su siguiente clic solo ve lo público.",
        ):
            b.olvidar()
            st.rerun()


def de_mesas() -> None:
    """Registrar una Mesa y retirar una."""
    b = EnBorrador(abierto, "", "mesa-nueva", {})
    b.caja("nombre", "Nombre de la Mesa", maximo=240)
    b.caja("clave", "Clave", maximo=64, ayuda="Minúsculas, números y guiones: va en las direcciones y en las hojas.")
    nombres = {x: n for x, n in lugares.nombres().items() if len(x) == 5}
    municipios = b.elegir_varios("municipios", "Municipios que cubre", nombres, placeholder="Busque un municipio")
    desde = b.fecha("activa_desde", "Activa desde")
    b.caja("fuente", "De dónde consta que existe", renglones=2)
    b.caja("nota", "Nota", renglones=2)
    if st.button("Registrar la Mesa", key="crear_mesa", type="primary") and intentar(
        lambda: mesas.crear(
            registro, actor, clave=b.texto("clave").strip(), nombre=b.texto("nombre"), municipios=municipios,
            fuente=b.texto("fuente"), nota=b.texto("nota"), activa_desde=desde,
        ),
        "Se registró la Mesa.",
    ):  # fmt: skip
        b.olvidar()
        st.rerun()
    with st.expander("Retirar una Mesa"):
        st.html(
            '<p class="menor">Deja de verse con sus acuerdos; nada se borra. Si cerró, mejor ponga «activa hasta».</p>'
        )
        cual = st.selectbox("Mesa", list(nombres_de_mesa), format_func=nombres_de_mesa.__getitem__, key="retirar_cual")
        r = EnBorrador(abierto, "", "retirar-mesa", {})
        r.caja("porque", "Por qué", renglones=2)
        if st.button("Retirar la Mesa", key="retirar_mesa") and intentar(
            lambda: mesas.retirar_mesa(
                registro, actor, cual, lectura.mesa(registro, actor, cual).version, r.texto("porque")
            ) or True,
            "Se retiró la Mesa.",
        ):  # fmt: skip
            r.olvidar()
            st.rerun()


def de_respaldo() -> None:
    """Todo el registro en un archivo, y cómo se pone en otra máquina."""
    ultimo, cuantos = registro.sello()
    motor = "PostgreSQL" if registro.url.get_backend_name() == "postgresql" else "SQLite"
    st.html(
        f'<dl class="dos"><dt>Base</dt><dd>{motor}, revisión {escape(ultima())}</dd><dt>Bitácora</dt>'
        f"<dd>{formatos.contar(cuantos, 'movimiento')}, el último con el número {formatos.entero(ultimo)}</dd></dl>"
    )
    if not registro.practica:
        avisar_del_respaldo(salud.revisar())
    try:
        cifra = bool(cifrado.destinatarios())
    except RespaldoInvalido as causa:
        st.error(str(causa))
        return
    st.download_button(
        "Respaldo completo", data=empaquetar, mime="application/octet-stream" if cifra else "application/zip", key="respaldar",
        file_name=f"registro-{hoy():%Y-%m-%d}{'-DEMOSTRACION' if registro.practica else ''}.zip"
        + (cifrado.TERMINACION if cifra else ""),
        icon=":material/archive:", type="primary", on_click="ignore",
    )  # fmt: skip
    como = (
        "Sale cifrado: solo se abre con su llave, por la línea de órdenes."
        if cifra
        else "Sale sin cifrar y tiene lo que no es público."
    )
    st.html(
        '<p class="menor">Trae Mesas, sesiones, acuerdos, evidencia, papeles y la bitácora. Guárdelo en otra máquina. '
        f"{como}</p>"
    )
    if registro.practica:
        st.caption("Es el registro de práctica: aquí no se restaura.")
        return
    if motor == "PostgreSQL":
        st.caption("En PostgreSQL se restaura en una base vacía, con «python -m datos.acuerdos restaurar ARCHIVO».")
        return
    with st.expander("Restaurar un respaldo"):
        st.html(
            '<p class="menor">Se revisa entero antes de tocar nada, y el registro de ahora se conserva en la misma carpeta. '
            "Uno más grande que lo que admite la página se restaura con «python -m datos.acuerdos restaurar ARCHIVO».</p>"
        )
        subido = st.file_uploader("Respaldo", type=["zip"], key="respaldo_subido")
        seguro = st.checkbox("Quiero poner este registro en lugar del de ahora", key="restaurar_seguro")
        if st.button("Restaurar", key="restaurar", disabled=subido is None or not seguro) and subido is not None:
            restaurar(subido.getvalue())


def empaquetar() -> bytes:
    """El respaldo como bytes; se hace al pedirlo."""
    with tempfile.TemporaryDirectory() as carpeta:
        hecho = respaldo_programado.guardar(registro, actor, Path(carpeta) / "registro.zip", Path(carpeta))
        return hecho.archivo.read_bytes()


def avisar_del_respaldo(hallada: salud.Salud) -> None:
    """Cuándo se respaldó por última vez; si ya es mucho, como aviso."""
    dicho = hallada.respaldo.en_palabras(hallada.ahora)
    if hallada.respaldo.atrasado(hallada.ahora):
        st.warning(f"Último respaldo: {dicho} Lo que se baja aquí no cuenta: nadie sabe dónde quedó.")
    else:
        st.caption(f"Último respaldo: {dicho}.")


def restaurar(contenido: bytes) -> None:
    """Revisa y restaura lo subido; dice qué quedó y dónde está lo anterior."""
    with tempfile.TemporaryDirectory() as carpeta:
        ruta = Path(carpeta) / "respaldo.zip"
        ruta.write_bytes(contenido)
        try:
            hecho, anterior = respaldo.restaurar(registro, actor, ruta)
        except (RespaldoInvalido, RegistroDanado) as causa:
            st.error(str(causa))
            return
    conservado = f" El registro que había quedó en {anterior.name}." if anterior else ""
    st.success(f"Restaurado: {hecho.en_palabras()}.{conservado}")


def de_bitacora() -> None:
    """Los movimientos más recientes de todo el registro."""
    mostrar_historia(lectura.bitacora(registro, actor, limite=ENTRADAS_A_LA_VISTA))


def de_servicio() -> None:
    """Cómo está la instalación: lo mismo que dicen ``/api/salud`` y ``etl estado``, de este proceso."""
    hallada = salud.revisar()
    if hallada.respaldo.atrasado(hallada.ahora):
        st.warning(f"Último respaldo: {hallada.respaldo.en_palabras(hallada.ahora)}")
    st.html(
        '<dl class="dos">'
        + "".join(f"<dt>{escape(que)}</dt><dd>{escape(como)}</dd>" for que, como in salud.renglones(hallada))
        + "</dl>"
    )
    st.caption(
        "Es lo que contesta el proceso que atiende esta ventana: con varias réplicas, cada una tiene lo suyo. Para máquinas, "
        "/api/salud."
    )


with st.container(width=ANCHO_DE_FORMULARIO):
    if asunto == "mesas":
        de_mesas()
    elif asunto == "bitacora":
        de_bitacora()
    elif asunto == "servicio":
        de_servicio()
    elif not administra:
        st.info("Repartir papeles y respaldar es de quien administra el registro.")
    elif asunto == "personas":
        de_personas()
    else:
        de_respaldo()
