"""Qué se dice de la cifra declarada: describe la aritmética de la cifra, nunca a quien la dijo."""

from __future__ import annotations

from collections.abc import Sequence

from analisis import formatos
from analisis.cambio import BASE_MINIMA
from analisis.contraste import CERCA, COINCIDE, CONTRARIA, MITAD, OTRA, POR_DIA, POR_HABITANTE, POR_MES, SUMA, Cifra
from analisis.periodos import MESES_DEL_ANIO, Periodo
from informes.contraste.componer import VICTIMAS, Contraste, Manera
from informes.fuente import CIFRA_NEGRA
from informes.prensa.historias import BASE_CHICA, CRUZA_CON_PUENTE, PROVISIONAL, SOLO_DESCRIBE

REGLA = (
    "Coincide: el cambio, redondeado como se escribió la cifra, es esa cifra. 40\u00a0% abarca de 39.5 a 40.5\u00a0%; "
    "40.5\u00a0%, de 40.45 a 40.55\u00a0%; 12,000 carpetas, medio millar a cada lado, sin pasar de 5\u00a0% de la cifra; "
    "«a la mitad», de 45 a 55\u00a0%. Cerca: fuera de ese redondeo, pero a no más de un décimo de la cifra declarada, o de "
    "una unidad de su última posición escrita. Lo demás es otra magnitud, u otra dirección si el cambio es cero o va al revés."
)
INTERVALO = (
    "Intervalo de 95\u00a0%, cuasi-Poisson: supone que los meses varían más que el puro azar tanto como variaron en los dos "
    "periodos (nunca menos que Poisson), con la t de Student. Si la serie sube y baja de un año a otro por rachas, se "
    "queda corto."
)
_POR = {
    SUMA: "{u}",
    POR_MES: "{u} por mes",
    POR_DIA: "{u} por día",
    POR_HABITANTE: "{u} por cada 100 mil habitantes",
}
_SINGULAR = {"carpetas": "carpeta", "víctimas": "víctima"}


def declarada(cifra: Cifra) -> str:
    """«una baja de 40 %», «un alza de 1,912 carpetas» o «una baja a la mitad»."""
    que = "una baja" if cifra.valor < 0 else "un alza"
    if cifra.unidad == MITAD:
        return f"{que} a la mitad"
    return f"{que} de {_sin_signo(cifra)}"


def _sin_signo(cifra: Cifra) -> str:
    if cifra.en_porcentaje:
        return formatos.porcentaje(abs(cifra.valor), cifra.decimales)
    return formatos.contar(abs(cifra.valor), "carpeta")


def con_manera(manera: Manera) -> str:
    """«las carpetas por día de 2018 contra los 12 meses a noviembre de 2024»."""
    c = manera.comparacion
    que = _POR[c.medida].format(u=manera.unidad)
    return f"las {que} de {c.antes.texto()} contra {c.despues.texto()}"


def veredicto(contraste: Contraste) -> str:
    """La frase sobre la cifra: con qué manera coincide, o de cuánto a cuánto van las maneras."""
    cifra = contraste.cifra
    if cifra is None:
        return _sin_cifra(contraste)
    validas = [m for m in contraste.juzgables if m.vale]
    if not validas:
        return _sin_porcentaje(contraste)
    coinciden = [m for m in validas if m.juicio == COINCIDE]
    if coinciden:
        demas = [m for m in validas if m.juicio != COINCIDE]
        resto = f"; contado de otras maneras, {_va(demas, contraste)}" if demas else "; así sale de todas las maneras"
        return f"La cifra, {declarada(cifra)}, coincide con contar {_algunas(coinciden)}{resto}"
    tramposas = [m for m in contraste.maneras if not m.vale and m.juicio == COINCIDE]
    if tramposas:
        return (
            f"La cifra, {declarada(cifra)}, solo sale de sumar periodos que no duran lo mismo; comparados como se debe, "
            f"{_va(validas, contraste)}"
        )
    ninguna = f"Ninguna forma de contar da {declarada(cifra)}"
    juicios = {m.juicio for m in validas}
    de_cuanto = _van(validas, contraste)
    if juicios == {CONTRARIA}:
        dicho = f"La dirección no coincide: se dijo {declarada(cifra)} y"
        return f"{dicho}, contado de {_cuantas(validas)}, {_va(validas, contraste)}"
    if CERCA in juicios:
        cercana = min(validas, key=lambda m: abs(m.hallado(contraste.en_porcentaje) - cifra.valor))
        return f"{ninguna}; la más cercana, {con_manera(cercana)}, da {_hallado(cercana, contraste)}; {de_cuanto}"
    if CONTRARIA in juicios:
        return f"{ninguna}, y no todas van en la misma dirección: {de_cuanto}"
    return f"{ninguna}: {de_cuanto}. La dirección coincide, la magnitud no"


