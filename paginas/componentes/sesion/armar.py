"""El paquete desde la página: se pide, se sigue sin bloquear nada, se baja y se proyecta."""

from __future__ import annotations

import zipfile
from datetime import date
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from analisis import formatos
from datos import paquetes
from datos.paquetes import Hecho, Ocupado
from datos.registro.errores import SinPermiso
from datos.trabajos import INTERRUMPIDO, Trabajo
from informes.sesion.lamina import Composicion
from informes.sesion.paquete import PASOS, TIPO
from paginas.componentes.direccion import fijar
from paginas.componentes.limite import permitir
from paginas.componentes.pedazo import pedazo
from paginas.componentes.registro.identidad import Abierto

SEGUNDOS = 1
QUE_TRAE = "PPTX, PDF, XLSX, HTML y cita"


def paquete_de(abierto: Abierto, c: Composicion, *, fecha: date) -> None:
    """El estado del paquete de esta sesión y lo que se puede hacer con él."""
    mesa, mes, publico = c.mesa, c.mes, c.publico
    trabajo = paquetes.ultimo(mesa, mes, publico=publico)
    if trabajo is not None and trabajo.vivo:
        _en_vivo(mesa, mes, publico)
        return
    hecho = paquetes.hecho(mesa, mes, publico=publico)
    al_dia = hecho is not None and hecho.huella == c.huella
    if trabajo is not None and trabajo.codigo != 0:
        _explicar(trabajo, hecho)
    if hecho is not None:
        _entregar(c, hecho, al_dia=al_dia)
    rotulo = "Armar el paquete" if hecho is None else "Volver a armarlo"
    ayuda = "Tarda unos segundos. Puede irse a otra página y volver: se sigue armando."
    if (
        not al_dia
        and st.button(rotulo, key="armar_paquete", type="primary", icon=":material/package_2:", help=ayuda)
        and permitir()
    ):
        try:
            paquetes.empezar(abierto.actor, mesa, mes, publico=publico, fecha=fecha)
        except (Ocupado, SinPermiso) as causa:
            st.warning(str(causa))
            return
        st.rerun()


@pedazo("armar", run_every=SEGUNDOS)
def _en_vivo(mesa: str, mes: date, publico: bool) -> None:
    """El avance mientras se arma; al terminar vuelve a correr la página."""
    trabajo = paquetes.ultimo(mesa, mes, publico=publico)
    if trabajo is None or not trabajo.vivo:
        st.rerun()
    hechos = PASOS.index(trabajo.paso) if trabajo.paso in PASOS else 0
    st.progress(hechos / len(PASOS), text=f"Armando el paquete: {trabajo.paso[:1].lower()}{trabajo.paso[1:]}")
    st.html('<p class="menor" role="status">Puede irse a otra página y volver: se sigue armando.</p>')


def _explicar(trabajo: Trabajo, hecho: Hecho | None) -> None:
    """Qué pasó, qué se conservó y qué sigue."""
    conservado = " El paquete anterior sigue disponible abajo." if hecho is not None else ""
    if trabajo.situacion == INTERRUMPIDO:
        st.warning(
            f"El paquete se interrumpió sin terminar y no quedó nada a medias.{conservado} Puede volver a pedirlo."
        )
    elif trabajo.codigo is not None:
        st.warning(f"El paquete no se armó: {trabajo.mensaje}{conservado} Puede volver a pedirlo.")


def _entregar(c: Composicion, hecho: Hecho, *, al_dia: bool) -> None:
    if not al_dia:
        st.info(
            f"El paquete que está hecho es de antes (plazos contados al {hecho.fecha}): desde entonces cambiaron el registro, "
            "las cifras o la fecha. Sirve todavía; vuelva a armarlo para que diga lo de hoy."
        )
    zona = st.container(horizontal=True, gap="small", vertical_alignment="center")
    zona.download_button(
        f"Bajar el paquete ({QUE_TRAE}, {_peso(hecho.bytes)})", data=partial(Path.read_bytes, hecho.ruta),
        file_name=hecho.ruta.name, mime=TIPO, key="bajar_paquete", type="primary", icon=":material/download:",
        on_click="ignore",
    )  # fmt: skip
    zona.button(
        "Proyectar", key="proyectar", icon=":material/present_to_all:", on_click=fijar, args=("proyectar", "si"),
        help="Llena la pantalla, una idea a la vez. Ya abierto no necesita internet.",
    )  # fmt: skip
    nombre, cuerpo = del_zip(hecho.ruta, ".html")
    zona.download_button(
        f"Proyector para llevar (HTML, {_peso(len(cuerpo))})", data=cuerpo, file_name=nombre, mime="text/html",
        key="bajar_proyector", icon=":material/usb:", on_click="ignore",
    )  # fmt: skip
    if c.rotulos:
        st.html(f'<p class="menor">{escape(" ".join(c.rotulos))}</p>')


def del_zip(ruta: Path, extension: str) -> tuple[str, bytes]:
    """El nombre y el contenido del primer archivo con esa extensión dentro del paquete."""
    with zipfile.ZipFile(ruta) as abierto:
        nombre = next(n for n in abierto.namelist() if n.endswith(extension))
        return nombre, abierto.read(nombre)


def _peso(bytes_: int) -> str:
    """«412 KB» o «1.2 MB»."""
    return f"{formatos.entero(bytes_ / 1e3)} KB" if bytes_ < 1e6 else f"{formatos.decimal(bytes_ / 1e6)} MB"


def meses_para_elegir(ultimo: date, cuantos: int = 13) -> dict[str, str]:
    """«2026-08» → «agosto de 2026», del más reciente hacia atrás."""
    total = ultimo.year * 12 + ultimo.month - 1
    meses = [date(n // 12, n % 12 + 1, 1) for n in range(total, total - cuantos, -1)]
    return {f"{m:%Y-%m}": formatos.mes(m) for m in meses}
