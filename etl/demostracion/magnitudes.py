"""Órdenes de magnitud de la demostración: cifras redondas puestas a mano, no copiadas de ningún archivo.

Cifras públicas que sí se citan (SESNSP): carpetas nacionales de homicidio doloso por año (``HOMICIDIO_DOLOSO``), todos
los delitos de 2019 (``TOTAL_2019``) y el promedio mensual de todos los delitos del primer trimestre de 2026 en el RNID
(``MENSUAL_RNID``). Lo demás son millares redondos por delito, para que el tablero tenga la
escala del país sin decir nada de ningún lugar real.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from datos.esquema import CNSP

ANIOS = tuple(range(2015, 2027))
TOTAL_2019 = 2_071_181
MENSUAL_RNID = (154_812 + 150_592 + 175_249) / 3
# 2024: enero a noviembre, 23 581, llevado a doce meses; 2025 y 2026: supuestos de la demostración.
HOMICIDIO_DOLOSO = (16_119, 20_148, 25_033, 29_096, 29_500, 28_839, 28_281, 26_280, 25_290, 25_700, 20_500, 16_000)

PERFILES = {  # nivel de cada año, 2015 a 2026, respecto de 2019
    "homicidio": tuple(v / HOMICIDIO_DOLOSO[4] for v in HOMICIDIO_DOLOSO),
    "estable": (0.90, 0.92, 0.94, 0.97, 1.0, 0.88, 0.98, 1.03, 1.04, 1.02, 1.00, 0.96),
    "alza": (0.60, 0.70, 0.78, 0.88, 1.0, 0.98, 1.15, 1.28, 1.35, 1.36, 1.33, 1.28),
    "alza fuerte": (0.42, 0.50, 0.60, 0.78, 1.0, 1.00, 1.25, 1.60, 1.80, 1.80, 1.75, 1.70),
    "baja": (0.92, 0.95, 1.08, 1.08, 1.0, 0.78, 0.74, 0.72, 0.68, 0.61, 0.54, 0.48),
    "baja fuerte": (1.10, 1.05, 1.15, 1.12, 1.0, 0.70, 0.60, 0.50, 0.44, 0.38, 0.33, 0.29),
}

# grupo: (carpetas al año hacia 2019, familia, perfil)
GRUPOS: dict[str, tuple[float, str, str]] = {
    "homicidio doloso": (29_500, "homicidio", "homicidio"),
    "homicidio culposo": (15_500, "accidentes", "estable"),
    "lesiones dolosas": (160_000, "lesiones", "estable"),
    "lesiones culposas": (45_000, "accidentes", "estable"),
    "feminicidio": (950, "homicidio", "estable"),
    "aborto": (700, "otros", "estable"),
    "otros vida": (9_000, "lesiones", "alza"),
    "secuestro": (1_300, "homicidio", "baja fuerte"),
    "trafico de menores": (30, "otros", "baja"),
    "rapto": (120, "sexual", "baja"),
    "otros libertad": (20_000, "lesiones", "estable"),
    "abuso sexual": (24_000, "sexual", "alza"),
    "acoso sexual": (4_500, "sexual", "alza fuerte"),
    "hostigamiento sexual": (2_000, "sexual", "alza"),
    "violacion simple": (13_500, "sexual", "estable"),
    "violacion equiparada": (4_000, "sexual", "alza"),
    "incesto": (12, "sexual", "estable"),
    "otros sexuales": (6_500, "sexual", "alza"),
    "robo casa": (82_000, "robo", "baja"),
    "robo coche": (150_000, "vehiculo", "baja"),
    "robo moto": (36_000, "vehiculo", "estable"),
    "robo embarcacion": (50, "vehiculo", "estable"),
    "robo autopartes": (20_000, "vehiculo", "estable"),
    "robo transportista": (11_500, "vehiculo", "baja"),
    "robo via publica": (83_000, "robo", "baja"),
    "robo espacio abierto": (4_000, "robo", "estable"),
    "robo transporte individual publico": (3_000, "robo", "baja"),
    "robo transporte colectivo": (18_000, "robo", "baja fuerte"),
    "robo transporte individual": (16_000, "robo", "baja"),
    "robo banco": (480, "robo", "baja fuerte"),
    "robo negocio": (118_000, "robo", "baja"),
    "robo ganado": (5_400, "rural", "baja"),
    "robo herramienta": (550, "rural", "baja"),
    "robo tractores": (160, "rural", "estable"),
    "robo cables": (460, "rural", "estable"),
    "otros robos": (214_000, "robo", "baja"),
    "fraude": (77_000, "fraude", "alza"),
    "abuso de confianza": (27_000, "fraude", "estable"),
    "extorsion": (8_700, "fraude", "estable"),
    "dano propiedad": (136_000, "accidentes", "estable"),
    "despojo": (28_000, "otros", "estable"),
    "otros patrimonio": (14_500, "otros", "alza"),
    "violencia familiar": (210_000, "familia", "alza"),
    "violencia de genero": (3_200, "familia", "alza fuerte"),
    "incumplimiento": (24_000, "familia", "estable"),
    "otros familia": (12_000, "familia", "estable"),
    "corrupcion de menores": (2_200, "sexual", "estable"),
    "trata": (550, "sexual", "estable"),
    "otros sociedad": (8_000, "otros", "estable"),
    "narcomenudeo": (70_000, "narcomenudeo", "alza"),
    "amenazas": (110_000, "lesiones", "alza"),
    "allanamiento": (14_000, "robo", "estable"),
    "evasion": (120, "otros", "estable"),
    "falsedad": (3_500, "otros", "alza"),
    "falsificacion": (20_000, "otros", "baja"),
    "ambiente": (2_200, "rural", "estable"),
    "servidores": (21_000, "otros", "estable"),
    "electorales": (900, "otros", "estable"),
    "otros fuero comun": (170_000, "otros", "estable"),
}

_VIOLENCIA = {  # proporción con violencia de cada robo
    "robo casa": 0.10, "robo coche": 0.40, "robo moto": 0.28, "robo embarcacion": 0.20, "robo autopartes": 0.03,
    "robo transportista": 0.85, "robo via publica": 0.77, "robo espacio abierto": 0.6,
    "robo transporte individual publico": 0.7, "robo transporte colectivo": 0.7, "robo transporte individual": 0.5,
    "robo banco": 0.7, "robo negocio": 0.48, "robo ganado": 0.05, "robo herramienta": 0.25, "robo tractores": 0.4,
    "robo cables": 0.1, "otros robos": 0.2,
}  # fmt: skip
_MEDIO = {  # proporción por medio
    "homicidio doloso": {"con arma de fuego": 0.70, "con arma blanca": 0.09,
                         "con otro elemento": 0.18, "no especificado": 0.03},
    "homicidio culposo": {"con arma de fuego": 0.005, "con arma blanca": 0.001, "en accidente de transito": 0.76,
                          "con otro elemento": 0.18, "no especificado": 0.054},
    "lesiones dolosas": {"con arma de fuego": 0.06, "con arma blanca": 0.06,
                         "con otro elemento": 0.78, "no especificado": 0.10},
    "lesiones culposas": {"con arma de fuego": 0.01, "con arma blanca": 0.005, "en accidente de transito": 0.63,
                          "con otro elemento": 0.22, "no especificado": 0.135},
    "feminicidio": {"con arma de fuego": 0.20, "con arma blanca": 0.22,
                    "con otro elemento": 0.52, "no especificado": 0.06},
}  # fmt: skip
_SUBTIPO = {  # subtipo normalizado: grupo (los robos de vehículo y maquinaria de 2015–2025 se deciden por modalidad)
    "homicidio doloso": "homicidio doloso", "homicidio culposo": "homicidio culposo",
    "lesiones dolosas": "lesiones dolosas", "lesiones culposas": "lesiones culposas", "feminicidio": "feminicidio",
    "aborto": "aborto",
    "otros delitos que atentan contra la vida y la integridad corporal": "otros vida",
    "trafico de menores": "trafico de menores", "rapto": "rapto",
    "otros delitos que atentan contra la libertad personal": "otros libertad", "abuso sexual": "abuso sexual",
    "acoso sexual": "acoso sexual", "hostigamiento sexual": "hostigamiento sexual",
    "violacion simple": "violacion simple", "violacion equiparada": "violacion equiparada", "incesto": "incesto",
    "otros delitos que atentan contra la libertad y la seguridad sexual": "otros sexuales",
    "robo a casa habitacion": "robo casa", "robo de vehiculo automotor coche de 4 ruedas": "robo coche",
    "robo de vehiculo automotor motocicleta": "robo moto",
    "robo de vehiculo automotor embarcaciones": "robo embarcacion", "robo de autopartes": "robo autopartes",
    "robo a transportista": "robo transportista", "robo a transeunte en via publica": "robo via publica",
    "robo a transeunte en espacio abierto al publico": "robo espacio abierto",
    "robo en transporte publico individual": "robo transporte individual publico",
    "robo en transporte publico colectivo": "robo transporte colectivo",
    "robo en transporte individual": "robo transporte individual", "robo a institucion bancaria": "robo banco",
    "robo a negocio": "robo negocio", "robo de ganado": "robo ganado",
    "robo de maquinaria herramienta industrial o agricola": "robo herramienta",
    "robo de maquinaria tractores y o montacargas": "robo tractores",
    "robo de maquinaria cables tubos y otros objetos destinados a servicios publicos": "robo cables",
    "otros robos": "otros robos", "fraude": "fraude", "abuso de confianza": "abuso de confianza",
    "extorsion": "extorsion", "dano a la propiedad": "dano propiedad", "despojo": "despojo",
    "otros delitos contra el patrimonio": "otros patrimonio", "violencia familiar": "violencia familiar",
    "violencia de genero en todas sus modalidades distinta a la violencia familiar": "violencia de genero",
    "incumplimiento de obligaciones de asistencia familiar": "incumplimiento",
    "otros delitos contra la familia": "otros familia", "corrupcion de menores": "corrupcion de menores",
    "trata de personas": "trata", "otros delitos contra la sociedad": "otros sociedad",
    "narcomenudeo": "narcomenudeo", "amenazas": "amenazas", "allanamiento de morada": "allanamiento",
    "evasion de presos": "evasion", "falsedad": "falsedad", "falsificacion": "falsificacion",
    "contra el medio ambiente": "ambiente", "delitos cometidos por servidores publicos": "servidores",
    "electorales": "electorales", "otros delitos del fuero comun": "otros fuero comun",
}  # fmt: skip
_PARTES = {  # hoja que es una parte redonda de su grupo; clave: subtipo (o modalidad) normalizado
    "secuestro extorsivo": ("secuestro", 0.80), "secuestro con calidad de rehen": ("secuestro", 0.04),
    "secuestro para causar dano": ("secuestro", 0.04), "secuestro expres": ("secuestro", 0.11),
    "otro tipo de secuestros": ("secuestro", 0.01),
    "tentativa de homicidio doloso": ("homicidio doloso", 0.145), "tentativa de feminicidio": ("feminicidio", 0.6),
    "extorsion presencial": ("extorsion", 0.2), "extorsion por otros medios": ("extorsion", 0.8),
    "tentativa de extorsion presencial": ("extorsion", 0.05),
    "tentativa de extorsion por otros medios": ("extorsion", 0.12),
    "privacion ilegal de la libertad": ("otros libertad", 0.3),
    "retencion o sustraccion de menores e incapaces": ("otros libertad", 0.4),
    "violacion a la intimidad sexual": ("otros sexuales", 0.4),
    "trata de personas con fines de explotacion sexual": ("trata", 0.3),
    "trata de personas con fines de trabajo o servicios forzados": ("trata", 0.1),
    "trata de personas con fines de trafico de organos": ("trata", 0.01),
    "trata de personas con otros fines": ("trata", 0.5), "pornografia infantil": ("trata", 0.5),
    "discriminacion": ("otros sociedad", 0.3),
    "narcomenudeo posesion simple": ("narcomenudeo", 0.8), "narcomenudeo con fines de venta": ("narcomenudeo", 0.2),
    "delitos contra la administracion de justicia": ("servidores", 0.2), "tortura": ("servidores", 0.1),
    "suplantacion y usurpacion de identidad": ("otros fuero comun", 0.08),
}  # fmt: skip
_POR_MODALIDAD = (  # robos de 2015–2025 cuyo objeto va en la modalidad
    ("robo de coche de 4 ruedas", "robo coche"), ("robo de motocicleta", "robo moto"),
    ("robo de embarcaciones", "robo embarcacion"), ("robo de herramienta", "robo herramienta"),
    ("robo de tractores", "robo tractores"), ("robo de cables", "robo cables"),
)  # fmt: skip


def hoja(subtipo: str, modalidad: str) -> tuple[str, float]:
    """Grupo y proporción del grupo que toca a una categoría; textos ya normalizados.

    Lanza ``KeyError`` con el nombre de la categoría si no está prevista.
    """
    for clave in (modalidad, subtipo):
        if clave in _PARTES:
            return _PARTES[clave]
    grupo = next((g for inicio, g in _POR_MODALIDAD if modalidad.startswith(inicio)), None) or _SUBTIPO[subtipo]
    if grupo in _VIOLENCIA:
        con = _VIOLENCIA[grupo]
        return grupo, con if modalidad.endswith("con violencia") else 1 - con
    if grupo in _MEDIO:
        return grupo, _MEDIO[grupo][modalidad]
    return grupo, 1.0


def carpetas_por_anio(hojas: pd.DataFrame) -> np.ndarray:
    """Carpetas nacionales esperadas por categoría y año: arreglo (categorías, 12 años, 2015 a 2026).

    ``hojas`` trae metodologia, grupo y proporcion. El homicidio doloso queda en la cifra citada; lo demás se escala
    para que 2019 (CNSP/38/15) sume ``TOTAL_2019`` y un mes de 2026 (RNID) sume ``MENSUAL_RNID``.
    """
    base = np.array([GRUPOS[g][0] for g in hojas["grupo"]]) * hojas["proporcion"].to_numpy()
    perfil = np.array([PERFILES[GRUPOS[g][2]] for g in hojas["grupo"]])
    niveles = base[:, None] * perfil
    fijas = hojas["grupo"].eq("homicidio doloso").to_numpy()
    es_cnsp = hojas["metodologia"].eq(CNSP).to_numpy()
    for parte, anio, meta in ((es_cnsp, 2019, TOTAL_2019), (~es_cnsp, 2026, MENSUAL_RNID * 12)):
        columna = ANIOS.index(anio)
        libres = parte & ~fijas
        niveles[libres] *= (meta - niveles[parte & fijas, columna].sum()) / niveles[libres, columna].sum()
    return niveles
