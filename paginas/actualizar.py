"""Actualizar datos: qué hay publicado, buscar en la fuente, entregar archivos a mano y ver cómo va cada trabajo."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos, frescura
from datos import sincronizacion, trabajos
from datos.almacen import almacen_por_omision
from datos.catalogos.etiquetas import PAGINA, PRODUCTOS
from datos.registro.actor import Actor
from datos.registro.autorizacion import Accion, puede
from datos.reloj import hoy
from datos.trabajos import INTERRUMPIDO, Trabajo
from paginas.componentes.avance import nombre_de, tamano
from paginas.componentes.entrada import como_entrar
from paginas.componentes.entrega import intentar, mostrar_revision, soltar_archivos
from paginas.componentes.marco import Marco, abrir_aunque_falten_datos
from paginas.componentes.pedazo import pedazo
from paginas.componentes.registro.identidad import quien_publica
from paginas.componentes.tabla_de_datos import mostrar

COMO_ACABO = {0: "hecho", 1: "interrumpido", 2: "mal pedido", 3: "rechazado", 4: "la fuente no contestó"}
SEGUNDOS = 1


def titular(marco: Marco | None) -> None:
    """En una frase, si lo publicado está al día."""
    if marco is None:
        st.html("<h1>Todavía no hay datos publicados: búsquelos en la fuente o entréguelos a mano</h1>")
        return
    corte = marco.actual.corte_mas_reciente
    marco.situar("Actualizar datos")
    if marco.actual.demostracion:
        frase = "Lo que se muestra es una demostración: faltan los datos oficiales"
    elif frescura.atrasado(corte, hoy()):
        frase = f"Falta el corte de {formatos.mes(frescura.corte_exigible(hoy()))}: lo publicado llega a {formatos.mes(corte)}"
    else:
        frase = f"Lo publicado está al día: corte de {formatos.mes(corte)}"
    marco.titular(frase)


def replica(con_origen: bool) -> None:
    """Si esta máquina sigue lo publicado en otra, desde cuándo no lo confirma; de cuál, solo a quien puede publicar."""
    suya, ahora = sincronizacion.leer(), datetime.now(UTC)
    if suya is not None:
        mal = suya.codigo != 0 or suya.atrasada(ahora)
        clase = "frescura atraso" if mal else "frescura"
        st.html(f'<p class="{clase}" role="status">{escape(suya.en_palabras(ahora, con_origen=con_origen))}</p>')


@pedazo("actualizar", run_every=SEGUNDOS)
def en_vivo(id: str) -> None:
    """El trabajo mientras corre: qué hace, cuánto va y qué ha probado. Al terminar vuelve a correr la página."""
    trabajo = trabajos.leer(id)
    if trabajo is None or not trabajo.vivo:
        st.rerun()
    st.write(
        f"**{nombre_de(trabajo)}**, desde las {trabajo.desde:%H:%M:%S} UTC. Puede cerrar la página: el trabajo sigue."
    )
    texto = " · ".join(p for p in (trabajo.paso, tamano(trabajo)) if p)
    if trabajo.hechos is not None and trabajo.total:
        st.progress(min(trabajo.hechos / trabajo.total, 1.0), text=texto)
    else:
        st.text(texto)
    intentos(trabajo)


def intentos(trabajo: Trabajo) -> None:
    """Lo que se probó contra la fuente, si se probó algo."""
    if trabajo.intentos:
        renglones = [(i.escalon, i.que, i.resultado, "sí" if i.bien else "no") for i in trabajo.intentos]
        mostrar(pd.DataFrame(renglones, columns=["Por dónde", "Qué", "En qué acabó", "Llegó"]))


def buscar(ocupado: bool, actor: Actor) -> None:
    """El botón que sube la escalera."""
    st.write(
        "Busca en la página del SESNSP, en el espejo y en la carpeta de entrada; baja solo lo que cambió, lo valida completo y, "
        "si pasa, lo publica."
    )
    if st.button("Buscar en la fuente", type="primary", disabled=ocupado, icon=":material/sync:"):
        intentar(lambda: trabajos.actualizar(actor=actor))


def a_mano() -> None:
    """Las etiquetas exactas de lo que se descarga a mano."""
    corte = frescura.corte_por_venir(hoy())
    ligas = "".join(f"<li>«{escape(p.etiqueta(corte))}»</li>" for p in PRODUCTOS)
    st.html(
        f'<div class="pasos"><p>Abra <a href="{escape(PAGINA)}">la página de datos abiertos del SESNSP</a> y descargue lo '
        f"que dicen estas etiquetas (el mes puede ser otro), sin cambiarle nada:</p><ul>{ligas}</ul></div>"
    )


def historia() -> None:
    """Los últimos trabajos y en qué acabaron."""
    ultimos = trabajos.lista(15)
    if not ultimos:
        st.caption("Todavía no se ha hecho ninguno.")
        return
    renglones = [
        (
            f"{t.desde:%Y-%m-%d %H:%M}",
            nombre_de(t),
            t.descripcion,
            _situacion(t),
            t.mensaje.split("\n")[0],
        )
        for t in ultimos
    ]
    mostrar(pd.DataFrame(renglones, columns=["Cuándo (UTC)", "Qué", "De qué", "En qué acabó", "Qué dijo"]))


def _situacion(trabajo: Trabajo) -> str:
    if trabajo.codigo is None:
        return trabajo.situacion
    return COMO_ACABO.get(trabajo.codigo, f"código {trabajo.codigo}")


def sin_rutas(mensaje: str) -> str:
    """El mensaje sin decirle a quien solo lee en qué carpeta de la máquina vive el almacén."""
    return mensaje.replace(f"{almacen_por_omision().raiz}/", "").replace(str(almacen_por_omision().entrada), "entrada")


marco = abrir_aunque_falten_datos()
actor = quien_publica()
titular(marco)
replica(puede(actor, Accion.PUBLICAR))
ocupado = trabajos.en_curso()
if ocupado is not None:
    en_vivo(ocupado.id)
else:
    ultimo = next((t for t in trabajos.lista(5) if t.verbo != trabajos.REVISAR), None)
    if ultimo is not None and ultimo.codigo not in (None, 0):
        with st.expander(
            f"El último trabajo no terminó bien: {nombre_de(ultimo)}, {_situacion(ultimo)}", expanded=True
        ):
            st.text(ultimo.mensaje if puede(actor, Accion.PUBLICAR) else sin_rutas(ultimo.mensaje))
            intentos(ultimo)
    elif ultimo is not None and ultimo.situacion == INTERRUMPIDO:
        st.warning(f"«{nombre_de(ultimo)}» se interrumpió sin terminar. Lo publicado sigue igual; puede repetirlo.")

if puede(actor, Accion.PUBLICAR):
    st.subheader("Buscar en la fuente", anchor="buscar")
    buscar(ocupado is not None, actor)
    st.subheader("Entregar archivos", anchor="entregar")
    soltar_archivos(ocupado is not None, actor)
    revision = trabajos.revision_pendiente()
    if revision is not None:
        st.subheader("Lo entregado", anchor="revision")
        if revision.vivo:
            en_vivo(revision.id)
        else:
            mostrar_revision(revision, ocupado is not None, actor)
else:
    st.info(como_entrar())
st.subheader("Qué descargar a mano", anchor="a-mano")
a_mano()
st.subheader("Lo que se ha hecho", anchor="historia")
historia()
