"""Mapa: un delito en los estados, en los municipios del país o en los de un estado, con el lugar elegido al lado."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.etiquetas import INSUFICIENTES
from datos import catalogos
from datos.consultas import lugares, poblacion
from datos.consultas.agrupamientos import SinAgrupamientos, agrupamientos
from datos.consultas.claves import claves
from datos.consultas.geometria import Geometria, SinGeometria, geometria
from datos.consultas.series import series
from datos.consultas.ventanas import cierres
from graficas.impresas import leyendas_de_mapa as impresa
from graficas.impresas.leyendas import Pieza
from graficas.mapas import (
    COLOR_DE_AGRUPAMIENTO,
    COLOR_DE_ETIQUETA,
    SIN_COMPARAR,
    Numero,
    Pintura,
    Texto,
    por_estimado,
    por_etiqueta,
    por_valor,
)
from informes.comparados import lugares_comparados
from informes.figuras import MapaPorImprimir
from paginas.componentes import bajo_el_mapa
from paginas.componentes.agrupamientos import leyenda_de_agrupamientos, pintar_agrupamientos
from paginas.componentes.buscador import buscar_lugar
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.direccion import Direccion, fijar
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.imagen import boton_de_imagen, contenido_de
from paginas.componentes.lugar import tarjeta_de_lugar
from paginas.componentes.mapa import leyenda_de_certeza, leyenda_de_etiquetas, leyenda_de_valores, mapa, nota_de_limites
from paginas.componentes.marco import abrir
from paginas.componentes.pelicula import pelicula

PAIS = "00"
NIVELES = {"estatal": "Estados", "municipal": "Municipios"}
MEDIDAS = {
    "estimado": ("Cambio estimado", "", 0, True),
    "etiqueta": ("Tendencia", "", 0, False),
    "cambio": ("Cambio en carpetas", "carpetas", 0, True),
    "cambio_pct": ("Cambio en porcentaje", "%", 1, True),
    "tasa": ("Tasa de 12 meses", "por 100 mil habitantes", 1, False),
    "suavizada": ("Tasa suavizada", "por 100 mil habitantes", 1, False),
    "conteo": ("Carpetas en 12 meses", "carpetas", 0, False),
    "agrupamientos": ("Agrupamientos de tasas", "", 0, False),
}
SOLO_MUNICIPAL = ("agrupamientos",)
COLUMNAS = {
    "lugar": "Clave de INEGI: dos dígitos si es estado, cinco si es municipio",
    "nombre": "Nombre del lugar",
    "entidad": "Entidad a la que pertenece",
    "conteo": "Carpetas de investigación en los 12 meses que terminan en el cierre",
    "conteo_previo": "Carpetas en los 12 meses anteriores",
    "cambio": "Diferencia en carpetas",
    "cambio_pct": "Diferencia en por ciento; vacía con menos de 20 carpetas antes",
    "tasa": "Carpetas por 100 mil habitantes en 12 meses, con la población publicada",
    "suavizada": "La misma tasa acercada a la del conjunto donde hay poca gente (bayes empírico)",
    "razon": "Razón de tasas, después entre antes",
    "ic_bajo": "Límite inferior del intervalo de 95 % de la razón",
    "ic_alto": "Límite superior",
    "estimado": "Cambio estimado: razón acercada a la nacional según sus casos",
    "estimado_bajo": "Límite inferior de su intervalo de 95 %",
    "estimado_alto": "Límite superior",
    "prob_baja": "Probabilidad de que la tasa haya bajado",
    "valor_q": "Valor q de Benjamini–Hochberg entre los lugares elegibles del nivel",
    "etiqueta": "Etiqueta de tendencia; describe, no atribuye causas",
    "motivo": "Por qué algo no se puede decir",
}

marco = abrir()
actual = marco.actual
vista = Direccion()
catalogo = claves()
estados = dict(catalogos.entidades()[["cve_ent", "nombre_corto"]].itertuples(index=False))

controles = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
delito = vista.elegir("Delito", {c.clave: c.nombre for c in catalogo.values()}, "delito", zona=controles, width=300)
zona_de_medida = controles.container(width=230)
nivel = vista.elegir("Nivel", NIVELES, "nivel", zona=controles, control="segmented_control")
medida = vista.elegir(
    "Medida",
    {k: v[0] for k, v in MEDIDAS.items() if nivel == "municipal" or k not in SOLO_MUNICIPAL},
    "medida",
    zona=zona_de_medida,
)
entidad = PAIS
if nivel == "municipal":
    entidad = vista.elegir("De", {PAIS: "Todo el país", **estados}, "entidad", zona=controles, width=220)
posibles = {f"{c:%Y-%m}": c for c in cierres(nivel, delito)}
elegido = vista.valor("lugar", lugares.nombres(), PAIS)
nombre_del_delito = catalogo[delito].nombre
donde = estados.get(entidad, lugares.NOMBRE_NACIONAL)
singular, plural = ("municipio", "municipios") if nivel == "municipal" else ("estado", "estados")
if not posibles:
    vista.escribir()
    marco.situar(donde, nombre_del_delito)
    marco.titular(f"No hay 24 meses seguidos {frases.por(nombre_del_delito)} por {singular} en los archivos cargados")
    st.info("Lo no reportado no es cero: pruebe con otro delito, o por estado.")
    escribir_fuente(actual, [nivel])
    st.stop()
cierre = posibles[
    vista.elegir(
        "12 meses que terminan en",
        {k: formatos.mes(c) for k, c in posibles.items()},
        "cierre",
        zona=controles,
        width=220,
    )
]
ABAJO = {"tabla": "Tabla", "embudo": "Embudo de tasas", "concentracion": "Concentración"}
if nivel == "estatal":
    ABAJO["cuadros"] = "Cuadros para imprimir"
# La tabla de todo el país pesa más que el mapa entero: se muestra si se pide.
de_todo_el_pais = nivel == "municipal" and entidad == PAIS
zona_del_mapa, zona_de_abajo = st.container(), st.container()
abajo = vista.elegir(
    "Debajo del mapa",
    ABAJO,
    "abajo",
    omision="concentracion" if de_todo_el_pais else "tabla",
    zona=zona_de_abajo,
    control="pills",
)
vista.escribir()

todos = lugares_comparados(nivel, delito, cierre)
tabla = todos if entidad == PAIS else todos[todos["lugar"].str.startswith(entidad)].reset_index(drop=True)
cambio = tabla["cambio"]
marco.situar(donde, nombre_del_delito, f"12 meses a {formatos.mes(cierre)}")
resumen = frases.reparto(tabla["etiqueta"].value_counts(), singular, plural)
marco.titular(
    f"{nombre_del_delito} {frases.en(donde)}: {resumen[:1].lower()}{resumen[1:]}",
    f"12 meses a {formatos.mes(cierre)} contra los 12 anteriores: "
    + frases.subieron_y_bajaron(
        int((cambio < 0).sum()),
        int((cambio > 0).sum()),
        int((cambio == 0).sum()),
        int(cambio.isna().sum()),
        singular,
        plural,
    )
    + ". La etiqueta dice si el cambio se distingue del azar; describe las carpetas, no dice por qué.",
)
if delito == "total" and cierre.year >= 2026:
    st.warning("«Total» no es comparable a través de enero de 2026: la metodología nueva agrega subtipos.")


juntas = None
if medida == "agrupamientos":
    try:
        juntas = agrupamientos(delito)
    except SinAgrupamientos as causa:
        st.info(f"{causa} Mientras, se ve la tasa suavizada.")
        medida = "suavizada"


def pintar(claves_del_mapa: tuple[str, ...]) -> Pintura:
    """Los colores en el orden de la geometría."""
    ordenada = tabla.set_index("lugar").reindex(claves_del_mapa)
    renglones = [
        Numero("12 meses: ", ordenada["conteo"], unidad=" carpetas"),
        Numero("12 anteriores: ", ordenada["conteo_previo"]),
        Numero("Tasa: ", ordenada["tasa"], 1, " por 100 mil"),
        Texto("", ordenada["etiqueta"]),
        Texto("", ordenada["motivo"]),
    ]
    if juntas is not None:
        return pintar_agrupamientos(juntas, claves_del_mapa, renglones)[0]
    if medida == "estimado":
        por_ciento = {c: 100 * (ordenada[c] - 1) for c in ("estimado", "estimado_bajo", "estimado_alto")}
        renglones[2:3] = [
            Numero("Cambio estimado: ", por_ciento["estimado"], 0, " %", con_signo=True),
            Numero("IC 95 %: ", por_ciento["estimado_bajo"], 0, " %", por_ciento["estimado_alto"], con_signo=True),
            Numero("Probabilidad de que bajó: ", 100 * ordenada["prob_baja"], 0, " %"),
        ]
        return por_estimado(ordenada["estimado"], ordenada["prob_baja"], ordenada["etiqueta"], renglones)
    if medida == "etiqueta":
        return por_etiqueta(ordenada["etiqueta"], renglones)
    _, _, decimales, divergente = MEDIDAS[medida]
    return por_valor(ordenada[medida], renglones, divergente=divergente, decimales=decimales)


def rodar(claves_del_mapa: tuple[str, ...]):
    """La película de lo que se ve, cuando alguien la pida."""

    def hacer() -> dict | None:
        _, _, decimales, divergente = MEDIDAS[medida]
        hecha = pelicula(nivel, delito, medida, divergente, decimales)
        return hecha.datos(claves_del_mapa) if hecha else None

    return hacer


def elegir_lugar(lugar: str) -> None:
    """Un clic o una búsqueda: el lugar queda en la dirección; si es municipio, se ve su nivel."""
    fijar("lugar", lugar)
    if len(lugar) == 5:
        fijar("nivel", "municipal")


def abrir_estado(cve_ent: str) -> None:
    """Un estado llena el mapa."""
    fijar("nivel", "municipal")
    fijar("entidad", cve_ent)


def volver() -> None:
    """De regreso a los estados."""
    fijar("nivel", "estatal")
    fijar("entidad", PAIS)


inicio = (pd.Timestamp(cierre) - pd.DateOffset(months=23)).date()
columnas = dict(COLUMNAS)
if juntas is not None:
    columnas["agrupamiento"] = "Dónde se juntan tasas altas o bajas (I de Moran local)"
ficha = ficha_de(
    actual,
    ["mapa", nombre_del_delito, plural, donde, f"{cierre:%Y-%m}"],
    [nivel],
    notas={
        "Filtros": f"{nombre_del_delito}; {plural} de {donde}; 12 meses a {formatos.mes(cierre)} contra los 12 anteriores",
        "Definición": catalogo[delito].definicion,
    },
    columnas=columnas,
)


def imprimir(figuras: Geometria, pintura: Pintura, leyenda: list[Pieza], limites: str):
    """El mapa como se ve, para llevárselo: se arma solo si alguien lo pide."""

    contenido = contenido_de(
        actual, marco.dicho, f"Mapa de {MEDIDAS[medida][0].lower()} por {singular}. {resumen}.", [nivel], inicio, cierre,
        [n for n in (limites, poblacion.edicion().nota) if n],
        bajada=f"{MEDIDAS[medida][0]}, 12 meses a {formatos.mes(cierre)} contra los 12 anteriores. No dice por qué.",
    )  # fmt: skip

    def hacer() -> MapaPorImprimir:
        distinguibles = tabla[tabla["etiqueta"].isin(list(COLOR_DE_ETIQUETA)[:2])].nlargest(12, "conteo")
        nombrar = [
            (lugar, nombre.split(",")[0])
            for lugar, nombre in distinguibles[["lugar", "nombre"]].itertuples(index=False)
        ]
        return MapaPorImprimir(
            contenido, figuras.ruta, figuras.bordes, pintura.paleta, pintura.clases, pintura.rayada, leyenda,
            pintura.contornos, nombrar,
        )  # fmt: skip

    return hacer


lienzo, panel = zona_del_mapa.columns([0.7, 0.3], gap="medium")
with lienzo:
    cve_ent = None if entidad == PAIS else entidad
    try:
        figuras = geometria(nivel, cve_ent)
        pintura = pintar(figuras.claves)
        resaltado = elegido if nivel == "municipal" else elegido[:2]
        mapa(
            pintura,
            figuras,
            f"Mapa de {MEDIDAS[medida][0].lower()} por {singular}, {nombre_del_delito.lower()}. {resumen}. La tabla lo repite.",
            "mapa_de_lugares",
            elegido=resaltado,
            al_elegir=elegir_lugar,
            pelicula=rodar(figuras.claves) if juntas is None else None,
            al_fijar_mes=lambda mes: fijar("cierre", mes),
            con_zonas=nivel == "municipal" and cve_ent is None,
        )
        cuentas = tabla["etiqueta"].value_counts()
        if juntas is not None:
            cuentas = pintar_agrupamientos(juntas, figuras.claves, [])[1]
            st.html(leyenda_de_agrupamientos(juntas, cuentas))
            leyenda = impresa.de_clases(cuentas, COLOR_DE_AGRUPAMIENTO, SIN_COMPARAR)
        elif medida == "estimado":
            st.html(leyenda_de_certeza(cuentas))
            leyenda = impresa.de_certeza(cuentas)
        elif medida == "etiqueta":
            st.html(leyenda_de_etiquetas(cuentas))
            leyenda = impresa.de_clases(cuentas, COLOR_DE_ETIQUETA, INSUFICIENTES)
        else:
            st.html(leyenda_de_valores(pintura, MEDIDAS[medida][1]))
            leyenda = impresa.de_valores(pintura, MEDIDAS[medida][1])
        limites = nota_de_limites(figuras)
        boton_de_imagen(imprimir(figuras, pintura, leyenda, limites), ficha, "imagen_del_mapa")
    except SinGeometria as causa:
        st.info(str(causa))
        limites = ""
with panel:
    buscar_lugar("Buscar un lugar", "mapa", elegir_lugar)
    if nivel == "municipal":
        st.button("Volver a los estados", on_click=volver, icon=":material/arrow_back:")
    filas = todos[todos["lugar"] == (elegido if nivel == "municipal" else elegido[:2])]
    if filas.empty:
        st.html(f'<p class="menor">Toque un {singular} en el mapa, o búsquelo por su nombre, para ver sus cifras.</p>')
    else:
        fila = filas.iloc[0]
        recientes = series([fila["lugar"]], [delito])
        tarjeta_de_lugar(fila, recientes, delito, cierre)
        if nivel == "estatal":
            st.button(
                f"Ver los municipios de {fila['nombre']}", on_click=abrir_estado, args=(fila["lugar"],), width="stretch"
            )

if juntas is not None:
    de_cada_uno = juntas.tabla.set_index("cve_mun")["clase"]
    tabla = tabla.assign(agrupamiento=tabla["lugar"].map(de_cada_uno))
visible = tabla[list(columnas)].sort_values("cambio", ignore_index=True, na_position="last")
abajo_de = bajo_el_mapa.Vista(
    tabla, catalogo[delito], cierre, nivel, donde, elegido if nivel == "municipal" else elegido[:2], actual
)
with zona_de_abajo:
    if abajo == "embudo":
        bajo_el_mapa.mostrar_embudo(abajo_de)
    elif abajo == "concentracion":
        bajo_el_mapa.mostrar_concentracion(abajo_de)
    elif abajo == "cuadros":
        orden = tuple(tabla["lugar"])
        bajo_el_mapa.mostrar_cuadros(abajo_de, pintar(orden), orden, medida)
    else:
        bajo_el_mapa.mostrar_tabla(abajo_de, visible)
descargas(visible.assign(delito=delito, cierre=pd.Timestamp(cierre)), ficha, "mapa")
escribir_fuente(actual, [nivel], inicio, cierre, notas=[n for n in (limites, poblacion.edicion().nota) if n])
