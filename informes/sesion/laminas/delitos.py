"""Una lámina por delito que vale la pena ver: con alerta, con un cambio distinguible o con un acuerdo encima."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analisis import formatos, frases
from analisis.medidas import medir
from analisis.rangos import banda
from datos.consultas.claves import claves
from datos.consultas.series import series
from datos.registro.meses import primer_mes
from informes.alertas import frase
from informes.comparados import CRUZA
from informes.eficacia.servicio import nombre_de_municipios
from informes.sesion import indicadores
from informes.sesion.calculos import MESES_A_LA_VISTA, Calculos, con_folios, fuente
from informes.sesion.insumos import Insumos
from informes.sesion.lamina import ENTERO, MES, TEXTO, Columna, Lamina, Serie

MAXIMO = 10
BANDA = "En gris, donde cae 95 % de los meses si nada cambia"


def que_mostrar(i: Insumos, c: Calculos) -> tuple[list[str], int]:
    """Los delitos que llevan lámina, primero los de acuerdos, luego las alertas y al final los cambios; y cuántos no cupieron."""
    con_alerta = list(dict.fromkeys(c.alertas["delito"]))
    con_cambio = [d for d in c.delitos if d in indicadores.distinguibles(c.detalle)]
    todos = list(dict.fromkeys([*con_folios(i), *con_alerta, *con_cambio])) if i.municipios else []
    return todos[:MAXIMO], max(len(todos) - MAXIMO, 0)


def delitos(i: Insumos, c: Calculos) -> list[Lamina]:
    """Las láminas; ninguna si nada la pide."""
    elegidos, fuera = que_mostrar(i, c)
    hechas = [_una(i, c, d) for d in elegidos]
    if fuera and hechas:
        ultima = hechas[-1]
        aviso = f"Otros {fuera} delitos con alerta o cambio van en el tablero, en las alertas y en la hoja de cálculo."
        hechas[-1] = Lamina(
            ultima.clave,
            ultima.parte,
            ultima.titulo,
            (*ultima.cuerpo, aviso),
            ultima.figura,
            ultima.notas,
            ultima.fuente,
        )
    return hechas


def serie_de_la_mesa(municipios: list[str], delito: str, hasta: pd.Timestamp) -> pd.DataFrame:
    """La suma mensual de los municipios (nula si falta alguno), con su rango esperado: fecha, conteo, bajo, alto, provisional,
    metodologia, situacion. Vacía si no hay ninguna cifra."""
    crudas = medir(series(municipios, [delito], None, hasta.date()), "conteo")
    if crudas.empty:
        return pd.DataFrame(columns=["fecha", "conteo", "bajo", "alto", "provisional", "metodologia", "situacion"])
    por_mes = crudas.groupby("fecha", as_index=False).agg(
        conteo=("conteo", "sum"),
        hay=("conteo", "count"),
        provisional=("provisional", "max"),
        metodologia=("metodologia", "first"),
    )
    conteo = por_mes["conteo"].astype("float64").where(por_mes["hay"] == len(municipios))
    rango = banda(conteo.to_numpy(), por_mes["fecha"].dt.days_in_month.to_numpy())
    hecha = por_mes.assign(
        conteo=conteo,
        bajo=rango["bajo"],
        alto=rango["alto"],
        provisional=por_mes["provisional"].astype(bool),
        situacion=np.where(por_mes["provisional"].astype(bool), "provisional", ""),
    )
    return hecha.drop(columns="hay").tail(MESES_A_LA_VISTA).reset_index(drop=True)


def _una(i: Insumos, c: Calculos, delito: str) -> Lamina:
    mes, nombre = pd.Timestamp(i.pedido.mes), claves()[delito].nombre
    datos = serie_de_la_mesa(i.municipios, delito, mes)
    de_donde = fuente(i, "municipal")
    lugar = nombre_de_municipios(i.municipios)
    if datos["conteo"].notna().sum() == 0:
        return Lamina(
            f"delito-{delito}", "delito", f"{nombre}: no hay serie municipal publicada {frases.en(lugar)}",
            _acuerdos(i, delito), notas=(claves()[delito].definicion,), fuente=de_donde,
        )  # fmt: skip
    por_mes = datos.set_index("fecha")["conteo"].reindex(pd.date_range(end=mes, periods=24, freq="MS"))
    reciente, previo = float(por_mes[12:].sum(skipna=False)), float(por_mes[:12].sum(skipna=False))
    # Sin puente, una ventana que junta las dos metodologías no se suma ni se compara.
    cruza = not claves()[delito].comparable_2026 and por_mes.index[0] < indicadores.QUIEBRE <= mes
    ultimo = por_mes.iloc[-1]
    provisional = bool(datos.loc[datos["fecha"] == mes, "provisional"].any())
    del_mes = (
        frases.un_mes(
            ultimo, i.pedido.mes, nombre, lugar, previo=None if cruza else por_mes.iloc[11], provisional=provisional
        )
        if formatos.hay(ultimo)
        else ""
    )
    cuerpo = []
    if cruza:
        titulo = del_mes or f"{nombre} {frases.en(lugar)}: falta {formatos.mes(mes)}"
        cuerpo.append(f"{CRUZA}.")
    else:
        titulo = frases.doce_meses(reciente, previo, i.pedido.mes, nombre, lugar)
    if del_mes and not cruza:
        cuerpo.append(f"{del_mes}.")
    elif not del_mes:
        cuerpo.append(f"Falta {formatos.mes(mes)} en alguno de sus municipios: lo no reportado no es cero.")
    suyos = c.detalle[c.detalle["delito"] == delito]
    if len(suyos):
        porque = indicadores.porque(suyos)
        cuerpo.append(f"Tendencia: {indicadores.etiquetas_en_palabras(suyos)}" + (f" ({porque})." if porque else "."))
    cuerpo += [f"Alerta: {frase(f)}." for f in c.alertas[c.alertas["delito"] == delito].head(2).to_dict("records")]
    cuerpo += _acuerdos(i, delito)
    return Lamina(
        f"delito-{delito}",
        "delito",
        titulo,
        tuple(cuerpo),
        Serie(
            nombre, datos, _columnas(), f"{titulo}. Serie mensual desde {formatos.mes(datos['fecha'].min())}.",
            lineas={"conteo": nombre}, que_es_la_banda=BANDA, marcas=_marcas(i, delito, datos["fecha"].min()),
        ),
        (
            claves()[delito].definicion,
            "Rango esperado: binomial negativa con los doce meses anteriores de la misma serie (95 %). Una alerta es una "
            "pregunta: dice que el mes se aparta, no por qué.",
            "La serie suma los municipios de la Mesa; las alertas y las etiquetas son de cada municipio.",
        ),
        de_donde,
    )  # fmt: skip


def _acuerdos(i: Insumos, delito: str) -> tuple[str, ...]:
    folios = con_folios(i).get(delito, [])
    if not folios:
        return ()
    return (f"Con {'acuerdo' if len(folios) == 1 else 'acuerdos'} {formatos.lista(folios)}; su efecto se ve aparte.",)


def _marcas(i: Insumos, delito: str, desde: pd.Timestamp) -> tuple:
    suyos = con_folios(i).get(delito, [])
    marcas = [
        (primer_mes(e.acuerdo.inicio_efecto, e.acuerdo.rezago_meses), e.acuerdo.folio)
        for e in i.expedientes
        if e.acuerdo.folio in suyos and e.acuerdo.inicio_efecto is not None
    ]
    return tuple(sorted(m for m in marcas if desde.date() <= m[0] <= i.pedido.mes))


def _columnas() -> tuple[Columna, ...]:
    return (
        Columna("fecha", "Mes", MES, 1.0, "Primer día del mes"),
        Columna("conteo", "Carpetas", ENTERO, 1.0, "Carpetas del mes, suma de los municipios de la Mesa"),
        Columna("bajo", "Se esperaban desde", ENTERO, 1.2, "Límite inferior del rango esperado de 95 %"),
        Columna("alto", "hasta", ENTERO, 1.0, "Límite superior"),
        Columna("situacion", "Situación", TEXTO, 1.2, "Si la fuente todavía corrige el mes"),
        Columna("metodologia", "Metodología", TEXTO, 1.2, "CNSP/38/15 hasta 2025, RNID desde 2026"),
    )
