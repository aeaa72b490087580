"""``componer``: las cifras del mes de un lugar o una Mesa, las frases que salen de ellas, su figura, sus cautelas y su fuente."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analisis.boletin import Renglon, renglon
from datos import catalogos
from datos.consultas.alertas import rangos_de
from datos.consultas.claves import claves
from datos.consultas.contexto import contexto
from datos.registro.logos import como_imagen
from informes import prensa
from informes.boletin import palabras
from informes.boletin.cifras import cifras
from informes.boletin.donde import Donde, cruda_de, de_lugar
from informes.fuente import frases_de_fuente
from informes.prensa.historia import Historia

VERSION = "1"  # súbala si cambia lo que dice un boletín: los ya hechos se vuelven a hacer
CANASTA = "mesas"


class SinBoletin(Exception):
    """No hay con qué hacer el boletín; el mensaje dice qué falta."""


@dataclass(frozen=True)
class Delito:
    """Un delito del boletín: su clave, su nombre, sus cifras y lo que se dice de ellas."""

    clave: str
    nombre: str
    renglon: Renglon
    oraciones: tuple[str, ...]


@dataclass(frozen=True)
class Boletin:
    """Todo lo que dice un boletín. ``tabla``: un renglón por cifra, con de dónde salió; ``huella``: de qué se hizo."""

    donde: Donde
    mes: date
    titulo: str
    bajada: str
    delitos: tuple[Delito, ...]
    tabla: pd.DataFrame
    figuras: tuple[Historia, ...]
    inusual: tuple[str, ...]
    cautelas: tuple[str, ...]
    fuentes: tuple[str, ...]
    demostracion: bool
    huella: str

    @property
    def puntos(self) -> list[str]:
        """Lo que se dice de cada delito publicado, uno por renglón."""
        return [" ".join(d.oraciones) for d in self.delitos if d.oraciones]


def delitos_de(canasta: str = CANASTA) -> list[str]:
    """Los delitos de la canasta que tienen serie propia, en su orden."""
    miembros = catalogos.canastas().query("canasta == @canasta and violencia == ''")
    return [d for d in miembros["delito"] if d in claves()]


def ultimo_mes(donde: Donde, canasta: str = CANASTA) -> date:
    """El último mes con alguna cifra de la canasta. Lanza ``SinBoletin`` si no hay ninguno."""
    cruda = cruda_de(donde, delitos_de(canasta))
    if cruda.empty:
        raise SinBoletin(
            f"De {donde.nombre} no está publicado ningún delito de la canasta; lo no publicado no es cero."
        )
    return cruda["fecha"].max().date()


def meses_con_cifra(donde: Donde, canasta: str = CANASTA) -> list[date]:
    """Los meses de los que hay boletín, del más reciente al más viejo."""
    return sorted({f.date() for f in cruda_de(donde, delitos_de(canasta))["fecha"]}, reverse=True)


def huella_de(donde: Donde, mes: date, canasta: str = CANASTA) -> str:
    """Huella de todo lo que entra en un boletín: la base publicada, el lugar, el mes, la canasta y cómo se redacta."""
    entradas = [contexto().publicacion.sha256, donde.clave, donde.nombre, *donde.lugares, donde.nota, donde.logo]
    return hashlib.sha256(
        json.dumps([*entradas, f"{mes:%Y-%m}", canasta, VERSION], ensure_ascii=False).encode()
    ).hexdigest()


def componer(lugar: Donde | str, mes: date | None = None, canasta: str = CANASTA) -> Boletin:
    """El boletín de un mes (por omisión, el último publicado). ``lugar``: una clave de INEGI o lo que da ``de_mesa``.

    Lanza ``SinBoletin`` si ese mes no tiene ninguna cifra y ``KeyError`` si la clave no está en el catálogo.
    """
    donde = de_lugar(lugar) if isinstance(lugar, str) else lugar
    actual, catalogo = contexto(), claves()
    ultimo = ultimo_mes(donde, canasta)
    mes = mes or ultimo
    cruda = cruda_de(donde, delitos_de(canasta))
    por_delito = {d: propia.set_index("fecha").sort_index() for d, propia in cruda.groupby("delito")}
    rangos = {} if donde.es_mesa else rangos_de(donde.lugares[0], mes)
    renglones = {}
    for clave in delitos_de(canasta):
        propia = por_delito.get(clave, cruda.head(0).set_index("fecha"))
        comparable = catalogo[clave].comparable_2026
        renglones[clave] = renglon(propia, mes, comparable=comparable, rango=rangos.get(clave))
    hay_anio_anterior = not palabras.sin_anio_anterior(list(renglones.values()))
    delitos = [
        Delito(
            clave,
            catalogo[clave].nombre,
            suyo,
            tuple(palabras.de_un_delito(catalogo[clave].nombre, suyo, con_anio_anterior=hay_anio_anterior)),
        )
        for clave, suyo in renglones.items()
    ]
    if all(d.renglon.conteo is None for d in delitos):
        raise SinBoletin(
            f"De {donde.nombre} no está publicado ningún delito de {palabras.el_mes(mes)}: lo publicado llega a "
            f"{palabras.el_mes(ultimo)}."
        )
    # Desde el primer mes que se dibuja: la figura trae toda la serie, y se cita cada corte que la alimenta.
    fuentes = frases_de_fuente(actual, [donde.ambito], cruda["fecha"].min().date(), mes)
    pares = [(d.nombre, d.renglon) for d in delitos]
    publicados = {f.date() for f in cruda["fecha"]}
    return Boletin(
        donde=donde,
        mes=mes,
        titulo=palabras.titulo(donde, mes, pares),
        bajada=palabras.bajada(donde.nota, mes, list(renglones.values())),
        delitos=tuple(delitos),
        tabla=cifras(donde, delitos),
        figuras=tuple(
            figura.con_logo(como_imagen(donde.logo))
            for figura in _figuras(donde, delitos, cruda, fuentes[:1], actual.demostracion)
        ),
        inusual=tuple(palabras.inusual(pares)),
        cautelas=tuple(palabras.cautelas(donde, mes, [(d.clave, d.nombre, d.renglon) for d in delitos], publicados)),
        fuentes=tuple(fuentes),
        demostracion=actual.demostracion,
        huella=huella_de(donde, mes, canasta),
    )


def _figuras(
    donde: Donde, delitos: list[Delito], cruda: pd.DataFrame, pie: list[str], demostracion: bool
) -> list[Historia]:
    """La evolución del primer delito con cifra; si otro quedó fuera de lo esperado, también la suya."""
    con_cifra = [d for d in delitos if d.renglon.conteo is not None]
    elegidos = [con_cifra[0], *[d for d in con_cifra[1:] if d.renglon.alerta][:1]]
    return [
        prensa.evolucion(
            cruda[(cruda["delito"] == d.clave) & (cruda["fecha"] <= pd.Timestamp(d.renglon.mes))],
            donde.en_frase,
            d.nombre,
            comparable=claves()[d.clave].comparable_2026,
            pie=pie,
            demostracion=demostracion,
        )
        for d in elegidos
    ]
