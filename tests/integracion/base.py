"""Preguntar a la base publicada de un almacén, por fuera del tablero."""

import duckdb

from datos.almacen import publicacion_vigente


def consulta(almacen, sql):
    """Renglones de una consulta sobre la versión vigente."""
    con = duckdb.connect(str(publicacion_vigente(almacen).ruta), read_only=True)
    try:
        return con.execute(sql).fetchall()
    finally:
        con.close()
