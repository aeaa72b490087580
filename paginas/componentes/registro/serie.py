"""La serie de un acuerdo: sus carpetas con la fecha señalada, su línea base congelada junto a la de hoy y su meta."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.medidas import MEDIDAS, medir
from datos.acuerdos.consultas import comparar
from datos.acuerdos.series import COLUMNAS, NOMBRES, serie
from datos.consultas import lugares
from datos.registro import avance as avances
from datos.registro.linea_base import LineaBase, series_de
from datos.registro.meses import primer_mes
from datos.registro.modelo import Acuerdo
from graficas.lineas import Marca, lineas
from informes.acuerdos import de_que_es, donde_es
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.imagen import mostrar_figura
from paginas.componentes.marco import Marco
from paginas.componentes.registro.captura import tarjeta_de_base


def mostrar_base(a: Acuerdo, base_hoy: int | None) -> None:
    """La línea base congelada y, si el corte de hoy da otra cifra, esa al lado: nunca en su lugar."""
    if a.base_desde is None or a.base_hasta is None:
        st.html('<p class="menor">Sin línea base.</p>')
        return
    congelada = LineaBase(a.base_desde, a.base_hasta, a.base_valor, a.base_cortes, a.base_motivo)
    cuando = f", congelada el {a.base_congelada_en:%d/%m/%Y}" if a.base_congelada_en else ""
    st.html(tarjeta_de_base(congelada, f"Línea base{cuando}"))
    if base_hoy is not None and a.base_valor is not None and base_hoy != a.base_valor:
        st.html(
            f'<p class="menor">Con el corte de hoy serían {formatos.contar(base_hoy, "carpeta")} '
            f"({formatos.con_signo(base_hoy - a.base_valor)}): la fuente revisó esos meses. La meta sigue atada a la "
            "congelada.</p>"
        )
    elif base_hoy is not None and a.base_valor is not None:
        st.html('<p class="menor">Con el corte de hoy da lo mismo.</p>')


def mostrar_serie(marco: Marco, a: Acuerdo, mesa: str) -> None:
    """El cambio observado, la gráfica, sus datos y su fuente; sin datos, lo dice."""
    actual = marco.actual
    inicio = primer_mes(a.inicio_efecto, a.rezago_meses)
    claves_de_serie = series_de(a.delitos, a.canasta)
    datos = serie(inicio, a.municipios, claves_de_serie, avances.meta_mensual(a))
    cambio = comparar(datos, a.folio, inicio, a.municipios, claves_de_serie)
    st.html('<p class="menor"><strong>Cambio observado</strong> · mismos meses del año anterior, meses cerrados</p>')
    if cambio.motivo is not None:
        st.info(cambio.motivo)
    else:
        antes, despues = (cambio.antes_desde, cambio.antes_hasta), (cambio.despues_desde, cambio.despues_hasta)
        st.html(f"<p>{escape(frases.cambio_observado(cambio.antes, cambio.despues, antes, despues))}.</p>")
    for aviso in cambio.avisos:
        st.html(f'<p class="menor">{escape(aviso)}</p>')
    if datos.empty:
        return
    delitos, municipios = de_que_es(a), donde_es(a)
    conjunto = (
        datos.groupby("mes", as_index=False)
        .agg(
            conteo=("conteo", "sum"),
            provisional=("provisional", "max"),
            metodologia=("metodologia", "max"),
            n=("conteo", "size"),
        )
        .rename(columns={"mes": "fecha"})
    )
    completo = conjunto["n"] == len(a.municipios) * len(claves_de_serie)
    conjunto = conjunto[completo].assign(lugar="acuerdo", delito="acuerdo", poblacion=float("nan"))
    if len(conjunto):
        meta = datos.dropna(subset="meta").groupby("mes")["meta"].first()
        figura = lineas(
            medir(conjunto, "conteo"),
            {"acuerdo": municipios},
            {"acuerdo": delitos},
            MEDIDAS["conteo"],
            marcas=[Marca(inicio, a.folio, "primer mes completo del efecto")],
            planas=[meta] if len(meta) else [],
            demostracion=actual.demostracion,
        )
        alterno = (
            f"Carpetas mensuales por {delitos.lower()} en {municipios}, con el inicio del acuerdo {a.folio} señalado"
        )
        mostrar_figura(
            actual,
            figura,
            f"{alterno}.",
            "figura_acuerdo",
            ["acuerdo", mesa, a.folio.replace("/", "-"), delitos],
            ["municipal"],
            titulo=alterno,
            bajada="Cambio observado: describe las carpetas; no dice por qué cambiaron.",
        )
    columnas = {c.nombre: c.descripcion for c in COLUMNAS} | {"municipio": "Nombre del municipio"}
    descargas(
        datos.assign(municipio=datos["cve_mun"].map(lugares.nombres()))[[*NOMBRES[:2], "municipio", *NOMBRES[2:]]],
        ficha_de(
            actual,
            ["acuerdo", mesa, a.folio.replace("/", "-"), delitos],
            ["municipal"],
            notas={"Acuerdo": f"{a.folio}, {mesa}: {a.texto}", "Municipios": municipios},
            columnas=columnas,
        ),
        "acuerdo",
    )
    notas = ["Solo meses en que reportan todos los municipios del acuerdo"]
    if datos["meta"].notna().any():
        notas.append("Línea gris: la meta repartida por igual entre sus meses")
    escribir_fuente(
        actual,
        ["municipal"],
        pd.Timestamp(datos["mes"].min()).date(),
        pd.Timestamp(datos["mes"].max()).date(),
        notas=notas,
    )
