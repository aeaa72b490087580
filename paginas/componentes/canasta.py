"""La canasta de un lugar como tabla de renglones: 12 meses, cambio, etiqueta y línea miniatura de cada delito."""

from __future__ import annotations

import pandas as pd

from analisis import formatos, frases
from analisis.cambio import BASE_MINIMA
from analisis.medidas import medir
from datos.catalogos import PREFIJO_DE_CANASTA
from datos.consultas.calidad import tendencias_de
from datos.consultas.claves import claves
from datos.consultas.lugares import nombre
from datos.consultas.series import nivel_de, series
from datos.tablero import recordar
from graficas.chispas import chispa, direccion
from informes.canasta import con_serie, sin_serie
from paginas.componentes.tabla import Columna, Html, enlace, etiqueta, imagen, tabla

MESES_DE_LA_CHISPA = 72
COLUMNAS = (
    Columna("Delito", "ancha"),
    Columna("12 meses", "cifra", "12 meses"),
    Columna("Cambio", "cifra", "cambio"),
    Columna("Tendencia", "ancha"),
    Columna("Últimos seis años", "miniatura"),
)


@recordar(maximo=128)
def canasta_de(lugar: str, canasta: str) -> pd.DataFrame:
    """Un renglón por delito y uno final por toda la canasta: columnas de ``tendencias``, nulas si no se publica ahí.

    Agrega ``chispa``, la lista de (conteo mensual, provisional) de los últimos seis años, vacía si no hay serie.
    """
    delitos = [*con_serie(canasta), PREFIJO_DE_CANASTA + canasta]
    propias = tendencias_de(nivel_de(lugar), lugar).set_index("delito").reindex(delitos)
    largas = series([lugar], delitos)
    ultimo = largas["fecha"].max() if len(largas) else pd.NaT
    completas = medir(largas, "conteo")
    recientes = completas[completas["fecha"] > ultimo - pd.DateOffset(months=MESES_DE_LA_CHISPA)]
    meses = pd.date_range(end=ultimo, periods=MESES_DE_LA_CHISPA, freq="MS") if len(recientes) else []
    por_delito = {}
    for delito, propia in recientes.groupby("delito"):
        alineada = propia.set_index("fecha").reindex(meses)
        provisionales = alineada["provisional"].eq(True)
        por_delito[delito] = list(zip(alineada["valor"].astype("float64"), provisionales, strict=True))
    propias["chispa"] = pd.Series([por_delito.get(d, []) for d in delitos], index=delitos, dtype=object)
    return propias.reset_index(names="delito")


def sin_renglon(canasta: str) -> str:
    """Qué miembros cuentan en el total de la canasta y no llevan renglón; vacía si todos lo llevan."""
    faltan = sin_serie(canasta)
    if not faltan:
        return ""
    resto = "cuenta en «Toda la canasta» y no lleva" if len(faltan) == 1 else "cuentan en «Toda la canasta» y no llevan"
    return f"{formatos.lista(faltan)} {resto} serie propia."


@recordar(maximo=128)
def tabla_de_canasta(lugar: str, canasta: str) -> str:
    """``canasta_de`` como tabla en HTML; cada delito liga a sus tendencias en ese lugar."""
    filas = canasta_de(lugar, canasta)
    cierre = filas["cierre"].mode()
    comun = cierre.iloc[0] if len(cierre) else None
    return tabla(
        COLUMNAS,
        [_fila(lugar, f, comun) for f in filas.to_dict("records")],
        f"Delitos de la canasta en {nombre(lugar)}",
    )


def _fila(lugar: str, f: dict, comun: pd.Timestamp | None) -> list[str | Html]:
    clave = claves()[f["delito"]]
    liga = enlace(
        "Toda la canasta" if clave.es_canasta else clave.nombre, "tendencias", delito=f["delito"], lugar=lugar
    )
    if pd.isna(f["cierre"]):
        motivo = "no se publica aquí" if not f["chispa"] else "sin 24 meses seguidos"
        return [
            liga,
            formatos.SIN_DATO,
            "",
            etiqueta("datos insuficientes", motivo),
            _chispa(f, clave.nombre),
        ]
    a_otro_mes = "" if f["cierre"] == comun else f' <span class="menor">a {formatos.mes_corto(f["cierre"])}</span>'
    return [
        Html(liga.texto + a_otro_mes),
        formatos.entero(f["conteo"]),
        _cambio(f["conteo"], f["conteo_previo"]),
        etiqueta(f["etiqueta"], f["motivo"] or frases.racha(f["racha"])),
        _chispa(f, clave.nombre),
    ]


def _cambio(conteo: float, previo: float) -> str | Html:
    """El cambio en carpetas, el porcentaje si la base alcanza y, debajo, cuántas eran antes."""
    if not (formatos.hay(conteo) and formatos.hay(previo)):
        return formatos.SIN_DATO
    cambio = formatos.con_signo(conteo - previo)
    if previo >= BASE_MINIMA:
        cambio += f" ({formatos.porcentaje_con_signo(100 * (conteo - previo) / previo)})"
    return Html(f'{cambio}<br><span class="menor">antes {formatos.entero(previo)}</span>')


def _chispa(f: dict, delito: str) -> Html | str:
    if not f["chispa"]:
        return ""
    valores, provisionales = zip(*f["chispa"], strict=True)
    return imagen(
        direccion(chispa(valores, provisionales)), f"Carpetas mensuales por {delito.lower()}, últimos seis años"
    )
