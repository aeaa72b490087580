"""El mapa de los municipios de la Mesa, con los demás de su estado como contexto."""

from __future__ import annotations

import pandas as pd

from analisis import formatos, frases
from datos.consultas import lugares
from datos.consultas.claves import claves
from datos.consultas.geometria import Geometria, SinGeometria, geometria
from informes.comparados import lugares_comparados
from informes.sesion.calculos import Calculos, fuente
from informes.sesion.insumos import Insumos
from informes.sesion.lamina import CON_SIGNO, ENTERO, TEXTO, Columna, Lamina, Mapa, escribir
from informes.sesion.laminas.delitos import que_mostrar
from informes.sesion.laminas.tablero import columnas as del_tablero

COLUMNAS = (
    Columna("nombre", "Municipio", TEXTO, 2.5, "Nombre del municipio"),
    Columna("conteo_previo", "12 anteriores", ENTERO, 1.0, "Carpetas de los 12 meses anteriores"),
    Columna("conteo", "12 meses", ENTERO, 1.0, "Carpetas de los 12 meses que terminan en el mes"),
    Columna("cambio", "Cambio", CON_SIGNO, 1.0, "La resta, en carpetas"),
    Columna("etiqueta", "Tendencia", TEXTO, 2.0, "Si el cambio se distingue del azar"),
    Columna("motivo", "Motivo", TEXTO, 2.0, "Por qué falta lo que falta"),
    Columna("de_la_mesa", "De la Mesa", TEXTO, 0.8, "Si la Mesa lo cubre"),
    Columna("lugar", "Clave", TEXTO, 0.8, "Clave de INEGI", visible=False),
)


def territorio(i: Insumos, c: Calculos) -> list[Lamina]:
    """Una lámina, del delito que más pide verse; sin municipios o sin límites, ninguna o su motivo."""
    if not i.municipios:
        return []
    elegidos, _ = que_mostrar(i, c)
    delito = next((d for d in elegidos if not claves()[d].es_canasta), c.delitos[0] if c.delitos else "")
    if not delito:
        return []
    tabla = lugares_comparados("municipal", delito, i.pedido.mes)
    tabla = tabla[tabla["lugar"].str[:2].isin(i.entidades)]
    suya = tabla["lugar"].isin(i.municipios)
    datos = tabla.assign(de_la_mesa=suya.map({True: "sí", False: ""}), orden=~suya).sort_values(["orden", "lugar"])
    datos = datos[["lugar", "nombre", "conteo_previo", "conteo", "cambio", "etiqueta", "motivo", "de_la_mesa"]]
    datos = datos.reset_index(drop=True)
    propios, otros = datos[datos["de_la_mesa"] == "sí"], datos[datos["de_la_mesa"] == ""]
    nombre, mes = claves()[delito].nombre, formatos.mes(i.pedido.mes)
    if len(propios) == 1:
        titulo = f"{nombre}: {propios['nombre'].iloc[0]}, {propios['etiqueta'].iloc[0]} en los 12 meses a {mes}"
    else:
        resumen = frases.reparto(propios["etiqueta"].value_counts(), "municipio", "municipios")
        titulo = f"{nombre} en la Mesa: {resumen[:1].lower()}{resumen[1:]}, en los 12 meses a {mes}"
    del_estado = formatos.lista([frases.en(lugares.nombre(e)).removeprefix("en ") for e in i.entidades])
    cuerpo = []
    if len(otros):
        resumen = frases.reparto(otros["etiqueta"].value_counts(), "municipio", "municipios")
        cuerpo.append(f"En los demás de {del_estado}: {resumen[:1].lower()}{resumen[1:]}.")
    rutas, limites = [], ""
    try:
        hechas: list[Geometria] = [geometria("municipal", e) for e in i.entidades]
        rutas = [g.ruta for g in hechas]
        limites = hechas[0].fuente if hechas else ""
    except SinGeometria as causa:
        cuerpo.append(str(causa))
    encabezados = del_tablero(
        formatos.mes_corto(i.pedido.mes),
        formatos.mes_corto((pd.Timestamp(i.pedido.mes) - pd.DateOffset(years=1)).date()),
    )
    de_ficha = [x for x in encabezados if x.clave not in ("motivo", "cambio_pct")]
    detalle = c.detalle.assign(nombre=[claves()[d].nombre for d in c.detalle["delito"]])
    fichas = {
        lugar: [[escribir(f[x.clave], x.clase) for x in de_ficha] for f in suyos.to_dict("records")]
        for lugar, suyos in detalle.groupby("lugar", sort=False)
    }
    cuerpo.append("La etiqueta dice si el cambio se distingue del azar; no dice por qué.")
    return [
        Lamina(
            "mapa",
            "mapa",
            titulo,
            tuple(cuerpo),
            Mapa(
                "Mapa", datos, COLUMNAS,
                f"Mapa de tendencia por {nombre.lower()}. "
                + "; ".join(f"{f.nombre}: {f.etiqueta}" for f in propios.itertuples())
                + (f". En los demás municipios del estado: {resumen[:1].lower()}{resumen[1:]}" if len(otros) else ""),
                rutas=tuple(rutas), limites=limites, delito=nombre, encabezados=tuple(x.titulo for x in de_ficha),
                fichas={str(k): v for k, v in fichas.items()},
            ),
            ("Los municipios de la Mesa llevan borde grueso; los demás, más claros, dan contexto.",),
            fuente(i, "municipal") + (f" Límites: {limites}." if limites else ""),
        )
    ]  # fmt: skip
