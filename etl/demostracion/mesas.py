"""Mesas ficticias de la demostración, sus acuerdos y el efecto que se sembró en cada uno.

Los municipios existen; las Mesas, los acuerdos, las personas y los efectos no. El efecto multiplica la intensidad de los
delitos y municipios del acuerdo desde su fecha de inicio y hasta el final de la serie.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import pyarrow as pa


@dataclass(frozen=True)
class MesaFicticia:
    """Una Mesa que no existe, sobre municipios que sí."""

    clave: str
    nombre: str
    municipios: tuple[str, ...]


@dataclass(frozen=True)
class AcuerdoSembrado:
    """Un acuerdo ficticio y su verdad: qué efecto, en qué delitos, desde cuándo."""

    folio: str
    mesa: str
    fecha: date
    inicio: date
    delitos: tuple[str, ...]
    signo: str
    efecto_pct: int
    meta_pct: int
    texto: str
    cumplimiento: int
    rezago_meses: int = 0


MESAS = (
    MesaFicticia("demo-1", "Mesa de demostración 1", ("01001",)),
    MesaFicticia("demo-2", "Mesa de demostración 2", ("24028", "24035")),
    MesaFicticia("demo-3", "Mesa de demostración 3", ("14067", "18020")),
    MesaFicticia("demo-4", "Mesa de demostración 4", ("31041", "31050", "31059", "31101")),
    MesaFicticia("demo-5", "Mesa de demostración 5", ("22006", "22008", "22011", "22014")),
    MesaFicticia("demo-6", "Mesa de demostración 6", ("13006", "13015", "13030")),
)


def _a(folio, mesa, fecha, inicio, delitos, signo, efecto, meta, texto, cumplimiento):
    return AcuerdoSembrado(
        folio, mesa, date.fromisoformat(fecha), date.fromisoformat(inicio), tuple(delitos.split()), signo, efecto, meta,
        texto, cumplimiento,
    )  # fmt: skip


ACUERDOS = (
    _a("01/IV/2019", "demo-1", "2019-03-12", "2019-04-01", "robo_vehiculo", "baja", -30, -20,
       "Cerrar con arcos lectores las salidas de la ciudad y revisar cada mes los puntos de mayor robo.", 5),
    _a("02/XX/2021", "demo-1", "2021-08-10", "2021-09-01", "robo_negocio", "baja", -20, -15,
       "Red de comercios con botón de auxilio y tiempo de respuesta medido.", 4),
    _a("03/XLI/2024", "demo-1", "2024-02-13", "2024-03-01", "violencia_familiar", "alza", 15, 10,
       "Ventanilla única de denuncia en los centros de salud: se esperan más carpetas.", 4),
    _a("01/II/2020", "demo-2", "2020-09-08", "2020-10-01", "robo_casa_habitacion", "baja", -40, -25,
       "Vigilancia vecinal y patrullaje en las colonias con más robos a casa.", 5),
    _a("02/XV/2022", "demo-2", "2022-05-17", "2022-06-01", "narcomenudeo", "baja", 0, -10,
       "Recuperar seis espacios públicos y cerrar puntos de venta.", 3),
    _a("03/XXX/2024", "demo-2", "2024-06-11", "2024-07-01", "robo_vehiculo", "baja", -30, -20,
       "Operativo conjunto de los dos municipios en los accesos compartidos.", 4),
    _a("01/I/2021", "demo-3", "2021-02-16", "2021-03-01", "robo_transeunte", "baja", -20, -20,
       "Iluminación y policía de proximidad en la zona turística de los dos estados.", 4),
    _a("02/XXII/2023", "demo-3", "2023-06-20", "2023-07-01", "extorsion", "alza", 15, 20,
       "Acompañar la denuncia de extorsión en comercios: se esperan más carpetas.", 3),
    _a("03/XXXIV/2024", "demo-3", "2024-10-15", "2024-11-01", "lesiones_dolosas", "baja", -20, -15,
       "Revisión de horarios y capacitación del personal de bares.", 5),
    _a("01/III/2020", "demo-4", "2020-01-21", "2020-02-01", "robo_casa_habitacion", "baja", 0, -15,
       "Chats vecinales con la policía municipal.", 2),
    _a("02/XXVI/2023", "demo-4", "2023-01-17", "2023-02-01", "violencia_familiar", "baja", -20, -10,
       "Seguimiento de casos reincidentes por un equipo de las cuatro policías.", 4),
    _a("01/V/2021", "demo-5", "2021-05-11", "2021-06-01", "robo_vehiculo", "baja", -40, -25,
       "Placas clonadas: cruce diario de registros y aseguramiento de talleres.", 5),
    _a("02/XVII/2022", "demo-5", "2022-09-13", "2022-10-01", "robo_negocio robo_transeunte", "baja", -30, -20,
       "Corredores comerciales con cámara compartida y rondín conjunto.", 4),
    _a("03/XLVIII/2025", "demo-5", "2025-04-08", "2025-05-01", "fraude", "baja", 0, -10,
       "Campaña de prevención de fraude con bancos y cámaras.", 3),
    _a("01/VII/2022", "demo-6", "2022-03-15", "2022-04-01", "robo_casa_habitacion", "baja", -40, -30,
       "Comités comunitarios con radio.", 4),
    _a("02/XIX/2023", "demo-6", "2023-09-12", "2023-10-01", "amenazas", "baja", 0, -10,
       "Mediación comunitaria en los tres municipios.", 2),
)  # fmt: skip


def municipios_de(mesa: str) -> tuple[str, ...]:
    """Claves de los municipios que cubre una Mesa ficticia."""
    return next(m.municipios for m in MESAS if m.clave == mesa)


def tabla_verdad() -> pa.Table:
    """``demostracion_verdad``: un renglón por acuerdo, delito y municipio, con el efecto sembrado en por ciento."""
    renglones = [
        {"folio": a.folio, "mesa": a.mesa, "delito": delito, "cve_mun": cve_mun, "inicio": a.inicio,
         "efecto_pct": float(a.efecto_pct), "signo_esperado": a.signo}
        for a in ACUERDOS for delito in a.delitos for cve_mun in municipios_de(a.mesa)
    ]  # fmt: skip
    return pa.Table.from_pandas(pd.DataFrame(renglones), preserve_index=False)
