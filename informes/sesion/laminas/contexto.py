"""El contexto: qué hicieron los mismos delitos en el estado y en el país."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analisis import formatos
from analisis.medidas import MESES
from datos.consultas import lugares
from datos.consultas.claves import claves
from datos.consultas.series import NACIONAL
from informes.comparados import lugares_comparados
from informes.sesion.calculos import Calculos, fuente
from informes.sesion.indicadores import doce_y_doce, en_palabras
from informes.sesion.insumos import Insumos
from informes.sesion.lamina import ENTERO, TEXTO, Columna, Lamina, Tabla, en_bloques

RENGLONES = 13
NO_DICE_POR_QUE = (
    "Una diferencia entre la Mesa, su estado y el país no dice por qué: la gente denuncia más o menos en cada uno."
)
COMO_SE_LEE = (
    f"Cada celda: carpetas de {MESES} meses y diferencia con los {MESES} anteriores; la etiqueta es la del estado."
)


def contexto(i: Insumos, c: Calculos) -> list[Lamina]:
    """Una tabla (en las láminas que haga falta): 12 meses contra 12 en la Mesa, su estado o estados y el país."""
    if not c.delitos:
        return []
    mes = i.pedido.mes
    ambitos = [*i.entidades, NACIONAL]
    de_la_mesa = c.mesa.set_index("delito") if len(c.mesa) else pd.DataFrame()
    filas = []
    for d in c.delitos:
        fila: dict[str, object] = {"nombre": claves()[d].nombre}
        propia = de_la_mesa.loc[d] if d in de_la_mesa.index else None
        reciente, previo = (propia["conteo"], propia["conteo_previo"]) if propia is not None else (np.nan, np.nan)
        motivo = str(propia["motivo"]) if propia is not None else "sin municipios"
        fila |= {"mesa": en_palabras(reciente, previo, motivo), "mesa_12": reciente, "mesa_previos": previo}
        for a in ambitos:
            reciente, previo, motivo = doce_y_doce(a, d, mes)
            texto = en_palabras(reciente, previo, motivo)
            if a != NACIONAL and formatos.hay(previo):
                estatal = lugares_comparados("estatal", d, mes).set_index("lugar")
                texto += f" · {estatal.loc[a, 'etiqueta']}"
            fila |= {a: texto, f"{a}_12": reciente, f"{a}_previos": previo}
        filas.append(fila)
    columnas = [Columna("nombre", "Delito", TEXTO, 1.9, "Nombre del delito")]
    for a, rotulo in (("mesa", "La Mesa"), *((a, lugares.nombre(a)) for a in ambitos)):
        columnas += [
            Columna(a, rotulo, TEXTO, 2.2, f"Carpetas de 12 meses en {rotulo} y su cambio contra los 12 anteriores"),
            Columna(f"{a}_12", f"{rotulo}, 12 meses", ENTERO, visible=False, ayuda="Carpetas de 12 meses"),
            Columna(f"{a}_previos", f"{rotulo}, 12 anteriores", ENTERO, visible=False, ayuda="De los 12 anteriores"),
        ]
    datos = pd.DataFrame(filas)
    hechas = []
    for numero, (cual, bloque) in enumerate(en_bloques(datos, RENGLONES), 1):
        hechas.append(
            Lamina(
                f"contexto-{numero}", "contexto", _titulo(i, datos) + cual,
                (NO_DICE_POR_QUE,),
                Tabla(
                    f"Contexto{cual}", bloque, tuple(columnas),
                    f"Doce meses a {formatos.mes(mes)} contra los doce anteriores, por delito: "
                    + "; ".join(f"{f['nombre']}, país {f[NACIONAL]}" for f in bloque.to_dict("records")),
                ),
                (COMO_SE_LEE,),
                fuente(i, "municipal", "estatal"),
            )
        )  # fmt: skip
    return hechas


def _titulo(i: Insumos, datos: pd.DataFrame) -> str:
    """En cuántos delitos la Mesa va hacia el mismo lado que su país."""
    mesa = datos["mesa_12"] - datos["mesa_previos"]
    pais = datos[f"{NACIONAL}_12"] - datos[f"{NACIONAL}_previos"]
    hay = mesa.notna() & pais.notna() & (mesa != 0) & (pais != 0)
    meses = f"12 meses a {formatos.mes(i.pedido.mes)}"
    if not hay.any():
        return f"Los mismos delitos en el estado y en el país, {meses}: no hay con qué comparar a la Mesa"
    iguales = int((np.sign(mesa[hay]) == np.sign(pais[hay])).sum())
    return (
        f"En {formatos.entero(iguales)} de {formatos.contar(int(hay.sum()), 'delito')}, las carpetas de la Mesa se movieron "
        f"hacia el mismo lado que las del país ({meses})"
    )
