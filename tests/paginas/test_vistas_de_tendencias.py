"""Cada vista de Tendencias abre en los casos difíciles y dice los números de una consulta."""

import json

import pytest

from tests.paginas.conftest import filas, uno

VISTAS = ["serie", "mismos", "indice", "calendario", "quien", "delitos", "estados", "gobiernos", "victimas"]


def ver(abrir, almacen, vista, **mas):
    return abrir("tendencias", almacen, vista_de_tendencias=vista, **mas)


@pytest.mark.parametrize("vista", VISTAS)
@pytest.mark.parametrize(
    "eleccion",
    [
        {"lugar": "00", "delito": "homicidio_doloso"},
        {"lugar": "11020", "delito": "extorsion"},
        {"lugar": "24059", "delito": "secuestro"},
        {"lugar": "11,32,00", "delito": "total,fraude"},
    ],
    ids=["pais", "sin-publicar", "nuevo", "varios"],
)
def test_cada_vista_abre_y_tiene_titular(abrir, almacen_espejo, vista, eleccion):
    abierta = ver(abrir, almacen_espejo, vista, **eleccion)
    assert len(abierta.titular) > 10


@pytest.mark.parametrize("vista", VISTAS)
def test_cada_vista_de_la_demostracion_se_rotula(abrir, almacen_demostracion, vista):
    abierta = ver(abrir, almacen_demostracion, vista, lugar="01", delito="homicidio_doloso")
    assert all("DEMOSTRACI" in f.proto.spec for f in abierta.prueba.get("plotly_chart"))
    assert "DEMOSTRACIÓN · Fuente: cifras inventadas" in abierta.texto


def test_mismos_meses_suma_los_del_anio_en_curso(abrir, almacen_demostracion):
    suma = (
        "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'fraude' AND cve_ent = '11' AND fecha BETWEEN ? AND ?"
    )
    este = uno(almacen_demostracion, suma, ["2026-01-01", "2026-08-01"])
    previo = uno(almacen_demostracion, suma, ["2025-01-01", "2025-08-01"])
    titular = ver(abrir, almacen_demostracion, "mismos", lugar="11", delito="fraude").titular
    assert titular.startswith(f"De enero a agosto de 2026 se abrieron {este:,} carpetas por fraude en Guanajuato")
    assert f"{abs(este - previo):,} {'menos' if este < previo else 'más'}" in titular


def test_quien_mueve_el_cambio_suma_exactamente(abrir, almacen_espejo):
    abierta = ver(abrir, almacen_espejo, "quien", lugar="00", delito="secuestro", cierre="2024-11")
    suma = "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'secuestro' AND fecha BETWEEN ? AND ?"
    conteo = uno(almacen_espejo, suma, ["2023-12-01", "2024-11-01"])
    previo = uno(almacen_espejo, suma, ["2022-12-01", "2023-11-01"])
    (barras,) = json.loads(abierta.prueba.get("plotly_chart")[0].proto.spec)["data"]
    cambios = [float(t.replace("−", "-").replace(",", "")) for t in barras["text"]]
    assert sum(cambios) == conteo - previo
    assert f"se abrieron {conteo} carpetas por secuestro en México" in abierta.titular


def test_quien_mueve_un_estado_incluye_lo_no_especificado(abrir, almacen_demostracion):
    abierta = ver(abrir, almacen_demostracion, "quien", lugar="01", delito="fraude", cierre="2026-08")
    suma = "SELECT sum(conteo) FROM {} WHERE delito = 'fraude' AND cve_ent = '01' AND fecha BETWEEN ? AND ?"
    conteo = uno(almacen_demostracion, suma.format("delitos_estatal"), ["2025-09-01", "2026-08-01"])
    assert f"se abrieron {conteo:,} carpetas por fraude en Aguascalientes" in abierta.titular


def test_el_calendario_dice_el_promedio_diario(abrir, almacen_espejo):
    abierta = ver(abrir, almacen_espejo, "calendario", lugar="11", delito="homicidio_doloso")
    conteo = uno(
        almacen_espejo,
        "SELECT conteo FROM delitos_estatal WHERE delito = 'homicidio_doloso' AND cve_ent = '11' AND fecha = '2020-01-01'",
    )
    (celdas,) = json.loads(abierta.prueba.get("plotly_chart")[0].proto.spec)["data"]
    assert celdas["text"][celdas["y"].index("2020")][0] == f"{conteo / 31:.1f}"
    assert celdas["text"][celdas["y"].index("2024")][11] == ""


def test_el_indice_vale_cien_en_la_base(abrir, almacen_espejo):
    abierta = ver(abrir, almacen_espejo, "indice", lugar="11,00", delito="homicidio_doloso", base="2019-12")
    suma = (
        "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'homicidio_doloso' AND cve_ent = '11' "
        "AND fecha BETWEEN ? AND ?"
    )
    base = uno(almacen_espejo, suma, ["2019-01-01", "2019-12-01"])
    ultimo = uno(almacen_espejo, suma, ["2023-12-01", "2024-11-01"])
    assert f"Guanajuato está en {100 * ultimo / base:.0f}" in abierta.titular


def test_por_gobierno_promedia_los_meses_completos(abrir, almacen_espejo):
    abierta = ver(abrir, almacen_espejo, "gobiernos", lugar="00", delito="homicidio_doloso", metodologia="CNSP/38/15")
    conteo, dias = filas(
        almacen_espejo,
        "SELECT sum(n), sum(day(last_day(fecha))) FROM (SELECT fecha, sum(conteo) AS n FROM delitos_estatal "
        "WHERE delito = 'homicidio_doloso' AND fecha BETWEEN '2018-12-01' AND '2024-09-01' GROUP BY fecha)",
    )[0]
    assert f"{conteo / dias:.1f} con Andrés Manuel López Obrador" in abierta.titular
    assert "no dice quién la causó" in abierta.texto


def test_las_victimas_por_sexo(abrir, almacen_espejo):
    abierta = ver(abrir, almacen_espejo, "victimas", lugar="00", delito="homicidio_doloso")
    por_sexo = dict(
        filas(
            almacen_espejo,
            "SELECT sexo, sum(conteo) FROM victimas_estatal WHERE delito = 'homicidio_doloso' "
            "AND fecha BETWEEN '2024-02-01' AND '2025-01-01' GROUP BY 1",
        )
    )
    assert f"{sum(por_sexo.values()):,} víctimas" in abierta.titular
    assert f"{por_sexo['Mujer']:,} mujeres" in abierta.titular


def test_la_cuadricula_trae_cada_estado_con_su_ultimo_mes(abrir, almacen_espejo):
    abierta = ver(abrir, almacen_espejo, "estados", delito="extorsion")
    ultimos = filas(
        almacen_espejo,
        "SELECT entidad, conteo FROM delitos_estatal JOIN (SELECT DISTINCT cve_ent, entidad FROM municipios) USING (cve_ent) "
        "WHERE delito = 'extorsion' AND fecha = '2026-03-01'",
    )
    assert len(ultimos) == 32
    for entidad, conteo in ultimos:
        assert f"{entidad} {conteo:,} en mar 2026" in abierta.texto
