"""La escalera del SESNSP: la página con cabeceras llanas, con las de un navegador, el espejo y la carpeta de entrada.

Cada peldaño busca solo lo que falta. Lo que llega se clasifica por su contenido: si la etiqueta decía otra cosa, se avisa.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from datos.catalogos.etiquetas import OBLIGATORIOS, PRODUCTOS, Producto
from datos.esquema import CNSP
from etl.fuente import contenido, fichas
from etl.fuente.ajustes import Ajustes
from etl.fuente.cabeceras import LLANAS, MANERAS
from etl.fuente.compartido import candidatas
from etl.fuente.contenido import Vistazo
from etl.fuente.fallas import FallaDeFuente
from etl.fuente.obtencion import Almacenista, Obtenido
from etl.fuente.pagina import Liga, ligas, por_producto
from etl.trabajo import Trabajo

ESPEJO = "espejo congelado en diciembre de 2025"
ENTRADA = "carpeta de entrada"
_DE_TABLA = {".csv", ".zip", ".xlsx"}


@dataclass
class Cosecha:
    """Lo que dio la escalera: un archivo por producto, los demás que había en la entrada, avisos y causas de lo que falló."""

    obtenidos: dict[Producto, Obtenido] = field(default_factory=dict)
    ademas: list[Obtenido] = field(default_factory=list)
    avisos: list[str] = field(default_factory=list)
    causas: list[str] = field(default_factory=list)

    @property
    def faltan(self) -> list[Producto]:
        """Productos que no se consiguieron, en el orden en que se buscan."""
        return [p for p in PRODUCTOS if p not in self.obtenidos]

    @property
    def archivos(self) -> list[Obtenido]:
        """Todo lo conseguido."""
        return [*self.obtenidos.values(), *self.ademas]


class Escalera:
    """Sube la escalera una vez, anotando cada intento en el trabajo."""

    def __init__(self, ajustes: Ajustes, almacenista: Almacenista, trabajo: Trabajo) -> None:
        self._ajustes, self._almacenista, self._trabajo = ajustes, almacenista, trabajo
        self._cosecha = Cosecha()
        self._fallaron_ligas = False

    def subir(self) -> Cosecha:
        """Prueba peldaño por peldaño hasta tener lo obligatorio. No lanza: lo que no se pudo queda en ``causas``."""
        for manera, cabeceras in MANERAS:
            if self._hace_falta():
                self._de_la_pagina(manera, cabeceras)
        if self._hace_falta():
            self._del_espejo()
        if self._hace_falta():
            self._de_la_entrada()
        return self._cosecha

    def _hace_falta(self) -> bool:
        return self._fallaron_ligas or any(p not in self._cosecha.obtenidos for p in OBLIGATORIOS)

    def _de_la_pagina(self, manera: str, cabeceras: Mapping[str, str]) -> None:
        self._trabajo.paso(f"Página del SESNSP, {manera}")
        try:
            pagina = self._almacenista.red.pagina(self._ajustes.pagina, cabeceras)
        except FallaDeFuente as falla:
            self._anotar_falla(manera, "página del SESNSP", falla)
            return
        todas = ligas(pagina.texto, pagina.direccion)
        grupos = por_producto(todas)
        if not grupos:
            self._anotar_falla(
                manera,
                "página del SESNSP",
                FallaDeFuente(f"ninguna de sus {len(todas)} ligas lleva la etiqueta de un archivo de incidencia"),
            )
            return
        self._fallaron_ligas = False
        # Lo pendiente se fija antes: si dos etiquetas están cambiadas, hay que abrir las dos.
        for producto in self._cosecha.faltan:
            if producto in grupos:
                self._fallaron_ligas |= not any(
                    self._de_una_liga(manera, cabeceras, producto, g) for g in grupos[producto]
                )
            elif producto.obligatorio:
                self._anotar_falla(manera, producto.nombre, FallaDeFuente("la página no trae esa etiqueta"))

    def _de_una_liga(self, manera: str, cabeceras: Mapping[str, str], producto: Producto, liga: Liga) -> bool:
        ficha = {"pagina": self._ajustes.pagina, "etiqueta": liga.texto}
        return any(
            self._bajar(manera, producto, direccion, cabeceras, {**ficha, "edicion": liga.texto.split("(")[0].strip()})
            for direccion in candidatas(liga.direccion)
        )

    def _bajar(
        self,
        escalon: str,
        producto: Producto,
        direccion: str,
        cabeceras: Mapping[str, str],
        ficha: Mapping[str, object],
        clave: str | None = None,
    ) -> bool:
        self._trabajo.paso(f"Bajando {producto.nombre} ({escalon})")
        datos = {**ficha, "escalon": escalon, "fuente": fichas.FUENTE_SESNSP, "licencia": fichas.LICENCIA_SESNSP}
        try:
            obtenido = self._almacenista.bajar(
                clave or producto.apodo, direccion, cabeceras, datos, revisar=contenido.asomarse
            )
        except FallaDeFuente as falla:
            self._anotar_falla(escalon, producto.nombre, falla)
            return False
        self._recibir(escalon, producto, obtenido)
        return True

    def _recibir(self, escalon: str, buscado: Producto, obtenido: Obtenido) -> None:
        """Lo asigna al producto que dice su contenido; si no se reconoce, al que se buscaba, y la carga dirá por qué."""
        visto = contenido.asomarse(obtenido.ruta)
        hallado = _de_contenido(visto) or buscado
        if hallado != buscado:
            self._cosecha.avisos.append(
                f"La etiqueta de «{buscado.nombre}» lleva a un archivo que por su contenido es «{hallado.nombre}»: "
                "manda el contenido."
            )
        if hallado in self._cosecha.obtenidos:
            return
        self._cosecha.obtenidos[hallado] = obtenido
        resultado = f"{obtenido.bytes / 1e6:,.1f} MB" + ("" if obtenido.nuevo else ", el mismo que ya se tenía")
        self._trabajo.intento(escalon, hallado.nombre, resultado, bien=True)

    def _del_espejo(self) -> None:
        for producto, direccion in (
            (_producto(CNSP, "estatal"), self._ajustes.espejo_estatal),
            (_producto(CNSP, "municipal"), self._ajustes.espejo_municipal),
        ):
            if producto not in self._cosecha.obtenidos:
                ficha = {"pagina": direccion, "etiqueta": None, "edicion": ESPEJO}
                self._bajar(ESPEJO, producto, direccion, LLANAS, ficha, clave=f"espejo_{producto.apodo}")

    def _de_la_entrada(self) -> None:
        carpeta = self._almacenista.almacen.entrada
        self._trabajo.paso(f"Carpeta de entrada: {carpeta}")
        rutas = sorted(r for r in carpeta.glob("*") if r.is_file() and r.suffix.lower() in _DE_TABLA)
        if not rutas:
            self._anotar_falla(ENTRADA, "archivos a mano", FallaDeFuente("la carpeta está vacía"))
        buscados = set(self._cosecha.faltan)
        candidatos = []
        for ruta in rutas:
            try:
                visto = contenido.asomarse(ruta)
            except FallaDeFuente as falla:
                self._anotar_falla(ENTRADA, ruta.name, falla)
                continue
            hallado = _de_contenido(visto)
            # Un libro de Excel no se reconoce de un vistazo, y uno que se parece lo explica mejor la carga.
            if hallado in buscados or (visto.parecido and not visto.anterior) or ruta.suffix.lower() == ".xlsx":
                candidatos.append((contenido.corte_de(ruta) or date.min, hallado, ruta))
            else:
                self._cosecha.avisos.append(
                    f"{ruta.name}: no es de incidencia delictiva; se quedó en la carpeta de entrada."
                )
        for _, hallado, ruta in sorted(candidatos, key=lambda c: (c[0], c[2].name), reverse=True):
            obtenido = _de_la_mano(self._almacenista, ruta)
            if hallado in self._cosecha.faltan and hallado is not None:
                self._cosecha.obtenidos[hallado] = obtenido
            else:
                self._cosecha.ademas.append(obtenido)  # otro corte del mismo producto: sirve para comparar
            que = hallado.nombre if hallado else ruta.name
            self._trabajo.intento(ENTRADA, que, f"{ruta.name}, {obtenido.bytes / 1e6:,.1f} MB", bien=True)

    def _anotar_falla(self, escalon: str, que: str, falla: FallaDeFuente) -> None:
        self._cosecha.causas.append(f"{que} ({escalon}): {falla.causa}")
        self._trabajo.intento(escalon, que, falla.causa, bien=False)


def _de_la_mano(almacenista: Almacenista, ruta: Path) -> Obtenido:
    sha256 = fichas.huella_de(ruta)
    nuevo = not (almacenista.almacen.crudo / sha256).is_file()
    return Obtenido(ruta, sha256, ruta.stat().st_size, nuevo)


def _de_contenido(visto: Vistazo) -> Producto | None:
    return next((p for p in PRODUCTOS if p.clave == (visto.metodologia, visto.ambito)), None)


def _producto(metodologia: str, ambito: str) -> Producto:
    return next(p for p in PRODUCTOS if p.clave == (metodologia, ambito))
