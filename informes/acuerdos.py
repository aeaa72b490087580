"""Un acuerdo en palabras: en qué va, en qué se apoya, quién responde, qué pide su meta y cuánto lleva. El efecto, aparte."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from analisis import formatos
from datos.consultas import lugares
from datos.consultas.claves import claves
from datos.consultas.contexto import Contexto
from datos.plantilla.columnas import NIVELES_CUMPLIMIENTO
from datos.registro.avance import Avance
from datos.registro.lectura import Expediente
from datos.registro.linea_base import series_de
from datos.registro.meses import sumar
from datos.registro.modelo import Acuerdo

SIN_MEZCLAR = (
    "El cumplimiento dice si se hizo lo acordado; el efecto, qué pasó con las carpetas. Son dos cosas y no se mezclan."
)


def nivel(cumplimiento: int) -> str:
    """«4 de 5: sustancial»."""
    return f"{cumplimiento} de 5: {NIVELES_CUMPLIMIENTO[cumplimiento - 1]}"


def respaldo(e: Expediente) -> str:
    """En qué se apoya el nivel declarado."""
    if e.seguimiento is None:
        return "sin seguimiento todavía"
    if e.verificado:
        return "con evidencia verificada"
    if e.respaldos:
        return "con evidencia sin verificar"
    return "importado, sin evidencia aquí" if e.seguimiento.importado else "sin evidencia"


def tiene_meta(a: Acuerdo) -> bool:
    """Si su meta se puede medir."""
    return a.meta_pct is not None or a.meta_valor is not None


def meta(a: Acuerdo) -> str:
    """«−20 % en carpetas», «38 carpetas», o por qué no tiene."""
    if a.meta_pct is not None:
        return f"{formatos.porcentaje_con_signo(a.meta_pct, 0)} en carpetas"
    if a.meta_valor is not None:
        return formatos.contar(a.meta_valor, "carpeta")
    return f"sin meta medible: {a.sin_meta_porque}"


def responsable(a: Acuerdo, lado: str) -> str:
    """Quién responde de un lado ('autoridad' o 'ciudadania'), o por qué nadie todavía."""
    quien = a.autoridad_responsable if lado == "autoridad" else a.corresponsable_ciudadano
    return quien or f"nadie todavía: {a.sin_responsable_porque}"


def reparto(expedientes: Sequence[Expediente]) -> str:
    """«3 completos, 2 sustanciales, 5 limitados…»; solo los niveles con alguno."""
    partes = []
    de_cada = Counter(e.cumplimiento for e in expedientes)
    for n in (5, 4, 3, 2, 1):
        cuantos = de_cada[n]
        if cuantos:
            palabra = NIVELES_CUMPLIMIENTO[n - 1]
            plural = palabra if n in (1,) else f"{palabra}s" if palabra[-1] in "ao" else f"{palabra}es"
            plural = "no iniciados" if n == 2 else plural
            partes.append(f"{formatos.entero(cuantos)} {palabra if cuantos == 1 else plural}")
    return formatos.lista(partes)


def de_que_es(a: Acuerdo) -> str:
    """«Robo de vehículo», «Robo a negocio y robo a transeúnte» o el nombre de su canasta."""
    catalogo = claves()
    return formatos.lista([catalogo[s].nombre for s in series_de(a.delitos, a.canasta)])


def donde_es(a: Acuerdo) -> str:
    """Los nombres de sus municipios."""
    return formatos.lista([lugares.nombres()[m] for m in a.municipios])


def ultimo_cerrado(actual: Contexto) -> date | None:
    """El último mes municipal que la fuente ya no suele corregir; ``None`` sin datos municipales."""
    fuentes = actual.fuentes("municipal")
    if not fuentes:
        return None
    ultima = fuentes[-1]
    if ultima.provisional_desde is None:
        return ultima.corte.replace(day=1)
    return sumar(ultima.provisional_desde, -1)


def avance_en_palabras(v: Avance, signo: str) -> str:
    """Cuántas carpetas van y qué pide la meta, sin decir que el acuerdo lo causó."""
    if v.observado is None:
        return v.motivo
    van = f"{formatos.contar(v.observado, 'carpeta')} en {formatos.contar(v.meses, 'mes', 'meses')} desde su inicio"
    if v.meta_total is None:
        return f"{van}; no tiene meta en carpetas."
    if v.meses < v.meses_de_la_meta:
        return f"{van}; la meta son {formatos.entero(v.meta_total)} en {v.meses_de_la_meta} meses: todavía no se completan."
    llego = v.observado <= v.meta_total if signo == "baja" else v.observado >= v.meta_total
    return (
        f"{van}; la meta son {formatos.entero(v.meta_total)}: {'dentro de la meta' if llego else 'fuera de la meta'}."
    )
