"""Alertas: cada número de la página es el de una consulta, y ninguna se presenta sin el azar al lado."""

import numpy as np
import pytest

from tests.paginas.conftest import filas, uno

PROPIAS = "delito <> 'total' AND NOT starts_with(delito, 'canasta:')"


def _unas(cuantas):
    return "menos de 1" if cuantas < 1 else f"cerca de {cuantas:,.0f}"


@pytest.mark.parametrize("nivel", ["estatal", "municipal"])
@pytest.mark.parametrize("almacen", ["almacen_espejo", "almacen_demostracion"])
def test_el_titular_cuenta_las_de_la_consulta_y_las_que_saldrian_por_azar(abrir, request, almacen, nivel):
    publicado = request.getfixturevalue(almacen)
    comparadas, altas, bajas, azar_altas, azar_bajas = filas(
        publicado,
        "SELECT count(*), count(*) FILTER (conteo > alto), count(*) FILTER (conteo < bajo), sum(azar_alta), sum(azar_baja) "
        f"FROM alertas WHERE nivel = ? AND {PROPIAS} AND fecha = (SELECT max(fecha) FROM alertas WHERE nivel = ?)",
        [nivel, nivel],
    )[0]
    titular = abrir("alertas", publicado, nivel=nivel).titular
    assert f"de {comparadas:,} series, {altas:,} queda" in titular
    assert f"y {bajas:,} por debajo" in titular
    assert titular.endswith(f"saldrían {_unas(azar_altas)} y {_unas(azar_bajas)}")


def test_van_de_la_mas_a_la_menos_sorprendente_y_altas_y_bajas_aparte(abrir, almacen_demostracion):
    texto = abrir("alertas", almacen_demostracion).texto
    for lado in ("alta", "baja"):
        suyas = filas(
            almacen_demostracion,
            "SELECT m.entidad, a.conteo, a.bajo, a.alto FROM alertas AS a JOIN (SELECT DISTINCT cve_ent, entidad FROM "
            f"municipios) AS m ON m.cve_ent = a.clave WHERE nivel = 'estatal' AND {PROPIAS} AND alerta = ? "
            "ORDER BY abs(sorpresa) DESC, clave, delito LIMIT 12",
            [lado],
        )
        desde = 0
        for _, conteo, bajo, alto in suyas:
            desde = texto.index(f"{conteo:,} de {bajo:,} a {alto:,}", desde)
    assert texto.index("Más de lo esperado") < texto.index("Menos de lo esperado")


def test_de_cerca_con_sus_vecinas(abrir, almacen_demostracion):
    clave, conteo, alto = filas(
        almacen_demostracion,
        "SELECT clave, conteo, alto FROM alertas WHERE nivel = 'municipal' AND delito = 'homicidio_doloso' AND alerta = 'alta' "
        "ORDER BY sorpresa DESC LIMIT 1",
    )[0]
    abierta = abrir(
        "alertas",
        almacen_demostracion,
        nivel="municipal",
        delito_alertas="homicidio_doloso",
        foco=f"{clave}.homicidio_doloso",
    )
    assert f"se abrieron {conteo} carpetas por homicidio doloso" in abierta.texto
    assert f"a {alto}." in abierta.texto
    vecina = "Otros delitos que atentan contra la vida y la integridad corporal"
    ultimo = uno(
        almacen_demostracion,
        "SELECT sum(conteo) FROM conteos_categoria WHERE ambito = 'municipal' AND cve_mun = ? AND subtipo = ? "
        "AND fecha = (SELECT max(fecha) FROM alertas)",
        [clave, vecina],
    )
    assert f"{vecina} {ultimo} en ago 2026" in abierta.texto
    assert abierta.prueba.query_params["foco"] == f"{clave}.homicidio_doloso"


def test_la_portada_trae_las_tres_mas_inusuales(abrir, almacen_demostracion):
    texto = abrir("inicio", almacen_demostracion).texto
    tres = filas(
        almacen_demostracion,
        f"SELECT conteo, bajo, alto FROM alertas WHERE nivel = 'estatal' AND alerta <> '' AND {PROPIAS} "
        "ORDER BY abs(sorpresa) DESC, clave, delito LIMIT 3",
    )
    assert texto.count("Verla de cerca") == 3
    for conteo, bajo, alto in tres:
        assert f"{conteo:,} carpetas" in texto
        assert f"se esperaban de {bajo:,} a {alto:,}" in texto


def test_la_portada_dice_que_pasa_sin_los_meses_provisionales(abrir, almacen_demostracion):
    suma = "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'homicidio_doloso' AND fecha BETWEEN ? AND ?"
    reciente = uno(almacen_demostracion, suma, ["2025-06-01", "2026-05-01"])
    previo = uno(almacen_demostracion, suma, ["2024-06-01", "2025-05-01"])
    texto = abrir("inicio", almacen_demostracion).texto
    assert (
        f"3 de los 12 meses son provisionales; sin ellos, en los 12 meses a mayo de 2026: {reciente:,} carpetas, "
        f"{previo - reciente:,} menos" in texto
    )


def test_dice_cuanto_suelen_moverse_los_meses_provisionales(abrir, almacen_espejo, almacen_demostracion):
    """Del par enero–marzo de 2026: la mediana y el percentil 90 del cambio de enero, por otra cuenta."""
    cambios = [
        100 * abs(despues - antes) / antes
        for antes, despues in filas(
            almacen_espejo,
            "SELECT antes, despues FROM revisiones_nacionales WHERE corte_nuevo = DATE '2026-03-01' "
            "AND fecha = DATE '2026-01-01' AND antes >= 100 "
            "AND delito IN (SELECT delito FROM canastas WHERE canasta = 'once_delitos')",
        )
    ]
    texto = abrir("alertas", almacen_espejo).texto
    assert f"la mitad de las {len(cambios)} cifras nacionales comparadas" in texto
    assert f"cambió {np.median(cambios):.1f} % o más" in texto
    assert f"una de cada diez, {np.quantile(cambios, 0.9):.1f} % o más" in texto
    assert "aún no hay dos cortes cercanos" in abrir("alertas", almacen_demostracion).texto
