"""Las piezas de «Contrastar una declaración»: qué periodos se dijeron, la tabla de maneras y la de puntos de partida."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from analisis import formatos
from analisis.contraste import POR_DIA, SUMA, Comparacion, publicados
from analisis.periodos import MESES_DEL_ANIO, Periodo, anio, doce_meses_a, en_tramos, mover
from datos.consultas.contexto import Contexto
from datos.consultas.series import series
from informes.contraste.componer import Contraste, Manera
from informes.contraste.palabras import INTERVALO, REGLA, juicio_en_palabras
from paginas.componentes.direccion import Direccion
from paginas.componentes.tabla import Columna, Html, tabla

PRIMER_ANIO = 2015
ANIO_USUAL = 2018
DESDE, ANIOS, MISMOS, DOCE, LIBRE = "desde", "anios", "mismos", "doce", "periodos"
MODOS = {
    DESDE: "desde un año",
    ANIOS: "de un año a otro",
    MISMOS: "en los mismos meses de dos años",
    DOCE: "en los últimos 12 meses, contra los 12 anteriores",
    LIBRE: "de un periodo a otro",
}
_DE_MANERAS = (
    Columna("Manera de contar", "ancha"),
    Columna("Primer periodo", "cifra", "primer periodo"),
    Columna("Segundo periodo", "cifra", "segundo periodo"),
    Columna("Diferencia", "cifra", "diferencia"),
    Columna("Cambio (intervalo de 95 %)", "cifra", "cambio"),
    Columna("La cifra declarada", "ancha", "la cifra declarada"),
)
_DE_PARTIDAS = (
    Columna("Se parte de", "ancha"),
    Columna("Carpetas", "cifra", "carpetas"),
    Columna("Contra", "cifra", "contra"),
    Columna("Diferencia", "cifra", "diferencia"),
    Columna("Cambio", "cifra", "cambio"),
    Columna("La cifra declarada", "ancha", "la cifra declarada"),
)


def pedir_periodos(vista: Direccion, lugar: str, delito: str, actual: Contexto) -> tuple[Periodo, Periodo, bool]:
    """Los dos periodos elegidos y si se dijo «desde AAAA». La dirección lleva los meses: el enlace no cambia con otro corte."""
    cruda = series([lugar], [delito]).set_index("fecha")
    hay = publicados(cruda) if len(cruda) else set()
    ultimo_anio = actual.corte_mas_reciente.year
    anios = {str(a): str(a) for a in range(PRIMER_ANIO, ultimo_anio + 1)}
    meses = {
        f"{m:%Y-%m}": formatos.mes(m)
        for m in Periodo(date(PRIMER_ANIO, 1, 1), date(ultimo_anio, MESES_DEL_ANIO, 1)).meses
    }
    modo = vista.elegir("Cuándo", MODOS, "modo")
    completos = [a for a in range(PRIMER_ANIO, ultimo_anio + 1) if set(anio(a).meses) <= hay]
    primero = ANIO_USUAL if ANIO_USUAL in completos or not completos else completos[0]
    if modo in (DESDE, DOCE):
        base = vista.elegir("Desde", anios, "base", omision=str(primero)) if modo == DESDE else ""
        ultimos = doce_meses_a(_de_mes(vista.elegir("Hasta", meses, "hasta", omision=f"{_cierre(hay, actual):%Y-%m}")))
        return (anio(int(base)), ultimos, True) if base else (ultimos.mover(-MESES_DEL_ANIO), ultimos, False)
    if modo in (ANIOS, MISMOS):
        izquierda, derecha = st.columns(2)
        base = int(vista.elegir("De", anios, "base", omision=str(primero), zona=izquierda))
        otro = int(
            vista.elegir("A", anios, "anio", omision=str(completos[-1] if completos else ultimo_anio), zona=derecha)
        )
        if modo == ANIOS:
            return anio(base), anio(otro), False
        nombres = {str(n): nombre for n, nombre in enumerate(formatos.MESES, 1)}
        de = int(vista.elegir("De (mes)", nombres, "mes", zona=izquierda))
        a = int(vista.elegir("A (mes)", nombres, "mes_final", omision="12", zona=derecha))
        return *(Periodo(date(cual, de, 1), date(cual, a, 1)) for cual in (base, otro)), False  # type: ignore[return-value]
    izquierda, derecha = st.columns(2)
    cierre = _cierre(hay, actual)
    partes = [
        vista.elegir(rotulo, meses, parametro, omision=f"{mover(cierre, n):%Y-%m}", zona=zona)
        for rotulo, parametro, n, zona in (
            ("Primer periodo, de", "antes_de", -23, izquierda),
            ("a (primero)", "antes_a", -12, derecha),
            ("Segundo periodo, de", "despues_de", -11, izquierda),
            ("a (segundo)", "despues_a", 0, derecha),
        )
    ]
    de_uno, a_uno, de_otro, a_otro = map(_de_mes, partes)
    return Periodo(de_uno, a_uno), Periodo(de_otro, a_otro), False


def _cierre(hay: set[date], actual: Contexto) -> date:
    """El último mes con doce seguidos publicados; si no hay ninguno, el último publicado."""
    tramos = [t for t in en_tramos(sorted(hay)) if Periodo(*t).largo >= MESES_DEL_ANIO]
    return tramos[-1][1] if tramos else max(hay, default=actual.corte_mas_reciente)


def _de_mes(texto: str) -> date:
    return date(int(texto[:4]), int(texto[5:]), 1)


def maneras(hecho: Contraste) -> str:
    """La tabla: los dos números de cada manera, el cambio en carpetas y en por ciento, y qué se dice de la cifra."""
    return tabla(_DE_MANERAS, [_fila(m, hecho) for m in hecho.maneras], "Cada manera de contar lo declarado")


def _fila(manera: Manera, hecho: Contraste) -> list[str | Html]:
    c = manera.comparacion
    return [
        manera.nombre,
        _valor(c, c.valor_antes, c.conteo_antes, manera.unidad),
        _valor(c, c.valor_despues, c.conteo_despues, manera.unidad),
        formatos.con_signo(c.diferencia) if c.pareja else "no se comparan",
        _cambio(c) if c.pareja else "no se comparan",
        juicio_en_palabras(manera) if hecho.cifra is not None else "sin cifra declarada",
    ]


def _valor(c: Comparacion, valor: float, conteo: int, unidad: str) -> str | Html:
    if c.medida == SUMA:
        return formatos.entero(valor)
    return Html(f'{formatos.decimal(valor)}<br><span class="menor">{formatos.entero(conteo)} {escape(unidad)}</span>')


def _cambio(c: Comparacion) -> str | Html:
    if c.sin_porcentaje:
        return "sin porcentaje: base menor de 20"
    if not formatos.hay(c.bajo):
        return formatos.porcentaje_con_signo(c.cambio_pct)
    return Html(
        f'{formatos.porcentaje_con_signo(c.cambio_pct)}<br><span class="menor">{formatos.porcentaje_con_signo(c.bajo)} a '
        f"{formatos.porcentaje_con_signo(c.alto)}</span>"
    )


def partidas(hecho: Contraste) -> str:
    """La tabla de cada punto de partida posible, con el declarado señalado."""
    filas: list[list[str | Html]] = []
    for c in hecho.partidas:
        declarado = c.antes == hecho.declaracion.antes
        nombre = escape(formatos.mayuscula(c.antes.texto()))
        por_dia = f" ({formatos.decimal(c.valor_antes)} por día)" if c.medida == POR_DIA else ""
        contra = f" ({formatos.decimal(c.valor_despues)} por día)" if c.medida == POR_DIA else ""
        hallado = c.cambio_pct if hecho.en_porcentaje else float(c.diferencia)
        dicho = "sin cifra declarada" if hecho.cifra is None else hecho.cifra.juzgar(hallado)
        filas.append(
            [
                Html(f"<strong>{nombre} (el declarado)</strong>" if declarado else nombre),
                formatos.entero(c.conteo_antes) + por_dia,
                formatos.entero(c.conteo_despues) + contra,
                formatos.con_signo(c.diferencia) if c.medida == SUMA else "no se comparan",
                "sin porcentaje: base menor de 20" if c.sin_porcentaje else formatos.porcentaje_con_signo(c.cambio_pct),
                dicho,
            ]
        )
    return tabla(_DE_PARTIDAS, filas, "El segundo periodo contra cada punto de partida posible")


def como_se_decide() -> None:
    """La regla con que se dice «coincide», «cerca» o no, y qué intervalo es."""
    with st.expander("Cómo se decide si coincide, y qué intervalo es"):
        st.write(REGLA)
        st.write(INTERVALO)
