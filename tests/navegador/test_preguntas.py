"""Tres preguntas de analista, contestadas en un Chromium y cotejadas con consultas aparte y con los colores de la pantalla."""

import io
import re

import numpy as np
import pytest
import statsmodels.api as sm
from PIL import Image, ImageColor

from graficas.mapas import COLOR_DE_ETIQUETA
from tests.navegador.conftest import esperar_lista, esperar_mapa, sin_desborde, texto_de
from tests.paginas.conftest import filas, uno


def abrir(pagina, direccion):
    abierta = pagina(direccion)
    esperar_lista(abierta)
    sin_desborde(abierta)
    return abierta


def _pixeles(elemento, color):
    """Cuántos pixeles de la captura del elemento son casi de ese color."""
    imagen = np.asarray(Image.open(io.BytesIO(elemento.screenshot())).convert("RGB")).astype(int)
    return int((np.abs(imagen - np.array(ImageColor.getrgb(color))).max(axis=2) <= 3).sum())


def _porcentajes(texto):
    return [float(n.replace("−", "-").replace("+", "")) for n in re.findall(r"([+−]\d+(?:\.\d+)?)\s%", texto)]


def test_que_municipios_de_guanajuato_bajan_en_homicidio_y_que_tan_seguro(pagina, sitio_espejo, almacen_espejo):
    ruta = "mapa?delito=homicidio_doloso&nivel=municipal&entidad=11&cierre=2025-06&abajo=tabla&lugar=11020&medida="
    abierta = abrir(pagina, f"{sitio_espejo}/{ruta}etiqueta")
    esperar_mapa(abierta)
    a_la_baja = filas(
        almacen_espejo,
        "SELECT m.nombre FROM tendencias AS t JOIN municipios AS m ON m.cve_mun = t.clave WHERE t.nivel = 'municipal' "
        "AND t.delito = 'homicidio_doloso' AND t.clave LIKE '11%' AND t.etiqueta = 'a la baja' AND t.cierre = '2025-06-01'",
    )
    assert {nombre for (nombre,) in a_la_baja} == {"León", "Purísima del Rincón"}
    assert f"a la baja en {len(a_la_baja)} municipios" in abierta.inner_text("h1")
    lienzo = abierta.locator(".lienzo canvas")
    assert _pixeles(lienzo, COLOR_DE_ETIQUETA["a la baja"]) > 500
    assert _pixeles(lienzo, COLOR_DE_ETIQUETA["al alza"]) > 500

    # Qué tan seguro: la razón de la tarjeta es la de un modelo ajustado aparte con statsmodels.
    tarjeta = abierta.locator(".tarjeta").inner_text()
    meses = filas(
        almacen_espejo,
        "SELECT d.conteo, p.poblacion, d.fecha > '2024-06-01' FROM delitos_municipal AS d JOIN poblacion AS p "
        "ON p.cve_mun = d.cve_mun AND p.anio = year(d.fecha) WHERE d.cve_mun = '11020' AND d.delito = 'homicidio_doloso' "
        "AND d.fecha BETWEEN '2023-07-01' AND '2025-06-01' ORDER BY d.fecha",
    )
    conteos, personas, despues = (np.array(columna, dtype=float) for columna in zip(*meses, strict=True))
    modelo = sm.GLM(conteos, sm.add_constant(despues), family=sm.families.Poisson(), offset=np.log(personas)).fit()
    razon, bajo, alto = _porcentajes(tarjeta[tarjeta.index("Cambio de la tasa") :])[:3]
    assert razon == pytest.approx(100 * (np.exp(modelo.params[1]) - 1), abs=0.06)
    assert bajo < razon < alto < 0
    assert re.search(r"probabilidad de que haya bajado: (más de )?\d\d %", " ".join(tarjeta.split()))
    assert f"{int(conteos[despues == 1].sum())} carpetas" in tarjeta

    # Con el cambio estimado se dice algo de los 46, y los que llevan etiqueta van contorneados.
    abierta.goto(f"{sitio_espejo}/{ruta}estimado")
    esperar_lista(abierta)
    esperar_mapa(abierta)
    assert "no se sabe" in texto_de(abierta)


