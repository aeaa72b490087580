"""La meta de un acuerdo contra el corte de hoy: cuántas carpetas van desde que debía notarse. Describe; no dice por qué."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from datos.registro import linea_base
from datos.registro.meses import entre, primer_mes, sumar
from datos.registro.modelo import Acuerdo


@dataclass(frozen=True)
class Avance:
    """Lo observado en los meses cerrados desde el inicio, junto a su base y su meta para esos mismos meses.

    ``base`` es la congelada; ``base_hoy``, la misma suma con el corte vigente (``None`` si no se puede). ``meta_total`` son las
    carpetas que la meta admite en tantos meses como tiene la base. Con ``motivo`` no hay ``observado``.
    """

    meses: int
    meses_de_la_meta: int
    observado: int | None
    base: int | None
    base_hoy: int | None
    meta_total: float | None
    motivo: str = ""


def meta_total(acuerdo: Acuerdo) -> float | None:
    """Carpetas que la meta admite en tantos meses como tiene su base; ``None`` sin meta o sin base."""
    if acuerdo.meta_valor is not None:
        return acuerdo.meta_valor
    if acuerdo.meta_pct is not None and acuerdo.base_valor is not None:
        return acuerdo.base_valor * (1 + acuerdo.meta_pct / 100)
    return None


def meta_mensual(acuerdo: Acuerdo) -> float | None:
    """La meta repartida por igual entre sus meses, para dibujarla; ``None`` sin meta o sin base."""
    total = meta_total(acuerdo)
    if total is None:
        return None
    return total / _meses_de_la_base(acuerdo)


def avances(acuerdos: Sequence[Acuerdo], ultimo_cerrado: date | None) -> Mapping[str, Avance]:
    """Id del acuerdo → su avance, con dos consultas para todos. ``ultimo_cerrado``: último mes que ya no es provisional."""
    con_base = [a for a in acuerdos if a.base_desde is not None and a.base_hasta is not None]
    bases = dict(zip((a.id for a in con_base), linea_base.calcular([_de_la_base(a) for a in con_base]), strict=True))
    meses = {a.id: _meses_cerrados(a, ultimo_cerrado) for a in acuerdos}
    por_sumar = [a for a in acuerdos if meses[a.id] >= 1]
    observados = dict(
        zip(
            (a.id for a in por_sumar),
            linea_base.calcular([_desde_el_inicio(a, meses[a.id]) for a in por_sumar]),
            strict=True,
        )
    )
    hechos = {}
    for a in acuerdos:
        observado = observados.get(a.id)
        motivo = "Todavía no hay meses cerrados desde su inicio." if observado is None else observado.motivo
        hechos[a.id] = Avance(
            meses[a.id],
            _meses_de_la_base(a),
            None if observado is None else observado.valor,
            a.base_valor,
            bases[a.id].valor if a.id in bases else None,
            meta_total(a),
            motivo,
        )
    return hechos


def _meses_de_la_base(a: Acuerdo) -> int:
    if a.base_desde is None or a.base_hasta is None:
        return linea_base.MESES_DE_BASE
    return entre(a.base_desde, a.base_hasta)


def _meses_cerrados(a: Acuerdo, ultimo: date | None) -> int:
    if ultimo is None:
        return 0
    return max(0, min(entre(primer_mes(a.inicio_efecto, a.rezago_meses), ultimo), _meses_de_la_base(a)))


def _de_la_base(a: Acuerdo) -> linea_base.Pedido:
    if a.base_desde is None or a.base_hasta is None:
        raise ValueError(f"el acuerdo {a.folio} no tiene periodo base")
    return linea_base.Pedido(tuple(a.municipios), _series(a), a.base_desde, a.base_hasta)


def _desde_el_inicio(a: Acuerdo, meses: int) -> linea_base.Pedido:
    inicio = primer_mes(a.inicio_efecto, a.rezago_meses)
    return linea_base.Pedido(tuple(a.municipios), _series(a), inicio, sumar(inicio, meses - 1))


def _series(a: Acuerdo) -> tuple[str, ...]:
    return tuple(linea_base.series_de(a.delitos, a.canasta))
