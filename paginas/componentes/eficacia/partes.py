"""Las partes de la página de una evaluación, en el orden en que se leen."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analisis import formatos
from analisis.eficacia import INSUFICIENTES, primer_mes
from analisis.eficacia import palabras as dichos
from analisis.eficacia.dibujo import PREVIOS, diferencia_acumulada
from analisis.eficacia.tipos import Evaluacion
from datos.consultas import lugares
from datos.consultas.contexto import Contexto
from datos.consultas.geometria import SinGeometria, geometria, vecinos
from graficas import eficacia as figuras
from graficas.mapas import Numero, Pintura, Texto, por_clase
from informes.eficacia.servicio import Hecha
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.imagen import mostrar_figura
from paginas.componentes.mapa import leyenda_de_clases, mapa, nota_de_limites
from paginas.componentes.tabla import Columna, enlace, tabla

POR_TABLA = 12
COLUMNAS_DE_MESES = {
    "mes": "Primer día del mes",
    "observado": "Carpetas observadas, todos los municipios y delitos",
    "esperado": "Carpetas esperadas si se hubieran movido como los municipios comparables; vacío antes del inicio",
    "esperado_bajo": "Límite inferior de un mes (95 %)",
    "esperado_alto": "Límite superior de un mes (95 %)",
}
COLUMNAS_DE_COMPARABLES = {
    "cve_mun": "Clave INEGI",
    "municipio": "Nombre",
    "peso": "Parte de los emparejamientos que le tocan (suma 1)",
    "historia": "Carpetas en los 36 meses anteriores al inicio, o los que haya",
    "base": "Carpetas en los mismos meses del año anterior",
    "posterior": "Carpetas en los meses posteriores",
}


def dos_numeros(hecha: Hecha) -> None:
    """Lo observado y lo esperado, grandes y con sus palabras."""
    e = hecha.evaluacion
    if not np.isfinite(e.esperado_post):
        return
    bajo, alto = dichos.rango_esperado(e) if e.veredicto != INSUFICIENTES else (np.nan, np.nan)
    rango = f"de {formatos.entero(bajo)} a {formatos.entero(alto)} (IC 95 %)" if np.isfinite(bajo) else "sin intervalo"
    st.html(
        '<dl class="cifras-grandes">'
        f"<div><dt>observadas</dt><dd>{formatos.entero(e.obs_post)}</dd><p>carpetas en "
        f"{formatos.contar(e.meses_despues, 'mes', 'meses')}</p></div>"
        f"<div><dt>esperadas según los comparables</dt><dd>{formatos.entero(e.esperado_post)}</dd>"
        f"<p>{escape(rango)}</p></div></dl>"
    )


def observado_contra_esperado(hecha: Hecha, actual: Contexto, descripcion: str) -> None:
    """La serie con su banda, la diferencia acumulada, sus datos y su fuente."""
    e, panel = hecha.evaluacion, hecha.panel
    if panel is None or not len(e.observado):
        return
    inicio = hecha.pregunta.mes
    meses = pd.date_range(primer_mes(inicio, -PREVIOS), periods=len(e.observado), freq="MS")
    st.subheader("Observado contra esperado")
    notas = [f"Solo meses cerrados, hasta {formatos.mes(panel.cierre)}"]
    if panel.provisionales:
        notas.append(
            f"{formatos.contar(panel.provisionales, 'mes provisional', 'meses provisionales')} desde "
            f"{formatos.mes(panel.provisional_desde)} no se {'usa' if panel.provisionales == 1 else 'usan'}"
        )
    _mostrar(
        hecha,
        actual,
        figuras.observado_y_esperado(
            meses, e.observado, e.esperado, e.esperado_bajo, e.esperado_alto, pd.Timestamp(inicio),
            demostracion=actual.demostracion,
        ),
        f"Carpetas por mes, observadas y esperadas. {descripcion}",
        "observado",
        [*notas, "Banda: donde caería 95 % de los meses si estos municipios se movieran como los comparables"],
    )  # fmt: skip
    st.caption("Banda: donde caería 95 % de los meses si estos municipios se movieran como los comparables.")
    diferencia, bajo, alto = diferencia_acumulada(e)
    _mostrar(
        hecha,
        actual,
        figuras.acumulada(meses[PREVIOS:], diferencia, bajo, alto, demostracion=actual.demostracion),
        f"Diferencia acumulada: {dichos.diferencia(e)}.",
        "acumulada",
        notas,
    )
    datos = pd.DataFrame(
        {"mes": meses.date, "observado": e.observado, "esperado": e.esperado, "esperado_bajo": e.esperado_bajo,
         "esperado_alto": e.esperado_alto}
    ).round(2)  # fmt: skip
    descargas(datos, _ficha(hecha, actual, "por mes", COLUMNAS_DE_MESES), "eficacia_meses")
    escribir_fuente(actual, ["municipal"], meses[0].date(), meses[-1].date(), notas=notas)


def _mostrar(hecha: Hecha, actual: Contexto, figura: go.Figure, alterno: str, que: str, notas: list[str]) -> None:
    """La figura con su imagen para llevarse: el veredicto es su título."""
    a = hecha.asunto
    mostrar_figura(
        actual,
        figura,
        alterno,
        f"figura_{que}",
        ["eficacia", a.lugar, a.delito, que],
        ["municipal"],
        titulo=dichos.titular(hecha.evaluacion, a),
        bajada=alterno,
        notas=notas,
    )


def _ficha(hecha: Hecha, actual: Contexto, que: str, columnas: dict[str, str]):
    e, a = hecha.evaluacion, hecha.asunto
    return ficha_de(
        actual,
        ["eficacia", a.lugar, a.delito, que],
        ["municipal"],
        notas={
            "Veredicto": dichos.titular(e, a),
            "Frase": dichos.para_el_registro(e, a, actual.corte_mas_reciente),
            "Municipios": formatos.lista([lugares.nombre(m) for m in hecha.pregunta.municipios]),
            "Método": e.version_metodo,
            "Semilla": str(hecha.semilla),
            "Supuestos": " ".join(dichos.SUPUESTOS),
        },
        columnas=columnas,
    )


def con_quien(hecha: Hecha, actual: Contexto) -> None:
    """El mapa y la tabla de comparables, con sus pesos y por qué se escogieron."""
    e, panel = hecha.evaluacion, hecha.panel
    if panel is None or not len(e.controles):
        return
    st.subheader("¿Con quién se compara?")
    inicio = _posicion(hecha)
    historia = min(36, inicio)
    st.write(
        f"Con {formatos.contar(e.n_controles, 'municipio')}: los hasta 60 más parecidos a cada municipio del conjunto en tres "
        f"cosas, todas de antes del inicio: cuántas carpetas tuvo en los {historia} meses anteriores, qué tanto subieron o "
        "bajaron en los últimos seis y cómo iba de un año al otro. No entran los contiguos ni los que tienen otro acuerdo sobre "
        "lo mismo en fechas cercanas. El peso dice en cuántos de los emparejamientos participa cada uno."
    )
    comparables = hecha.comparables
    _mapa(hecha, dict(comparables))
    posicion = panel.posiciones
    filas = [(m, p, *_sumas(panel.conteos[posicion[m]], inicio, e.meses_despues)) for m, p in comparables]
    tipico = np.mean([_sumas(panel.conteos[posicion[m]], inicio, 0)[0] for m in hecha.pregunta.municipios])
    filas.sort(key=lambda f: (-round(f[1], 6), abs(np.log((f[2] + 0.5) / (tipico + 0.5))), f[0]))
    completa = pd.DataFrame(
        [(m, lugares.nombre(m), round(p, 5), *sumas) for m, p, *sumas in filas], columns=list(COLUMNAS_DE_COMPARABLES)
    )
    propios = np.sum([panel.conteos[posicion[m]] for m in hecha.pregunta.municipios], axis=0)
    renglones = [
        ["El conjunto que se evalúa", "", *(formatos.entero(n) for n in _sumas(propios, inicio, e.meses_despues))]
    ]
    renglones += [
        [enlace(lugares.nombre(m), "ficha", lugar=m), f"{100 * p:.1f}", *(formatos.entero(n) for n in sumas)]
        for m, p, *sumas in filas[:POR_TABLA]
    ]
    st.html(
        tabla(
            [
                Columna("Municipio", "ancha"),
                Columna("Peso, de 100", "cifra no-movil", "peso, de 100"),
                Columna(f"{historia} meses previos", "cifra no-movil", "carpetas previas"),
                Columna("Un año antes", "cifra", "un año antes"),
                Columna("Después", "cifra", "después"),
            ],
            renglones,
            "Municipios comparables",
        )
    )
    if len(filas) > POR_TABLA:
        st.caption(
            f"Los {POR_TABLA} de más peso y, a igual peso, de historia más parecida, de {len(filas):,}; todos van en la descarga."
        )
    descargas(completa, _ficha(hecha, actual, "comparables", COLUMNAS_DE_COMPARABLES), "eficacia_comparables")


def _posicion(hecha: Hecha) -> int:
    panel, mes = hecha.panel, hecha.pregunta.mes
    return 0 if panel is None else (mes.year - panel.mes_inicial.year) * 12 + mes.month - panel.mes_inicial.month


def _sumas(serie: np.ndarray, inicio: int, posteriores: int) -> tuple[float, float, float]:
    return (
        float(np.nansum(serie[max(inicio - 36, 0) : inicio])),
        float(np.nansum(serie[inicio - 12 : inicio - 12 + posteriores])),
        float(np.nansum(serie[inicio : inicio + posteriores])),
    )


def _mapa(hecha: Hecha, pesos: dict[str, float]) -> None:
    propios, fuera = set(hecha.pregunta.municipios), {*hecha.contiguos, *hecha.pregunta.excluidos}
    try:
        figura = geometria("municipal")
    except SinGeometria as causa:
        st.info(str(causa))
        return
    pintura, clases = _pintura(hecha, figura.claves, pesos, propios, fuera)
    mapa(pintura, figura, "Municipios comparables", "mapa_de_comparables", alto=420)
    cuentas = pd.Series(clases).value_counts()
    st.html(
        leyenda_de_clases(cuentas, figuras.COLOR_DE_PAPEL, figuras.INCOMPLETO)
        + f'<p class="fuente">{escape(nota_de_limites(figura))}.</p>'
    )


def _pintura(
    hecha: Hecha, claves: Sequence[str], pesos: dict[str, float], propios: set[str], fuera: set[str]
) -> tuple[Pintura, list[str]]:
    """El papel de cada municipio en la comparación, y su peso."""
    panel, inicio = hecha.panel, _posicion(hecha)
    completos: set[str] = set()
    if panel is not None:
        ventana = panel.conteos[:, max(inicio - 36, 0) : inicio + hecha.evaluacion.meses_despues]
        completos = {panel.lugares[i] for i in np.flatnonzero(~np.isnan(ventana).any(axis=1))}
    clases = [
        figuras.DEL_ACUERDO if c in propios
        else figuras.COMPARABLE if c in pesos
        else figuras.CONTIGUO if c in fuera
        else figuras.OTRO if c in completos
        else figuras.INCOMPLETO
        for c in claves
    ]  # fmt: skip
    peso = Numero("peso, de 100", [100 * pesos.get(c, np.nan) for c in claves], 1)
    return por_clase(clases, figuras.COLOR_DE_PAPEL, figuras.INCOMPLETO, [Texto("", clases), peso]), clases


def que_tan_seguros(hecha: Hecha, actual: Contexto) -> None:
    """Su lugar entre los placebos, la misma cuenta de otras maneras y lo que se habría detectado."""
    e = hecha.evaluacion
    if e.veredicto == INSUFICIENTES:
        return
    st.subheader("¿Qué tan seguros estamos?")
    st.write(dichos.exigencia(e))
    _mostrar(
        hecha,
        actual,
        figuras.distribucion_de_placebos(e.placebos, e.efecto_pct, demostracion=actual.demostracion),
        f"Distribución de los placebos: {dichos.entre_placebos(e)}.",
        "placebos",
        [],
    )
    st.caption(
        f"{formatos.mayuscula(dichos.entre_placebos(e))}. En naranja, los que se movieron tanto o más. El valor p toma en cuenta "
        "además el tamaño de cada conjunto y la historia de este, y por eso no es la pura parte de naranja."
    )
    if e.sensibilidad:
        st.html(tabla_de_sensibilidad(e))
        st.caption(
            f"{formatos.mayuscula(dichos.concordancia(e))}. Las fechas placebo y los municipios contiguos concuerdan si ahí no "
            "se distingue ningún cambio."
        )
    st.write(f"**Qué se habría visto.** {formatos.mayuscula(dichos.detectable(e))}.")
    if hecha.ensanche > 1:
        st.write(
            f"**Intervalo ensanchado.** El error va multiplicado por {formatos.decimal(hecha.ensanche, 2)}, porque con este "
            "delito y este tamaño de conjunto el método se equivocó más de lo tolerado en los ensayos de abajo."
        )


def tabla_de_sensibilidad(e: Evaluacion) -> str:
    """Las otras maneras, con su veredicto y si concuerdan."""
    renglones = [
        [
            s.nombre,
            s.motivo or dichos.sensibilidad(s.efecto_pct, s.ic_bajo, s.ic_alto, e.esperado_post)
            if not s.nombre.startswith(("Fecha placebo", "Municipios contiguos"))
            else s.motivo or _ajena(s.efecto_pct, s.ic_bajo, s.ic_alto),
            "no se pudo calcular" if s.motivo else s.veredicto,
            "" if s.motivo else ("sí" if s.concuerda else "no"),
        ]
        for s in e.sensibilidad
    ]
    return tabla(
        [
            Columna("La misma pregunta de otra manera", "ancha"),
            Columna("Diferencia con lo esperado (IC 95 %)", "ancha", "diferencia"),
            Columna("Veredicto", "", "veredicto"),
            Columna("¿Concuerda?", "", "¿concuerda?"),
        ],
        renglones,
        "Sensibilidad",
    )


def _ajena(efecto: float, bajo: float, alto: float) -> str:
    """Otra fecha u otros municipios: sus carpetas no son las de este conjunto, y por eso va la razón y no un porcentaje."""
    razon, desde, hasta = (formatos.decimal(1 + v / 100, 2) for v in (efecto, bajo, alto))
    return f"razón a lo esperado {razon} (de {desde} a {hasta})"


def que_podria_enganar(e: Evaluacion) -> None:
    """Avisos y supuestos en palabras."""
    st.subheader("¿Qué podría engañarnos?")
    avisos = dichos.avisos(e)
    if avisos:
        entradas = "".join(f"<li>{escape(texto)}</li>" for _, texto in avisos)
        st.html(f'<ul class="lista avisos">{entradas}</ul>')
    else:
        st.write("Ninguno de los avisos que se revisan se encendió. Los supuestos siguen siendo supuestos:")
    st.html(
        '<p class="menor"><strong>Para creer en la comparación hay que suponer que…</strong></p><ul class="lista">'
        + "".join(f"<li>{escape(s)}</li>" for s in dichos.SUPUESTOS)
        + "</ul>"
    )


def para_el_registro(hecha: Hecha, actual: Contexto) -> None:
    """La frase que se puede copiar y la nota técnica."""
    e, panel = hecha.evaluacion, hecha.panel
    st.subheader("La frase para el registro")
    st.code(dichos.para_el_registro(e, hecha.asunto, actual.corte_mas_reciente), language=None, wrap_lines=True)
    with st.expander("Nota técnica"):
        if panel is not None:
            for renglon in dichos.nota_tecnica(e, hecha.semilla, panel.mes_inicial):
                st.text(renglon)
        st.markdown(
            "Cómo se calcula, qué se supone y de dónde sale cada fórmula: `docs/metodo.md`. Cuánto se equivoca: "
            "[Datos y método](./datos)."
        )
        if not vecinos():
            st.text("No hay límites publicados: no se sabe qué municipios son contiguos y ninguno se excluyó por eso.")
