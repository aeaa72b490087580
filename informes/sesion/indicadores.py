"""Las cifras de los municipios de una Mesa en un mes: el mes, el mismo un año antes, doce contra doce, etiqueta y alertas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from analisis import formatos, frases
from analisis.cambio import BASE_MINIMA
from analisis.rangos import BASE, rango_esperado
from datos.consultas import lugares
from datos.consultas.claves import claves
from datos.consultas.paneles import panel
from datos.consultas.series import series
from informes.comparados import CRUZA, lugares_comparados

QUIEBRE = pd.Timestamp("2026-01-01")
DISTINGUIBLES = ("a la baja", "al alza")


def por_municipio(municipios: Sequence[str], delitos: Sequence[str], mes: date) -> pd.DataFrame:
    """Un renglón por delito y municipio: delito, lugar, nombre, mes y hace_un_anio (carpetas de cada mes), conteo y
    conteo_previo (12 meses y los 12 anteriores), cambio, cambio_pct, etiqueta, motivo, racha y provisional (si lo es el mes).
    """
    antes = pd.Timestamp(mes) - pd.DateOffset(years=1)
    largas = series(list(municipios), list(delitos), antes.date(), mes)
    conteos = largas.set_index(["delito", "lugar", "fecha"])[["conteo", "provisional"]]
    filas = []
    for delito in delitos:
        tabla = lugares_comparados("municipal", delito, mes).set_index("lugar")
        cruza = not claves()[delito].comparable_2026 and antes < QUIEBRE <= pd.Timestamp(mes)
        for lugar in municipios:
            fila = tabla.loc[lugar]
            de_hoy = conteos["conteo"].get((delito, lugar, pd.Timestamp(mes)), np.nan)
            de_antes = np.nan if cruza else conteos["conteo"].get((delito, lugar, antes), np.nan)
            filas.append(
                {
                    "delito": delito,
                    "lugar": lugar,
                    "nombre": lugares.nombre(lugar),
                    "mes": float(de_hoy),
                    "hace_un_anio": float(de_antes),
                    "provisional": bool(conteos["provisional"].get((delito, lugar, pd.Timestamp(mes)), False)),
                    **{
                        c: fila[c]
                        for c in ("conteo", "conteo_previo", "cambio", "cambio_pct", "etiqueta", "motivo", "racha")
                    },
                }
            )
    columnas = [
        "delito", "lugar", "nombre", "mes", "hace_un_anio", "provisional", "conteo", "conteo_previo", "cambio", "cambio_pct",
        "etiqueta", "motivo", "racha",
    ]  # fmt: skip
    return pd.DataFrame(filas, columns=columnas)


def de_la_mesa(detalle: pd.DataFrame) -> pd.DataFrame:
    """Un renglón por delito con la suma de los municipios (nula si falta alguno) y sus etiquetas en palabras.

    Columnas: delito, nombre, mes, hace_un_anio, conteo, conteo_previo, cambio, cambio_pct, etiqueta, motivo, provisional.
    """
    filas = []
    for delito, suyos in detalle.groupby("delito", sort=False):
        sumas = {c: suyos[c].sum(skipna=False) for c in ("mes", "hace_un_anio", "conteo", "conteo_previo")}
        cambio = sumas["conteo"] - sumas["conteo_previo"]
        base = sumas["conteo_previo"]
        filas.append(
            {
                "delito": delito,
                "nombre": claves()[str(delito)].nombre,
                **sumas,
                "cambio": cambio,
                "cambio_pct": 100 * cambio / base if base >= BASE_MINIMA else np.nan,
                "etiqueta": etiquetas_en_palabras(suyos),
                "motivo": porque(suyos),
                "provisional": bool(suyos["provisional"].any()),
            }
        )
    columnas = [
        "delito", "nombre", "mes", "hace_un_anio", "conteo", "conteo_previo", "cambio", "cambio_pct", "etiqueta", "motivo",
        "provisional",
    ]  # fmt: skip
    return pd.DataFrame(filas, columns=columnas)


def etiquetas_en_palabras(suyos: pd.DataFrame) -> str:
    """La etiqueta de todos los municipios, o cuántos hay de cada una: «a la baja: León; sin cambio distinguible en 2»."""
    if len(suyos) == 1:
        return str(suyos["etiqueta"].iloc[0])
    partes = []
    for etiqueta in frases.ETIQUETAS:
        cuales = suyos[suyos["etiqueta"] == etiqueta]
        if len(cuales) == len(suyos):
            return etiqueta
        if len(cuales) == 1 and etiqueta in DISTINGUIBLES:
            partes.append(f"{etiqueta}: {corto(cuales['nombre'].iloc[0])}")
        elif len(cuales):
            partes.append(f"{etiqueta} en {len(cuales)}")
    return "; ".join(partes)


def porque(suyos: pd.DataFrame) -> str:
    """El motivo de lo que no se puede decir o, de un solo municipio, su racha; varios motivos van con su municipio."""
    con = suyos[suyos["motivo"] != ""]
    if len(suyos) == 1:
        return str(con["motivo"].iloc[0]) if len(con) else racha(suyos["racha"].iloc[0])
    if con.empty:
        return ""
    # Los motivos son de cada municipio: el conjunto puede tener base de sobra y ninguno de ellos la suya.
    if con["motivo"].nunique() == 1 and len(con) == len(suyos):
        return f"en cada municipio, {con['motivo'].iloc[0]}"
    grupos = [
        f"{_unos_cuantos([corto(n) for n in propios['nombre']])}: {motivo}"
        for motivo, propios in con.groupby("motivo", sort=False)
    ]
    return "; ".join(grupos)


def _unos_cuantos(nombres: list[str]) -> str:
    """«A, B, C y 7 más»."""
    return formatos.lista([*nombres[:3], f"{len(nombres) - 3} más"] if len(nombres) > 4 else nombres)


def racha(meses: float | None) -> str:
    """La racha contra el mismo mes del año anterior, para una celda: «7 meses seguidos por debajo»."""
    return frases.racha(meses).removesuffix(" del mismo mes del año anterior")


def corto(nombre: str) -> str:
    """El municipio sin su entidad."""
    return nombre.split(",")[0]


def distinguibles(detalle: pd.DataFrame) -> set[str]:
    """Los delitos con un cambio que se distingue del azar en algún municipio."""
    return set(detalle.loc[detalle["etiqueta"].isin(DISTINGUIBLES), "delito"])


def alertas_del_mes(municipios: Sequence[str], mes: date) -> tuple[pd.DataFrame, int, float, float]:
    """Lo que quedó fuera de lo esperado en los municipios: la tabla (columnas de la vista ``alertas``), cuántas series se
    pudieron comparar y cuántas altas y bajas saldrían por azar.

    Es la misma cuenta que la publicada, pero de cualquier mes; sin el total ni las canastas, que repetirían.
    """
    partes, comparadas, azar_altas, azar_bajas = [], 0, 0.0, 0.0
    for clave in claves().values():
        if clave.es_canasta or clave.clave == "total" or not municipios:
            continue
        datos = panel("municipal", clave.clave, mes, BASE + 1)
        if len(datos.metodologias) > 1 and not clave.comparable_2026:
            continue
        dias = np.array([m.days_in_month for m in datos.meses])
        tabla = rango_esperado(datos.conteos, dias).assign(clave=datos.lugares, delito=clave.clave)
        suyas = tabla[tabla["clave"].isin(list(municipios))]
        hay = suyas["esperado"].notna()
        comparadas += int(hay.sum())
        azar_altas += float(suyas["azar_alta"].sum())
        azar_bajas += float(suyas["azar_baja"].sum())
        partes.append(suyas[suyas["alerta"] != ""])
    columnas = ["clave", "delito", "conteo", "esperado", "bajo", "alto", "sorpresa", "alerta"]
    juntas = pd.concat(partes, ignore_index=True)[columnas] if partes else pd.DataFrame(columns=columnas)
    juntas = juntas.assign(
        fecha=pd.Timestamp(mes),
        nombre=juntas["clave"].map(lugares.nombres()),
        provisional=_es_provisional(municipios, juntas, mes),
    )
    orden = juntas["sorpresa"].astype("float64").abs()
    juntas = juntas.assign(orden=-orden).sort_values(["orden", "clave", "delito"], ignore_index=True)
    return juntas.drop(columns="orden"), comparadas, azar_altas, azar_bajas


def _es_provisional(municipios: Sequence[str], juntas: pd.DataFrame, mes: date) -> bool:
    if juntas.empty:
        return False
    return bool(series(list(municipios), sorted(set(juntas["delito"])), mes, mes)["provisional"].any())


def doce_y_doce(ambito: str, delito: str, mes: date) -> tuple[float, float, str]:
    """Carpetas de los 12 meses y de los 12 anteriores de un estado o del país ('00'), y su motivo si no se puede."""
    desde = (pd.Timestamp(mes) - pd.DateOffset(months=23)).date()
    serie = series([ambito], [delito], desde, mes)
    por_mes = serie.set_index("fecha")["conteo"].reindex(pd.date_range(end=pd.Timestamp(mes), periods=24, freq="MS"))
    if not claves()[delito].comparable_2026 and serie["metodologia"].nunique() > 1:
        return np.nan, np.nan, CRUZA
    valores = por_mes.to_numpy(dtype="float64")
    reciente, previo = float(valores[12:].sum()), float(valores[:12].sum())
    faltan = int(np.isnan(valores).sum())
    return reciente, previo, f"faltan {faltan} de 24 meses" if faltan else ""


def en_palabras(reciente: float, previo: float, motivo: str = "") -> str:
    """«1,234; 56 menos (−4.4 %)», «9; antes 4» o «n. d. (faltan 13 de 24 meses)»."""
    porque = f" ({motivo})" if motivo else ""
    if not formatos.hay(reciente):
        return formatos.SIN_DATO + porque
    if not formatos.hay(previo):
        return f"{formatos.entero(reciente)}; sin con qué comparar{porque}"
    if previo < BASE_MINIMA:
        return f"{formatos.entero(reciente)}; antes {formatos.entero(previo)}"
    return f"{formatos.entero(reciente)}; {frases.comparacion(reciente, previo)}"
