"""El tablero de la canasta en los municipios de la Mesa, y cuánto cambió cada delito."""

from __future__ import annotations

import pandas as pd

from analisis import formatos, frases
from analisis.cambio import BASE_MINIMA
from datos.consultas.claves import claves
from graficas.base import GRIS
from graficas.mapas import COLOR_DE_ETIQUETA
from informes.sesion import indicadores
from informes.sesion.calculos import Calculos, fuente
from informes.sesion.insumos import Insumos
from informes.sesion.lamina import CON_SIGNO, ENTERO, PORCENTAJE, TEXTO, Barras, Columna, Lamina, Tabla, en_bloques

RENGLONES, BARRAS = 13, 13
METODO = (
    "La etiqueta compara 12 meses con los 12 anteriores en cada municipio y dice si el cambio se distingue del azar, con la "
    "corrección por mirar muchos a la vez. No dice por qué.",
    f"Con menos de {BASE_MINIMA} carpetas en la base no se da porcentaje.",
    "La suma de la Mesa queda «n. d.» si falta el dato de alguno de sus municipios: lo no reportado no es cero.",
)


def columnas(mes: str, anterior: str) -> tuple[Columna, ...]:
    """Las del tablero."""
    return (
        Columna("nombre", "Delito", TEXTO, 2.5, "Nombre del delito"),
        Columna("mes", mes, ENTERO, 1.0, "Carpetas abiertas en el mes"),
        Columna("hace_un_anio", anterior, ENTERO, 1.0, "Carpetas del mismo mes un año antes"),
        Columna("conteo", "12 meses", ENTERO, 1.0, "Carpetas de los 12 meses que terminan en el mes"),
        Columna("conteo_previo", "12 anteriores", ENTERO, 1.15, "Carpetas de los 12 meses anteriores a esos"),
        Columna("cambio", "Cambio", CON_SIGNO, 0.9, "La resta, en carpetas"),
        Columna("cambio_pct", "%", PORCENTAJE, 0.95, f"En por ciento; n. d. con menos de {BASE_MINIMA} carpetas antes"),
        Columna("etiqueta", "Tendencia", TEXTO, 2.1, "Si el cambio de 12 meses se distingue del azar"),
        Columna(
            "motivo",
            "Motivo, o racha contra un año antes",
            TEXTO,
            2.4,
            "Motivo de lo que falta, o meses seguidos por encima o por debajo del mismo mes del año anterior",
        ),
    )


def tablero(i: Insumos, c: Calculos) -> list[Lamina]:
    """El tablero (en las láminas que haga falta), el detalle por municipio si son varios, y las barras del cambio."""
    mes = i.pedido.mes
    de_donde = fuente(i, "municipal")
    if c.mesa.empty:
        porque = (
            "no tiene municipios registrados" if not i.mesa.municipios else "sus municipios no están en el catálogo"
        )
        return [
            Lamina(
                "tablero", "tablero", f"No hay cifras municipales que mostrar: {i.mesa.nombre} {porque}",
                ("Para verlas hay que decir en el registro qué municipios cubre la Mesa.",), fuente=de_donde,
            )
        ]  # fmt: skip
    antes = (pd.Timestamp(mes) - pd.DateOffset(years=1)).date()
    encabezados = columnas(formatos.mayuscula(formatos.mes_corto(mes)), formatos.mayuscula(formatos.mes_corto(antes)))
    varios = len(i.municipios) > 1
    hechas = []
    for numero, (cual, bloque) in enumerate(en_bloques(c.mesa, RENGLONES), 1):
        hechas.append(
            Lamina(
                f"tablero-{numero}",
                "tablero",
                _titulo(i, c) + cual,
                _cuerpo(i, c),
                Tabla(
                    f"Tablero{cual}", bloque, encabezados,
                    f"Indicadores de {formatos.contar(len(bloque), 'delito')} {frases.en(i.lugar)} en {formatos.mes(mes)}: "
                    + "; ".join(f"{f.nombre}, {formatos.entero(f.mes)}" for f in bloque.itertuples()),
                ),
                METODO,
                de_donde,
            )
        )  # fmt: skip
    if varios:
        hechas += _por_municipio(i, c, encabezados, de_donde)
    return [*hechas, *_barras(i, c, de_donde)]


def _titulo(i: Insumos, c: Calculos) -> str:
    cuenta = c.detalle["etiqueta"].value_counts()
    nombres = ("delito", "delitos") if len(i.municipios) == 1 else ("indicador", "indicadores")
    resumen = frases.reparto(cuenta, *nombres)
    return f"{formatos.mayuscula(formatos.mes(i.pedido.mes))}, 12 meses contra 12: {resumen[:1].lower()}{resumen[1:]}"


