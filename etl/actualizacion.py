"""Actualizar de punta a punta: conseguir lo que haya nuevo, cargarlo completo y decir qué pasó y qué sigue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analisis.frescura import corte_por_venir
from datos.almacen import Almacen, publicacion_vigente
from datos.catalogos.etiquetas import PRODUCTOS
from etl import informe_de_cambio
from etl.desenlace import HECHO, RECHAZADO, SIN_FUENTE, Desenlace, datos_de, lineas_de
from etl.fuente import fichas, instrucciones, poblacion
from etl.fuente.ajustes import Ajustes
from etl.fuente.escalera import Cosecha, Escalera
from etl.fuente.obtencion import Almacenista, Obtenido
from etl.fuente.publicados import cortes_vigentes, por_que_es_parcial
from etl.fuente.red import Red
from etl.problemas import EntradaRechazada
from etl.publicacion.cargar import Resultado, cargar
from etl.publicacion.limites import ESTATICOS
from etl.retencion import aplicar as aplicar_retencion
from etl.trabajo import Trabajo

PARTES = ("sesnsp", "poblacion", "limites")


@dataclass(frozen=True)
class Pedido:
    """Qué se quiere actualizar y cómo. ``hoy`` lo da quien llama."""

    hoy: date
    partes: tuple[str, ...] = PARTES
    forzar: bool = False
    completo: bool = False
    sin_equivalencia: bool = False

    @property
    def todo(self) -> bool:
        """Si se pidió todo y no una parte."""
        return self.partes == PARTES


def actualizar(
    almacen: Almacen, ajustes: Ajustes, trabajo: Trabajo, pedido: Pedido, red: Red | None = None
) -> Desenlace:
    """Sube la escalera y publica. Si algo no pasa, lo publicado queda igual y el desenlace dice por qué y qué hacer."""
    almacen.crear()
    almacen.entrada.mkdir(parents=True, exist_ok=True)
    red = red or Red(ajustes, trabajo.bytes)
    return _Actualizacion(almacen, ajustes, trabajo, pedido, red).correr()


class _Actualizacion:
    def __init__(self, almacen: Almacen, ajustes: Ajustes, trabajo: Trabajo, pedido: Pedido, red: Red) -> None:
        self.almacen, self.ajustes, self.trabajo, self.pedido, self.red = almacen, ajustes, trabajo, pedido, red
        self.almacenista = Almacenista(almacen, red, forzar=pedido.forzar)
        self.vigente = publicacion_vigente(almacen)
        self.lineas: list[str] = []

    def correr(self) -> Desenlace:
        por_cargar: list[Obtenido] = []
        cosecha = Cosecha()
        if "sesnsp" in self.pedido.partes:
            cosecha = Escalera(self.ajustes, self.almacenista, self.trabajo).subir()
            self.lineas += [f"Aviso: {aviso}" for aviso in cosecha.avisos]
            if not cosecha.archivos:
                return self._nada_de_la_fuente(cosecha)
            publicados = cortes_vigentes(self.vigente)
            parcial = por_que_es_parcial(cosecha, publicados)
            if parcial and self.pedido.completo:
                return self._conjunto_parcial(cosecha, parcial)
            vigentes = {sha256 for sha256, _ in publicados.values()}
            por_cargar += [o for o in cosecha.archivos if self.pedido.forzar or o.sha256 not in vigentes]
            if parcial:
                self.lineas.append(f"Aviso: el conjunto quedó parcial ({'; '.join(parcial)}).")
                self.lineas.append(self._instrucciones(cosecha))
        falla = self._poblacion(por_cargar)
        if falla is not None:
            return falla
        desenlace = self._cargar(por_cargar, cosecha) if por_cargar else self._sin_novedad()
        if desenlace.codigo == HECHO and "limites" in self.pedido.partes:
            desenlace = self._limites(desenlace)
        return self._complementar(desenlace) if desenlace.codigo == HECHO else desenlace

    def _poblacion(self, por_cargar: list[Obtenido]) -> Desenlace | None:
        """Agrega la población a lo que se carga. Que no llegue solo es falla si era lo único que se pidió."""
        if "poblacion" not in self.pedido.partes:
            return None
        en_uso = poblacion.fuente_en_uso(self.vigente)
        pedida = self.pedido.forzar or not self.pedido.todo
        try:
            obtenida = poblacion.obtener(self.ajustes, self.almacenista, self.trabajo, en_uso, pedida=pedida)
        except poblacion.SinPoblacion as causa:
            if self.pedido.todo:
                self.lineas.append(f"Aviso: {causa}")
                return None
            texto = f"No se consiguió la población y no se cambió nada.\n  - {causa}\n{self._entrega_de(self.ajustes.poblacion)}"
            return Desenlace(SIN_FUENTE, texto, {"pagina": self.ajustes.poblacion})
        if obtenida is not None:
            por_cargar.append(obtenida)
        return None

    def _cargar(self, obtenidos: list[Obtenido], cosecha: Cosecha) -> Desenlace:
        rutas = [o.ruta for o in obtenidos]
        orden = "python -m etl actualizar"
        try:
            hecho = cargar(rutas, self.almacen, sin_equivalencia=self.pedido.sin_equivalencia, avance=self.trabajo.paso)
        except EntradaRechazada as causa:
            return rechazo(causa, rutas, orden, self.trabajo)
        despues_de_publicar(self.almacen, hecho, self.ajustes.pagina)
        for clave in [*(p.apodo for p in PRODUCTOS), *(f"espejo_{p.apodo}" for p in PRODUCTOS), poblacion.CLAVE]:
            self.almacenista.limpiar(clave)
        self.lineas = [*lineas_de(hecho), *self.lineas]
        return Desenlace(
            HECHO, "\n".join(self.lineas), datos_de(hecho) | {"faltan": [p.nombre for p in cosecha.faltan]}
        )

    def _sin_novedad(self) -> Desenlace:
        version = self.vigente.version if self.vigente else None
        self.lineas.insert(0, "Sin novedad: lo publicado ya trae lo último que da la fuente.")
        return Desenlace(HECHO, "\n".join(self.lineas), {"version": version, "sin_novedad": True})

    def _limites(self, desenlace: Desenlace) -> Desenlace:
        """Los límites van al final y aparte: que no lleguen no deshace lo publicado."""
        from etl import geografia  # aquí: geopandas tarda en abrirse y casi ninguna actualización trae límites
        from etl.fuente import limites

        vigente = geografia.geometria_vigente(self.almacen)
        if self.pedido.todo and not self.pedido.forzar and vigente is not None and not vigente["esquematica"]:
            return desenlace
        try:
            ficha = limites.publicar_de_inegi(self.ajustes, self.red, self.almacen, self.trabajo, ESTATICOS)
        except (limites.LimitesIncompletos, EntradaRechazada) as causa:
            if not self.pedido.todo:
                return Desenlace(SIN_FUENTE, f"{causa}\n{self._entrega_de(self.ajustes.limites_estados)}")
            return Desenlace(HECHO, f"{desenlace.mensaje}\nAviso: {causa}", desenlace.datos)
        sin_figura: list[str] = ficha["sin_figura"]  # type: ignore[assignment]
        texto = f"Límites de INEGI publicados; {len(sin_figura)} municipios sin figura propia."
        previo = "" if desenlace.datos.get("sin_novedad") and not self.pedido.todo else f"{desenlace.mensaje}\n"
        return Desenlace(HECHO, previo + texto, desenlace.datos | {"limites": texto})

    def _complementar(self, desenlace: Desenlace) -> Desenlace:
        """Lo que tarda y va sobre lo ya publicado; que no se pueda no deshace nada."""
        if desenlace.datos.get("sin_novedad") and "limites" not in desenlace.datos:
            return desenlace
        # aquí: geopandas tarda en abrirse
        from etl.complementos import SinLimites, calcular_agrupamientos, calcular_calibracion, se_calibra

        vigente = publicacion_vigente(self.almacen)
        if vigente is None:
            return desenlace
        self.trabajo.paso("Ya está publicado; se calculan los agrupamientos del mapa")
        try:
            calcular_agrupamientos(self.almacen, vigente, self.trabajo.paso)
        except SinLimites as causa:
            desenlace = Desenlace(HECHO, f"{desenlace.mensaje}\nAviso: {causa}", desenlace.datos)
        if se_calibra():
            self.trabajo.paso("Ya está publicado; se mide cuánto se equivoca el método de eficacia")
            calcular_calibracion(self.almacen, vigente, self.trabajo.paso)
        return desenlace

    def _nada_de_la_fuente(self, cosecha: Cosecha) -> Desenlace:
        texto = "\n".join(
            [
                "La fuente no dio ningún archivo y no se cambió nada; lo publicado sigue igual.",
                "Qué se intentó:",
                *(f"  - {causa}" for causa in cosecha.causas),
                self._instrucciones(cosecha),
            ]
        )
        return Desenlace(SIN_FUENTE, texto, self._datos_de_falla(cosecha))

    def _conjunto_parcial(self, cosecha: Cosecha, parcial: list[str]) -> Desenlace:
        texto = "\n".join(
            [
                f"El conjunto todavía está incompleto ({'; '.join(parcial)}): se espera y no se cambió nada.",
                *(f"  - {causa}" for causa in cosecha.causas),
                self._instrucciones(cosecha),
            ]
        )
        return Desenlace(SIN_FUENTE, texto, self._datos_de_falla(cosecha) | {"parcial": parcial})

    def _datos_de_falla(self, cosecha: Cosecha) -> dict[str, object]:
        corte = corte_por_venir(self.pedido.hoy)
        etiquetas = [p.etiqueta(corte) for p in cosecha.faltan]
        return {"pagina": self.ajustes.pagina, "etiquetas": etiquetas, "causas": cosecha.causas, "sin_fuente": True}

    def _instrucciones(self, cosecha: Cosecha) -> str:
        corte = corte_por_venir(self.pedido.hoy)
        return instrucciones.a_mano(cosecha.faltan, self.ajustes.pagina, self.almacen.entrada, corte)

    def _entrega_de(self, pagina: str) -> str:
        return (
            f"Descárguelo en su navegador de {pagina} y entréguelo con «python tareas.py cargar ARCHIVO», en la página "
            f"«{instrucciones.PAGINA_DE_ENTREGA}» o en {self.almacen.entrada}."
        )


def rechazo(causa: EntradaRechazada, rutas: list[Path], orden: str, trabajo: Trabajo) -> Desenlace:
    """El desenlace de una entrada rechazada; si la fuente cambió, con su informe escrito en la carpeta del trabajo."""
    datos: dict[str, object] = {"rechazado": [p.como_dict() for p in causa.problemas]}
    mensaje = causa.explicacion()
    if informe_de_cambio.es_cambio_de_la_fuente(causa.problemas):
        informe = trabajo.carpeta / "informe.md"
        texto = informe_de_cambio.escribir(causa.problemas, rutas, orden)
        informe.write_text(texto, encoding="utf-8")
        mensaje += f"\nLa fuente cambió. El informe para reportarlo está en {informe}"
        datos |= {"informe": str(informe), "informe_texto": texto}
    return Desenlace(RECHAZADO, mensaje, datos)


def despues_de_publicar(almacen: Almacen, hecho: Resultado, pagina: str) -> None:
    """Completa las fichas de lo conservado y aplica la retención."""
    if hecho.publicacion is not None and not hecho.publicacion.demostracion:
        fichas.completar_con_cortes(almacen, hecho.publicacion, pagina)
        aplicar_retencion(almacen, hecho.publicacion)
