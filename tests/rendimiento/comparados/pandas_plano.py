"""Lo que haría cualquiera con pandas: leer el CSV, pasarlo a un renglón por mes y sumar por entidad, delito y mes."""

import json
import sys

import pandas as pd

MESES = "Enero Febrero Marzo Abril Mayo Junio Julio Agosto Septiembre Octubre Noviembre Diciembre".split()  # noqa: SIM905

tabla = pd.read_csv(sys.argv[1], encoding="cp1252")
llaves = [columna for columna in tabla.columns if columna not in MESES]
largo = tabla.melt(id_vars=llaves, value_vars=MESES, var_name="mes", value_name="conteo")
agrupado = largo.groupby(["Año", "Clave_Ent", "Cve. Municipio", "Subtipo de delito", "mes"])["conteo"].sum()
por_mes = agrupado.groupby("mes").sum()
print(json.dumps([len(tabla), *(int(por_mes[mes]) for mes in MESES)]))
