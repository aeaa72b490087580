"""«¿Cuánto se equivoca este método?»: los ensayos de esta instalación con un delito, junto a las reglas ingenuas."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from analisis import formatos
from analisis.eficacia.palabras import tasa_de_error
from datos.consultas.calibracion import SinCalibracion, calibracion
from datos.consultas.claves import claves
from datos.consultas.contexto import Contexto
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.tabla import Columna, tabla

TITULO = "¿Cuánto se equivoca este método?"
INGENUAS = {
    "ingenua_diez": "«Bajó 10 % o más» (solo cuenta bajas)",
    "ingenua_poisson": "Antes y después, con error de Poisson",
    "ingenua_dd": "Contra la suma de los comparables, con error de Poisson",
    "ingenua_its": "Serie interrumpida del propio conjunto",
}
COLUMNAS = {
    "municipios": "Municipios de cada conjunto",
    "promedio_desde": "Carpetas al mes de cada municipio, más de",
    "promedio_hasta": "Carpetas al mes de cada municipio, hasta",
    "evaluadas": "Ensayos que se pudieron evaluar",
    "falsas": "Ensayos en que declaró un cambio donde no hubo nada",
    "falsas_ensanchadas": "Los que quedan con el intervalo ensanchado",
    "cubren": "Ensayos cuyo intervalo de 95 % contiene el cero",
    "mde_pct": "Mediana del cambio más chico detectable, en por ciento",
    "sembradas": "Ensayos con una caída de 30 % sembrada",
    "vistas": "De ellos, en cuántos la vio",
    "ingenua_diez": "Ensayos en que «bajó 10 % o más»",
    "ingenua_poisson": "Ensayos en que el antes y el después difieren, con error de Poisson",
    "ingenua_dd": "Ensayos en que difiere de la suma de los comparables, con error de Poisson",
    "ingenua_its": "Ensayos en que una serie interrumpida declara un salto",
    "ensanche": "Factor por el que se multiplica el error",
}


def cuanto_se_equivoca(delito: str, actual: Contexto, *, clave: str = "calibracion") -> None:
    """La sección completa de un delito, o por qué no se sabe."""
    st.subheader(TITULO)
    nombre = claves()[delito].nombre
    try:
        hecha = calibracion(delito)
    except SinCalibracion as causa:
        st.info(str(causa))
        return
    suma = hecha.por_conjunto
    total = suma.sum()
    st.write(
        f"Se tomaron municipios y fechas al azar de {nombre.lower()}, donde nadie acordó nada, y se evaluaron como si fueran "
        f"acuerdos: el método {tasa_de_error(total['falsas'], total['evaluadas'])}; se tolera hasta 5 de cada 100. El intervalo "
        f"de 95 % contuvo el cero en {formatos.entero(total['cubren'])}. Lo que se paga por eso: de "
        f"{formatos.entero(total['sembradas'])} caídas de 30 % sembradas a propósito, vio {formatos.entero(total['vistas'])}."
    )
    st.html(
        tabla(
            [
                Columna("Con qué regla", "ancha"),
                Columna("Cambios que no hubo", "cifra", "cambios que no hubo"),
                Columna("de cada 100", "cifra", "de cada 100"),
            ],
            [
                [
                    nombre_de_regla,
                    f"{formatos.entero(n)} de {formatos.entero(total['evaluadas'])}",
                    _de_cien(n, total["evaluadas"]),
                ]
                for nombre_de_regla, n in [
                    ("Este método", total["falsas_ensanchadas"]),
                    *((texto, total[campo]) for campo, texto in INGENUAS.items()),
                ]
            ],
            "Error de cada regla en los mismos ensayos",
        )
    )
    st.html(
        tabla(
            [
                Columna("Conjunto", "ancha"),
                Columna("Carpetas al mes de cada uno", "", "carpetas al mes"),
                Columna("Cambios que no hubo", "cifra", "cambios que no hubo"),
                Columna("El intervalo cubre", "cifra", "el intervalo cubre"),
                Columna("Cambio detectable", "cifra", "cambio detectable"),
                Columna("Ve una caída de 30 %", "cifra", "ve una caída de 30 %"),
                Columna("Ensanche", "cifra", "ensanche"),
            ],
            [
                [
                    formatos.contar(c.municipios, "municipio"),
                    _clase(c.promedio_desde, c.promedio_hasta),
                    f"{formatos.entero(c.falsas)} de {formatos.entero(c.evaluadas)}",
                    f"{formatos.entero(c.cubren)} de {formatos.entero(c.evaluadas)}",
                    formatos.porcentaje_con_signo(c.mde_pct, 0),
                    f"{formatos.entero(c.vistas)} de {formatos.entero(c.sembradas)}",
                    "—" if c.ensanche == 1 else f"× {formatos.decimal(c.ensanche, 2)}",
                ]
                for c in hecha.celdas.itertuples()
            ],
            "Ensayos por tamaño",
        )
    )
    st.caption(
        "Cada renglón son hasta 100 ensayos: una diferencia de dos o tres es azar del propio ensayo. El ensanche se decide con "
        "los tres tamaños de municipio juntos, cuando más de 7.5 de cada 100 ensayos declaran un cambio que no hubo."
    )
    _descarga(hecha.celdas, nombre, actual, clave)
    escribir_fuente(
        actual,
        ["municipal"],
        notas=[f"Meses cerrados hasta {formatos.mes(hecha.cierre)}", f"Método {hecha.version_metodo}"],
    )


def _descarga(celdas: pd.DataFrame, nombre: str, actual: Contexto, clave: str) -> None:
    descargas(
        celdas[list(COLUMNAS)],
        ficha_de(actual, ["calibracion", nombre], ["municipal"], notas={"Delito": nombre}, columnas=COLUMNAS),
        clave,
    )


def _de_cien(cuantas: float, de: float) -> str:
    return formatos.decimal(100 * cuantas / de) if de >= 20 else formatos.SIN_DATO


def _clase(desde: float, hasta: float) -> str:
    inicio = formatos.decimal(desde, 0 if desde == int(desde) else 1)
    return f"más de {inicio}" if math.isinf(hasta) else f"de {inicio} a {formatos.decimal(hasta, 0)}"