def _cuerpo(i: Insumos, c: Calculos) -> tuple[str, ...]:
    con = c.mesa.dropna(subset=["mes", "hace_un_anio"])
    menos, mas = int((con["mes"] < con["hace_un_anio"]).sum()), int((con["mes"] > con["hace_un_anio"]).sum())
    sin = len(c.mesa) - len(con)
    renglones = [
        "Contra el mismo mes de un año antes: "
        + frases.subieron_y_bajaron(menos, mas, len(con) - menos - mas, sin, "delito", "delitos")
        + "."
    ]
    if len(i.municipios) > 1:
        renglones[0] += " Un indicador es un delito en un municipio."
    if c.mesa["mes"].isna().all():
        renglones.append(f"El archivo municipal publicado no trae {formatos.mes(i.pedido.mes)} para estos municipios.")
    elif c.mesa["provisional"].any():
        renglones.append(
            f"{formatos.mayuscula(formatos.mes(i.pedido.mes))} es provisional: la fuente todavía lo corrige."
        )
    return tuple(renglones)


def _por_municipio(i: Insumos, c: Calculos, encabezados: tuple[Columna, ...], de_donde: str) -> list[Lamina]:
    """Lo mismo, un municipio tras otro."""
    hechas = []
    for lugar in i.municipios:
        suyos = c.detalle[c.detalle["lugar"] == lugar].reset_index(drop=True)
        suyos = suyos.assign(
            nombre=[claves()[d].nombre for d in suyos["delito"]],
            motivo=[m or indicadores.racha(r) for m, r in zip(suyos["motivo"], suyos["racha"], strict=True)],
        )
        nombre = str(c.detalle.loc[c.detalle["lugar"] == lugar, "nombre"].iloc[0])
        for numero, (cual, bloque) in enumerate(en_bloques(suyos, RENGLONES), 1):
            resumen = frases.reparto(suyos["etiqueta"].value_counts(), "delito", "delitos")
            hechas.append(
                Lamina(
                    f"municipio-{lugar}-{numero}", "tablero", f"{nombre}: {resumen[:1].lower()}{resumen[1:]}{cual}", (),
                    Tabla(f"{nombre.split(',')[0]}{cual}", bloque, encabezados, f"Indicadores de {nombre}."), METODO, de_donde,
                )
            )  # fmt: skip
    return hechas


def _barras(i: Insumos, c: Calculos, de_donde: str) -> list[Lamina]:
    con = c.mesa.dropna(subset=["cambio"]).sort_values(["cambio", "delito"]).reset_index(drop=True)
    if con.empty:
        return []
    menos, mas = int((con["cambio"] < 0).sum()), int((con["cambio"] > 0).sum())
    frase = frases.subieron_y_bajaron(menos, mas, len(con) - menos - mas, len(c.mesa) - len(con), "delito", "delitos")
    en_uno = len(i.municipios) == 1
    datos = con.assign(
        valor=con["cambio"],
        cifra=[
            f"{formatos.con_signo(f.cambio)} (de {formatos.entero(f.conteo_previo)} a {formatos.entero(f.conteo)})"
            for f in con.itertuples()
        ],
        color=[COLOR_DE_ETIQUETA.get(f.etiqueta, GRIS) if en_uno else _color(f.cambio) for f in con.itertuples()],
    )
    fijas = (
        Columna("nombre", "Delito", TEXTO, 2.5, "Nombre del delito"),
        Columna("conteo_previo", "12 anteriores", ENTERO, 1.0, "Carpetas de los 12 meses anteriores"),
        Columna("conteo", "12 meses", ENTERO, 1.0, "Carpetas de los 12 meses que terminan en el mes"),
        Columna("valor", "Cambio", CON_SIGNO, 1.0, "La resta, en carpetas"),
        Columna("etiqueta", "Tendencia", TEXTO, 2.0, "Si el cambio se distingue del azar"),
    )
    colores = (
        "Morado y naranja: el cambio se distingue del azar; claro, no se distingue."
        if en_uno
        else "El color dice si hubo menos (morado) o más (naranja) carpetas; si se distingue del azar lo dice el tablero."
    )
    return [
        Lamina(
            f"cambio-{n}", "tablero", f"En los 12 meses a {formatos.mes(i.pedido.mes)}, {frase}{cual}", (colores,),
            Barras(
                f"Cambio de 12 meses{cual}", bloque, fijas,
                "Barras del cambio en carpetas: " + "; ".join(f"{f.nombre}, {f.cifra}" for f in bloque.itertuples()),
                unidad="carpetas de más o de menos que en los 12 meses anteriores",
            ),
            METODO, de_donde,
        )
        for n, (cual, bloque) in enumerate(en_bloques(datos, BARRAS), 1)
    ]  # fmt: skip


def _color(cambio: float) -> str:
    return COLOR_DE_ETIQUETA["a la baja"] if cambio < 0 else COLOR_DE_ETIQUETA["al alza"] if cambio > 0 else GRIS
