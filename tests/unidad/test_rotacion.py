"""Qué respaldos se quedan: contra una cuenta hecha de otra manera, y con calendarios de años."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datos.registro.rotacion import Conservar, sobrantes

HOY = datetime(2026, 11, 26, 6, tzinfo=UTC)


def test_dos_anios_diarios_dejan_siete_dias_cinco_semanas_y_doce_meses():
    fechas, quedan = {}, set()
    for dia in range(730):
        cuando = HOY + timedelta(days=dia)
        fechas[f"{cuando:%Y-%m-%d}"] = cuando
        for nombre in sobrantes(fechas, Conservar()):
            del fechas[nombre]
        quedan = set(fechas)
        assert len(quedan) <= 7 + 5 + 12
    ultimo = HOY + timedelta(days=729)
    assert {f"{ultimo - timedelta(days=d):%Y-%m-%d}" for d in range(7)} <= quedan
    assert len({n[:7] for n in quedan}) == 12
    # De cada mes que ya acabó queda su último día; de cada semana que ya acabó, su domingo.
    viejos = sorted(quedan)[:10]
    assert all((datetime.fromisoformat(v) + timedelta(days=1)).day == 1 for v in viejos)
    domingos = [n for n in quedan if datetime.fromisoformat(n).isoweekday() == 7]
    assert len(domingos) >= 4


def test_sin_respaldo_nuevo_no_se_vacia_la_carpeta():
    viejos = {str(n): HOY - timedelta(days=400 + n) for n in range(3)}
    assert sobrantes(viejos, Conservar(7, 0, 0)) == []
    assert sobrantes({"uno": HOY}, Conservar(0, 0, 1)) == []
    assert sobrantes({}, Conservar()) == []


def test_de_un_mismo_dia_queda_el_ultimo():
    fechas = {f"h{h:02d}": HOY.replace(hour=h) for h in (3, 9, 21)}
    assert sobrantes(fechas, Conservar(7, 5, 12)) == ["h03", "h09"]


@given(
    st.sets(st.integers(0, 3000), min_size=1, max_size=60),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
)
def test_cada_periodo_pedido_conserva_su_mas_reciente(horas, dias, semanas, meses):
    fechas = {str(h): HOY + timedelta(hours=h) for h in horas}
    quedan = set(fechas) - set(sobrantes(fechas, Conservar(dias, semanas, meses)))
    assert max(fechas, key=fechas.get) in quedan
    debidos = {max(fechas, key=fechas.get)}
    for cuantos, formato in ((dias, "%Y-%j"), (semanas, "%G-%V"), (meses, "%Y-%m")):
        periodos = sorted({f.strftime(formato) for f in fechas.values()}, reverse=True)[:cuantos]
        for periodo in periodos:
            debidos.add(max((n for n, f in fechas.items() if f.strftime(formato) == periodo), key=fechas.get))
    assert quedan == debidos


@pytest.mark.parametrize("mal", ["", "7", "7,5", "7,5,x", "0,0,0", "-1,2,3", "1,2,3,4"])
def test_una_regla_que_no_se_entiende_se_rechaza(mal):
    with pytest.raises(ValueError, match="diarios,semanales,mensuales"):
        Conservar.de(mal)
    assert Conservar.de(" 1, 0,12 ") == Conservar(1, 0, 12)