def test_como_se_movio_el_secuestro_desde_2015_y_quien_lo_mueve(pagina, sitio_espejo, almacen_espejo):
    abierta = abrir(
        pagina, f"{sitio_espejo}/tendencias?delito=secuestro&lugar=00&medida_serie=suma12&vista_de_tendencias=serie"
    )
    suma = "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'secuestro' AND fecha BETWEEN ? AND ?"
    serie = abierta.evaluate(
        "() => document.querySelector('.js-plotly-plot')._fullData.filter((d) => d.name === 'México')"
        ".map((d) => [Array.from(d.x).map((x) => String(x).slice(0, 7)), Array.from(d.y)])"
    )
    dibujado = {mes: valor for x, y in serie for mes, valor in zip(x, y, strict=True) if valor is not None}
    for anio in range(2015, 2024):
        total = uno(almacen_espejo, suma, [f"{anio}-01-01", f"{anio}-12-01"])
        assert dibujado[f"{anio}-12"] == total, anio
    assert uno(almacen_espejo, suma, ["2015-01-01", "2015-12-01"]) > uno(
        almacen_espejo, suma, ["2023-01-01", "2023-12-01"]
    )

    abierta.goto(f"{sitio_espejo}/tendencias?delito=secuestro&lugar=00&vista_de_tendencias=quien&cierre=2024-11")
    esperar_lista(abierta)
    por_estado = filas(
        almacen_espejo,
        "WITH partes AS (SELECT cve_ent, sum(conteo) FILTER (fecha > '2023-11-01') - sum(conteo) FILTER (fecha <= '2023-11-01') "
        "AS cambio FROM delitos_estatal WHERE delito = 'secuestro' AND fecha BETWEEN '2022-12-01' AND '2024-11-01' "
        "GROUP BY cve_ent) SELECT m.entidad, p.cambio FROM partes AS p JOIN (SELECT DISTINCT cve_ent, entidad FROM municipios) "
        "AS m USING (cve_ent) ORDER BY abs(p.cambio) DESC, m.entidad",
    )
    total = sum(cambio for _, cambio in por_estado)
    titular = abierta.inner_text("h1").replace("\N{NO-BREAK SPACE}", " ")
    assert f"{abs(total)} {'más' if total > 0 else 'menos'}" in titular
    mayores = {estado for estado, cambio in por_estado if abs(cambio) == abs(por_estado[0][1])}
    assert any(f"quien más lo mueve es {estado}" in titular for estado in mayores)
    barras = abierta.evaluate(
        "() => document.querySelector('.js-plotly-plot')._fullData.flatMap((d) => Array.from(d.x)).filter((v) => !isNaN(v))"
    )
    assert round(sum(barras)) == total


def test_que_es_inusual_este_mes_y_puede_ser_revision(pagina, sitio_espejo, almacen_espejo):
    abierta = abrir(pagina, f"{sitio_espejo}/alertas?nivel=municipal&delito_alertas=homicidio_doloso&de=00")
    lugar, conteo, bajo, alto = filas(
        almacen_espejo,
        "SELECT m.nombre || ', ' || m.entidad, a.conteo, a.bajo, a.alto FROM alertas AS a JOIN municipios AS m "
        "ON m.cve_mun = a.clave WHERE a.nivel = 'municipal' AND a.delito = 'homicidio_doloso' AND a.alerta = 'alta' "
        "ORDER BY a.sorpresa DESC LIMIT 1",
    )[0]
    assert abierta.inner_text("h1").startswith("Junio de 2025 en México: de ")
    primero = abierta.locator("table.tabla tbody tr").first.inner_text()
    assert lugar in primero
    assert str(conteo) in primero
    assert f"de {bajo} a {alto}" in primero
    assert "(provisional)" in primero
    texto = texto_de(abierta)
    assert f"En junio de 2025 (provisional) se abrieron {conteo} carpetas por homicidio doloso en {lugar}" in texto
    assert "Homicidio culposo" in texto
    assert abierta.locator(".cuadricula img").evaluate_all(
        "todas => todas.length >= 12 && todas.every((img) => img.complete && img.naturalWidth > 0)"
    )
    with abierta.expect_download() as espera:
        abierta.get_by_role("button", name="CSV").click()
    lineas = espera.value.path().read_text(encoding="utf-8-sig").splitlines()
    cuantas = uno(
        almacen_espejo,
        "SELECT count(*) FROM alertas WHERE nivel = 'municipal' AND delito = 'homicidio_doloso' AND alerta <> ''",
    )
    encabezado = next(i for i, linea in enumerate(lineas) if linea.startswith("nivel,clave,"))
    assert len(lineas) - encabezado - 1 == cuantas
