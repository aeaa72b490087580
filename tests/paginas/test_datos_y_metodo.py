"""Datos y método con los archivos oficiales: trae la huella de cada corte vigente."""

import duckdb
from streamlit.testing.v1 import AppTest

from datos.almacen import RAIZ_DEL_PROYECTO, Almacen, publicacion_vigente


def abrir(almacen, monkeypatch, pagina):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen))
    prueba = AppTest.from_file(str(RAIZ_DEL_PROYECTO / "paginas" / pagina), default_timeout=60)
    prueba.run()
    assert not prueba.exception, [e.value for e in prueba.exception]
    return prueba


def consulta(almacen, sql):
    con = duckdb.connect(str(publicacion_vigente(Almacen(almacen)).ruta), read_only=True)
    try:
        return con.execute(sql).fetchall()
    finally:
        con.close()


def test_datos_y_metodo_trae_la_huella_de_cada_corte(almacen_espejo, monkeypatch):
    prueba = abrir(almacen_espejo, monkeypatch, pagina="datos_y_metodo.py")
    huellas = {h for (h,) in consulta(almacen_espejo, "SELECT sha256 FROM cortes WHERE vigente")}
    assert huellas <= set(prueba.dataframe[0].value["sha256"])