def juicio_en_palabras(manera: Manera) -> str:
    """Cómo se dice en la tabla."""
    texto = {
        COINCIDE: "coincide",
        CERCA: "cerca",
        OTRA: "la dirección coincide, la magnitud no",
        CONTRARIA: "la dirección no coincide",
    }.get(manera.juicio, "no se puede decir")
    return texto if manera.vale else f"{texto}; no se comparan: los periodos no duran lo mismo"


def de_partida(contraste: Contraste) -> str:
    """Si el primer periodo es el más alto o el más bajo de los que se pudieron elegir, y con cuáles sale la cifra."""
    partidas = contraste.partidas
    antes = contraste.declaracion.antes
    if len(partidas) < 2:
        return "No hay otro punto de partida completo con qué compararlo"
    tasa = {p.antes: p.conteo_antes / p.antes.dias for p in partidas}
    orden = sorted(tasa, key=lambda p: tasa[p], reverse=True)
    lugar = orden.index(antes) + 1
    cuantos = f"de los {len(partidas)} puntos de partida posibles"
    if lugar == 1:
        frase = f"{formatos.mayuscula(antes.texto())} es el más alto {cuantos}: desde ahí toda baja se ve más grande"
    elif lugar == len(orden):
        frase = f"{formatos.mayuscula(antes.texto())} es el más bajo {cuantos}: desde ahí toda alza se ve más grande"
    else:
        frase = f"{formatos.mayuscula(antes.texto())} es el {lugar}.º más alto {cuantos}"
    if contraste.cifra is None:
        return frase
    con_cifra = [p for p in partidas if contraste.cifra.juzgar(_en_unidad(contraste, p)) == COINCIDE]
    if not con_cifra:
        return f"{frase}. Ninguno da la cifra declarada"
    cuales = formatos.lista([p.antes.texto() for p in con_cifra])
    return f"{frase}. La cifra declarada sale partiendo de {cuales}"


def _en_unidad(contraste: Contraste, partida) -> float:
    return partida.cambio_pct if contraste.en_porcentaje else float(partida.diferencia)


def deja_fuera(contraste: Contraste) -> list[str]:
    """Lo que dejan fuera las maneras que dan la cifra (o todas, si ninguna la da), una oración por renglón."""
    d = contraste.declaracion
    mirar = [m for m in contraste.maneras if m.juicio == COINCIDE] or list(contraste.maneras)
    medidas = {(m.unidad, m.comparacion.medida) for m in mirar}
    partes = [de_partida(contraste)]
    if contraste.en_porcentaje:
        partes += _incertidumbre(contraste)
    if ("carpetas", SUMA) in medidas:
        partes.append("Contar carpetas no descuenta que la población creció ni que hay meses y años más largos")
    if any(m == POR_HABITANTE for _, m in medidas):
        partes.append("La tasa depende de la población proyectada, que también se corrige")
    if any(u == VICTIMAS for u, _ in medidas):
        partes.append("Una carpeta puede tener varias víctimas: víctimas y carpetas no se comparan entre sí")
    elif contraste.declaracion.nivel != "municipal" and not any(m.unidad == VICTIMAS for m in contraste.maneras):
        partes.append("No se publican víctimas completas de este delito y estos periodos")
    if not d.antes.es_anio or not d.despues.es_anio:
        partes.append("Solo se miran los meses dichos: los demás meses del año pueden ir de otra manera")
    return partes


def _incertidumbre(contraste: Contraste) -> list[str]:
    """Cuántos intervalos tocan el cero, y en cuántos cabe la cifra."""
    con = [m.comparacion for m in contraste.juzgables if m.vale and formatos.hay(m.comparacion.bajo)]
    if not con:
        return []
    de_todas = f"de {formatos.contar(len(con), 'manera')}"
    partes = []
    sin_cambio = sum(c.bajo <= 0 <= c.alto for c in con)
    if sin_cambio:
        partes.append(
            f"En {sin_cambio} {de_todas} el cambio no se distingue de cero: su intervalo de 95\u00a0% lo contiene"
        )
    if contraste.cifra is not None:
        cabe = sum(c.bajo <= contraste.cifra.valor <= c.alto for c in con)
        cuantas = f"de {cabe} {de_todas}" if cabe else "de ninguna manera de contar"
        partes.append(f"La cifra declarada cabe en el intervalo de 95\u00a0% {cuantas}")
    return partes


def cautelas(contraste: Contraste) -> list[str]:
    """Lo que hay que leer antes de publicar, una por renglón."""
    d = contraste.declaracion
    partes = []
    if any(m.comparacion.sin_porcentaje for m in contraste.maneras):
        partes.append(BASE_CHICA)
    if len(contraste.metodologias) > 1:
        partes.append(CRUZA_CON_PUENTE)
    if contraste.provisionales:
        partes.append(
            f"{PROVISIONAL} En estos periodos hay {formatos.contar(contraste.provisionales, 'mes', 'meses')} así."
        )
    if min(d.antes.largo, d.despues.largo) == 1:
        partes.append("Un solo mes sube y baja por azar: compare doce.")
    if d.antes.largo != d.despues.largo:
        partes.append("Los periodos no duran lo mismo: su suma no se compara, y las otras maneras lo descuentan.")
    partes += [*_de_revisiones(contraste), SOLO_DESCRIBE, CIFRA_NEGRA]
    return partes


