"""Las intensidades y los conteos de la demostración: qué se espera en cada municipio, categoría y mes, y cuánto salió.

La intensidad es población × peso de la entidad × geografía fija del municipio × vaivén propio del municipio × choques
comunes × estación × nivel nacional, normalizada para que la suma del país sea la de ``magnitudes``. Sobre ella, el
efecto sembrado de los acuerdos. El conteo es gamma–Poisson con varianza = (dispersión) × media.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from datos import catalogos
from datos.esquema import CNSP, RNID
from etl.demostracion import magnitudes, pesos
from etl.demostracion.mesas import ACUERDOS, municipios_de

SEMILLA = 20_150_101
ULTIMO_MES_2026 = 8
PRIMER_ANIO = magnitudes.ANIOS[0]
N_MESES = len(magnitudes.ANIOS) * 12
DISPERSION = 1.6  # varianza entre media de un conteo mensual, aparte de los choques comunes
POBLACION_SIN_DATO = 30_000  # municipios que CONAPO no trae: solo para repartir carpetas, nunca para tasas
PARTE_NO_ESPECIFICADO = 0.004
SUFIJO = {CNSP: 998, RNID: 999}
FAMILIAS = sorted({familia for _, familia, _ in magnitudes.GRUPOS.values()})
_AMPLITUD = {"sexual": 0.12, "familia": 0.08, "lesiones": 0.08, "homicidio": 0.05, "robo": 0.05}
_PICO = {"robo": 9.5, "vehiculo": 9.5}  # mes (0 = enero) del máximo; las demás familias, en mayo y junio
_EXPONENTE_URBANO = {"robo": 0.30, "vehiculo": 0.35, "fraude": 0.30, "narcomenudeo": 0.20, "rural": -0.20}
_PANDEMIA = {"robo": 0.72, "vehiculo": 0.75, "lesiones": 0.70, "sexual": 0.72, "fraude": 0.70, "familia": 0.85,
             "accidentes": 0.65, "otros": 0.60, "narcomenudeo": 0.80}  # fmt: skip


@dataclass(frozen=True)
class Anio:
    """Los conteos de un año: lugares y categorías en orden, y el arreglo (lugares, categorías, 12 meses) de enteros."""

    anio: int
    metodologia: str
    lugares: np.ndarray  # posiciones en Modelo.lugares
    hojas: np.ndarray  # posiciones en Modelo.hojas
    conteos: np.ndarray
    meses: int


def _sorteo(semilla: int, *partes: object) -> np.random.Generator:
    """Un generador propio por cada uso, que no depende del orden en que se llamen."""
    return np.random.default_rng([semilla, *(zlib.crc32(str(p).encode()) for p in partes)])


def _hojas() -> pd.DataFrame:
    tabla = catalogos.categorias()
    normal = catalogos.normalizar
    pares = [magnitudes.hoja(normal(s), normal(m)) for s, m in zip(tabla["subtipo"], tabla["modalidad"], strict=True)]
    tabla["grupo"] = [g for g, _ in pares]
    tabla["proporcion"] = [p for _, p in pares]
    tabla["familia"] = [magnitudes.GRUPOS[g][1] for g in tabla["grupo"]]
    return tabla


def _lugares() -> pd.DataFrame:
    """Municipios y un «no especificado» por entidad (sufijo 998; en 2026 se escribe 999), en el orden de los archivos."""
    reales = catalogos.municipios()[["cve_mun", "nombre", "cve_ent", "existe_desde"]].assign(pseudo=False)
    pseudo = pd.DataFrame(
        {
            "cve_mun": [f"{e}998" for e in catalogos.entidades()["cve_ent"]],
            "nombre": "No Especificado",
            "cve_ent": catalogos.entidades()["cve_ent"],
            "existe_desde": pd.array([pd.NA] * 32, dtype="Int64"),
            "pseudo": True,
        }
    )
    return pd.concat([reales, pseudo], ignore_index=True).sort_values("cve_mun", ignore_index=True)


class Modelo:
    """Todo lo que no cambia de un año a otro; ``intensidad(anio)`` y ``conteos(anio)`` dan cada año."""

    def __init__(self, semilla: int = SEMILLA) -> None:
        self.semilla = semilla
        self.hojas = _hojas()
        self.lugares = _lugares()
        self.grupos = list(magnitudes.GRUPOS)
        self._familia_de_grupo = np.array([FAMILIAS.index(magnitudes.GRUPOS[g][1]) for g in self.grupos])
        self._grupo_de_hoja = np.array([self.grupos.index(g) for g in self.hojas["grupo"]])
        self._familia_de_hoja = np.array([FAMILIAS.index(f) for f in self.hojas["familia"]])
        self.poblacion = self._poblacion()
        self.no_reporta_hasta = self._no_reporta()
        self._geografia = self._fija()
        self._vaiven = self._vaivenes()
        self.nacional = self._nacional()

    def _poblacion(self) -> np.ndarray:
        """Habitantes (lugares, 12 años); el «no especificado» pesa como una parte pequeña de su entidad."""
        ancho = catalogos.poblacion().pivot(index="cve_mun", columns="anio", values="poblacion")
        ancho = ancho.reindex(index=self.lugares["cve_mun"], columns=list(magnitudes.ANIOS)).fillna(POBLACION_SIN_DATO)
        pseudo = self.lugares["pseudo"].to_numpy()
        ancho.loc[pseudo] = 0
        por_entidad = ancho.groupby(self.lugares["cve_ent"].to_numpy()).transform("sum").to_numpy()
        return np.where(pseudo[:, None], por_entidad * PARTE_NO_ESPECIFICADO, ancho.to_numpy(dtype=float))

    def _no_reporta(self) -> np.ndarray:
        """Año hasta el cual cada lugar no reportó (0: siempre reportó): algunos muy pequeños, y los que no existían."""
        azar = _sorteo(self.semilla, "no reporta").random(len(self.lugares))
        pequeno = (self.poblacion[:, 0] < 4_000) & ~self.lugares["pseudo"].to_numpy()
        hasta = np.where(pequeno & (azar < 0.30), 2015 + (azar * 10).astype(int), 0)
        existe = self.lugares["existe_desde"].fillna(0).to_numpy(dtype=int)
        en_mesa = self.lugares["cve_mun"].isin([m for a in ACUERDOS for m in municipios_de(a.mesa)]).to_numpy()
        return np.maximum(np.where(en_mesa, 0, hasta), existe - 1)

    def _fija(self) -> np.ndarray:
        """Geografía (lugares, grupos) que no cambia con los años: entidad, tamaño y una suerte propia por grupo."""
        entidades = list(catalogos.entidades()["cve_ent"])
        por_entidad = pesos.matriz(entidades, FAMILIAS)[[entidades.index(e) for e in self.lugares["cve_ent"]]]
        tamano = np.maximum(self.poblacion[:, 5], 300) / 50_000
        urbano = np.column_stack([tamano ** _EXPONENTE_URBANO.get(f, 0.08) for f in FAMILIAS])
        suerte = _sorteo(self.semilla, "familias").gamma(6.0, 1 / 6.0, (len(self.lugares), len(FAMILIAS)))
        por_familia = (por_entidad * urbano * suerte)[:, self._familia_de_grupo]
        propia = [_sorteo(self.semilla, "grupo", g).gamma(8.0, 1 / 8.0, len(self.lugares)) for g in self.grupos]
        return por_familia * np.column_stack(propia)

    def _vaivenes(self) -> np.ndarray:
        """Vaivén (meses, lugares, familias): autorregresivo de la entidad (desviación 0.08) y del municipio (0.12)."""
        entidades = self.lugares["cve_ent"].astype(int).to_numpy() - 1
        azar = _sorteo(self.semilla, "vaivén")
        phi = 0.96
        paso = np.sqrt(1 - phi**2)
        propio = azar.standard_normal((len(self.lugares), len(FAMILIAS)))
        comun = azar.standard_normal((32, len(FAMILIAS)))
        salida = np.empty((N_MESES, len(self.lugares), len(FAMILIAS)), dtype=np.float32)
        for mes in range(N_MESES):
            salida[mes] = np.exp(0.12 * propio + 0.08 * comun[entidades])
            propio = phi * propio + paso * azar.standard_normal(propio.shape)
            comun = phi * comun + paso * azar.standard_normal(comun.shape)
        return salida

    def _nacional(self) -> np.ndarray:
        """Carpetas nacionales esperadas (categorías, meses): nivel anual suavizado, estación, días y pandemia."""
        anual = magnitudes.carpetas_por_anio(self.hojas)
        n_anios = anual.shape[1]
        centros, meses = np.arange(n_anios) * 12 + 5.5, np.arange(N_MESES)
        suave = np.exp(np.array([np.interp(meses, centros, np.log(fila)) for fila in anual]))
        dias = pd.date_range(f"{PRIMER_ANIO}-01-01", periods=N_MESES, freq="MS").days_in_month.to_numpy() / 30.4375
        forma = suave * dias
        for posicion, familia in enumerate(self.hojas["familia"]):
            mes_del_anio = meses % 12
            amplitud, pico = _AMPLITUD.get(familia, 0.03), _PICO.get(familia, 4.5)
            forma[posicion] *= 1 + amplitud * np.cos(2 * np.pi * (mes_del_anio - pico) / 12)
            caida = _PANDEMIA.get(familia, 1.0)
            inicio = (2020 - PRIMER_ANIO) * 12 + 3  # abril de 2020
            forma[posicion, inicio : inicio + 4] *= [caida, caida, (1 + caida) / 2, (3 + caida) / 4]
        forma = forma.reshape(len(self.hojas), n_anios, 12)
        forma *= (anual / forma.sum(axis=2))[:, :, None]
        return forma.reshape(len(self.hojas), N_MESES)

    def efectos(self, hojas: np.ndarray, anio: int) -> np.ndarray:
        """Multiplicador sembrado (lugares, hojas, 12 meses): 1 donde no hay acuerdo vigente."""
        salida = np.ones((len(self.lugares), len(hojas), 12), dtype=np.float32)
        claves = self.hojas.iloc[hojas].reset_index(names="hoja")
        puente = catalogos.puente().merge(claves, on=["metodologia", "tipo", "subtipo", "modalidad"])
        columna_de = {int(h): i for i, h in enumerate(hojas)}
        posicion_de = {c: i for i, c in enumerate(self.lugares["cve_mun"])}
        for acuerdo in ACUERDOS:
            desde = (acuerdo.inicio.year - anio) * 12 + acuerdo.inicio.month - 1
            if desde >= 12:
                continue
            suyas = puente.loc[puente["delito"].isin(acuerdo.delitos), "hoja"].unique()
            columnas = [columna_de[int(h)] for h in suyas]
            renglones = [posicion_de[c] for c in municipios_de(acuerdo.mesa)]
            salida[np.ix_(renglones, columnas, range(max(desde, 0), 12))] *= 1 + acuerdo.efecto_pct / 100
        return salida

    def intensidad(self, anio: int, *, con_efectos: bool = True) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Posiciones de los lugares que reportan, posiciones de las categorías, e intensidad esperada de cada mes."""
        metodologia = CNSP if anio <= 2025 else RNID
        hojas = np.flatnonzero(self.hojas["metodologia"].eq(metodologia).to_numpy())
        lugares = np.flatnonzero(self.no_reporta_hasta < anio)
        indice = anio - PRIMER_ANIO
        meses = slice(indice * 12, indice * 12 + 12)
        peso = (self._geografia * self.poblacion[:, [indice]])[lugares].astype(np.float32)
        vaiven = self._vaiven[meses][:, lugares].transpose(1, 2, 0)
        por_grupo = peso[:, :, None] * vaiven[:, self._familia_de_grupo]
        por_grupo /= por_grupo.sum(axis=0, dtype=np.float64).astype(np.float32)
        intensidad = por_grupo[:, self._grupo_de_hoja[hojas]] * self.nacional[hojas, meses].astype(np.float32)
        if con_efectos:
            intensidad *= self.efectos(hojas, anio)[lugares]
        return lugares, hojas, intensidad

    def conteos(self, anio: int) -> Anio:
        """Los conteos sorteados de un año; en 2026 los meses posteriores al corte quedan en cero y ``meses`` lo dice."""
        lugares, hojas, intensidad = self.intensidad(anio)
        azar = _sorteo(self.semilla, "conteos", anio)
        mezcla = azar.standard_gamma(intensidad / np.float32(DISPERSION - 1), dtype=np.float32)
        conteos = azar.poisson(mezcla * np.float32(DISPERSION - 1)).astype(np.int32)
        meses = 12 if anio < 2026 else ULTIMO_MES_2026
        conteos[:, :, meses:] = 0
        return Anio(anio, CNSP if anio <= 2025 else RNID, lugares, hojas, conteos, meses)
