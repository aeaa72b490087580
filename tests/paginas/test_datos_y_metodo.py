"""Datos y método: cortes con su huella, comprobaciones, definiciones y descargas de cada vista."""

from datos.esquema import VISTAS
from tests.paginas.conftest import filas, uno


def test_trae_la_huella_de_cada_corte(abrir, almacen_espejo):
    tabla = abrir("datos_y_metodo", almacen_espejo).tabla()
    assert set(tabla["SHA-256"]) == {h for (h,) in filas(almacen_espejo, "SELECT sha256 FROM cortes")}


def test_trae_cada_comprobacion(abrir, almacen_espejo):
    abierta = abrir("datos_y_metodo", almacen_espejo)
    assert len(abierta.tabla(1)) == uno(almacen_espejo, "SELECT count(*) FROM calidad")
    avisos = uno(almacen_espejo, "SELECT count(*) FROM calidad WHERE nivel <> 'correcto'")
    assert f"{avisos} comprobaciones dejaron aviso" in abierta.texto


def test_dice_cuantos_renglones_tiene_lo_que_se_descarga(abrir, almacen_espejo):
    abierta = abrir("datos_y_metodo", almacen_espejo, vista="delitos_municipal", delito_de_vista="violencia_familiar")
    renglones = uno(almacen_espejo, "SELECT count(*) FROM delitos_municipal WHERE delito = 'violencia_familiar'")
    assert f"{renglones:,} renglones" in abierta.texto
    assert [b.proto.label for b in abierta.prueba.get("download_button")][-3:] == ["CSV", "XLSX", "Parquet"]


def test_lo_que_no_cabe_en_un_archivo_se_dice(abrir, almacen_demostracion):
    abierta = abrir("datos_y_metodo", almacen_demostracion, vista="delitos_municipal", delito_de_vista="todos")
    assert "pida un solo delito" in abierta.texto


def test_se_puede_pedir_cada_vista(abrir, almacen_espejo):
    abierta = abrir("datos_y_metodo", almacen_espejo)
    (selector,) = [s for s in abierta.prueba.selectbox if s.label == "Vista"]
    assert selector.options == [v.nombre for v in VISTAS]
    for vista in VISTAS:
        selector.set_value(vista.nombre)
        assert not abierta.prueba.run().exception


def test_dice_como_citar_con_la_huella(abrir, almacen_espejo):
    abierta = abrir("datos_y_metodo", almacen_espejo)
    assert "SHA-256" in abierta.prueba.code[0].value
    assert "corte marzo de 2026" in abierta.prueba.code[0].value
