"""Los cuatro archivos obligatorios de dos cortes, y cómo se pregunta qué corte quedó publicado."""

import io
import json
import zipfile

import duckdb

from datos.almacen import publicacion_vigente
from etl.__main__ import main
from tests import fabrica

MUNICIPIOS = (1001, 1002, 1998)
MUNICIPIOS_RNID = (1001, 1002, 1999)


def en_zip(nombre, contenido, **opciones):
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED, **opciones) as comprimido:
        comprimido.writestr(nombre, contenido)
    return salida.getvalue()


def textos_de(valor, mes):
    """Los cuatro archivos obligatorios, chicos, con todas sus cifras en ``valor``."""
    uno = {"valor": lambda *_: valor}
    return {
        "cnsp_estatal": fabrica.texto_csv(
            fabrica.CLAVES + fabrica.MESES, fabrica.renglones_estatales(anio=2015, **uno)
        ),
        "cnsp_municipal": fabrica.texto_csv(
            fabrica.MUNICIPAL + fabrica.MESES, fabrica.renglones_municipales(MUNICIPIOS, anio=2015, **uno)
        ),
        "rnid_estatal": fabrica.texto_csv(
            fabrica.CLAVES + fabrica.MESES, fabrica.renglones_estatales(anio=2026, meses=mes, **uno)
        ),
        "rnid_municipal": fabrica.texto_csv(
            fabrica.MUNICIPAL + fabrica.MESES,
            fabrica.renglones_municipales(
                MUNICIPIOS_RNID, anio=2026, valor=lambda clave, categoria, m: valor if m <= mes else 0
            ),
        ),
    }


def correr(almacen, capsys, *opciones):
    """``actualizar --solo sesnsp``; devuelve código y respuesta."""
    capsys.readouterr()
    orden = ["actualizar", "--solo", "sesnsp", "--hoy", "2026-04-20", "--almacen", str(almacen.raiz), "--json"]
    codigo = main([*orden, *opciones])
    return codigo, json.loads(capsys.readouterr().out)


def cifra(almacen):
    """El valor único de lo publicado: 1 en el corte viejo y 2 en el nuevo; otra cosa es una mezcla."""
    con = duckdb.connect(str(publicacion_vigente(almacen).ruta), read_only=True)
    try:
        return con.execute(
            "SELECT metodologia, ambito, min(conteo), max(conteo) FROM conteos_categoria WHERE conteo > 0 "
            "GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    finally:
        con.close()


PRODUCTOS = [("CNSP/38/15", "estatal"), ("CNSP/38/15", "municipal"), ("RNID", "estatal"), ("RNID", "municipal")]
VIEJO = [(*p, 1, 1) for p in PRODUCTOS]
NUEVO = [(*p, 2, 2) for p in PRODUCTOS]
RNID_MUNICIPAL = "rnid_municipal"
