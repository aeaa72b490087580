"""Las alertas como renglones: lugar, delito, lo que pasó, lo que se esperaba y sus trece meses."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos
from analisis.medidas import medir
from analisis.rangos import banda
from datos.consultas import lugares
from datos.consultas.alertas import alertas
from datos.consultas.claves import claves
from datos.consultas.series import series
from datos.tablero import recordar
from graficas.chispas import chispa, direccion
from informes.alertas import esperadas, frase
from paginas.componentes.cuadricula import Cuadro, cuadricula
from paginas.componentes.tabla import Columna, Html, enlace, imagen, tabla

MESES = 13
MESES_DEL_CUADRO = 36
COLUMNAS = (
    Columna("Lugar y delito", "ancha"),
    Columna("Carpetas", "cifra", "carpetas"),
    Columna("Se esperaban", "cifra", "se esperaban"),
    Columna("Trece meses", "miniatura"),
)


@recordar(maximo=128)
def tabla_de_alertas(
    nivel: str, delito: str | None, cve_ent: str | None, lado: str, cuantas: int, descripcion: str
) -> str:
    """Un renglón por alerta de un lado ('alta' o 'baja'), con sus trece meses; las ``cuantas`` más sorprendentes."""
    todas = alertas(nivel, delito, cve_ent)
    filas = todas[todas["alerta"] == lado].head(cuantas)
    desde = filas["fecha"].min() - pd.DateOffset(months=MESES - 1)
    lugares_pedidos = sorted(set(filas["clave"]))
    largas = series(lugares_pedidos, sorted(set(filas["delito"])), desde.date(), filas["fecha"].max().date())
    de_cada_una = dict(iter(medir(largas, "conteo").groupby(["lugar", "delito"])))
    return tabla(
        COLUMNAS, [_renglon(f, de_cada_una[(f["clave"], f["delito"])]) for f in filas.to_dict("records")], descripcion
    )


def _renglon(f: dict, serie: pd.DataFrame) -> list[str | Html]:
    delito, nombre = claves()[f["delito"]], lugares.nombre(f["clave"])
    serie = serie[serie["fecha"] > f["fecha"] - pd.DateOffset(months=MESES)]
    dibujo = chispa(serie["valor"].tolist(), serie["provisional"].tolist())
    provisional = " (provisional)" if f["provisional"] else ""
    return [
        Html(
            f"{enlace(nombre, 'ficha', lugar=f['clave'], delito=f['delito']).texto}<br>"
            f"{enlace(delito.nombre, 'tendencias', lugar=f['clave'], delito=f['delito']).texto} "
            f'<span class="menor">{formatos.mes_corto(f["fecha"])}{provisional}</span>'
        ),
        formatos.entero(f["conteo"]),
        esperadas(f["bajo"], f["alto"]),
        imagen(direccion(dibujo), f"Carpetas por mes: {frase(f)}"),
    ]


@recordar(maximo=64)
def cuadros_de_alertas(nivel: str, delito: str | None, cve_ent: str | None, cuantas: int) -> str:
    """Los últimos tres años de las más inusuales con lo que se esperaba cada mes, en HTML."""
    vistas = alertas(nivel, delito, cve_ent).head(cuantas)
    desde = (vistas["fecha"].min() - pd.DateOffset(months=2 * MESES_DEL_CUADRO)).date()
    largas = series(sorted(set(vistas["clave"])), sorted(set(vistas["delito"])), desde, vistas["fecha"].max().date())
    de_cada_una = dict(iter(medir(largas, "conteo").groupby(["lugar", "delito"])))
    cuadros = []
    for f in vistas.to_dict("records"):
        completa = de_cada_una[(f["clave"], f["delito"])].reset_index(drop=True)
        completa = completa[completa["fecha"] <= f["fecha"]]
        esperado = banda(completa["conteo"].to_numpy(), completa["fecha"].dt.days_in_month.to_numpy())
        con_banda = pd.concat([completa, esperado[["bajo", "alto"]]], axis=1).tail(MESES_DEL_CUADRO)
        titulo = f"{claves()[f['delito']].nombre_corto}, {lugares.nombre(f['clave'])}"
        cuadros.append(Cuadro(enlace(titulo, "tendencias", lugar=f["clave"], delito=f["delito"]), titulo, con_banda))
    return cuadricula(cuadros)


def lista_de_alertas(filas: pd.DataFrame) -> None:
    """Las alertas como oraciones, cada una con su liga; para la portada y la ficha."""
    entradas = "".join(
        f"<li>{escape(frase(f))}. {enlace('Verla de cerca', 'alertas', **direccion_de(f)).texto}</li>"
        for f in filas.to_dict("records")
    )
    st.html(f'<ul class="lista">{entradas}</ul>')


def direccion_de(f: dict) -> dict[str, str]:
    """El estado de la página Alertas en que esta se ve de cerca."""
    entidad = f["clave"][:2] if f["nivel"] == "municipal" else "00"
    return {"nivel": f["nivel"], "de": entidad, "foco": f"{f['clave']}.{f['delito']}"}
