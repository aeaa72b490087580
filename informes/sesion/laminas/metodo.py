"""El método y sus límites, lo que la fuente revisó y de qué archivos sale cada cifra, con su huella."""

from __future__ import annotations

import pandas as pd

from analisis import formatos, frases
from analisis.eficacia.tipos import VERSION_DEL_METODO
from datos.consultas import poblacion
from datos.consultas import revisiones as de_revisiones
from datos.consultas.claves import claves
from informes.fuente import CIFRA_NEGRA, NOMBRE_DEL_AMBITO, QUIEBRE
from informes.sesion.calculos import Calculos, fuente
from informes.sesion.insumos import Insumos
from informes.sesion.lamina import MES, TEXTO, Columna, Lamina, Tabla, en_bloques

DEFINICIONES = 12  # por lámina
COLUMNAS_DE_FUENTES = (
    Columna("que", "Archivo de", TEXTO, 1.5, "Ámbito"),
    Columna("metodologia", "Metodología", TEXTO, 1.2, "CNSP/38/15 hasta 2025, RNID desde 2026"),
    Columna("corte", "Corte", MES, 1.0, "Último mes que trae"),
    Columna("provisional", "Provisional desde", MES, 1.2, "Primer mes que la fuente suele corregir todavía"),
    Columna("archivo", "Archivo", TEXTO, 4.4, "Nombre del archivo oficial"),
    Columna("sha", "SHA-256", TEXTO, 1.3, "Primeros 12 caracteres de su huella"),
    Columna("sha256", "SHA-256 completo", TEXTO, visible=False, ayuda="Huella del archivo"),
)
COLUMNAS_DE_DEFINICIONES = (
    Columna("nombre", "Delito", TEXTO, 1.6, "Nombre del delito"),
    Columna("definicion", "Qué cuenta", TEXTO, 6.0, "Definición"),
)


def metodo(i: Insumos, c: Calculos) -> list[Lamina]:
    """Los límites, las definiciones y las fuentes."""
    _, provisional = i.corte
    limites = [
        CIFRA_NEGRA,
        QUIEBRE,
        f"Provisional desde {formatos.mes(provisional)}: los meses recientes se corrigen y un descenso puede desaparecer."
        if provisional
        else "Ningún mes está marcado como provisional.",
        revisiones(i),
        f"Efecto: diferencia en diferencias emparejada, método {VERSION_DEL_METODO}; dice si se movió distinto que en municipios "
        "comparables, no por qué.",
        f"Población: {poblacion.edicion().fuente}.",
    ]
    hechas = [
        Lamina(
            "metodo", "método", "Lo que estas cifras pueden decir y lo que no", tuple(limites),
            notas=("Cada definición, comprobación y corte está en «Datos y método» del tablero.",),
            fuente=fuente(i, "municipal", "estatal"),
        )
    ]  # fmt: skip
    if c.delitos:
        definiciones = pd.DataFrame(
            {
                "nombre": [claves()[d].nombre for d in c.delitos],
                "definicion": [claves()[d].definicion for d in c.delitos],
            }
        )
        for n, (cual, bloque) in enumerate(en_bloques(definiciones, DEFINICIONES), 1):
            hechas.append(
                Lamina(
                    f"definiciones-{n}", "método", f"Qué cuenta cada delito del tablero{cual}", (),
                    Tabla(
                        f"Definiciones{cual}", bloque, COLUMNAS_DE_DEFINICIONES,
                        "Definiciones: " + "; ".join(f"{f.nombre}: {f.definicion}" for f in bloque.itertuples()),
                    ),
                    fuente=fuente(i, "municipal"),
                )
            )  # fmt: skip
    return [*hechas, _fuentes(i)]


def revisiones(i: Insumos) -> str:
    """Cuánto reescribió la fuente los municipios de la Mesa entre los dos últimos cortes municipales."""
    pares = [p for p in de_revisiones.pares() if p.ambito == "municipal"]
    if not pares or not i.municipios:
        return "Todavía no hay dos cortes municipales con que decir cuánto revisó la fuente estos municipios."
    par = pares[0]
    tablas = [de_revisiones.por_delito(m, par) for m in i.municipios]
    juntas = pd.concat([t[t["delito"] != "total"] for t in tablas], ignore_index=True)
    tramo = f"del corte de {formatos.mes(par.anterior)} al de {formatos.mes(par.nuevo)}"
    if juntas.empty:
        return f"La fuente no cambió ninguna cifra {frases.en(i.lugar)} {tramo}."
    cifras, neto = int(juntas["cifras"].sum()), int(juntas["neto"].sum())
    en_total = "sin que cambie el total" if neto == 0 else f"en total, {formatos.con_signo(neto)} carpetas"
    cuantas = formatos.contar(cifras, "cifra mensual", "cifras mensuales")
    return f"La fuente cambió {cuantas} {frases.en(i.lugar)} {tramo}; {en_total}."


def _fuentes(i: Insumos) -> Lamina:
    cortes = i.actual.cortes[i.actual.cortes["ambito"].isin(["municipal", "estatal"])]
    datos = pd.DataFrame(
        {
            "que": [formatos.mayuscula(NOMBRE_DEL_AMBITO[a]) for a in cortes["ambito"]],
            "metodologia": cortes["metodologia"].to_numpy(),
            "corte": cortes["corte"].to_numpy(),
            "provisional": cortes["provisional_desde"].to_numpy(),
            "archivo": cortes["archivo"].to_numpy(),
            "sha": [str(s)[:12] for s in cortes["sha256"]],
            "sha256": cortes["sha256"].to_numpy(),
        }
    )
    p = i.actual.publicacion
    return Lamina(
        "fuentes", "método", f"De dónde sale cada cifra: {formatos.contar(len(datos), 'archivo')} con su huella",
        (f"Base publicada: versión {p.version}, SHA-256 {p.sha256}.",),
        Tabla(
            "Fuentes", datos, COLUMNAS_DE_FUENTES,
            "Archivos de que salen las cifras: " + "; ".join(f"{f.archivo}, huella {f.sha}" for f in datos.itertuples()),
        ),
        ("Con el SHA-256 cualquiera puede comprobar que el archivo es el mismo.",),
        f"Fuente: {'cifras inventadas' if i.actual.demostracion else 'SESNSP'}; registro de la Mesa.",
    )  # fmt: skip
