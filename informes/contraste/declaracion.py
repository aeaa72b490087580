"""Lo que se dijo —delito, lugar, dos periodos y una cifra— y todo lo que impide contrastarlo, de una vez."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analisis import formatos, frases
from analisis.contraste import Cifra, CifraInvalida, leer_cifra, publicados
from analisis.periodos import Periodo, en_tramos, faltantes
from datos.consultas import lugares
from datos.consultas.claves import claves
from datos.consultas.series import nivel_de, series


class NoSeContrasta(Exception):
    """La declaración no se puede contrastar; ``problemas`` los enumera todos."""

    def __init__(self, problemas: list[str]) -> None:
        super().__init__("; ".join(problemas))
        self.problemas = problemas


@dataclass(frozen=True)
class Declaracion:
    """Lo declarado. ``cifra`` es lo que se escribió (vacía: solo se cuentan las maneras); ``desde_un_anio``: si se dijo «desde
    AAAA», y entonces también se compara el año con el último año completo."""

    delito: str
    lugar: str
    antes: Periodo
    despues: Periodo
    direccion: str
    unidad: str
    cifra: str
    desde_un_anio: bool = False

    @property
    def nivel(self) -> str:
        """'nacional', 'estatal' o 'municipal'."""
        return nivel_de(self.lugar)

    @property
    def ambito(self) -> str:
        """El archivo del que salen las carpetas."""
        return "municipal" if self.nivel == "municipal" else "estatal"

    @property
    def nombre_del_delito(self) -> str:
        """Como se lee."""
        return claves()[self.delito].nombre

    @property
    def donde(self) -> str:
        """«en Guanajuato»."""
        return frases.en(lugares.nombre(self.lugar))

    def leida(self) -> Cifra | None:
        """La cifra; ``None`` si no se escribió ninguna. Lanza ``CifraInvalida``."""
        if not self.cifra.strip() and self.unidad != "mitad":
            return None
        return leer_cifra(self.cifra, self.unidad, self.direccion)


def serie_de(declaracion: Declaracion) -> pd.DataFrame:
    """Por mes: conteo, personas, metodologia y provisional. Vacía si no se publica."""
    cruda = series([declaracion.lugar], [declaracion.delito]).set_index("fecha")
    return cruda.rename(columns={"poblacion": "personas"})[["conteo", "personas", "metodologia", "provisional"]]


def exigir(declaracion: Declaracion, serie: pd.DataFrame) -> Cifra | None:
    """La cifra leída, si la declaración se puede contrastar. Lanza ``NoSeContrasta`` con todos los problemas."""
    problemas: list[str] = []
    cifra = None
    try:
        cifra = declaracion.leida()
    except CifraInvalida as causa:
        problemas.append(str(causa))
    antes, despues = declaracion.antes, declaracion.despues
    derechos = []
    for periodo, cual in ((antes, "el primer periodo"), (despues, "el segundo periodo")):
        if periodo.largo < 1:
            problemas.append(
                f"{cual} está al revés: empieza en {formatos.mes(periodo.desde)} y termina en {formatos.mes(periodo.hasta)}"
            )
        else:
            derechos.append((periodo, cual))
    if len(derechos) == 2:
        if despues.hasta < antes.desde:
            problemas.append("el segundo periodo es anterior al primero: intercámbielos")
        elif despues.desde <= antes.hasta:
            comunes = Periodo(max(antes.desde, despues.desde), min(antes.hasta, despues.hasta))
            problemas.append(f"los dos periodos se enciman {formatos.tramo(comunes.desde, comunes.hasta)}")
    if serie.empty:
        archivo = "por municipio " if declaracion.nivel == "municipal" else ""
        problemas.append(
            f"{declaracion.nombre_del_delito.lower()} no está publicado {archivo}{declaracion.donde} en lo que se ha cargado; lo "
            "no publicado no es cero"
        )
    else:
        for periodo, cual in derechos:
            problemas += _faltan(periodo, cual, serie)
        problemas += _no_comparables(declaracion, derechos)
    if problemas:
        raise NoSeContrasta(problemas)
    return cifra


def _faltan(periodo: Periodo, cual: str, serie: pd.DataFrame) -> list[str]:
    hay = publicados(serie)
    ultimo = max(hay)
    faltan = faltantes(periodo, hay)
    futuros = [m for m in faltan if m > ultimo]
    huecos = [m for m in faltan if m <= ultimo]
    problemas = []
    hueco = "está publicado el mes" if len(huecos) == 1 else "están publicados los meses"
    if huecos:
        problemas.append(f"en {cual} no {hueco} {_tramos(huecos)}, y lo no publicado no es cero")
    if futuros:
        problemas.append(
            f"{cual} llega a meses que todavía no se publican ({_tramos(futuros)}): lo publicado termina en "
            f"{formatos.mes(ultimo)}"
        )
    return problemas


def _tramos(meses: list[date]) -> str:
    return formatos.lista([formatos.tramo(*t) for t in en_tramos(meses)])


def _no_comparables(declaracion: Declaracion, derechos: list[tuple[Periodo, str]]) -> list[str]:
    if claves()[declaracion.delito].comparable_2026 or not derechos:
        return []
    desde = min(p.desde for p, _ in derechos)
    hasta = max(p.hasta for p, _ in derechos)
    if not desde.year < 2026 <= hasta.year:
        return []
    return [
        f"«{declaracion.nombre_del_delito}» no se compara a través de enero de 2026: la fuente cambió su metodología y contó "
        "otras categorías"
    ]