def _de_revisiones(contraste: Contraste) -> list[str]:
    if not contraste.revisiones:
        return ["No hay dos cortes conservados que traigan estos meses: no se sabe cuánto se han corregido."]
    partes = []
    for r in contraste.revisiones:
        cuando = f"Entre el corte de {formatos.mes(r.anterior)} y el de {formatos.mes(r.nuevo)}"
        if r.antes == r.despues:
            partes.append(f"{cuando} no cambió la suma de {r.periodo.texto()}: {formatos.contar(r.antes, 'carpeta')}.")
        else:
            partes.append(
                f"{cuando} la suma de {r.periodo.texto()} pasó de {formatos.entero(r.antes)} a {formatos.entero(r.despues)} "
                f"({formatos.con_signo(r.despues - r.antes)})."
            )
    return partes


def _hallado(manera: Manera, contraste: Contraste) -> str:
    valor = manera.hallado(contraste.en_porcentaje)
    return formatos.porcentaje_con_signo(valor) if contraste.en_porcentaje else formatos.con_signo(valor)


def _extremos(maneras: Sequence[Manera], contraste: Contraste) -> list[str]:
    """La menor y la mayor de sus cifras, ya escritas: en tamaño, o por su signo si las hay de los dos; una si son iguales."""
    valores = sorted((m.hallado(contraste.en_porcentaje), _hallado(m, contraste)) for m in maneras)
    if valores[0][0] <= valores[-1][0] <= 0:  # una baja se dice de la menor a la mayor
        valores.reverse()
    return list(dict.fromkeys(texto for _, texto in (valores[0], valores[-1])))


def _va(maneras: Sequence[Manera], contraste: Contraste) -> str:
    """«el cambio va de −10.6 % a −19.0 %» o «el cambio es −10.6 %»."""
    extremos = _extremos(maneras, contraste)
    if len(extremos) == 2:
        return f"el cambio va de {extremos[0]} a {extremos[1]}"
    return f"el cambio es {extremos[0]}"


def _van(maneras: Sequence[Manera], contraste: Contraste) -> str:
    """«van de −10.6 % a −19.0 %», «la única da −10.6 %» o «todas dan −10.6 %»: lo que hacen las maneras."""
    extremos = _extremos(maneras, contraste)
    if len(extremos) == 2:
        return f"van de {extremos[0]} a {extremos[1]}"
    return f"{'la única posible da' if len(maneras) == 1 else 'todas dan'} {extremos[0]}"


def _algunas(maneras: Sequence[Manera]) -> str:
    primera = con_manera(maneras[0])
    if len(maneras) == 1:
        return primera
    return f"{primera} (y de {formatos.contar(len(maneras) - 1, 'manera')} más)"


def _cuantas(maneras: Sequence[Manera]) -> str:
    return "la única manera posible" if len(maneras) == 1 else f"{len(maneras)} maneras"


def _sin_cifra(contraste: Contraste) -> str:
    d = contraste.declaracion
    que = f"{d.nombre_del_delito} {d.donde}, {d.antes.texto()} contra {d.despues.texto()}"
    validas = [m for m in contraste.juzgables if m.vale]
    if not validas:
        return f"{que}: {_los_conteos(contraste)}"
    cuantas = "" if len(validas) == 1 else " según cómo se cuente"
    return f"{que}: {_va(validas, contraste)}{cuantas}"


def _sin_porcentaje(contraste: Contraste) -> str:
    base = contraste.maneras[0].comparacion.conteo_antes
    if base == 0:
        return f"De cero no se calcula porcentaje: {_los_conteos(contraste)}"
    return f"Con menos de {BASE_MINIMA} carpetas de partida no se juzga un porcentaje: {_los_conteos(contraste)}"


def _los_conteos(contraste: Contraste) -> str:
    manera = contraste.maneras[0]
    c = manera.comparacion
    return (
        f"{formatos.contar(c.conteo_antes, _SINGULAR[manera.unidad])} {_cuando(c.antes)} y "
        f"{formatos.entero(c.conteo_despues)} {_cuando(c.despues)}"
    )


def _cuando(periodo: Periodo) -> str:
    """«en 2018», «en los 12 meses a noviembre de 2024» o «de marzo a mayo de 2016»."""
    return f"{'en' if periodo.largo in (1, MESES_DEL_ANIO) else 'de'} {periodo.texto()}"


def titulo(contraste: Contraste) -> str:
    """El hallazgo para la figura: de qué delito y lugar, y qué pasa con la cifra."""
    if contraste.cifra is None:
        return veredicto(contraste)
    d = contraste.declaracion
    dicho = veredicto(contraste)
    return f"{d.nombre_del_delito} {d.donde}. {dicho}"
