"""Las alertas del mes en los municipios de la Mesa: las altas y las bajas, por separado."""

from __future__ import annotations

import pandas as pd

from analisis import formatos, frases
from datos.consultas.claves import claves
from informes.alertas import esperadas
from informes.sesion.calculos import Calculos, fuente
from informes.sesion.insumos import Insumos
from informes.sesion.lamina import DECIMAL, ENTERO, TEXTO, Columna, Lamina, Tabla

RENGLONES = 9
LADOS = (("alta", "Más de lo esperado", "por encima"), ("baja", "Menos de lo esperado", "por debajo"))
COLUMNAS = (
    Columna("nombre_del_delito", "Delito", TEXTO, 2.2, "Nombre del delito"),
    Columna("nombre", "Municipio", TEXTO, 2.2, "Nombre del municipio"),
    Columna("conteo", "Carpetas", ENTERO, 1.0, "Carpetas del mes"),
    Columna("rango", "Se esperaban", TEXTO, 1.4, "Donde cae 95 % de los meses, por sus doce anteriores"),
    Columna("bajo", "Desde", ENTERO, visible=False, ayuda="Límite inferior"),
    Columna("alto", "Hasta", ENTERO, visible=False, ayuda="Límite superior"),
    Columna("sorpresa", "Sorpresa", DECIMAL, visible=False, ayuda="−log10 de la probabilidad; negativa por debajo"),
    Columna("clave", "Clave", TEXTO, visible=False, ayuda="Clave de INEGI"),
)
NOTAS = (
    "Rango esperado: binomial negativa con los doce meses anteriores del propio municipio (95 %). Cada mes, algunas series "
    "quedan fuera por azar: por eso se dice cuántas saldrían en un mes sin nada raro.",
    "Una alerta es una pregunta: dice que el mes se aparta de los doce anteriores, no por qué.",
)


def alertas(i: Insumos, c: Calculos) -> list[Lamina]:
    """Una lámina por lado, o una que dice que no hay."""
    if not i.municipios:
        return []
    mes, de_donde = formatos.mes(i.pedido.mes), fuente(i, "municipal")
    altas, bajas = (c.alertas[c.alertas["alerta"] == lado] for lado, _, _ in LADOS)
    resumen = frases.recuento_de_alertas(c.comparadas, len(altas), len(bajas), c.azar_altas, c.azar_bajas)
    cuerpo = [f"{formatos.mayuscula(resumen)}.", "Una alerta es una pregunta: no dice por qué."]
    if c.alertas["provisional"].any():
        cuerpo.append(f"{formatos.mayuscula(mes)} es provisional: la fuente todavía lo corrige.")
    if c.alertas.empty:
        titulo = (
            f"En {mes} ninguna de las {formatos.contar(c.comparadas, 'serie')} que se pueden comparar salió de lo esperado "
            f"{frases.en(i.lugar)}"
            if c.comparadas
            else f"En {mes} no hay con qué comparar {frases.en(i.lugar)}: hacen falta trece meses seguidos"
        )
        return [Lamina("alertas", "alertas", titulo, tuple(cuerpo), None, NOTAS, de_donde)]
    hechas = []
    for (_, rotulo, lado), suyas in zip(LADOS, (altas, bajas), strict=True):
        if suyas.empty:
            continue
        vistas = suyas.head(RENGLONES).reset_index(drop=True)
        primera = vistas.iloc[0]
        titulo = (
            f"{formatos.mayuscula(mes)}: {formatos.contar(len(suyas), 'serie')} {lado} de lo esperado; la que más se aparta, "
            f"{claves()[primera['delito']].nombre.lower()} {frases.en(primera['nombre'])}, con "
            f"{formatos.contar(primera['conteo'], 'carpeta')}"
        )
        mas = [f"Aquí van {RENGLONES} de {len(suyas)}."] if len(suyas) > RENGLONES else []
        datos = vistas.assign(
            nombre_del_delito=[claves()[d].nombre for d in vistas["delito"]],
            rango=[esperadas(f.bajo, f.alto) for f in vistas.itertuples()],
        )
        hechas.append(
            Lamina(
                f"alertas-{lado.split()[-1]}", "alertas", titulo, (*cuerpo, *mas),
                Tabla(rotulo, datos, COLUMNAS, f"{rotulo}: {_lista(datos)}"), NOTAS, de_donde,
            )
        )  # fmt: skip
    return hechas


def _lista(datos: pd.DataFrame) -> str:
    return "; ".join(
        f"{f.nombre_del_delito}, {f.nombre}: {formatos.entero(f.conteo)}, se esperaban {f.rango}"
        for f in datos.itertuples()
    )
