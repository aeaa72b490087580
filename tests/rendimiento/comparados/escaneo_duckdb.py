"""Un escaneo a secas: DuckDB decodifica el CSV y suma los doce meses, sin guardar nada. Es el piso de cualquier carga."""

import json
import sys

import duckdb

MESES = "Enero Febrero Marzo Abril Mayo Junio Julio Agosto Septiembre Octubre Noviembre Diciembre".split()  # noqa: SIM905

sumas = ", ".join(f'sum("{mes}")::BIGINT' for mes in MESES)
fila = duckdb.execute(
    f"SELECT count(*), {sumas} FROM read_csv(?, header = true, encoding = 'latin-1')", [sys.argv[1]]
).fetchone()
print(json.dumps(fila))
