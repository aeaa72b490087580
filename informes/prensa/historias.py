"""Las historias que se pueden contar con las carpetas: evolución, comparación, mapa, antes y después, y qué cambió más.

Reciben tablas ya consultadas y escriben lo que dicen con ``analisis.frases``: ninguna cifra se teclea.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from analisis import formatos, frases
from analisis.cambio import BASE_MINIMA, MESES
from analisis.etiquetas import INSUFICIENTES
from analisis.medidas import MEDIDAS, medir
from analisis.rangos import banda
from graficas.base import CATEGORIAS, GRIS
from graficas.impresas import Contenido, Forma, Lienzo, barras, mapa, serie
from graficas.impresas.barras import Barra, cuantas_caben
from graficas.impresas.leyendas import Clase
from graficas.impresas.mapa import Trazado
from graficas.impresas.serie import Linea, Rango
from graficas.mapas import COLOR_DE_ETIQUETA
from informes.prensa.historia import Historia

BASE_CHICA = (
    f"En alguno de los periodos hay menos de {BASE_MINIMA} carpetas: diga los dos conteos, nunca un porcentaje; con tan pocas, "
    "el azar solo las mueve así."
)
SOLO_DESCRIBE = "Describe las carpetas; no dice por qué."
PROVISIONAL = "Los últimos meses son provisionales: la fuente los corrige y un descenso reciente puede desaparecer."
_CAMBIO = "El periodo cruza enero de 2026, cuando la fuente cambió su metodología"
CRUZA = f"{_CAMBIO}, y este delito no es comparable a través de esa fecha."
CRUZA_CON_PUENTE = f"{_CAMBIO}: la serie se une con la equivalencia del tablero."
SIN_FILA = (
    "No es una clasificación: donde vive más gente caben cambios más grandes en carpetas. Solo van lugares con cambio "
    "distinguible del azar."
)
UN_LUGAR_CHICO = "La tasa de un lugar con poca gente salta con pocos casos: mire también los conteos."
COLUMNAS_DE_SERIE = {
    "lugar": "Clave de INEGI (00 es el país)",
    "nombre": "Nombre del lugar",
    "delito": "Clave del delito",
    "fecha": "Primer día del mes",
    "conteo": "Carpetas de investigación del mes",
    "valor": "Lo que se dibuja, en la unidad de la figura",
    "metodologia": "CNSP/38/15 hasta 2025, RNID desde 2026",
    "provisional": "Si la fuente suele corregir todavía ese mes",
}


def evolucion(
    cruda: pd.DataFrame,
    nombre: str,
    delito: str,
    *,
    comparable: bool,
    pie: Sequence[str],
    demostracion: bool,
) -> Historia:
    """Las carpetas por mes de un lugar, con su rango esperado; el titular compara los últimos doce meses con los anteriores.

    ``cruda``: columnas de ``datos.consultas.series.series`` para un lugar y un delito. Lanza ``ValueError`` si está vacía.
    """
    tabla = _medida(cruda, "conteo", {cruda["lugar"].iloc[0]: nombre} if len(cruda) else {})
    esperado = banda(tabla["conteo"].to_numpy(), tabla["fecha"].dt.days_in_month.to_numpy())
    hay_rango = bool(esperado["alto"].notna().any())  # hacen falta trece meses seguidos
    titulo, cautelas = _doce_contra_doce(tabla, delito, nombre, comparable)
    de_un_mes = titulo.startswith("En ") and "12 meses" not in titulo
    contenido = Contenido(
        titulo,
        SOLO_DESCRIBE if de_un_mes else _sin_provisionales(tabla),
        MEDIDAS["conteo"].unidad + ("; en gris, donde cae 95 % de los meses si nada cambia" if hay_rango else ""),
        pie,
        f"{titulo}. {_recorrido(tabla, delito, nombre)}",
        demostracion,
    )

    def dibujar(forma: Forma, contenido: Contenido) -> Lienzo:
        rango = Rango(_fechas(tabla), esperado["bajo"].to_list(), esperado["alto"].to_list(), "rango esperado")
        return serie(forma, contenido, [_linea(tabla, nombre)], rango=rango if hay_rango else None)

    return Historia(contenido, dibujar, tabla, COLUMNAS_DE_SERIE, (*cautelas, *_de_la_serie(tabla, comparable)))


def comparacion(
    cruda: pd.DataFrame,
    nombres: Mapping[str, str],
    delito: str,
    *,
    comparable: bool,
    pie: Sequence[str],
    demostracion: bool,
) -> Historia:
    """La tasa de doce meses de varios lugares; el titular da la última de cada uno. Lanza ``ValueError`` si no hay ninguna."""
    tabla = _medida(cruda, "tasa12", nombres, () if comparable else set(cruda["delito"]))
    tabla = tabla[tabla["valor"].notna()].reset_index(drop=True)
    if tabla.empty:
        raise ValueError("ninguno de los lugares tiene doce meses seguidos con población")
    ultimo = tabla["fecha"].max()
    finales = tabla[tabla["fecha"] == ultimo].sort_values("valor", ascending=False)
    partes = [f"{frases.en(f['nombre'])}, {formatos.decimal(f['valor'])}" for f in finales.to_dict("records")]
    titulo = (
        f"En los 12 meses a {formatos.mes(ultimo)}, carpetas {frases.por(delito)} por cada 100 mil habitantes: "
        f"{formatos.lista(partes)}"
    )
    por_lugar = {lugar: propia for lugar, propia in tabla.groupby("lugar", sort=False)}
    contenido = Contenido(
        titulo,
        "Una diferencia entre lugares no dice por qué: la gente denuncia más o menos en cada uno.",
        MEDIDAS["tasa12"].unidad,
        pie,
        f"{titulo}. Una línea por lugar, de {formatos.mes(tabla['fecha'].min())} a {formatos.mes(ultimo)}.",
        demostracion,
    )
    chicos = (finales["conteo"].rolling(1).sum() < BASE_MINIMA).any()
    cautelas = [*([UN_LUGAR_CHICO] if chicos else []), *_de_la_serie(tabla, comparable)]

    def dibujar(forma: Forma, contenido: Contenido) -> Lienzo:
        lineas = [_linea(propia, nombres[lugar]) for lugar, propia in por_lugar.items()]
        return serie(forma, contenido, lineas, decimales=1)

    return Historia(contenido, dibujar, tabla, COLUMNAS_DE_SERIE, tuple(cautelas))


def mapa_de_etiquetas(
    tabla: pd.DataFrame,
    figuras: Trazado,
    bordes: Trazado | None,
    donde: str,
    delito: str,
    cierre: date,
    *,
    singular: str,
    plural: str,
    pie: Sequence[str],
    demostracion: bool,
) -> Historia:
    """La etiqueta de cada lugar. ``tabla``: lugar, nombre, conteo, conteo_previo, etiqueta y provisionales."""
    cuenta = tabla["etiqueta"].value_counts()
    resumen = frases.reparto(cuenta, singular, plural)
    titulo = f"{delito} {frases.en(donde)}: {resumen[:1].lower()}{resumen[1:]}"
    orden = list(COLOR_DE_ETIQUETA)
    clases = [Clase(COLOR_DE_ETIQUETA[e], f"{e}: {int(cuenta.get(e, 0)):,}", rayada=e == INSUFICIENTES) for e in orden]
    de_cada_uno = {lugar: orden.index(e) for lugar, e in zip(tabla["lugar"], tabla["etiqueta"], strict=True)}
    distinguibles = tabla[tabla["etiqueta"].isin(orden[:2])]
    nombrar = distinguibles.sort_values("conteo", ascending=False)[["lugar", "nombre"]].head(12)
    contenido = Contenido(
        titulo,
        f"12 meses a {formatos.mes(cierre)} contra los 12 anteriores. La etiqueta dice si el cambio se distingue del azar; no "
        "dice por qué.",
        "",
        pie,
        f"Mapa. {titulo}.",
        demostracion,
    )
    cautelas = [PROVISIONAL] if (tabla["provisionales"] > 0).any() else []
    cautelas += [CRUZA_CON_PUENTE] if _cruza(cierre) else []

    def dibujar(forma: Forma, contenido: Contenido) -> Lienzo:
        nombres = [(lugar, nombre.split(",")[0]) for lugar, nombre in nombrar.itertuples(index=False)]
        return mapa(forma, contenido, figuras, de_cada_uno, clases, bordes=bordes, nombrar=nombres)

    columnas = {
        "lugar": "Clave de INEGI",
        "nombre": "Nombre del lugar",
        "conteo": f"Carpetas en los 12 meses a {formatos.mes(cierre)}",
        "conteo_previo": "Carpetas en los 12 anteriores",
        "etiqueta": "Tendencia",
    }
    return Historia(contenido, dibujar, tabla[list(columnas)], columnas, tuple(cautelas))


def antes_y_despues(
    cruda: pd.DataFrame,
    nombre: str,
    delito: str,
    meses: int,
    *,
    comparable: bool,
    pie: Sequence[str],
    demostracion: bool,
) -> Historia:
    """Los ``meses`` más recientes que se pueden comparar contra los mismos un año antes. Lanza ``ValueError`` si no los hay."""
    tabla = _medida(cruda, "conteo", {cruda["lugar"].iloc[0]: nombre} if len(cruda) else {})
    por_mes = tabla.set_index("fecha")["conteo"]
    antes, despues = _ultimos_comparables(por_mes, meses)
    previo, reciente = float(por_mes[antes].sum()), float(por_mes[despues].sum())
    tramos = [(antes[0].date(), antes[-1].date()), (despues[0].date(), despues[-1].date())]
    titulo = (
        f"{formatos.mayuscula(formatos.tramo(*tramos[1]))} {frases.abiertas(reciente)} {frases.por(delito)} {frases.en(nombre)}"
        f"{frases.contra(reciente, previo, formatos.tramo(*tramos[0]))}"
    )
    contenido = Contenido(
        titulo,
        "Los mismos meses de los dos años. Describe las carpetas; no dice por qué.",
        "carpetas en el periodo",
        pie,
        titulo,
        demostracion,
    )
    filas = pd.DataFrame(
        {
            "periodo": [formatos.mayuscula(formatos.tramo(*t)) for t in tramos],
            "desde": pd.to_datetime([t[0] for t in tramos]),
            "hasta": pd.to_datetime([t[1] for t in tramos]),
            "conteo": [int(previo), int(reciente)],
        }
    )
    cautelas = [BASE_CHICA] if min(previo, reciente) < BASE_MINIMA else []
    cautelas += ["Un solo mes sube y baja por azar: compare doce."] if meses == 1 else []
    recientes = tabla[tabla["fecha"].isin(antes.union(despues))]

    def dibujar(forma: Forma, contenido: Contenido) -> Lienzo:
        colores = (GRIS, CATEGORIAS[0])
        return barras(
            forma,
            contenido,
            [
                Barra(str(f["periodo"]), float(f["conteo"]), formatos.entero(f["conteo"]), color)
                for f, color in zip(filas.to_dict("records"), colores, strict=True)
            ],
        )

    columnas = {
        "periodo": "Qué meses",
        "desde": "Primer mes",
        "hasta": "Último mes",
        "conteo": "Carpetas de investigación",
    }
    return Historia(contenido, dibujar, filas, columnas, (*cautelas, *_de_la_serie(recientes, comparable)))


def cambios(
    tabla: pd.DataFrame,
    donde: str,
    delito: str,
    cierre: date,
    *,
    plural: str,
    pie: Sequence[str],
    demostracion: bool,
) -> Historia:
    """Los lugares cuyo cambio se distingue del azar, de la mayor baja a la mayor alza. Lanza ``ValueError`` si no hay ninguno."""
    distinguibles = tabla[tabla["etiqueta"].isin(list(COLOR_DE_ETIQUETA)[:2])].sort_values(["cambio", "lugar"])
    if distinguibles.empty:
        raise ValueError("ningún lugar tiene un cambio que se distinga del azar")
    menos, mas = int((distinguibles["cambio"] < 0).sum()), int((distinguibles["cambio"] > 0).sum())
    titulo = (
        f"{delito} {frases.en(donde)}: los {plural} con un cambio distinguible en los 12 meses a {formatos.mes(cierre)}, "
        f"{formatos.entero(menos)} a la baja y {formatos.entero(mas)} al alza"
    )
    contenido = Contenido(
        titulo,
        "Carpetas de los últimos 12 meses menos las de los 12 anteriores. No es una clasificación ni dice por qué.",
        "diferencia en carpetas",
        pie,
        f"{titulo}. "
        + "; ".join(
            f"{f['nombre']}: {formatos.con_signo(f['cambio'])}" for f in distinguibles.head(40).to_dict("records")
        ),
        demostracion,
    )

    def dibujar(forma: Forma, contenido: Contenido) -> Lienzo:
        caben = max(2, min(len(distinguibles), int(cuantas_caben(forma, contenido) * 0.5)))
        vistas = distinguibles
        if caben < len(distinguibles):
            abajo = min(menos, max(caben - mas, (caben + 1) // 2))
            vistas = pd.concat([distinguibles.head(abajo), distinguibles.tail(caben - abajo)])
        return barras(
            forma,
            contenido,
            [
                Barra(
                    str(f["nombre"]),
                    float(f["cambio"]),
                    f"{formatos.con_signo(f['cambio'])} (de {formatos.entero(f['conteo_previo'])})",
                    COLOR_DE_ETIQUETA[str(f["etiqueta"])],
                )
                for f in vistas.to_dict("records")
            ],
        )

    columnas = {
        "lugar": "Clave de INEGI",
        "nombre": "Nombre del lugar",
        "conteo": f"Carpetas en los 12 meses a {formatos.mes(cierre)}",
        "conteo_previo": "Carpetas en los 12 anteriores",
        "cambio": "Diferencia en carpetas",
        "etiqueta": "Tendencia",
    }
    cautelas = [SIN_FILA, *([PROVISIONAL] if (tabla["provisionales"] > 0).any() else [])]
    cautelas += [CRUZA_CON_PUENTE] if _cruza(cierre) else []
    return Historia(contenido, dibujar, distinguibles[list(columnas)], columnas, tuple(cautelas))


def _medida(
    cruda: pd.DataFrame, medida: str, nombres: Mapping[str, str], no_comparables: Sequence[str] | set[str] = ()
) -> pd.DataFrame:
    if cruda.empty:
        raise ValueError("no hay carpetas publicadas de ese lugar, delito y periodo")
    tabla = medir(cruda, medida, no_comparables)
    return tabla.assign(nombre=tabla["lugar"].map(nombres))[list(COLUMNAS_DE_SERIE)]


def _ultimos_comparables(por_mes: pd.Series, meses: int) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """Los dos periodos completos más recientes: lo no reportado no es cero."""
    for ultimo in reversed(por_mes.dropna().index):
        despues = pd.date_range(end=ultimo, periods=meses, freq="MS")
        antes = despues - pd.DateOffset(years=1)
        if por_mes.reindex(antes.union(despues)).notna().all():
            return antes, despues
    raise ValueError("faltan meses en los dos periodos, y lo no reportado no es cero")


def _fechas(tabla: pd.DataFrame) -> np.ndarray:
    return tabla["fecha"].to_numpy().astype("datetime64[D]")


def _linea(tabla: pd.DataFrame, rotulo: str) -> Linea:
    return Linea(rotulo, _fechas(tabla), tabla["valor"].to_list(), tabla["provisional"].to_list())


def _ventanas(tabla: pd.DataFrame) -> tuple[pd.Timestamp, float, float]:
    """El último mes con dato, y las carpetas de sus doce meses y de los doce anteriores (NaN si falta alguno)."""
    por_mes = tabla.set_index("fecha")["conteo"]
    ultimo = por_mes.last_valid_index()
    completa = por_mes.reindex(pd.date_range(end=ultimo, periods=2 * MESES, freq="MS")).to_numpy(dtype="float64")
    return ultimo, float(completa[MESES:].sum()), float(completa[:MESES].sum())


def _doce_contra_doce(tabla: pd.DataFrame, delito: str, nombre: str, comparable: bool) -> tuple[str, list[str]]:
    ultimo, reciente, previo = _ventanas(tabla)
    if not comparable and _cruza(ultimo.date(), 2 * MESES):
        previo = float("nan")
        if _cruza(ultimo.date()):
            reciente = float("nan")
    if np.isnan(reciente):
        final = tabla[tabla["fecha"] == ultimo].iloc[0]
        titulo = frases.un_mes(final["conteo"], ultimo, delito, nombre, provisional=bool(final["provisional"]))
        return titulo, ["Un solo mes sube y baja por azar: compare doce."]
    titulo = frases.doce_meses(reciente, previo if formatos.hay(previo) else None, ultimo, delito, nombre)
    chica = reciente < BASE_MINIMA or (formatos.hay(previo) and previo < BASE_MINIMA)
    return titulo, [BASE_CHICA] if chica else []


def _sin_provisionales(tabla: pd.DataFrame) -> str:
    cuantos = int(tabla["provisional"].tail(MESES).sum())
    if not cuantos:
        return SOLO_DESCRIBE
    cerrada = tabla[~tabla["provisional"]]
    if cerrada.empty:
        return "Todos los meses son provisionales."
    ultimo, reciente, previo = _ventanas(cerrada)
    falta = np.isnan(reciente) or np.isnan(previo)
    partes = [frases.sin_provisionales(cuantos, ultimo, None if falta else reciente, None if falta else previo)]
    return frases.seguidas([*partes, "Describe las carpetas; no dice por qué"])


def _recorrido(tabla: pd.DataFrame, delito: str, nombre: str) -> str:
    con = tabla.dropna(subset=["conteo"])
    mayor, menor = con.loc[con["conteo"].idxmax()], con.loc[con["conteo"].idxmin()]
    return (
        f"Carpetas por mes {frases.por(delito)} {frases.en(nombre)}, de {formatos.mes(con['fecha'].min())} a "
        f"{formatos.mes(con['fecha'].max())}: la cifra mayor es {formatos.entero(mayor['conteo'])}, en "
        f"{formatos.mes(mayor['fecha'])}, y la menor, {formatos.entero(menor['conteo'])}, en {formatos.mes(menor['fecha'])}."
    )


def _de_la_serie(tabla: pd.DataFrame, comparable: bool) -> list[str]:
    """Las cautelas que salen de los meses: provisionales y cambio de metodología."""
    cautelas = [PROVISIONAL] if tabla["provisional"].any() else []
    if tabla["metodologia"].dropna().nunique() > 1:
        cautelas.append(CRUZA_CON_PUENTE if comparable else CRUZA)
    return cautelas


def _cruza(cierre: date, meses: int = MESES) -> bool:
    """Si los ``meses`` que terminan en ``cierre`` (y los que se comparan con ellos) juntan las dos metodologías."""
    cierre = pd.Timestamp(cierre)
    return bool(
        cierre.year >= 2026 and cierre - pd.DateOffset(months=max(meses, 2 * MESES) - 1) < pd.Timestamp("2026-01-01")
    )
