"""Lo que dice un boletín, en el modo en que hablan las Mesas: conteos contra los meses anteriores y contra un año antes.

Un mes contra otro va solo en carpetas, nunca en por ciento: de un mes a otro casi todo es azar. El porcentaje es de lo que va
del año, y con menos de 20 carpetas de base no hay ninguno.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import pandas as pd

from analisis import formatos, frases
from analisis.boletin import Renglon
from analisis.cambio import BASE_MINIMA
from analisis.periodos import MESES_DEL_ANIO, en_tramos, mover
from analisis.rangos import ALTA
from datos.consultas import revisiones
from datos.consultas.claves import claves
from informes.asentamiento import cuanto_se_mueve_el_ultimo_mes
from informes.boletin.donde import Donde
from informes.prensa.historias import CRUZA_CON_PUENTE

SOLO_CARPETAS = (
    "Un mes sube y baja por azar: por eso un mes contra otro va solo en carpetas, y el porcentaje es de lo que va del "
    "año."
)
REVISIONES_QUE_SE_DICEN = 3


def el_mes(mes: date) -> str:
    """«marzo de 2026»."""
    return formatos.mes(mes)


def titulo(donde: Donde, mes: date, delitos: Sequence[tuple[str, Renglon]]) -> str:
    """Cuántos delitos tuvieron más, menos o las mismas carpetas que el mes anterior."""
    con = [(n, r) for n, r in delitos if r.conteo is not None]
    inicio = f"{donde.nombre}, {el_mes(mes)}"
    anterior = mover(mes, -1)
    comparados = [
        (r.conteo, b) for _, r in con if r.conteo is not None and (b := dict(r.anteriores)[anterior]) is not None
    ]
    if not comparados:
        return f"{inicio}: {formatos.contar(len(con), 'delito')} con cifra; el mes anterior no está publicado y no se compara"
    contra = f"contra {formatos.MESES[anterior.month - 1]}"
    if len(con) == 1:
        nombre, (a, b) = con[0][0], comparados[0]
        return f"{inicio}: {contar_carpetas(a)} {frases.por(nombre)}, {frases.diferencia(a, b)} que en {el_mes(anterior)} ({b})"
    mas, menos = sum(a > b for a, b in comparados), sum(a < b for a, b in comparados)
    cuentas = (("más carpetas", mas), ("menos", menos), ("las mismas", len(comparados) - mas - menos))
    partes = [f"{palabra} en {n}" for palabra, n in cuentas if n]
    primera = partes[0] if partes[0].startswith("más") else partes[0].replace(" en ", " carpetas en ", 1)
    de_cuantos = f"de {formatos.contar(len(comparados), 'delito')}"
    partes[0] = f"{primera} {de_cuantos}" if len(partes) > 1 else primera.replace(" en ", " en los ") + " delitos"
    return f"{inicio}: {formatos.lista(partes)}, {contra}"


def contar_carpetas(cuantas: int) -> str:
    """«ninguna carpeta», «1 carpeta», «205 carpetas»."""
    return "ninguna carpeta" if cuantas == 0 else formatos.contar(cuantas, "carpeta")


def bajada(nota: str, mes: date, renglones: Sequence[Renglon]) -> str:
    """Qué se suma, que esto describe, y lo que vale para todos los delitos: que no hay año anterior con que comparar."""
    partes = [nota, "Carpetas de investigación; describe, no dice por qué."]
    if sin_anio_anterior(renglones):
        partes.append(
            f"De {el_mes(mover(mes, -MESES_DEL_ANIO))} no hay cifra de ningún delito, y por eso nada se compara con un año antes."
        )
    return " ".join(p for p in partes if p)


def sin_anio_anterior(renglones: Sequence[Renglon]) -> bool:
    """Si de ningún delito hay con qué comparar un año antes: se dice una vez y no en cada uno."""
    return all(r.hace_un_anio is None and r.acumulado_previo is None for r in renglones)


def de_un_delito(nombre: str, r: Renglon, *, con_anio_anterior: bool = True) -> list[str]:
    """Las oraciones de un delito, de la cifra del mes a lo que va del año; ninguna si no está publicado.

    Sin ``con_anio_anterior`` no se repite en cada uno que falta.
    """
    if r.conteo is None:
        return []  # la tabla dice «n. d.» y las cautelas, cuáles faltan y que lo no publicado no es cero
    provisional = " (provisional)" if r.provisional else ""
    partes = [f"{nombre}: {contar_carpetas(r.conteo)}{provisional}{_contra_los_anteriores(r)}"]
    if r.en_cero >= 2:
        partes.append(f"Van {r.en_cero} meses seguidos sin carpetas")
    if con_anio_anterior:
        partes.append(_un_anio_antes(r))
    acumulado = _acumulado(r, con_anio_anterior)
    if acumulado:
        partes.append(acumulado)
    racha = frases.racha(r.racha)
    if racha:
        partes.append(f"Van {racha}")
    if r.alerta:
        partes.append(_fuera(r))
    return [f"{p}." for p in partes]


def _contra_los_anteriores(r: Renglon) -> str:
    """«, más que en febrero (306) y en enero (300)» o «, más que en febrero (306) y menos que en enero (430)»."""
    assert r.conteo is not None
    por_relacion: dict[str, list[str]] = {}
    faltan = []
    for mes, conteo in r.anteriores:
        cual = formatos.MESES[mes.month - 1] if mes.year == r.mes.year else el_mes(mes)
        if conteo is None:
            faltan.append(cual)
        elif conteo == r.conteo:
            por_relacion.setdefault("las mismas que", []).append(f"en {cual}")
        else:
            relacion = "más que" if r.conteo > conteo else "menos que"
            por_relacion.setdefault(relacion, []).append(f"en {cual} ({formatos.entero(conteo)})")
    partes = [f"{relacion} {formatos.lista(cuales)}" for relacion, cuales in por_relacion.items()]
    frase = f", {formatos.lista(partes)}" if partes else ""
    return frase + (f"; de {formatos.lista(faltan)} no hay cifra" if faltan else "")


def _un_anio_antes(r: Renglon) -> str:
    antes = el_mes(mover(r.mes, -MESES_DEL_ANIO))
    if r.hace_un_anio is None:
        return f"De {antes} no hay cifra con que compararla"
    return (
        f"En {antes} no hubo ninguna" if r.hace_un_anio == 0 else f"En {antes} hubo {formatos.entero(r.hace_un_anio)}"
    )


def _acumulado(r: Renglon, con_anio_anterior: bool) -> str:
    """Lo que va del año; en enero es el propio mes y no se repite."""
    if r.mes.month == 1 or r.acumulado is None:
        return ""
    frase = f"{formatos.mayuscula(formatos.tramo(date(r.mes.year, 1, 1), r.mes))} van {formatos.entero(r.acumulado)}"
    if r.acumulado_previo is not None:
        return frase + frases.contra(r.acumulado, r.acumulado_previo, f"en los mismos meses de {r.mes.year - 1}")
    if not con_anio_anterior:
        return frase
    return f"{frase}; los mismos meses de {r.mes.year - 1} no están publicados completos o no se comparan"


def _fuera(r: Renglon) -> str:
    lado = "encima" if r.alerta == ALTA else "debajo"
    cuanto = (
        formatos.entero(r.alto) if r.bajo == r.alto else f"de {formatos.entero(r.bajo)} a {formatos.entero(r.alto)}"
    )
    aviso = ", y el mes todavía se corrige" if r.provisional else ""
    return f"Queda por {lado} de lo que se esperaba por sus doce meses anteriores ({cuanto}){aviso}"


def inusual(delitos: Sequence[tuple[str, Renglon]]) -> list[str]:
    """Lo que quedó fuera de su rango esperado, o que nada lo hizo, o que no hay con qué saberlo."""
    fuera = [(n, r) for n, r in delitos if r.alerta]
    con_rango = [r for _, r in delitos if r.conteo is not None and r.bajo is not None]
    if not con_rango:
        return [
            "No se puede decir si el mes es inusual: hacen falta los doce meses anteriores, y alguno no está publicado."
        ]
    verbo = "Se comparó" if len(con_rango) == 1 else "Se compararon"
    frase = f"{verbo} {formatos.contar(len(con_rango), 'delito')} con sus doce meses anteriores."
    if not fuera:
        return [f"{frase} Ninguno quedó fuera de lo que se esperaba."]
    return [frase, *(f"{n}: {formatos.contar(r.conteo or 0, 'carpeta')}. {_fuera(r)}." for n, r in fuera)]


def cautelas(
    donde: Donde, mes: date, delitos: Sequence[tuple[str, str, Renglon]], publicados: Collection[date]
) -> list[str]:
    """Lo que todavía no se puede decir, una oración por renglón. ``publicados``: los meses con alguna cifra."""
    partes = []
    con = [(n, r) for _, n, r in delitos if r.conteo is not None]
    if any(r.provisional for _, r in con):
        partes.append(f"{formatos.mayuscula(el_mes(mes))} es provisional. {cuanto_se_mueve_el_ultimo_mes()}.")
    partes += _corregido(donde, mes, delitos)
    sin_anio = [n for n, r in con if r.hace_un_anio is None]
    if sin_anio:
        todos = "ninguno" if len(sin_anio) == len(con) else formatos.lista([n.lower() for n in sin_anio])
        antes = el_mes(mover(mes, -MESES_DEL_ANIO))
        partes.append(
            f"Si el mes es alto o bajo contra un año antes: de {antes} no hay cifra comparable de {todos}"
            + (" de estos delitos." if todos == "ninguno" else ".")
        )
    partes += _huecos(mes, publicados)
    if any(r.cruza and r.hace_un_anio is not None for _, r in con):
        partes.append(CRUZA_CON_PUENTE)
    chicos = [n.lower() for n, r in con if r.acumulado_previo is not None and r.acumulado_previo < BASE_MINIMA]
    if chicos:
        partes.append(
            f"Un porcentaje de {formatos.lista(chicos)}: su base es de menos de {BASE_MINIMA} carpetas y con tan pocas el azar "
            "solo las mueve."
        )
    faltan = [n.lower() for _, n, r in delitos if r.conteo is None]
    if faltan:
        partes.append(
            f"Nada de {formatos.lista(faltan)}: no está publicado de {el_mes(mes)}, y lo no publicado no es cero."
        )
    partes.append(SOLO_CARPETAS)
    return partes


def _huecos(mes: date, publicados: Collection[date]) -> list[str]:
    """Los meses sin ninguna cifra entre un año antes y el mes."""
    faltan = [m for m in (mover(mes, -n) for n in range(MESES_DEL_ANIO, 0, -1)) if m not in publicados]
    if not faltan:
        return []
    tramos = formatos.lista([formatos.tramo(*t) for t in en_tramos(faltan)])
    return [f"Qué pasó {tramos}: no está cargado, y lo no publicado no es cero."]


def _corregido(donde: Donde, mes: date, delitos: Sequence[tuple[str, str, Renglon]]) -> list[str]:
    """Las mayores correcciones que ya tuvieron, entre el último par de cortes, los meses que van del año."""
    if donde.es_mesa:
        return []
    pares = [p for p in revisiones.pares() if p.ambito == donde.ambito and p.anterior.year == mes.year]
    if not pares:
        return []
    par, movidos = pares[0], []
    for clave, nombre, r in delitos:
        if r.conteo is None or claves()[clave].es_canasta:
            continue
        por_mes = revisiones.por_mes(donde.lugares[0], clave, par).dropna()
        del_anio = por_mes[(por_mes["fecha"] >= pd.Timestamp(mes.year, 1, 1)) & (por_mes["fecha"] <= pd.Timestamp(mes))]
        for f in del_anio.itertuples(index=False):
            if f.antes != f.despues:
                movidos.append((abs(f.despues - f.antes), nombre, f.fecha.date(), int(f.antes), int(f.despues)))
    cortes = f"entre el corte de {el_mes(par.anterior)} y el de {el_mes(par.nuevo)}"
    if not movidos:
        return [f"Cuánto se corregirán: {cortes} no cambió ninguna cifra de estos delitos en el año."]
    movidos.sort(key=lambda m: (-m[0], m[1], m[2]))
    dichos = [
        f"{nombre.lower()}, {el_mes(cual)}, de {formatos.entero(a)} a {formatos.entero(b)}"
        for _, nombre, cual, a, b in movidos[:REVISIONES_QUE_SE_DICEN]
    ]
    return [f"Cuánto se corregirán: {cortes} ya cambió lo del año; lo que más: {'; '.join(dichos)}."]
