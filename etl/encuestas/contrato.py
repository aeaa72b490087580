"""El contrato de los tabulados de la ENVIPE: 33 renglones, cifras que cuadran entre sí y el mismo año en los dos cuadros."""

from __future__ import annotations

import pandas as pd

from datos.catalogos import entidades
from etl.encuestas.envipe import CIFRA_NEGRA, DENUNCIA, NACIONAL, Cuadro, Lectura
from etl.problemas import Problema

TOLERANCIA_DE_PORCENTAJE = 0.05
# La fuente suma al país los delitos sin entidad de ocurrencia: hasta hoy, menos de una milésima.
TOLERANCIA_DEL_PAIS = 0.005
COLUMNAS = ["anio", "cve_ent", "delitos", "denunciados", "denunciados_pct", "cifra_negra", "cifra_negra_pct"]


def comprobar(lectura: Lectura, archivo: str) -> tuple[pd.DataFrame, list[Problema]]:
    """La tabla de ``COLUMNAS`` (delitos estimados por la encuesta) y todo lo que no cuadra; con problemas, no se usa."""
    problemas = []
    if lectura.anio is None:
        problemas.append(Problema(archivo, "el mismo año de referencia en los dos cuadros", "ninguno, o dos distintos"))
    for tabla, cuadro in ((lectura.denuncia, DENUNCIA), (lectura.cifra_negra, CIFRA_NEGRA)):
        problemas += _del_cuadro(tabla, cuadro, archivo)
    if problemas:
        return pd.DataFrame(columns=COLUMNAS), problemas
    junta = lectura.denuncia.merge(lectura.cifra_negra, on="cve_ent", suffixes=("", "_otra"))
    for fila in junta[junta["delitos"] != junta["delitos_otra"]].itertuples():
        problemas.append(
            Problema(
                archivo,
                f"los mismos delitos de {fila.cve_ent} en los dos cuadros",
                f"{fila.delitos:,.0f} y {fila.delitos_otra:,.0f}",
                linea=int(fila.linea),  # type: ignore[arg-type]
            )
        )
    junta["anio"] = lectura.anio
    return junta[COLUMNAS].astype(dict.fromkeys(("delitos", "denunciados", "cifra_negra"), "int64")), problemas


def _del_cuadro(tabla: pd.DataFrame, cuadro: Cuadro, archivo: str) -> list[Problema]:
    problemas = []
    _, parte, porcentaje = cuadro.columnas
    for clave in [NACIONAL, *entidades()["cve_ent"]]:
        veces = int((tabla["cve_ent"] == clave).sum())
        if veces != 1:
            problemas.append(Problema(archivo, f"una vez la entidad {clave} en «{cuadro.titulo}»", f"{veces} veces"))
    for fila in tabla.to_dict("records"):
        linea, delitos, suya, por_ciento = fila["linea"], fila["delitos"], fila[parte], fila[porcentaje]
        if pd.isna([delitos, suya, por_ciento]).any():
            problemas.append(
                Problema(archivo, f"tres cifras de {fila['cve_ent']}", "menos", linea=linea, columna=parte)
            )
        elif not 0 <= suya <= delitos or delitos <= 0:
            problemas.append(
                Problema(archivo, f"de 0 a {delitos:,.0f} delitos", f"{suya:,.0f}", linea=linea, columna=parte)
            )
        elif abs(100 * suya / delitos - por_ciento) > TOLERANCIA_DE_PORCENTAJE:
            problemas.append(
                Problema(
                    archivo, f"{100 * suya / delitos:.2f} %", f"{por_ciento:.2f} %", linea=linea, columna=porcentaje
                )
            )
    if not problemas:
        pais = tabla.loc[tabla["cve_ent"] == NACIONAL, "delitos"].iloc[0]
        suma = tabla.loc[tabla["cve_ent"] != NACIONAL, "delitos"].sum()
        if abs(pais - suma) > TOLERANCIA_DEL_PAIS * pais:
            problemas.append(Problema(archivo, f"que las entidades sumen el país, {pais:,.0f}", f"{suma:,.0f}"))
    return problemas
