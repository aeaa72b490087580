"""El hallazgo de cada cifra en una frase hecha con los datos: describe, nunca atribuye causas.

Reglas (METODO §3 y DISENO §4): los conteos van antes que el porcentaje; no hay porcentaje con una base menor de 20; lo
que falta se dice con su motivo; ninguna frase llama «delincuencia» a las carpetas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from analisis.cambio import BASE_MINIMA
from analisis.formatos import (
    con_signo,
    contar,
    decimal,
    entero,
    hay,
    lista,
    mayuscula,
    mes,
    porcentaje,
    porcentaje_con_signo,
    tramo,
)

ETIQUETAS = ("a la baja", "al alza", "sin cambio distinguible", "datos insuficientes")
_CON_ARTICULO = {"Estado de México": "el Estado de México", "Ciudad de México": "la Ciudad de México"}


def en(lugar: str) -> str:
    """«en Guanajuato», «en el Estado de México», «en León, Guanajuato»."""
    return f"en {_CON_ARTICULO.get(lugar, lugar)}"


def por(delito: str) -> str:
    """«por homicidio doloso», a partir del nombre del delito; el total y las canastas se dicen distinto."""
    if delito.startswith("Total"):
        return "por todos los delitos"
    if delito.startswith("Canasta"):
        return f"de la {delito[:1].lower()}{delito[1:]}"
    return f"por {delito[:1].lower()}{delito[1:]}"


def diferencia(conteo: float, previo: float) -> str:
    """«94 más», «1,912 menos» o «las mismas»."""
    cambio = round(conteo - previo)
    if cambio == 0:
        return "las mismas"
    return f"{entero(abs(cambio))} {'más' if cambio > 0 else 'menos'}"


def comparacion(conteo: float, previo: float) -> str:
    """La diferencia y, si la base lo permite, su porcentaje: «94 más (+0.4 %)»; con base chica, «de 4 a 9»."""
    cambio = round(conteo - previo)
    if previo < BASE_MINIMA:
        return diferencia(conteo, previo) if cambio == 0 else f"de {entero(previo)} a {entero(conteo)}"
    if cambio == 0:
        return diferencia(conteo, previo)
    return f"{diferencia(conteo, previo)} ({porcentaje_con_signo(100 * (conteo - previo) / previo)})"


def abiertas(cuantas: float) -> str:
    """«se abrieron 25 carpetas», «se abrió 1 carpeta» o «no se abrió ninguna carpeta»."""
    if round(cuantas) == 0:
        return "no se abrió ninguna carpeta"
    return f"{'se abrió' if round(cuantas) == 1 else 'se abrieron'} {contar(cuantas, 'carpeta')}"


def doce_meses(conteo: float | None, previo: float | None, cierre: date, delito: str, lugar: str) -> str:
    """Los 12 meses que terminan en ``cierre`` contra los 12 anteriores; dice cuál falta si falta alguno."""
    donde = f"{por(delito)} {en(lugar)}"
    if not hay(conteo):
        return f"No se pueden sumar los 12 meses a {mes(cierre)} {donde}: falta alguno, y lo no reportado no es cero"
    frase = f"En los 12 meses a {mes(cierre)} {abiertas(conteo)} {donde}"
    if not hay(previo):
        return f"{frase}; no hay con qué comparar: falta alguno de los 12 meses anteriores"
    return frase + contra(conteo, previo, "en los 12 anteriores")


def un_mes(
    conteo: float, fecha: date, delito: str, lugar: str, *, previo: float | None = None, provisional: bool = False
) -> str:
    """El último mes, contra el mismo mes del año anterior si lo hay."""
    cuando = mes(fecha) + (" (provisional)" if provisional else "")
    frase = f"En {cuando} {abiertas(conteo)} {por(delito)} {en(lugar)}"
    return frase + contra(conteo, previo, "un año antes") if hay(previo) else frase


def contra(conteo: float, previo: float, cuando: str) -> str:
    """Con base chica, los dos conteos y nada más; si no, la diferencia y su porcentaje."""
    if round(previo) < BASE_MINIMA:
        return f"; {cuando}, {entero(previo)}"
    return f", {comparacion(conteo, previo)} que {cuando}"


def racha(meses: float | None) -> str:
    """«7 meses seguidos por debajo del mismo mes del año anterior»; vacía con menos de dos."""
    if not hay(meses) or abs(meses) < 2:
        return ""
    lado = "debajo" if meses < 0 else "encima"
    return f"{abs(int(meses))} meses seguidos por {lado} del mismo mes del año anterior"


def reparto(por_etiqueta: Mapping[str, int], singular: str, plural: str) -> str:
    """«A la baja en 9 estados, al alza en 3, sin cambio distinguible en 20; sin datos suficientes en 2»."""
    vistas = [(e, int(por_etiqueta.get(e, 0))) for e in ETIQUETAS]
    total = sum(n for _, n in vistas)
    if total == 0:
        return f"Ningún {singular} tiene datos que comparar"
    partes = [f"{e} en {n:,}" for e, n in vistas[:3] if n]
    insuficientes = vistas[3][1]
    if not partes:
        return f"Sin datos suficientes en {'el' if total == 1 else 'los'} {contar(total, singular, plural)}"
    primero, *resto = partes
    primero += f" {singular if primero.endswith(' en 1') else plural}"
    frase = mayuscula(", ".join([primero, *resto]))
    return frase + (f"; sin datos suficientes en {insuficientes:,}" if insuficientes else "")


def subieron_y_bajaron(bajaron: int, subieron: int, iguales: int, sin_comparar: int, singular: str, plural: str) -> str:
    """Cuántos lugares tienen menos carpetas que antes y cuántos más; no dice si el cambio se distingue del azar."""
    if bajaron + subieron + iguales == 0:
        return f"no se puede comparar ningún {singular}"
    partes = []
    for cuantos, verbo in ((bajaron, "hubo menos carpetas que antes"), (subieron, "más"), (iguales, "las mismas")):
        if cuantos or verbo != "las mismas":
            partes.append((cuantos, verbo))
    (primero, verbo), *resto = partes
    frase = f"en {contar(primero, singular, plural) if primero else f'ningún {singular}'} {verbo}"
    frase += "".join(f", en {f'{n:,}' if n else 'ninguno'} {v}" for n, v in resto)
    return frase + (f"; en {sin_comparar:,} no se puede comparar" if sin_comparar else "")


def cambio_observado(antes: int, despues: int, antes_tramo: tuple[date, date], despues_tramo: tuple[date, date]) -> str:
    """Antes y después de un acuerdo, en los mismos meses del calendario; solo describe."""
    return (
        f"{mayuscula(contar(antes, 'carpeta'))} {tramo(*antes_tramo)}; {entero(despues)} {tramo(*despues_tramo)}: "
        f"{comparacion(despues, antes)}"
    )


def revision(cambiados: int, meses: int, cerrados: int, neto: float, delito: str, lugar: str) -> str:
    """«Cambiaron 40 de los 104 meses de homicidio doloso en México, 33 de años ya cerrados; en total, +9 carpetas»."""
    cuantos = (
        f"Cambió 1 de los {meses:,} meses" if cambiados == 1 else f"Cambiaron {cambiados:,} de los {meses:,} meses"
    )
    if meses == 1:
        cuantos = "Cambió el único mes que traían los dos cortes"
    de_cerrados = f", {cerrados:,} de años ya cerrados" if cerrados else ""
    total = "sin que cambie el total" if round(neto) == 0 else f"en total, {con_signo(neto)} carpetas"
    return f"{cuantos} de {delito[:1].lower()}{delito[1:]} {en(lugar)}{de_cerrados}; {total}"


def huecos(tramos: list[tuple[date, date]], que: str) -> str:
    """«Sin datos estatales cargados de diciembre de 2024 a diciembre de 2025»; vacía si no hay ninguno."""
    return f"sin datos {que} cargados {lista([tramo(*t) for t in tramos])}" if tramos else ""


def fuera_de_rango(
    conteo: float, bajo: float, alto: float, fecha: date, delito: str, lugar: str, *, provisional: bool = False
) -> str:
    """«En junio de 2025 se abrieron 43 carpetas por … en …; por sus doce meses anteriores se esperaban de 10 a 28»."""
    esperado = entero(alto) if round(bajo) == round(alto) else f"de {entero(bajo)} a {entero(alto)}"
    verbo = "se esperaba" if round(bajo) == round(alto) == 1 else "se esperaban"
    return f"{un_mes(conteo, fecha, delito, lugar, provisional=provisional)}; por sus doce meses anteriores {verbo} {esperado}"


def recuento_de_alertas(comparadas: int, altas: int, bajas: int, azar_altas: float, azar_bajas: float) -> str:
    """«De 704 series, 11 quedaron por encima de lo esperado y 9 por debajo; en un mes sin nada raro saldrían…»."""
    if comparadas == 0:
        return "ninguna serie tiene los trece meses que hacen falta para comparar"
    quedaron = "quedó" if altas == 1 else "quedaron"
    return (
        f"de {contar(comparadas, 'serie')}, {entero(altas)} {quedaron} por encima de lo esperado y {entero(bajas)} por debajo; "
        f"en un mes sin nada raro saldrían {_unas(azar_altas)} y {_unas(azar_bajas)}"
    )


def _unas(cuantas: float) -> str:
    return "menos de 1" if cuantas < 1 else f"cerca de {entero(cuantas)}"


def sin_provisionales(cuantos: int, cierre: date, conteo: float | None, previo: float | None) -> str:
    """«3 de los 12 meses son provisionales; sin ellos, a mayo de 2026: 2,050 carpetas, 164 menos (−7.4 %)»."""
    son = f"{entero(cuantos)} de los 12 meses {'es provisional' if cuantos == 1 else 'son provisionales'}"
    if not (hay(conteo) and hay(previo)):
        return son
    ellos = "él" if cuantos == 1 else "ellos"
    comparado = comparacion(conteo, previo)
    resto = (
        f"; {comparado}"
        if previo < BASE_MINIMA and round(conteo - previo)
        else f", {comparado} que en los 12 anteriores"
    )
    return f"{son}; sin {ellos}, en los 12 meses a {mes(cierre)}: {contar(conteo, 'carpeta')}{resto}"


def cuanto_se_mueve(cifras: int, mediana: float, p90: float) -> str:
    """Cuánto cambió después la cifra nacional de un mes recién publicado; ``mediana`` y ``p90`` en por ciento."""
    inicio = "Ese mes todavía se corrige: al corte siguiente,"
    if cifras == 1:
        return f"{inicio} la única cifra nacional comparable cambió {porcentaje(mediana)}"
    return (
        f"{inicio} la mitad de las {entero(cifras)} cifras nacionales comparadas cambió {porcentaje(mediana)} o más, y una de "
        f"cada diez, {porcentaje(p90)} o más"
    )


def estimado(razon: float, bajo: float, alto: float, prob_baja: float) -> str:
    """«Cambio estimado de la tasa: −12 % (IC 95 %: −25 % a +3 %); probabilidad de que haya bajado: 94 %»."""
    cambio, desde, hasta = (porcentaje_con_signo(100 * (valor - 1), 0) for valor in (razon, bajo, alto))
    return (
        f"Cambio estimado de la tasa: {cambio} (IC 95 %: {desde} a {hasta}); probabilidad de que haya bajado: "
        f"{probabilidad(prob_baja)}"
    )


def probabilidad(valor: float) -> str:
    """En por ciento, sin llegar nunca a la certeza: «más de 99 %», «menos de 1 %», «94 %»."""
    if valor > 0.99:
        return "más de 99\N{NO-BREAK SPACE}%"
    return "menos de 1\N{NO-BREAK SPACE}%" if valor < 0.01 else f"{entero(100 * valor)}\N{NO-BREAK SPACE}%"


def lugar_en_el_embudo(tasa: float, bajo: float, alto: float, que: str) -> str:
    """Dónde queda una tasa respecto de lo que se espera de un lugar de su tamaño (95 %)."""
    rango = f"de {decimal(bajo)} a {decimal(alto)}"
    if bajo <= tasa <= alto:
        lado = "dentro de lo que se espera"
    else:
        lado = f"por {'debajo' if tasa < bajo else 'encima'} de lo que se espera"
    return f"Su tasa, {decimal(tasa)} por 100 mil habitantes, está {lado} de un {que} de su tamaño ({rango})"


def seguidas(partes: Iterable[str]) -> str:
    """Varias oraciones en un párrafo: cada una con mayúscula y punto; las vacías no cuentan."""
    return " ".join(f"{mayuscula(parte)}." for parte in (p.rstrip(".") for p in partes) if parte)
