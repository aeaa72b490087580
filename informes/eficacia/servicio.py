"""De un acuerdo (o un placebo) y el corte vigente a su evaluación: panel, exclusiones, contigüidad, avisos y ensanche."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from analisis.eficacia import INSUFICIENTES, VERSION_DEL_METODO, Acumulado, Evaluacion, evaluar, primer_mes
from analisis.eficacia.calibracion import tamano_de_conjunto
from analisis.eficacia.palabras import Asunto, nombre_de
from analisis.formatos import lista
from datos import catalogos
from datos.catalogos import PREFIJO_DE_CANASTA
from datos.consultas import lugares
from datos.consultas.calibracion import SinCalibracion, calibracion
from datos.consultas.cerrados import Cerrados, SinMesesCerrados, cerrados
from datos.consultas.claves import claves, no_comparables
from datos.consultas.contexto import contexto
from datos.consultas.evaluables import Evaluable, Guardada, evaluaciones_de, guardar_evaluacion
from datos.consultas.geometria import vecinos
from datos.tablero import recordar

QUIEBRE = date(2026, 1, 1)
MESES_DE_TRASLAPE = 12
HISTORIA, HORIZONTE = 36, 12
MESES_PARA_CONOCER_RESULTADOS = 6
# Los que casi siempre tienen carpeta; de los demás, la mayor parte no se denuncia (ENVIPE 2025).
BIEN_REGISTRADOS = {
    "homicidio_doloso", "homicidio_culposo", "feminicidio", "robo_vehiculo", "robo_vehiculo_con_violencia",
    "robo_vehiculo_sin_violencia",
}  # fmt: skip


@dataclass(frozen=True)
class Pregunta:
    """Lo que define una evaluación. ``excluidos``: municipios que no pueden servir de comparación."""

    municipios: tuple[str, ...]
    delitos: tuple[str, ...]
    inicio: date
    rezago: int = 0
    signo: int = -1
    excluidos: tuple[str, ...] = ()
    avisos: tuple[str, ...] = ()

    @property
    def mes(self) -> date:
        """Primer mes completo del efecto."""
        return primer_mes(self.inicio, self.rezago)


@dataclass(frozen=True)
class Hecha:
    """Una evaluación con lo que hace falta para mostrarla."""

    pregunta: Pregunta
    evaluacion: Evaluacion
    panel: Cerrados | None
    contiguos: tuple[str, ...]
    semilla: int
    ensanche: float

    @property
    def asunto(self) -> Asunto:
        """De qué se habla, con nombres."""
        fin = primer_mes(self.pregunta.mes, max(self.evaluacion.meses_despues, 1) - 1)
        return Asunto(
            nombre_de_delitos(self.pregunta.delitos),
            nombre_de_municipios(self.pregunta.municipios),
            self.pregunta.mes,
            fin,
        )

    @property
    def comparables(self) -> list[tuple[str, float]]:
        """Clave y peso de cada municipio comparable, del que más pesa al que menos."""
        e = self.evaluacion
        if self.panel is None:
            return []
        pares = zip(e.controles, e.pesos, strict=True)
        return sorted(((self.panel.lugares[i], float(p)) for i, p in pares), key=lambda par: (-par[1], par[0]))


def nombre_de_delitos(delitos: Sequence[str]) -> str:
    """«Robo de vehículo», o «Robo a negocio y robo a transeúnte»."""
    nombres = [claves()[d].nombre for d in delitos]
    return lista([nombres[0], *(n[:1].lower() + n[1:] for n in nombres[1:])])


def nombre_de_municipios(municipios: Sequence[str]) -> str:
    """Los nombres en una lista corta, con la entidad una vez si es la misma."""
    completos = [lugares.nombres().get(m, m) for m in municipios]
    entidades = {c.rpartition(", ")[2] for c in completos}
    if len(completos) == 1 or len(entidades) > 1:
        return nombre_de(completos)
    return f"{nombre_de([c.rpartition(', ')[0] for c in completos])}, {entidades.pop()}"


def pregunta_de(acuerdo: Evaluable, todos: Sequence[Evaluable]) -> Pregunta:
    """La pregunta de un acuerdo, con los demás acuerdos que la limitan y los avisos que no salen de los conteos."""
    mes = primer_mes(acuerdo.inicio, acuerdo.rezago)
    suyos = _basicos(acuerdo.delitos)
    otros = [
        o
        for o in todos
        if o.id != acuerdo.id
        and suyos & _basicos(o.delitos)
        and abs(_meses_entre(mes, primer_mes(o.inicio, o.rezago))) <= MESES_DE_TRASLAPE
    ]
    excluidos = {m for o in otros for m in o.municipios} - set(acuerdo.municipios)
    avisos = avisos_de(acuerdo.municipios, acuerdo.delitos)
    if any(set(o.municipios) & set(acuerdo.municipios) for o in otros):
        avisos.add("acuerdos_traslapados")
    conocidos = primer_mes(mes, MESES_PARA_CONOCER_RESULTADOS)
    if acuerdo.registrado is not None and acuerdo.registrado >= conocidos:
        avisos.add("fecha_retroactiva")
    return Pregunta(
        acuerdo.municipios, acuerdo.delitos, acuerdo.inicio, acuerdo.rezago, acuerdo.signo,
        tuple(sorted(excluidos)), tuple(sorted(avisos)),
    )  # fmt: skip


def avisos_de(municipios: Sequence[str], delitos: Sequence[str]) -> set[str]:
    """Los avisos que dependen de qué delitos y municipios son."""
    avisos = set()
    if not _basicos(delitos) <= BIEN_REGISTRADOS:
        avisos.add("subregistro")
    nuevos = catalogos.municipios().set_index("cve_mun")["existe_desde"].dropna()
    if set(municipios) & set(nuevos.index):
        avisos.add("municipio_nuevo")
    return avisos


def ensanche_de(delitos: Sequence[str], cuantos: int) -> float:
    """El factor calibrado para un conjunto de ese tamaño: el mayor de sus delitos; 1 si no se ha medido."""
    factores = [1.0]
    for delito in delitos:
        try:
            tabla = calibracion(delito).por_conjunto
        except SinCalibracion:
            continue
        tamano = tamano_de_conjunto(cuantos)
        if tamano in tabla.index:
            factores.append(float(tabla.loc[tamano, "ensanche"]))
    return max(factores)


def responder(pregunta: Pregunta, *, completa: bool = True) -> Hecha:
    """La evaluación con el corte vigente; sin ``completa``, sin las otras maneras de hacer la cuenta."""
    return _responder(pregunta, ensanche_de(pregunta.delitos, len(pregunta.municipios)), completa)


@recordar(maximo=1500)
def _responder(pregunta: Pregunta, ensanche: float, completa: bool) -> Hecha:
    semilla = semilla_de(pregunta)
    try:
        panel = cerrados(pregunta.delitos)
    except SinMesesCerrados as causa:
        texto = str(causa)[:1].lower() + str(causa).rstrip(".")[1:]
        vacia = Evaluacion(INSUFICIENTES, texto, signo=pregunta.signo, avisos=pregunta.avisos)
        return Hecha(pregunta, vacia, None, (), semilla, ensanche)
    posicion = panel.posiciones
    ajenos = [m for m in pregunta.municipios if m not in posicion]
    if ajenos:
        motivo = f"la base publicada no conoce a {lista(ajenos)}"
        vacia = Evaluacion(INSUFICIENTES, motivo, signo=pregunta.signo, avisos=pregunta.avisos)
        return Hecha(pregunta, vacia, panel, (), semilla, ensanche)
    propios = set(pregunta.municipios)
    de_junto = sorted({v for m in propios for v in vecinos().get(m, [])} - propios)
    evaluacion = evaluar(
        _acumulado(pregunta.delitos),
        [posicion[m] for m in pregunta.municipios],
        pregunta.inicio,
        mes_inicial=panel.mes_inicial,
        excluidos=[posicion[m] for m in pregunta.excluidos if m in posicion],
        contiguos=[posicion[m] for m in de_junto if m in posicion],
        rezago=pregunta.rezago,
        signo=pregunta.signo,
        semilla=semilla,
        cruza_sin_puente=_cruza(pregunta, panel),
        avisos=pregunta.avisos,
        ensanche=ensanche,
        corte=f"{contexto().corte_mas_reciente:%Y-%m}",
        con_sensibilidad=completa,
    )
    return Hecha(pregunta, evaluacion, panel, tuple(de_junto), semilla, ensanche)


@recordar(maximo=24)
def _acumulado(delitos: tuple[str, ...]) -> Acumulado:
    """Las sumas de un panel, que comparten todos los acuerdos sobre los mismos delitos."""
    return Acumulado(cerrados(delitos).conteos)


def semilla_de(pregunta: Pregunta) -> int:
    """Sale de lo que se evalúa y de los archivos publicados: lo mismo da siempre el mismo resultado."""
    huellas = [f.sha256 for f in contexto().fuentes("municipal")]
    partes = (pregunta.municipios, pregunta.delitos, pregunta.inicio.isoformat(), pregunta.rezago, huellas)
    return zlib.crc32(repr(partes).encode("utf-8"))


@dataclass(frozen=True)
class DeAcuerdo:
    """La evaluación de un acuerdo y lo que se había dicho de él con otro corte, si era distinto."""

    acuerdo: Evaluable
    hecha: Hecha
    antes: Guardada | None


def evaluar_acuerdo(
    acuerdo: Evaluable, todos: Sequence[Evaluable], *, completa: bool = True, guardar: bool = True
) -> DeAcuerdo:
    """Evalúa con el corte vigente, avisa si un corte anterior decía otra cosa y, si se hizo completa, guarda lo nuevo.

    Sin ``guardar`` no escribe en el registro.
    """
    hecha = responder(pregunta_de(acuerdo, todos), completa=completa)
    version = contexto().publicacion.version
    previas = [g for g in evaluaciones_de(acuerdo.id) if g.version != version]
    antes = previas[-1] if previas and previas[-1].salida["veredicto"] != hecha.evaluacion.veredicto else None
    if antes is not None:
        avisos = tuple(sorted({*hecha.evaluacion.avisos, "revision"}))
        hecha = replace(hecha, evaluacion=replace(hecha.evaluacion, avisos=avisos))
    if completa and guardar:
        guardar_evaluacion(
            acuerdo.id, contexto().corte_mas_reciente, version, VERSION_DEL_METODO, salida_de(hecha.evaluacion)
        )
    return DeAcuerdo(acuerdo, hecha, antes)


CAMPOS = (
    "obs_post", "base", "esperado_post", "diferencia", "cambio_bruto_pct", "cambio_controles_pct", "efecto_pct", "ic_bajo",
    "ic_alto", "p_placebo", "rango", "n_placebos", "mde_pct", "tau", "n_controles", "meses_antes", "meses_despues",
)  # fmt: skip


def salida_de(e: Evaluacion) -> dict[str, Any]:
    """Lo que se guarda de una evaluación: los campos de METODO §3, con ``None`` donde no hay cifra."""
    cifras = {campo: getattr(e, campo) for campo in CAMPOS}
    return {
        "veredicto": e.veredicto,
        "motivo": e.motivo,
        "signo": e.signo,
        **{c: None if isinstance(v, float) and np.isnan(v) else v for c, v in cifras.items()},
        "concordancia": e.concordancia,
        "avisos": list(e.avisos),
        "corte": e.corte,
        "version_metodo": e.version_metodo,
    }


def _basicos(delitos: Sequence[str]) -> set[str]:
    """Los delitos del catálogo que hay dentro, abriendo las canastas."""
    canastas = catalogos.canastas()
    dentro: set[str] = set()
    for clave in delitos:
        if clave.startswith(PREFIJO_DE_CANASTA):
            dentro |= set(
                canastas.loc[canastas["canasta"] == clave.removeprefix(PREFIJO_DE_CANASTA), "delito"].dropna()
            )
        else:
            dentro.add(clave)
    return dentro


def _meses_entre(a: date, b: date) -> int:
    return (a.year - b.year) * 12 + a.month - b.month


def _cruza(pregunta: Pregunta, panel: Cerrados) -> bool:
    """Si la historia con que se escoge a los comparables o lo posterior quedan a los dos lados de enero de 2026, sin puente."""
    if not set(pregunta.delitos) & no_comparables():
        return False
    desde = max(primer_mes(pregunta.mes, -HISTORIA), panel.mes_inicial)
    hasta = min(primer_mes(pregunta.mes, HORIZONTE - 1), panel.cierre)
    return desde < QUIEBRE <= hasta
