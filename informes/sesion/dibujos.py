"""Las figuras de la sesión dibujadas para imprimir: sin título ni pie, que los escribe cada formato como texto."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np

from analisis import frases
from datos.consultas.geometria import figuras
from graficas.impresas import Contenido, Forma, Lienzo, barras, mapa, serie
from graficas.impresas.barras import Barra, DemasiadasBarras
from graficas.impresas.formas import MINIMO_DE_LETRA
from graficas.impresas.leyendas import Clase
from graficas.impresas.mapa import Trazado, trazado
from graficas.impresas.serie import Linea, Rango
from graficas.mapas import COLOR_DE_ETIQUETA
from informes.sesion.lamina import Barras, Figura, Mapa, Serie

CONTEXTO = 0.5  # qué tanto se aclara lo que no es de la Mesa
ALREDEDOR = 0.9  # cuánto contexto se ve a cada lado, en tamaños de la Mesa
MINIMO = 0.35  # grados: una Mesa de un municipio chico también deja ver a sus vecinos
NOMBRADOS = 12
LEYENDA = 1.1  # pulgadas de unidad, leyenda y pie


def forma(ancho: float, alto: float, texto: float) -> Forma:
    """Una forma del tamaño de la caja que le toca, sin márgenes."""
    return Forma("figura", ancho, alto, 144, texto + 2, texto, max(texto - 2, 9), 0.08)


def dibujar(figura: Figura, ancho: float, alto: float, texto: float, *, demostracion: bool) -> Lienzo | None:
    """El dibujo de una serie, unas barras o un mapa; ``None`` si no hay nada que dibujar."""
    if isinstance(figura, Serie):
        return _serie(figura, forma(ancho, alto, texto), demostracion=demostracion)
    if isinstance(figura, Barras):
        return _barras(figura, forma(ancho, alto, texto), demostracion=demostracion)
    if isinstance(figura, Mapa):
        return _mapa(figura, forma(ancho, alto, texto), demostracion=demostracion)
    return None


def _contenido(figura: Figura, unidad: str, *, demostracion: bool) -> Contenido:
    return Contenido("", "", unidad, (), figura.alternativo, demostracion)


def unidad_de(figura: Serie) -> str:
    """La unidad y qué es la banda gris."""
    banda = figura.que_es_la_banda
    return figura.unidad + (f"; {banda[:1].lower()}{banda[1:]}" if banda else "")


def _serie(figura: Serie, f: Forma, *, demostracion: bool) -> Lienzo:
    datos = figura.datos
    fechas = datos["fecha"].to_numpy().astype("datetime64[D]")
    provisional = datos["provisional"].to_numpy(dtype=bool)
    trazos = [
        Linea(rotulo, fechas, datos[c].to_numpy(dtype="float64"), provisional) for c, rotulo in figura.lineas.items()
    ]
    con_banda = "bajo" in datos and np.isfinite(datos["alto"].to_numpy(dtype="float64")).any()
    rango = (
        Rango(fechas, datos["bajo"].to_numpy(dtype="float64"), datos["alto"].to_numpy(dtype="float64"), "rango")
        if con_banda
        else None
    )
    return serie(f, _contenido(figura, unidad_de(figura), demostracion=demostracion), trazos, rango=rango)


def _barras(figura: Barras, f: Forma, *, demostracion: bool) -> Lienzo:
    """Con la letra pedida o, si no caben todas, con la mayor con que quepan."""
    filas = [Barra(str(x.nombre), float(x.valor), str(x.cifra), str(x.color)) for x in figura.datos.itertuples()]
    contenido = _contenido(figura, figura.unidad, demostracion=demostracion)
    while True:
        try:
            return barras(f, contenido, filas)
        except DemasiadasBarras:
            if f.texto <= MINIMO_DE_LETRA:
                raise
            f = forma(f.ancho, f.alto, max(f.texto - 0.5, MINIMO_DE_LETRA))


@functools.lru_cache(maxsize=12)
def trazado_de(rutas: tuple[str, ...]) -> Trazado:
    """Los contornos de una o varias geometrías publicadas, juntos."""
    claves: list[str] = []
    formas: list = []
    for ruta in rutas:
        suyas, contornos = figuras(ruta)
        claves += suyas
        formas += contornos
    return trazado(claves, formas)


def acercar(todo: Trazado, de_la_mesa: set[str], proporcion: float = 1.5) -> Trazado:
    """El mismo trazado con los límites puestos alrededor de la Mesa, y solo lo que se alcanza a ver.

    ``proporcion``: ancho entre alto de la caja que va a llenar.
    """
    cajas = np.array([c.get_extents().extents for c in todo.caminos])
    suyas = cajas[[k in de_la_mesa for k in todo.claves]]
    if not len(suyas):
        return todo
    oeste, sur, este, norte = suyas[:, 0].min(), suyas[:, 1].min(), suyas[:, 2].max(), suyas[:, 3].max()
    margen = max((este - oeste) * ALREDEDOR, (norte - sur) * ALREDEDOR, MINIMO)
    ancho, alto = este - oeste + 2 * margen, norte - sur + 2 * margen
    ancho, alto = max(ancho, alto * todo.correccion * proporcion), max(alto, ancho / todo.correccion / proporcion)
    x, y = (oeste + este) / 2, (sur + norte) / 2
    limites = (x - ancho / 2, y - alto / 2, x + ancho / 2, y + alto / 2)
    visible = (
        (cajas[:, 0] < limites[2])
        & (cajas[:, 2] > limites[0])
        & (cajas[:, 1] < limites[3])
        & (cajas[:, 3] > limites[1])
    )
    cuales = np.flatnonzero(visible)
    return Trazado(
        tuple(todo.claves[n] for n in cuales), tuple(todo.caminos[n] for n in cuales), todo.puntos[cuales], limites,
        todo.correccion,
    )  # fmt: skip


def aclarar(color: str) -> str:
    """El color mezclado con blanco, para lo que solo da contexto."""
    partes = [int(color[n : n + 2], 16) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(p + (255 - p) * CONTEXTO):02x}" for p in partes)


def clases_del_mapa() -> list[Clase]:
    """Primero las de la Mesa y luego las mismas, aclaradas, para los demás."""
    suyas = [Clase(c, e, rayada=e == frases.ETIQUETAS[3]) for e, c in COLOR_DE_ETIQUETA.items()]
    return [*suyas, *(Clase(aclarar(c.color), "", rayada=c.rayada) for c in suyas)]


def _mapa(figura: Mapa, f: Forma, *, demostracion: bool) -> Lienzo | None:
    if not figura.rutas:
        return None
    datos = figura.datos
    propios = set(datos.loc[datos["de_la_mesa"] == "sí", "lugar"])
    visto = acercar(trazado_de(figura.rutas), propios, f.ancho / max(f.alto - LEYENDA, 0.5))
    orden = list(COLOR_DE_ETIQUETA)
    clase_de = {
        x.lugar: orden.index(x.etiqueta) + (0 if x.lugar in propios else len(orden)) for x in datos.itertuples()
    }
    contorno = Trazado(
        *(tuple(v for v, k in zip(campo, visto.claves, strict=True) if k in propios) for campo in (visto.claves, visto.caminos)),
        visto.puntos, visto.limites, visto.correccion,
    )  # fmt: skip
    oeste, sur, este, norte = visto.limites
    a_la_vista = {
        k
        for k, (x, y) in zip(visto.claves, visto.puntos, strict=True)
        if k in propios or (oeste < x < este and sur < y < norte)
    }
    nombrables = datos[datos["lugar"].isin(a_la_vista)].head(len(propios) + NOMBRADOS)
    nombrar = [(x.lugar, x.nombre.split(",")[0]) for x in nombrables.itertuples()]
    return mapa(
        replace(f, pie=max(f.pie, 9)),
        _contenido(figura, f"{figura.delito}, 12 meses contra los 12 anteriores", demostracion=demostracion),
        visto, clase_de, clases_del_mapa(), bordes=contorno, nombrar=nombrar, grosor=2.2,
    )  # fmt: skip
