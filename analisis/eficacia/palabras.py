"""Lo que una evaluación dice con palabras: el veredicto con su comparación, los conteos antes que el porcentaje, nada causal.

Todo texto sobre un efecto sale de aquí; una prueba lee cuanto puede producir (METODO §3: palabras permitidas y prohibidas).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from analisis.cambio import BASE_MINIMA
from analisis.eficacia.diseno import SinAcuerdo
from analisis.eficacia.portafolio import Portafolio
from analisis.eficacia.tipos import ALZA, AVISOS, BAJA, INSUFICIENTES, SIN_CAMBIO, VEREDICTOS, Evaluacion
from analisis.formatos import (
    contar,
    decimal,
    entero,
    lista,
    mayuscula,
    mes,
    porcentaje,
    porcentaje_con_signo,
    tramo,
)
from analisis.frases import en, por

COMPARACION = "respecto de municipios comparables"
CARTEL_DE_PLACEBO = (
    "Esto es un placebo: municipios y fecha elegidos para ensayar el método. No es un acuerdo de ninguna Mesa y no dice nada de "
    "ningún programa."
)
PLACEBO_CON_EVIDENCIA = (
    "Si aquí no pasó nada distinto que en los municipios comparables, este veredicto es uno de los errores que el método comete: "
    "a lo más, cerca de cinco de cada cien."
)
NO_ES_CAUSA = (
    "La comparación dice si las carpetas se movieron distinto que en municipios comparables; no dice por qué. El cumplimiento "
    "del acuerdo es otra cosa y se mide aparte."
)
SUPUESTOS = (
    "Sin el acuerdo, estos municipios se habrían movido como los comparables.",
    "La costumbre de denunciar y de registrar carpetas no cambió aquí de otra manera que en ellos.",
    "En esas fechas no empezó aquí otro programa sobre lo mismo.",
    "El delito no se mudó a los municipios de junto ni se extendió a ellos lo acordado.",
    "La fecha de inicio se fijó antes de conocer los resultados.",
)
POR_QUE_NO_EL_PAIS = (
    "Una ley, un operativo o un programa de todo el país no se puede evaluar por comparación: no queda ningún municipio sin él "
    "con quién comparar, y todo lo que cambió en el país en esa fecha se confunde con el programa."
)
ALTERNATIVA_HONESTA = (
    "Lo que sí se puede: describir la serie antes y después sin atribuirla; anotar de antemano qué se espera, dónde y cuándo; "
    "y, si el programa arranca por etapas, comparar a los que empiezan antes con los que empiezan después, con las fechas "
    "escritas antes de ver los datos."
)


# Los avisos en pocas palabras, para la primera pantalla; completos, en ``AVISOS``.
EN_CORTO = {
    "racha_previa": "los meses anteriores fueron inusuales",
    "covid": "la comparación toca la pandemia",
    "revision": "con otro corte el veredicto era distinto",
    "acuerdos_traslapados": "otro acuerdo cubre lo mismo en fechas cercanas",
    "subregistro": "la mayor parte de este delito no se denuncia",
    "catalogo": "la comparación cruza el cambio de metodología de enero de 2026",
    "municipio_nuevo": "hay un municipio de creación reciente",
    "pocos_controles": "hay pocos municipios comparables",
    "ajuste_malo": "una fecha en que nada pasó también señala un cambio",
    "fecha_retroactiva": "se registró con los resultados ya conocidos",
    "calibracion": "el intervalo va ensanchado porque el método se equivoca de más con este delito",
}


@dataclass(frozen=True)
class Asunto:
    """De qué se habla: el nombre del delito, el del lugar y el tramo de meses posteriores."""

    delito: str
    lugar: str
    desde: date
    hasta: date

    @property
    def donde(self) -> str:
        """«por robo de vehículo en León, de marzo de 2024 a febrero de 2025»."""
        return f"{por(self.delito)} {en(self.lugar)}, {tramo(self.desde, self.hasta)}"


def titular(e: Evaluacion, a: Asunto) -> str:
    """El veredicto en una oración, con lo observado y lo esperado."""
    if e.veredicto == INSUFICIENTES:
        return f"Datos insuficientes para decir algo {COMPARACION}: {e.motivo}"
    observado = contar(e.obs_post, "carpeta")
    esperado = entero(e.esperado_post)
    if e.veredicto == SIN_CAMBIO:
        return (
            f"No se distingue un cambio {COMPARACION}: hubo {observado} {a.donde}, y se "
            f"{_esperaban(e.esperado_post)} {esperado}"
        )
    return (
        f"Las carpetas {a.donde}, {_movimiento(e)} que en municipios comparables: hubo {entero(e.obs_post)} y, de haberse "
        f"movido como ellos, se {_esperaban(e.esperado_post)} {esperado}"
    )


def _esperaban(cuantas: float) -> str:
    return "esperaba" if round(cuantas) == 1 else "esperaban"


def _movimiento(e: Evaluacion) -> str:
    """Lo que hicieron las carpetas, sin decir que bajaron cuando subieron menos."""
    crudo = e.obs_post - e.base
    if e.veredicto == BAJA:
        return "disminuyeron más" if crudo <= 0 else "aumentaron menos"
    return "aumentaron más" if crudo >= 0 else "disminuyeron menos"


def bajada(e: Evaluacion) -> str:
    """Lo que nadie debe dejar de leer junto al veredicto: su incertidumbre y lo que puede cambiar la lectura."""
    if e.veredicto == INSUFICIENTES:
        return "Sin cifras suficientes no hay veredicto, ni a favor ni en contra."
    partes = [f"{mayuscula(diferencia(e))}."]
    if e.veredicto == SIN_CAMBIO:
        partes.append(f"{mayuscula(detectable(e))}.")
    if e.veredicto in (BAJA, ALZA) and not en_lo_acordado(e):
        partes.append("Es lo contrario de lo que se esperaba.")
    if e.concordancia:
        partes.append(f"{mayuscula(concordancia(e))}.")
    if e.avisos:
        partes.append(f"Ojo: {lista([EN_CORTO[a] for a in e.avisos])}.")
    return " ".join(partes)


def en_lo_acordado(e: Evaluacion) -> bool:
    """Si el cambio va hacia donde se esperaba."""
    return (e.veredicto == BAJA) == (e.signo < 0)


def con_porcentaje(e: Evaluacion) -> bool:
    """Con una base menor de 20 no se dice ningún porcentaje."""
    return e.base >= BASE_MINIMA and e.esperado_post >= BASE_MINIMA


def diferencia(e: Evaluacion) -> str:
    """La diferencia con lo esperado en carpetas, su intervalo y, si la base lo permite, en por ciento."""
    bajo, alto = rango_de_diferencia(e)
    desde = f"de {_mas_o_menos(bajo)} a {_mas_o_menos(alto)}"
    frase = f"{_contra_lo_esperado(e.diferencia)} (estimado, IC 95 %: {desde}"
    if con_porcentaje(e):
        # Un límite que se redondea a cero contradiría al veredicto: va con un decimal.
        decimales = int(any(abs(v) < 0.5 for v in (e.ic_bajo, e.ic_alto)))
        centro, desde, hasta = (porcentaje_con_signo(v, decimales) for v in (e.efecto_pct, e.ic_bajo, e.ic_alto))
        frase += f"; en por ciento de las {entero(e.esperado_post)} esperadas, {centro}, de {desde} a {hasta}"
    else:
        frase += f"; de {entero(e.base)} un año antes a {entero(e.obs_post)}"
    return frase + ")"


def _contra_lo_esperado(diferencia: float) -> str:
    cuantas = round(diferencia)
    if cuantas == 0:
        return "las mismas carpetas que las esperadas por los municipios comparables"
    lado = "más" if cuantas > 0 else "menos"
    return f"{contar(abs(cuantas), 'carpeta')} {lado} que las esperadas por los municipios comparables"


def _mas_o_menos(cuantas: float) -> str:
    redondo = round(cuantas)
    return "ninguna" if redondo == 0 else f"{entero(abs(redondo))} {'más' if redondo > 0 else 'menos'}"


def rango_de_diferencia(e: Evaluacion) -> tuple[float, float]:
    """Las dos puntas del intervalo, en carpetas de más (o de menos, negativas) sobre lo esperado."""
    return e.esperado_post * e.ic_bajo / 100, e.esperado_post * e.ic_alto / 100


def rango_esperado(e: Evaluacion) -> tuple[float, float]:
    """Entre cuántas carpetas quedaría lo observado, 95 % de las veces, si no hubiera diferencia con los comparables."""
    ancho = np.log1p(e.ic_alto / 100) - e.efecto_log
    return float(e.esperado_post * np.exp(-ancho)), float(e.esperado_post * np.exp(ancho))


def detectable(e: Evaluacion) -> str:
    """Qué cambio sí se habría visto."""
    carpetas = abs(e.esperado_post * e.mde_pct / 100)
    lado = "menos" if e.mde_pct < 0 else "más"
    cuanto = f"de unas {entero(carpetas)} carpetas {lado} que las {entero(e.esperado_post)} esperadas"
    if con_porcentaje(e):
        cuanto += f" ({porcentaje_con_signo(e.mde_pct, 0)})"
    return f"solo se detectarían cambios mayores, {cuanto}, ocho de cada diez veces"


def concordancia(e: Evaluacion) -> str:
    """«4 de 5 maneras de hacer la misma cuenta concuerdan con este veredicto»."""
    si, _, total = e.concordancia.partition(" de ")
    if total == "0":
        return "ninguna otra manera de hacer la cuenta se pudo calcular"
    verbo = "concuerda" if si == "1" else "concuerdan"
    return f"{si} de {total} maneras de comprobarlo {verbo} con este veredicto"


def entre_placebos(e: Evaluacion) -> str:
    """En qué lugar cae entre conjuntos en los que nadie acordó nada."""
    if e.veredicto == INSUFICIENTES:
        return "sin evaluación no hay placebos"
    extremos = max(round(e.p_placebo * (e.n_placebos + 1)) - 1, 0)
    verbo = "se apartó" if extremos == 1 else "se apartaron"
    return (
        f"de {entero(e.n_placebos)} conjuntos de municipios comparables en los que no hubo acuerdo, {entero(extremos)} {verbo} "
        f"tanto o más (p = {decimal(e.p_placebo, 3)})"
    )


def exigencia(e: Evaluacion) -> str:
    """Qué se le pidió al veredicto y qué cumplió."""
    if e.veredicto == INSUFICIENTES:
        return e.motivo
    intervalo = "no contiene el cero" if e.ic_bajo > 0 or e.ic_alto < 0 else "contiene el cero"
    rango = "está" if e.p_placebo <= 0.05 else "no está"
    return (
        "Para decir «con evidencia» se exigen dos cosas: que el intervalo no contenga el cero y que quede entre el 5 % de los "
        f"más apartados de {entero(e.n_placebos)} placebos. Aquí el intervalo {intervalo} y {rango} entre ellos."
    )


def para_el_registro(e: Evaluacion, a: Asunto, corte: date) -> str:
    """La frase que puede ir en una minuta o un boletín, completa por sí sola."""
    fin = f"Corte {mes(corte)}, método {e.version_metodo}."
    if e.veredicto == INSUFICIENTES:
        return (
            f"Carpetas registradas {a.donde}: datos insuficientes para compararlas con las de municipios comparables "
            f"({e.motivo}). {fin}"
        )
    bajo, alto = rango_esperado(e)
    cifras = (
        f"Carpetas registradas {a.donde}: {entero(e.obs_post)}; en municipios comparables se habrían esperado "
        f"{entero(e.esperado_post)}"
    )
    if e.veredicto == SIN_CAMBIO:
        dentro = (
            f"dentro de lo esperado (IC 95 %: de {entero(bajo)} a {entero(alto)})"
            if bajo <= e.obs_post <= alto
            else f"diferencia que no se distingue de la de los placebos (IC 95 %: de {entero(bajo)} a {entero(alto)})"
        )
        return f"{cifras}; {dentro}. Sin cambio distinguible {COMPARACION}: {detectable(e)}. {fin}"
    return (
        f"{cifras}. {mayuscula(_movimiento(e))} que en municipios comparables: {diferencia(e)}. Coincide con la fecha del "
        f"acuerdo; la comparación no dice por qué. {fin}"
    )


def nota_tecnica(e: Evaluacion, semilla: int, mes_inicial: date) -> list[str]:
    """Lo que hace falta para repetir la cuenta, un renglón por dato."""
    renglones = [
        f"Método {e.version_metodo}: diferencia en diferencias emparejada, con la incertidumbre calibrada por placebos y por la "
        "historia del propio conjunto.",
        f"Meses cerrados antes del inicio: {entero(e.meses_antes)} (desde {mes(mes_inicial)}); después, "
        f"{entero(e.meses_despues)}.",
        f"Semilla: {semilla}.",
    ]
    if e.veredicto == INSUFICIENTES:
        return [*renglones, f"Sin evaluar: {e.motivo}."]
    if con_porcentaje(e):
        renglones.append(
            f"De {entero(e.base)} carpetas en los mismos meses del año anterior a {entero(e.obs_post)} "
            f"({porcentaje_con_signo(e.cambio_bruto_pct)}); los comparables, {porcentaje_con_signo(e.cambio_controles_pct)}."
        )
    renglones += [
        f"log del efecto {decimal(e.efecto_log, 4)}, error {decimal(e.error_log, 4)}, τ {decimal(e.tau, 4)}; "
        f"{entero(e.n_controles)} municipios comparables; {entero(e.n_placebos)} placebos; p = {decimal(e.p_placebo, 4)}; lugar "
        f"{entero(e.rango)} del más bajo al más alto.",
    ]
    return renglones


def avisos(e: Evaluacion) -> list[tuple[str, str]]:
    """Clave y explicación de cada aviso."""
    return [(clave, AVISOS[clave]) for clave in e.avisos]


def sensibilidad(efecto: float, bajo: float, alto: float, base: float) -> str:
    """El efecto de otra manera de hacer la cuenta, en carpetas y por ciento de ``base`` (lo esperado)."""
    rango = f"{_mas_o_menos(base * efecto / 100)} (de {_mas_o_menos(base * bajo / 100)} a {_mas_o_menos(base * alto / 100)})"
    return rango if base < BASE_MINIMA else f"{rango}, {porcentaje_con_signo(efecto, 0)}"


def tasa_de_error(falsas: float, evaluadas: float, que: str = "declaró un cambio que no hubo") -> str:
    """«declaró un cambio que no hubo en 8 de 284 ensayos (2.8 %)»."""
    parte = f" ({porcentaje(100 * falsas / evaluadas)})" if evaluadas >= BASE_MINIMA else ""
    return f"{que} en {entero(falsas)} de {contar(evaluadas, 'ensayo')}{parte}"


def veredicto_corto(e: Evaluacion) -> str:
    """Para una tabla que ya dice con qué se compara."""
    return e.veredicto if e.veredicto != INSUFICIENTES else f"{e.veredicto}: {e.motivo}"


def cambio_entre_cortes(antes: str, corte_antes: date, ahora: str, corte_ahora: date) -> str:
    """Cuando un corte más nuevo dice otra cosa."""
    return (
        f"Con el corte {mes(corte_antes)} el veredicto {COMPARACION} era «{antes}»; con el corte {mes(corte_ahora)} es "
        f"«{ahora}». La fuente corrige sus cifras, y una corrección o un mes más bastan para cambiarlo."
    )


def nombre_de(lugares: Iterable[str], maximo: int = 4) -> str:
    """Los nombres en una lista corta: «A, B, C y 9 municipios más»."""
    todos = list(lugares)
    if len(todos) <= maximo:
        return lista(todos)
    return f"{', '.join(todos[: maximo - 1])} y {contar(len(todos) - maximo + 1, 'municipio')} más"


def de_conjunto(p: Portafolio, observadas: float, esperadas: float) -> str:
    """El efecto conjunto de varios acuerdos, con sus carpetas y cuánto difieren entre sí."""
    if p.evaluables < 2:
        return f"con {contar(p.evaluables, 'acuerdo')} con datos suficientes no hay efecto conjunto que estimar"
    return (
        f"en {contar(p.evaluables, 'acuerdo')} con datos suficientes hubo {contar(observadas, 'carpeta')} y se esperaban "
        f"{entero(esperadas)} según los municipios comparables; efecto conjunto estimado, en el sentido acordado si es negativo: "
        f"{porcentaje_con_signo(p.efecto_pct, 0)} (IC 95 %: de {porcentaje_con_signo(p.ic_bajo, 0)} a "
        f"{porcentaje_con_signo(p.ic_alto, 0)}). {_heterogeneidad(p)}"
    )


def _heterogeneidad(p: Portafolio) -> str:
    if p.tau < 0.01:
        return "Los acuerdos no difieren entre sí más que por azar"
    return (
        f"Los acuerdos difieren entre sí: {entero(100 * p.i2)} de cada 100 partes de lo que varían no son azar (τ = "
        f"{decimal(p.tau, 2)}), de modo que el conjunto no describe a ninguno en particular"
    )


def recuento(cuentas: Mapping[str, int]) -> str:
    """«De 16 acuerdos, 7 a la baja con evidencia, 0 al alza con evidencia, 8 sin cambio distinguible…»."""
    partes = [f"{entero(cuentas.get(v, 0))} {'con ' if v == INSUFICIENTES else ''}{v}" for v in VEREDICTOS]
    return f"de {contar(sum(cuentas.values()), 'acuerdo')}, {lista(partes)}, {COMPARACION}"


def con_muchos(q: float) -> str:
    """Si el hallazgo se sostiene al mirar muchos acuerdos a la vez."""
    return f"q = {decimal(q, 3)}" if np.isfinite(q) else ""


def se_distinguiria(mde_pct: float, esperado: float, meses: int) -> str:
    """Lo que se podría distinguir con un plazo, en carpetas y, si la base lo permite, en por ciento."""
    carpetas = contar(abs(esperado * mde_pct / 100), "carpeta")
    lado = "menos" if mde_pct < 0 else "más"
    cuanto = f"unas {carpetas} {lado} que las {entero(esperado)} de los {meses} meses más recientes"
    return cuanto if esperado < BASE_MINIMA else f"{cuanto} ({porcentaje_con_signo(mde_pct, 0)})"


def alcanza(meta_pct: float, mde_pct: float) -> bool:
    """Si un cambio del tamaño de la meta se distinguiría."""
    return bool(np.isfinite(mde_pct)) and abs(np.log1p(meta_pct / 100)) >= abs(np.log1p(mde_pct / 100))


def pasa_sin_acuerdo(s: SinAcuerdo, meta_pct: float) -> str:
    """Qué tan seguido se cumple la meta sin acuerdo."""
    verbo = "bajaron" if meta_pct < 0 else "subieron"
    cuanto = f"{entero(abs(meta_pct))}\N{NO-BREAK SPACE}% o más"
    partes = []
    if s.conjuntos:
        partes.append(
            f"de {entero(s.conjuntos)} conjuntos de municipios comparables sin acuerdo, en {entero(s.cambiaron)} las carpetas "
            f"{verbo} {cuanto} de un año al otro"
        )
    if s.anios:
        partes.append(
            f"en la historia de estos mismos municipios {verbo} eso en {entero(s.propios)} de {contar(s.anios, 'año')}"
        )
    return "; ".join(partes) if partes else "no hay historia suficiente para saber qué tan seguido pasa sin acuerdo"


@dataclass(frozen=True)
class Clausula:
    """Lo que dice la cláusula de medición de un acuerdo por firmar."""

    delito: str
    lugar: str
    meta_pct: float
    base: float
    base_desde: date
    base_hasta: date
    inicio: date
    meses: int
    corte: date
    huella: str
    metodo: str
    detectable: str
    alcanza: bool


def clausula(c: Clausula) -> str:
    """El texto, con la línea base y el corte congelados y la comparación escrita de antemano."""
    fin = date((c.inicio.year * 12 + c.inicio.month + c.meses - 2) // 12, (c.inicio.month + c.meses - 2) % 12 + 1, 1)
    verbo = "disminuyan" if c.meta_pct < 0 else "aumenten (más denuncia)"
    meta = c.base * (1 + c.meta_pct / 100)
    cuanto = f" {entero(abs(c.meta_pct))}\N{NO-BREAK SPACE}%" if c.base >= BASE_MINIMA else ""
    tope = "no más de" if c.meta_pct < 0 else "por lo menos"
    return (
        f"Que las carpetas {por(c.delito)} {en(c.lugar)} {verbo}{cuanto}: de {entero(c.base)} "
        f"{tramo(c.base_desde, c.base_hasta)} a {tope} {entero(meta)} {tramo(c.inicio, fin)}. La línea base queda congelada con "
        f"el corte {mes(c.corte)} de la fuente (SHA-256 {c.huella}). Al cerrarse los {c.meses} meses se compara con municipios "
        f"comparables, con el método {c.metodo} y sin cambiar municipios, delito ni fecha. Con esta medición se distinguirían "
        f"cambios de {c.detectable}. "
        + (
            "La meta es medible con esta comparación."
            if c.alcanza
            else "La meta es menor que lo que se distinguiría: aunque se cumpla, puede resultar sin cambio distinguible respecto "
            "de municipios comparables, y eso no querrá decir que no se cumplió."
        )
        + " El cumplimiento de lo acordado se registra aparte."
    )


def en_la_lista(e: Evaluacion, firme: bool, q: float) -> str:
    """El veredicto de un acuerdo entre otros: si su evidencia no se sostiene al mirarlos juntos, se dice."""
    if e.veredicto == INSUFICIENTES:
        return veredicto_corto(e)
    if e.veredicto == SIN_CAMBIO:
        bajo, alto = rango_de_diferencia(e)
        return f"{e.veredicto} (de {_mas_o_menos(bajo)} a {_mas_o_menos(alto)} que lo esperado)"
    if not firme:
        return f"{SIN_CAMBIO}: por sí solo, {e.veredicto}, pero no se sostiene entre tantos ({con_muchos(q)})"
    return f"{e.veredicto} ({con_muchos(q)})"
