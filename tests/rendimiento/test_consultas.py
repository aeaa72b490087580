"""Cuánto tarda la base en contestar lo que más se pregunta, con la historia completa publicada."""

import re
import statistics
import time

import duckdb
import pytest

from datos.almacen import Almacen, publicacion_vigente

VECES = 15
CONSULTAS = {
    "un delito en un municipio": "SELECT fecha, conteo FROM delitos_municipal WHERE delito = 'robo_vehiculo' "
    "AND cve_mun = '11020'",
    "un municipio, todos sus delitos": "SELECT delito, fecha, conteo FROM delitos_municipal WHERE cve_mun = '11020'",
    "un delito en todo el país, dos años": "SELECT cve_mun, sum(conteo) FROM delitos_municipal "
    "WHERE delito = 'extorsion' AND fecha > '2023-12-01' GROUP BY cve_mun",
    "una canasta en todo el país, dos años": "SELECT cve_mun, sum(conteo) FROM canastas_municipal "
    "WHERE canasta = 'once_delitos' AND fecha > '2023-12-01' GROUP BY cve_mun",
    "un delito, serie nacional": "SELECT fecha, sum(conteo) FROM delitos_estatal WHERE delito = 'homicidio_doloso' "
    "GROUP BY fecha",
    "el detalle de una categoría": "SELECT fecha, sum(conteo) FROM conteos_categoria WHERE ambito = 'municipal' "
    "AND subtipo = 'Fraude' GROUP BY fecha",
}


@pytest.mark.parametrize("nombre", CONSULTAS)
def test_consulta(almacen_completo, registro, nombre):
    seccion = registro.seccion(
        "Consultas sobre la historia completa",
        "Tiempo en DuckDB, sin páginas, de consultas a las vistas públicas; y cuántos bloques de la tabla se leyeron de los que "
        "tiene: lo demás se salta.",
        ("consulta", "mediana (ms)", "p95 (ms)", "renglones", "bloques leídos"),
    )
    con = duckdb.connect(str(publicacion_vigente(Almacen(almacen_completo)).ruta), read_only=True)
    try:
        tiempos = []
        for _ in range(VECES):
            inicio = time.perf_counter()
            renglones = len(con.execute(CONSULTAS[nombre]).fetchall())
            tiempos.append(1000 * (time.perf_counter() - inicio))
        plan = con.execute(f"EXPLAIN ANALYZE {CONSULTAS[nombre]}").fetchone()[1]
    finally:
        con.close()
    assert renglones
    bloques = [tuple(map(int, par)) for par in re.findall(r"Row Groups Scanned: (\d+) / (\d+)", plan)]
    leidos, todos = max(bloques, key=lambda par: par[1])
    p95 = statistics.quantiles(tiempos, n=20)[-1]
    seccion.fila(nombre, f"{statistics.median(tiempos):.1f}", f"{p95:.1f}", f"{renglones:,}", f"{leidos} de {todos}")
