"""Series de las categorías vecinas de un delito, para ver si una baja y otra sube al mismo tiempo."""

from __future__ import annotations

import pandas as pd

from datos import catalogos
from datos.consultas.claves import claves
from datos.consultas.series import nivel_de, series
from datos.tablero import consultar, recordar

ENTIDADES = 32


@recordar()
def series_vecinas(lugar: str, delito: str) -> pd.DataFrame:
    """Columnas: miembro (clave o subtipo), nombre, fecha, conteo (carpetas), metodologia, provisional; en el orden del catálogo.

    Primero el propio delito. Un subtipo («Otros delitos…») viene del detalle, tal como lo publica la fuente: no se compara a
    través de enero de 2026. Los meses sin dato no tienen renglón; lo nacional exige las 32 entidades.
    """
    columnas = ["miembro", "nombre", "fecha", "conteo", "metodologia", "provisional"]
    partes = []
    for miembro in catalogos.vecinas(delito):
        clave = claves().get(miembro)
        if clave is None:
            propia = _de_subtipo(lugar, miembro).assign(miembro=miembro, nombre=miembro)
        else:
            propia = series([lugar], [miembro]).assign(miembro=miembro, nombre=clave.nombre)
        partes.append(propia[columnas])
    return pd.concat([p for p in partes if len(p)] or partes, ignore_index=True)


def _de_subtipo(lugar: str, subtipo: str) -> pd.DataFrame:
    nivel = nivel_de(lugar)
    ambito = "municipal" if nivel == "municipal" else "estatal"
    donde, valores = {
        "nacional": ("true", []),
        "estatal": ("k.cve_ent = ?", [lugar]),
        "municipal": ("k.cve_ent = ? AND k.cve_mun = ?", [lugar[:2], lugar]),
    }[nivel]
    return consultar(
        "SELECT k.fecha, greatest(sum(k.conteo), 0)::BIGINT AS conteo, any_value(k.metodologia) AS metodologia, "
        "coalesce(bool_or(k.fecha >= c.provisional_desde), false) AS provisional FROM conteos_categoria AS k "
        "LEFT JOIN cortes AS c ON c.vigente AND c.ambito = k.ambito AND c.metodologia = k.metodologia "
        f"WHERE k.ambito = ? AND k.subtipo = ? AND {donde} GROUP BY k.fecha "
        "HAVING ? <> 'nacional' OR count(DISTINCT k.cve_ent) = ? ORDER BY k.fecha",
        [ambito, subtipo, *valores, nivel, ENTIDADES],
    )
