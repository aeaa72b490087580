"""Lo que cumple toda página: abre sin datos y con ellos, dice su fuente, y la demostración se anuncia en todas."""

import pytest

from tests.paginas.conftest import PAGINAS


@pytest.mark.parametrize("pagina", PAGINAS)
def test_sin_nada_publicado_se_explica(abrir, tmp_path, pagina):
    assert "Todavía no hay datos publicados" in abrir(pagina, tmp_path).texto


@pytest.mark.parametrize("pagina", PAGINAS)
def test_con_los_archivos_oficiales_no_dice_demostracion(abrir, almacen_espejo, pagina):
    abierta = abrir(pagina, almacen_espejo)
    assert "DEMOSTRACIÓN" not in abierta.texto
    assert "marzo de 2026" in abierta.texto
    assert "sin datos estatales cargados de diciembre de 2024 a diciembre de 2025" in abierta.texto


@pytest.mark.parametrize("pagina", PAGINAS)
def test_la_demostracion_se_anuncia_en_todas(abrir, almacen_demostracion, pagina):
    abierta = abrir(pagina, almacen_demostracion)
    assert "DEMOSTRACIÓN · Cifras inventadas" in abierta.texto
    figuras = [f.proto.spec for f in abierta.prueba.get("plotly_chart")]
    assert all("DEMOSTRACI" in figura for figura in figuras)


@pytest.mark.parametrize("pagina", ["inicio", "mapa", "tendencias", "ficha"])
def test_debajo_de_las_cifras_esta_su_fuente_con_huella(abrir, almacen_espejo, pagina):
    texto = abrir(pagina, almacen_espejo).texto
    assert "Fuente: SESNSP" in texto
    assert "SHA-256 2589a756" in texto
    assert "Una carpeta de investigación no es un delito ni una víctima" in texto


@pytest.mark.parametrize(
    ("pagina", "parametros"),
    [
        ("inicio", {"lugar": "99"}),
        ("mapa", {"delito": "<script>", "nivel": "galaxia", "cierre": "2031-13", "entidad": "77", "lugar": "x"}),
        ("tendencias", {"delito": "robo'; DROP TABLE x;--,fraude", "lugar": "11020,99999", "medida_serie": "z"}),
        ("ficha", {"lugar": "20999", "canasta": "ninguna", "delito": ""}),
        ("alertas", {"nivel": "x", "delito_alertas": "ninguno", "de": "99", "foco": "11.robo"}),
        ("mesas", {"mesa": "otra", "folio": "99/X/1999"}),
        (
            "acuerdos",
            {"mesa": "otra", "folio": "99/X/1999", "vista_de_acuerdos": "x", "cumplimiento": "9", "plazo": "y"},
        ),
        ("sesion", {"mesa": "otra", "sesion": "' OR 1=1", "momento": "z"}),
        ("red", {"orden": "nada", "eje": "ninguno"}),
        ("datos_y_metodo", {"vista": "_conteos_estatal", "delito_de_vista": "1=1"}),
    ],
)
def test_una_direccion_que_pide_lo_que_no_existe_abre_otra_vista(abrir, almacen_espejo, pagina, parametros):
    abierta = abrir(pagina, almacen_espejo, **parametros)
    for parametro, valor in parametros.items():
        assert abierta.prueba.query_params.get(parametro) != valor, parametro


def test_lo_elegido_vuelve_a_la_direccion(abrir, almacen_espejo):
    pedido = {"delito": "homicidio_doloso,extorsion", "lugar": "11,32", "medida_serie": "tasa12", "comparar": "no"} | {
        "vista_de_tendencias": "serie"
    }
    abierta = abrir("tendencias", almacen_espejo, **pedido)
    assert dict(abierta.prueba.query_params) == pedido
