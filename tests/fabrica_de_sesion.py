"""Composiciones de sesión hechas a mano, para probar los formatos sin base ni registro."""

from datetime import date

import numpy as np
import pandas as pd

from graficas.impresas.mapa import Trazado, trazado
from informes.sesion.lamina import (
    CON_SIGNO,
    DIA,
    ENTERO,
    MES,
    TEXTO,
    Barras,
    Columna,
    Composicion,
    Lamina,
    Mapa,
    Serie,
    Tabla,
)

FUENTE = "Fuente: cifras de prueba."
COLUMNAS = (
    Columna("nombre", "Delito", TEXTO, 2.0, "Nombre"),
    Columna("conteo", "Carpetas", ENTERO, 1.0, "Carpetas"),
    Columna("cambio", "Cambio", CON_SIGNO, 1.0, "La resta"),
    Columna("dia", "Plazo", DIA, 1.0, "Día límite", visible=False),
)
DE_SERIE = (
    Columna("fecha", "Mes", MES), Columna("conteo", "Carpetas", ENTERO), Columna("bajo", "Desde", ENTERO),
    Columna("alto", "Hasta", ENTERO),
)  # fmt: skip
DE_MAPA = (
    Columna("nombre", "Municipio", TEXTO, 2.0), Columna("conteo", "12 meses", ENTERO),
    Columna("conteo_previo", "12 anteriores", ENTERO), Columna("etiqueta", "Tendencia", TEXTO),
)  # fmt: skip


def tabla(nombres, conteos, cambios):
    """Una tabla de delitos."""
    datos = pd.DataFrame({"nombre": nombres, "conteo": conteos, "cambio": cambios})
    datos["dia"] = pd.Timestamp("2026-11-30")
    return Tabla("Tablero", datos, COLUMNAS, "Tabla de prueba")


def serie(valores, *, con_banda=True):
    """Una serie que termina en agosto de 2026, con los tres últimos meses provisionales."""
    valores = np.asarray(valores, dtype=float)
    fechas = pd.date_range(end="2026-08-01", periods=len(valores), freq="MS")
    banda = np.full(len(valores), np.nan) if not con_banda else valores * 0.5
    datos = pd.DataFrame({"fecha": fechas, "conteo": valores, "bajo": banda, "alto": banda * 3})
    datos["provisional"] = np.arange(len(valores)) >= len(valores) - 3
    return Serie(
        "Serie", datos, DE_SERIE, "Serie de prueba", lineas={"conteo": "Robo de prueba"}, que_es_la_banda="En gris, el rango",
        marcas=((fechas[0].date(), "01/I/2026"),),
    )  # fmt: skip


def barras(nombres, valores):
    """Unas barras de cambio."""
    datos = pd.DataFrame({"nombre": nombres, "valor": np.asarray(valores, dtype=float)})
    datos["cifra"] = [f"{v:+,.0f}" for v in datos["valor"]]
    datos["color"] = "#542788"
    columnas = (Columna("nombre", "Delito", TEXTO), Columna("valor", "Cambio", CON_SIGNO))
    return Barras("Barras", datos, columnas, "Barras de prueba", unidad="carpetas")


def cuadricula(cuantos=4):
    """Municipios cuadrados, en fila."""
    import shapely

    claves = [f"01{n:03d}" for n in range(1, cuantos + 1)]
    return claves, trazado(claves, [shapely.box(-102 + n, 21, -101 + n, 22) for n in range(cuantos)])


def mapa(nombres):
    """Un mapa de esos municipios; el primero es de la Mesa. Su ruta es «cuadricula»: hay que dar ``cuadricula`` al dibujarlo."""
    claves, _ = cuadricula(len(nombres))
    etiquetas = ["a la baja", "al alza", "sin cambio distinguible", "datos insuficientes"]
    datos = pd.DataFrame(
        {"lugar": claves, "nombre": nombres, "conteo": range(10, 10 + len(nombres)), "conteo_previo": 20}
    )
    datos["etiqueta"] = [etiquetas[n % 4] for n in range(len(nombres))]
    datos["motivo"] = ""
    datos["de_la_mesa"] = ["sí", *[""] * (len(nombres) - 1)]
    fichas = {claves[0]: [["Robo de prueba", "3", "9", "a la baja"]]}
    return Mapa(
        "Mapa", datos, DE_MAPA, "Mapa de prueba", rutas=("cuadricula",), delito="Robo de prueba",
        encabezados=("Delito", "Mes", "12 meses", "Tendencia"), fichas=fichas,
    )  # fmt: skip


def composicion(*figuras, nombre="Mesa de prueba", titulo="Un hallazgo", cuerpo=("Un renglón.", "Otro."), **cambios):
    """Una portada y una lámina por figura."""
    laminas = [Lamina("portada", "portada", f"{nombre}: sesión", ("Sesión I",), fuente=FUENTE)]
    laminas += [
        Lamina(f"l{n}", "tablero", titulo, tuple(cuerpo), f, ("Así se calculó.",), FUENTE)
        for n, f in enumerate(figuras, 1)
    ]
    valores = {
        "mesa": "prueba", "mesa_nombre": nombre, "mes": date(2026, 8, 1), "fecha": date(2026, 11, 24), "corte": date(2026, 8, 1),
        "sesion": "Sesión plenaria I (1)", "demostracion": True, "publico": False, "rotulos": ("DEMOSTRACIÓN: de prueba.",),
        "laminas": tuple(laminas), "cita": (FUENTE,), "huella": "a" * 64, **cambios,
    }  # fmt: skip
    return Composicion(**valores)


__all__ = ["Trazado", "barras", "composicion", "cuadricula", "mapa", "serie", "tabla"]
