"""Inicio: el titular y la canasta son los de una consulta directa."""

from tests.paginas.conftest import filas, uno


def test_el_titular_dice_los_dos_conteos_de_la_consulta(abrir, almacen_espejo):
    suma = "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'homicidio_doloso' AND fecha BETWEEN ? AND ?"
    reciente = uno(almacen_espejo, suma, ["2023-12-01", "2024-11-01"])
    previo = uno(almacen_espejo, suma, ["2022-12-01", "2023-11-01"])
    titular = abrir("inicio", almacen_espejo).titular
    assert titular == (
        f"En los 12 meses a noviembre de 2024 se abrieron {reciente:,} carpetas por homicidio doloso en México, "
        f"{reciente - previo:,} más (+{100 * (reciente - previo) / previo:.1f} %) que en los 12 anteriores"
    )


def test_la_canasta_trae_el_conteo_de_cada_delito(abrir, almacen_espejo):
    texto = abrir("inicio", almacen_espejo, lugar="11").texto
    esperados = filas(
        almacen_espejo,
        "SELECT delito, sum(conteo) FROM delitos_estatal WHERE cve_ent = '11' AND fecha BETWEEN '2023-12-01' AND '2024-11-01' "
        "AND delito IN ('feminicidio', 'extorsion', 'robo_casa_habitacion', 'violencia_familiar') GROUP BY 1",
    )
    assert len(esperados) == 4
    for _, conteo in esperados:
        assert f" {conteo:,} " in texto


def test_dice_hasta_donde_llegan_los_datos_y_que_se_reescribio(abrir, almacen_espejo):
    texto = abrir("inicio", almacen_espejo).texto
    cifras = uno(almacen_espejo, "SELECT count(*) FROM revisiones WHERE corte_nuevo = '2024-11-01'")
    assert f"la fuente reescribió {cifras:,} cifras" in texto
    assert "noviembre de 2024 (CNSP/38/15) y marzo de 2026 (RNID)" in texto


def test_un_municipio_sin_delito_publicado_lo_dice(abrir, almacen_espejo):
    texto = abrir("inicio", almacen_espejo, lugar="11020").texto
    assert "no se publica aquí" in texto
    assert "n. d." in texto


def test_buscar_lleva_al_lugar(abrir, almacen_espejo):
    abierta = abrir("inicio", almacen_espejo)
    abierta.prueba.text_input(key="inicio_texto").set_value("leon").run()
    opciones = abierta.prueba.pills(key="inicio_hallados")
    assert opciones.options[0] == "León, Guanajuato"
    opciones.set_value("11020").run()
    assert not abierta.prueba.exception
    assert abierta.prueba.query_params["lugar"] == "11020"
    assert "León, Guanajuato" in abierta.titular
