"""Revisiones: los pares reales, del país y de un lugar, con las cifras que da una consulta aparte."""

from tests.paginas.conftest import filas, uno

PAR = {"cortes": "estatal.2023-08.2024-11"}


def test_el_titular_cuenta_los_meses_que_cambiaron(abrir, almacen_espejo):
    abierta = abrir("revisiones", almacen_espejo, **PAR)
    meses = filas(
        almacen_espejo,
        "SELECT fecha, sum(despues - antes) AS neto FROM revisiones WHERE cve_mun IS NULL AND delito = 'homicidio_doloso' "
        "AND corte_anterior = '2023-08-01' GROUP BY fecha HAVING neto <> 0",
    )
    cerrados = sum(1 for fecha, _ in meses if fecha.year < 2023)
    neto = sum(n for _, n in meses)
    assert abierta.titular == (
        f"Cambiaron {len(meses)} de los 104 meses de homicidio doloso en México, {cerrados} de años ya cerrados; en total, "
        f"+{neto} carpetas"
    )


def test_los_anios_cerrados_que_se_movieron(abrir, almacen_espejo):
    anios = abrir("revisiones", almacen_espejo, **PAR).tabla(0).set_index("Año")
    publicado = uno(
        almacen_espejo,
        "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'homicidio_doloso' AND year(fecha) = 2017",
    )
    assert anios.loc[2017, ["Antes", "Después", "Ya estaba cerrado"]].tolist() == [25035, publicado, "sí"]
    assert anios.loc[2023, "Ya estaba cerrado"] == "no"


def test_un_lugar_por_su_liga(abrir, almacen_espejo):
    abierta = abrir("revisiones", almacen_espejo, lugar="08", **PAR)
    cambiaron = uno(
        almacen_espejo,
        "SELECT count(*) FROM revisiones WHERE cve_ent = '08' AND cve_mun IS NULL AND delito = 'homicidio_doloso' "
        "AND corte_anterior = '2023-08-01'",
    )
    assert f"Cambiaron {cambiaron} de los 104 meses de homicidio doloso en Chihuahua" in abierta.titular


def test_el_otro_par_y_otro_delito(abrir, almacen_espejo):
    abierta = abrir("revisiones", almacen_espejo, cortes="estatal.2026-01.2026-03", delito="extorsion")
    neto = uno(
        almacen_espejo,
        "SELECT sum(despues - antes) FROM revisiones WHERE delito = 'extorsion' AND corte_anterior = '2026-01-01'",
    )
    assert "Cambió el único mes" in abierta.titular
    assert f"{neto:+d} carpetas" in abierta.titular.replace("−", "-")
    assert "ventana fija de 3 meses" in abierta.texto


def test_sin_dos_cortes_se_explica(abrir, almacen_demostracion, almacen_espejo):
    assert "Todavía no hay dos cortes" in abrir("revisiones", almacen_demostracion).titular
    assert "del archivo municipal" in abrir("revisiones", almacen_espejo, lugar="11020").titular
