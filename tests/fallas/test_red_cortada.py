"""La red se corta a media acción: nada confirmado se pierde, nada entra dos veces y la página vuelve sola."""

import io
import shutil
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date

import pytest
from PIL import Image
from playwright.sync_api import Error as FallaDeChromium

from datos.almacen import Almacen
from datos.plantilla.columnas import EJEMPLO
from datos.registro import borradores, lectura, sesiones
from datos.registro.actor import actor_local
from datos.registro.apertura import registro_de_practica
from datos.registro.modelo import Acuerdo
from tests.certificados import FALTA_OPENSSL, HAY_OPENSSL, certificado
from tests.fallas.medios import Cable, Servidor, hasta
from tests.navegador.conftest import ESCRITORIO, SEGUNDOS, esperar_lista
from tests.navegador.escritorio_del_registro import LOCAL, caja, registro

TITULO = "Red cortada"
MESA = "demo-1"
CONEXION = "document.querySelector(\"[data-testid='stApp']\")?.dataset.testConnectionState"
ANA = actor_local("Ana Prueba")
# Cuándo se corta: lo que se manda no llega; llega y la respuesta se pierde; la respuesta empieza y se queda a la mitad.
MOMENTOS = ("ida", "vuelta", "a medias")
FOLIO = "01/LXXI/2026"


@dataclass
class Sitio:
    """La aplicación con su almacén de práctica, detrás de un cable que se corta."""

    almacen: object
    servidor: Servidor
    cable: Cable
    chromium: object
    numero: int = 0

    @property
    def direccion(self):
        """La que abre el navegador: pasa por el cable."""
        return self.cable.direccion.replace("http:", self.servidor.direccion.split("//")[0], 1)

    @property
    def registro(self):
        return registro_de_practica(Almacen(self.almacen))

    def acuerdo(self):
        """El de la demostración con el que se trabaja."""
        with self.registro.leer() as sesion:
            return sesion.query(Acuerdo).filter_by(folio=FOLIO, mesa=MESA).one()

    def contar(self, sql, *parametros):
        ((cuantos,),) = registro(self.almacen, sql, *parametros)
        return cuantos


@contextmanager
def _servido(chromium, almacen_demostracion, carpeta, llave_y_cadena=None):
    shutil.copytree(almacen_demostracion, carpeta / "almacen", ignore=shutil.ignore_patterns("registro", "crudo"))
    servidor = Servidor(carpeta / "almacen", carpeta / "servidor.log", llave_y_cadena, **LOCAL)
    servidor.encender()
    cable = Cable(servidor.puerto)
    with pytest.MonkeyPatch.context() as entorno:
        entorno.setenv("TABLERO_ALMACEN", str(carpeta / "almacen"))
        registro_de_practica(Almacen(carpeta / "almacen"))
        yield Sitio(carpeta / "almacen", servidor, cable, chromium)
    cable.cerrar()
    servidor.apagar()


@pytest.fixture(scope="module")
def sitio(chromium, almacen_demostracion, tmp_path_factory):
    with _servido(chromium, almacen_demostracion, tmp_path_factory.mktemp("red")) as servido:
        yield servido


@pytest.fixture
def sitio_seguro(chromium, almacen_demostracion, tmp_path):
    """Lo mismo por HTTPS, que es como se publica."""
    with _servido(chromium, almacen_demostracion, tmp_path, certificado(tmp_path)) as servido:
        yield servido


def explicar(cuaderno):
    falla = cuaderno.falla(TITULO)
    falla.explicar(
        "La página avisa que se perdió la conexión, apaga sus controles y se reconecta sola. Lo que se estaba "
        "guardando entró completo o no entró: al volver se ve cuál, y repetir lo que no entró lo guarda una sola "
        "vez. Lo escrito sigue en pantalla o se recupera del navegador. Una página que no acabó de llegar se vuelve a pedir "
        "sola, salvo que ya se haya escrito algo en ella: entonces lo dice y da el botón. Una descarga cortada no deja un "
        "archivo a medias que parezca bueno: el navegador la da por fallida y se pide de nuevo. Solo sin HTTPS, y si el corte "
        "cae en los primeros cientos de bytes (el encabezado), Chromium deja un archivo vacío sin avisar; por HTTPS no.",
        "Esperar a que vuelva la red. Si al volver no se ve lo que se guardaba, guardarlo otra vez; si un archivo bajado "
        "está vacío, bajarlo otra vez.",
        "un intermediario de TCP entre un Chromium de verdad y el servidor, que se corta en tres momentos de cada "
        "acción: lo enviado no llega, llega y la respuesta se pierde, o la respuesta se queda a la mitad. Lo que se baja "
        "se corta además con el archivo ya en camino: en su encabezado y ya empezado.",
    )
    return falla


# --- Las acciones: cómo se preparan, el gesto que las manda, cuántas quedaron y qué debe seguir a la vista si no entró


@dataclass(frozen=True)
class Accion:
    """``preparar(sitio, pagina)`` deja todo a un gesto; ``gesto(pagina)`` lo hace; ``cuantas(sitio)`` las cuenta en la base."""

    nombre: str
    preparar: Callable
    gesto: Callable
    cuantas: Callable
    sigue: Callable = lambda sitio, pagina: True
    segundos: float = 1.0


def ir(sitio, pagina, ruta):
    pagina.goto(f"{sitio.direccion}/{ruta}")
    esperar_lista(pagina)


def boton(nombre):
    return lambda pagina: pagina.get_by_test_id("stMain").get_by_role("button", name=nombre, exact=True).first.click()


def escrito(pagina, rotulo, texto):
    caja(pagina, rotulo).fill(texto)
    caja(pagina, rotulo).press("Tab")
    pagina.wait_for_timeout(150)
    esperar_lista(pagina)


def abrir_acuerdo(sitio, pagina, apartado):
    ir(sitio, pagina, f"acuerdos?mesa={MESA}&folio={FOLIO}")
    pagina.get_by_text(apartado, exact=True).first.click()


def preparar_avance(sitio, pagina):
    abrir_acuerdo(sitio, pagina, "Dar seguimiento")
    caja(pagina, "Qué pasó desde la última vez").wait_for()
    escrito(pagina, "Qué pasó desde la última vez", f"Avance {sitio.numero}")


def avances(sitio):
    return sitio.contar("SELECT count(*) FROM seguimiento WHERE nota = ?", f"Avance {sitio.numero}")


def preparar_acuerdo(sitio, pagina):
    """El borrador ya completo: falta solo guardarlo."""
    valores = {
        **EJEMPLO, "texto": f"Acuerdo {sitio.numero}: revisar los puntos de robo.", "folio": f"{sitio.numero:02d}/I/2026",
        "fecha": "2026-11-24", "inicio_efecto": "2026-12-01", "plazo": "2027-11-30", "municipios": _municipios(sitio),
        "linea_base_periodo": "", "canasta": "", "delitos": "robo_negocio", "meta_pct": "-10", "meta_valor": "",
        "sin_meta_porque": "", "sin_plazo_porque": "", "sin_responsable_porque": "",
    }  # fmt: skip
    borradores.guardar(sitio.registro, ANA, MESA, f"acuerdo:{MESA}:sin-sesion", valores)
    ir(sitio, pagina, f"capturar?mesa={MESA}&sesion=sin-sesion&paso=revisar")
    pagina.get_by_role("button", name="Guardar el acuerdo").wait_for()


def _municipios(sitio):
    return ";".join(sitio.acuerdo().municipios)


def acuerdos_nuevos(sitio):
    return sitio.contar("SELECT count(*) FROM acuerdo WHERE texto LIKE ?", f"Acuerdo {sitio.numero}:%")


def preparar_correccion(sitio, pagina):
    abrir_acuerdo(sitio, pagina, "Corregir el texto, los responsables o la nota")
    caja(pagina, "Nota").wait_for()
    escrito(pagina, "Nota", f"Nota {sitio.numero}")


def correcciones(sitio):
    notas = f'%"nota": "Nota {sitio.numero}"%'
    return sitio.contar(
        "SELECT count(*) FROM bitacora WHERE objeto = 'acuerdo' AND accion = 'cambio' AND despues LIKE ?", notas
    )


def _sesion_abierta(sitio):
    abiertas = [s for s in lectura.sesiones(sitio.registro, ANA, MESA) if s.estado == "abierta"]
    return abiertas[0] if abiertas else sesiones.abrir(sitio.registro, ANA, MESA, fecha=date(2026, 11, 24))


def preparar_asistencia(sitio, pagina):
    suya = _sesion_abierta(sitio)
    institucion = lectura.integrantes(sitio.registro, ANA, MESA)[sitio.numero % 6].institucion
    sitio.institucion = institucion
    ir(sitio, pagina, f"sesion?mesa={MESA}&sesion={suya.id}&momento=asistencia")
    pagina.get_by_role("radiogroup", name=f"Asistencia de {institucion}").wait_for()


def gesto_asistencia(estado):
    def gesto(pagina):
        grupo = pagina.get_by_role("radiogroup", name=f"Asistencia de {pagina.institucion}")
        grupo.get_by_role("radio", name=estado).click()

    return gesto


def preparar_minuta(sitio, pagina):
    suya = _sesion_abierta(sitio)
    sitio.sesion = suya.id
    ir(sitio, pagina, f"sesion?mesa={MESA}&sesion={suya.id}&momento=minuta")
    caja(pagina, "Notas de la sesión").wait_for()
    escrito(pagina, "Notas de la sesión", f"Notas {sitio.numero}")


def minutas(sitio):
    return sitio.contar(
        "SELECT count(*) FROM bitacora WHERE objeto = 'sesion' AND objeto_id = ? AND despues LIKE '%\"estado\": "
        '"cerrada"%\'',
        sitio.sesion,
    )


def foto(numero):
    salida = io.BytesIO()
    Image.new("RGB", (40, 40), (numero % 255, numero * 7 % 255, 90)).save(salida, "png")
    return {"name": f"foto{numero}.png", "mimeType": "image/png", "buffer": salida.getvalue()}


def preparar_evidencia(sitio, pagina):
    abrir_acuerdo(sitio, pagina, "Dar seguimiento")
    caja(pagina, "Qué es la evidencia").wait_for()
    escrito(pagina, "Qué es la evidencia", f"Evidencia {sitio.numero}")
    pagina.locator("input[type=file]").first.set_input_files([foto(sitio.numero)])
    pagina.get_by_text(f"foto{sitio.numero}.png").wait_for()
    pagina.wait_for_timeout(1_200)  # el archivo sube aparte, y luego la página corre con él
    esperar_lista(pagina)


def evidencias(sitio):
    return sitio.contar("SELECT count(*) FROM evidencia WHERE titulo = ?", f"Evidencia {sitio.numero}")


def preparar_subida(sitio, pagina):
    """Todo escrito; falta elegir el archivo."""
    preparar_avance(sitio, pagina)
    escrito(pagina, "Qué es la evidencia", f"Evidencia {sitio.numero}")


def preparar_entrega(sitio, pagina):
    ir(sitio, pagina, "actualizar")
    cuerpo = b"columna\n" + f"{sitio.numero}\n".encode() * 2_000
    archivo = {"name": f"entrega{sitio.numero}.csv", "mimeType": "text/csv", "buffer": cuerpo}
    pagina.locator("input[type=file]").first.set_input_files([archivo])
    pagina.wait_for_function(
        "() => [...document.querySelectorAll('button')].some(b => b.innerText.includes('Revisar sin') && !b.disabled)"
    )
    esperar_lista(pagina)


def entregas(sitio):
    return len(list((sitio.almacen / "trabajos").glob(f"*-revisar-*/recibidos/entrega{sitio.numero}.csv"))) or (
        sum(
            f"entrega{sitio.numero}.csv" in r.read_text(encoding="utf-8")
            for r in (sitio.almacen / "trabajos").glob("*-revisar-*/resultado.json")
        )
    )


ESCRITURAS = (
    Accion("capturar un avance", preparar_avance, boton("Guardar el seguimiento"), avances),
    Accion("crear un acuerdo", preparar_acuerdo, boton("Guardar el acuerdo"), acuerdos_nuevos, segundos=1.5),
    Accion("corregir un acuerdo", preparar_correccion, boton("Guardar la corrección"), correcciones),
    Accion("cerrar la sesión y fijar la minuta", preparar_minuta, boton("Cerrar la sesión y fijar la minuta"), minutas),
    Accion("subir evidencia", preparar_evidencia, boton("Guardar el seguimiento"), evidencias),
    Accion("entregar archivos oficiales", preparar_entrega, boton("Revisar sin publicar"), entregas, segundos=1.5),
)


def cortar_en(sitio, momento, gesto, pagina, segundos):
    """Hace el gesto con el cable así, espera y tira las conexiones; después vuelve la red."""
    sitio.cable.modo, sitio.cable.dejar_pasar = momento, 300
    gesto(pagina)
    pagina.wait_for_timeout(1_000 * segundos)
    sitio.cable.cortar()
    # Se nota en un par de segundos; antes, la página todavía cree que hay conexión.
    pagina.wait_for_function(f"() => {CONEXION} !== 'CONNECTED'", timeout=SEGUNDOS * 1000)
    pagina.locator("#aviso-de-conexion").wait_for()


def volver(sitio, pagina):
    """La red vuelve y la página con ella, sin recargar; devuelve en cuántos segundos."""
    sitio.cable.volver()
    empezo = time.monotonic()
    pagina.wait_for_function(f"() => {CONEXION} === 'CONNECTED'", timeout=SEGUNDOS * 1000)
    esperar_lista(pagina)
    pagina.get_by_text("La conexión volvió").wait_for()
    pagina.wait_for_timeout(700)
    esperar_lista(pagina)
    return time.monotonic() - empezo


def lo_que_se_lee(pagina):
    """El aviso de que no hay conexión."""
    return pagina.locator("#aviso-de-conexion").inner_text()


def una_vez(sitio, accion, momento):
    """Corta, vuelve y, si no entró, repite como lo haría una persona. Devuelve si entró, cuánto tardó y qué se leyó."""
    sitio.numero += 1
    contexto = sitio.chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
    contexto.set_default_timeout(SEGUNDOS * 1000)
    pagina = contexto.new_page()
    try:
        accion.preparar(sitio, pagina)
        pagina.institucion = getattr(sitio, "institucion", "")
        assert accion.cuantas(sitio) == 0
        cortar_en(sitio, momento, accion.gesto, pagina, accion.segundos)
        dicho = lo_que_se_lee(pagina)
        tardo = volver(sitio, pagina)
        quedaron = accion.cuantas(sitio)
        assert quedaron <= 1, f"{accion.nombre}, {momento}: entró {quedaron} veces"
        if quedaron == 0:
            accion.gesto(pagina)
            hasta(lambda: accion.cuantas(sitio) == 1, f"{accion.nombre}, {momento}: que entre al repetir", 30, 0.2)
            pagina.wait_for_timeout(300)
            esperar_lista(pagina)
            assert accion.cuantas(sitio) == 1, f"{accion.nombre}, {momento}: al repetir entró de más"
        # Ni quedarse en la página ni recargarla la repite.
        pagina.wait_for_timeout(500)
        pagina.reload()
        esperar_lista(pagina)
        assert accion.cuantas(sitio) == 1, f"{accion.nombre}, {momento}: se repitió"
        return bool(quedaron), tardo, dicho
    finally:
        sitio.cable.volver()
        contexto.close()


@pytest.mark.fallas_cortas
def test_avance_a_media_red(sitio):
    """La acción y el momento más comunes; los demás, en la corrida completa."""
    una_vez(sitio, ESCRITURAS[0], "vuelta")


@pytest.mark.parametrize("accion", ESCRITURAS, ids=lambda a: a.nombre)
def test_escribir(sitio, cuaderno, accion):
    entraron, tardo, dichos = 0, [], set()
    for momento in MOMENTOS:
        entro, segundos, dicho = una_vez(sitio, accion, momento)
        entraron += entro
        tardo.append(segundos)
        dichos.add(dicho)
    explicar(cuaderno).apuntar(
        f"{accion.nombre} ({entraron} ya habían entrado; {len(MOMENTOS) - entraron} se repitieron)", len(MOMENTOS),
        len(MOMENTOS), len(MOMENTOS), f"{max(tardo):.0f} s", next((d for d in sorted(dichos) if d), "n. d."),
    )  # fmt: skip


def test_pasar_lista(sitio, cuaderno):
    """Cada toque se guarda en el momento: entró o no entró, y repetir el mismo toque no anota otra vez."""
    entraron, tardo, dicho = 0, [], ""
    for momento, estado in zip(MOMENTOS, ("Presente", "Ausente", "Justificada"), strict=True):
        sitio.numero += 1
        contexto = sitio.chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
        contexto.set_default_timeout(SEGUNDOS * 1000)
        pagina = contexto.new_page()
        try:
            preparar_asistencia(sitio, pagina)
            nombre = sitio.institucion
            toque = pagina.get_by_role("radiogroup", name=f"Asistencia de {nombre}").get_by_role("radio", name=estado)
            sql = "SELECT count(*) FROM asistencia WHERE institucion = ? AND estado = ? AND sesion = ?"
            suya = (nombre, estado.lower(), _sesion_abierta(sitio).id)
            cortar_en(sitio, momento, lambda _, t=toque: t.click(), pagina, 1)
            dicho = lo_que_se_lee(pagina)
            tardo.append(volver(sitio, pagina))
            entraron += sitio.contar(sql, *suya)
            if not sitio.contar(sql, *suya):
                toque.click()
                hasta(lambda s=sql, v=suya: sitio.contar(s, *v) == 1, "que se anote al repetir", 30, 0.2)
            pagina.reload()
            esperar_lista(pagina)
            assert sitio.contar(sql, *suya) == 1
        finally:
            sitio.cable.volver()
            contexto.close()
    explicar(cuaderno).apuntar(
        f"pasar lista ({entraron} ya habían entrado; {len(MOMENTOS) - entraron} se repitieron)", len(MOMENTOS),
        len(MOMENTOS), len(MOMENTOS), f"{max(tardo):.0f} s", dicho,
    )  # fmt: skip


# --- Lo que se sube


def test_cortar_la_subida(sitio, cuaderno):
    """El archivo que no acabó de subir no se guarda a medias ni deja pasar el seguimiento sin él: se vuelve a elegir."""
    tardo, dicho, completas, recargas = [], "", 0, 0
    for momento in MOMENTOS:
        sitio.numero += 1
        contexto = sitio.chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
        contexto.set_default_timeout(SEGUNDOS * 1000)
        pagina = contexto.new_page()
        try:
            preparar_subida(sitio, pagina)
            elegir = pagina.locator("input[type=file]").first.set_input_files
            cortar_en(sitio, momento, lambda _, e=elegir: e([foto(sitio.numero)]), pagina, 1)
            dicho = lo_que_se_lee(pagina)
            tardo.append(volver(sitio, pagina))
            pagina.get_by_test_id("stFileChipIconSpinner").wait_for(state="detached")
            boton("Guardar el seguimiento")(pagina)
            pagina.wait_for_timeout(1_000)
            esperar_lista(pagina)
            if not evidencias(sitio):
                pagina.get_by_text("se esperaba su archivo o su liga").wait_for()
                assert avances(sitio) == 0, "el seguimiento entró sin su archivo"
                _subir(sitio, pagina)
                # A veces Streamlit ya no puede subir nada en esa página: lo dice, y lo escrito está al volver a cargarla.
                if pagina.get_by_text("No se pudo subir").count():
                    recargas += 1
                    abrir_acuerdo(sitio, pagina, "Dar seguimiento")
                    caja(pagina, "Qué es la evidencia").wait_for()
                    assert caja(pagina, "Qué es la evidencia").input_value() == f"Evidencia {sitio.numero}"
                    assert caja(pagina, "Qué pasó desde la última vez").input_value() == f"Avance {sitio.numero}"
                    _subir(sitio, pagina)
                boton("Guardar el seguimiento")(pagina)
                hasta(lambda: evidencias(sitio) == 1, f"{momento}: que entre al elegirla otra vez", 30, 0.2)
            else:
                completas += 1
            assert evidencias(sitio) == 1
        finally:
            sitio.cable.volver()
            contexto.close()
    explicar(cuaderno).apuntar(
        f"elegir un archivo y que se corte mientras sube (llegó completo: {completas}; se eligió otra vez: "
        f"{len(MOMENTOS) - completas}, de ellas {recargas} tras volver a cargar la página, con lo escrito en su lugar)",
        len(MOMENTOS), len(MOMENTOS), len(MOMENTOS), f"{max(tardo):.0f} s", dicho,
    )  # fmt: skip


def _subir(sitio, pagina):
    """Elige el archivo y espera a que suba o se diga que no se pudo."""
    pagina.locator("input[type=file]").first.set_input_files([foto(sitio.numero)])
    pagina.wait_for_timeout(1_200)
    pagina.get_by_test_id("stFileChipIconSpinner").wait_for(state="detached")
    esperar_lista(pagina)


# --- Lo que se baja


def es_imagen(cuerpo):
    with Image.open(io.BytesIO(cuerpo)) as imagen:
        imagen.load()
        assert imagen.size[0] > 500


def es_hoja(cuerpo):
    with zipfile.ZipFile(io.BytesIO(cuerpo)) as abierto:
        assert abierto.testzip() is None
        assert abierto.read("xl/worksheets/sheet1.xml").count(b"<row") > 1


def es_zip(cuerpo):
    with zipfile.ZipFile(io.BytesIO(cuerpo)) as abierto:
        assert abierto.testzip() is None
        assert len(abierto.namelist()) > 2


def comprobar(exigir, cuerpo, cual):
    """Que el archivo se abra y traiga lo suyo."""
    try:
        exigir(cuerpo)
    except (AssertionError, OSError, KeyError, zipfile.BadZipFile) as error:
        pytest.fail(f"{cual}: un archivo de {len(cuerpo)} bytes que parece bueno y no lo es ({error!r})")


def preparar_imagen(sitio, pagina):
    ir(sitio, pagina, "tendencias?lugar=11")
    pagina.get_by_test_id("stMain").get_by_role("button", name="Imagen").first.click()
    pagina.get_by_role("dialog").locator("[data-testid='stImage'] img").wait_for()
    esperar_lista(pagina)
    return pagina.get_by_role("dialog").get_by_role("button", name="PNG")


def preparar_hoja(sitio, pagina):
    ir(sitio, pagina, f"acuerdos?mesa={MESA}")
    return pagina.get_by_test_id("stMain").get_by_role("button", name="XLSX", exact=True).first


def preparar_paquete(sitio, pagina):
    ir(sitio, pagina, "prensa?lugar=11")
    return pagina.get_by_test_id("stMain").get_by_role("button", name="zip", exact=False).first


BAJADAS = (
    ("bajar una gráfica", preparar_imagen, es_imagen),
    ("exportar el registro", preparar_hoja, es_hoja),
    ("bajar un paquete de prensa", preparar_paquete, es_zip),
)


# Además de en los tres momentos de todo, con el archivo ya en camino: a los cuántos bytes de su respuesta se corta.
EN_CAMINO = {"a medio encabezado": 300, "ya empezado": 8_000}
EN_EL_ENCABEZADO = ("a medias", "a medio encabezado")  # los que pueden caer ahí


def cortar_en_camino(sitio, gesto, pagina, bytes_):
    """El cable se corta cuando el navegador ya pidió el archivo y le han llegado esos bytes."""
    pedidos = []

    def pedir(ruta):
        pedidos.append(ruta.request.url)
        sitio.cable.cortar_tras(bytes_)
        ruta.continue_()

    # Las imágenes de la propia página vienen de la misma ruta: que no sea una de ellas.
    pagina.wait_for_load_state("networkidle")
    archivos = f"{sitio.direccion}/media/**"
    pagina.route(archivos, pedir)
    gesto(pagina)
    pagina.wait_for_function(f"() => {CONEXION} !== 'CONNECTED'", timeout=SEGUNDOS * 1000)
    pagina.locator("#aviso-de-conexion").wait_for()
    pagina.unroute(archivos)
    assert len(pedidos) == 1, pedidos


def una_bajada(sitio, preparar, exigir, momento, nombre):
    """Corta, vuelve y la repite como una persona: cómo acabaron las que empezaron, en cuántos segundos volvió y el aviso."""
    contexto = sitio.chromium.new_context(
        viewport=ESCRITORIO, locale="es-MX", accept_downloads=True, ignore_https_errors=True
    )
    contexto.set_default_timeout(SEGUNDOS * 1000)
    pagina, bajadas, como = contexto.new_page(), [], Counter()
    pagina.on("download", lambda bajada: bajadas.append(bajada))
    try:
        toque = preparar(sitio, pagina)
        if momento in EN_CAMINO:
            cortar_en_camino(sitio, lambda _: toque.click(), pagina, EN_CAMINO[momento])
        else:
            cortar_en(sitio, momento, lambda _: toque.click(), pagina, 2)
        dicho = lo_que_se_lee(pagina)
        tardo = volver(sitio, pagina)
        assert momento not in EN_CAMINO or len(bajadas) == 1, f"{nombre}, {momento}: se bajó {len(bajadas)} veces"
        for bajada in bajadas:
            if bajada.failure() is not None:
                como["fallida"] += 1
            elif (cuerpo := _cuerpo(bajada)) == b"" and momento in EN_EL_ENCABEZADO:
                como["vacía"] += 1
            else:
                comprobar(exigir, cuerpo, f"{nombre}, {momento}")
                como["completa al volver la red"] += 1
        if preparar is preparar_imagen and not pagina.get_by_role("dialog").count():
            toque = preparar(sitio, pagina)
        with pagina.expect_download() as otra:
            toque.click()
        assert otra.value.failure() is None
        comprobar(exigir, _cuerpo(otra.value), f"{nombre}, al repetirla tras {momento}")
        return como, tardo, dicho
    finally:
        sitio.cable.volver()
        contexto.close()


def bajar_en_todo_momento(sitio, cuaderno, nombre, preparar, exigir, por=""):
    """Corta la bajada en cada momento, lo apunta y devuelve cómo acabaron las que habían empezado."""
    momentos = (*MOMENTOS, *EN_CAMINO)
    como, tardo, dichos = zip(
        *(una_bajada(sitio, preparar, exigir, momento, nombre) for momento in momentos), strict=True
    )
    total = sum(como, Counter())
    explicar(cuaderno).apuntar(
        f"{nombre}{por}, y volver a pedirla ({', '.join(f'{c}: {n}' for c, n in sorted(total.items()))} de las empezadas)",
        len(momentos), len(momentos), len(momentos), f"{max(tardo):.0f} s", dichos[-1],
    )  # fmt: skip
    return total


@pytest.mark.parametrize(("nombre", "preparar", "exigir"), BAJADAS, ids=[b[0] for b in BAJADAS])
def test_bajar(sitio, cuaderno, nombre, preparar, exigir):
    """O llega completa, o el navegador la da por fallida, o queda vacía; al repetirla llega completa."""
    bajar_en_todo_momento(sitio, cuaderno, nombre, preparar, exigir)


@pytest.mark.skipif(not HAY_OPENSSL, reason=FALTA_OPENSSL)
def test_bajar_por_https(sitio_seguro, cuaderno):
    """Por HTTPS un encabezado a medias no se confunde con uno entero: ninguna queda vacía."""
    nombre, preparar, exigir = BAJADAS[1]
    assert not bajar_en_todo_momento(sitio_seguro, cuaderno, nombre, preparar, exigir, " por HTTPS")["vacía"]


def _cuerpo(bajada):
    return bajada.path().read_bytes()


# --- Lo que se abre

# A los cuántos bytes: antes de contestar; en la propia página; en su código, ya dibujada, y con casi todo.
COMPLETA = (
    f"() => {CONEXION} === 'CONNECTED' && document.querySelector('h1') && document.querySelector('.js-plotly-plot') "
    "&& document.querySelector(\"[data-testid='stDownloadButton'] button\")"
)
AL_ABRIR = (0, 9_000, 100_000, 1_000_000, 2_000_000, 3_000_000, 6_000_000)


def test_abrir_una_pagina(sitio, cuaderno):
    """Sin nada guardado en el navegador: al volver la red, la página acaba de abrir sola y completa."""
    tardo, dichos = [], set()
    for bytes_ in AL_ABRIR:
        contexto = sitio.chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
        contexto.set_default_timeout(SEGUNDOS * 1000)
        pagina = contexto.new_page()
        try:
            sitio.cable.cortar_tras(bytes_)
            with suppress(FallaDeChromium):  # la que no llegó a empezar: el navegador pone su propia página
                pagina.goto(f"{sitio.direccion}/tendencias?lugar=11&delito=extorsion", wait_until="commit")
            hasta(lambda: sitio.cable.modo == "cortado", "que baje lo necesario para cortar", 30, 0.1)
            pagina.wait_for_timeout(2_500)
            dichos.update(pagina.locator("#aviso-de-conexion").all_inner_texts())
            sitio.cable.volver()
            empezo = time.monotonic()
            pagina.wait_for_function(COMPLETA, timeout=SEGUNDOS * 1000)
            esperar_lista(pagina)
            tardo.append(time.monotonic() - empezo)
            assert "extorsión en Guanajuato" in pagina.locator("h1").first.inner_text()
        finally:
            sitio.cable.volver()
            contexto.close()
    explicar(cuaderno).apuntar(
        "abrir una página, cortada desde antes de contestar hasta con casi todo en el navegador", len(AL_ABRIR),
        len(AL_ABRIR), len(tardo), f"{max(tardo):.0f} s", next(d for d in sorted(dichos) if "completa" in d),
    )  # fmt: skip


# --- Lo que se mira


def elegir_medida(pagina):
    pagina.get_by_role("radio", name="Promedio diario").click()


def picar_mapa(pagina):
    lienzo = pagina.locator(".lienzo canvas").bounding_box()
    pagina.mouse.click(lienzo["x"] + lienzo["width"] * 0.38, lienzo["y"] + lienzo["height"] * 0.28)


MIRADAS = (
    (
        "cambiar un filtro",
        "tendencias?delito=extorsion&lugar=11&medida_serie=conteo",
        elegir_medida,
        "medida_serie=diario",
    ),
    ("picar el mapa", "mapa?delito=homicidio_doloso&nivel=estatal&medida=conteo&lugar=00", picar_mapa, "lugar=08"),
)


@pytest.mark.parametrize(("nombre", "ruta", "gesto", "queda"), MIRADAS, ids=[m[0] for m in MIRADAS])
def test_mirar(sitio, cuaderno, nombre, ruta, gesto, queda):
    """Al volver, la página muestra lo elegido o lo de antes, y la dirección dice lo mismo; repetir el gesto basta."""
    quedaron, tardo, dicho = 0, [], ""
    for momento in MOMENTOS:
        contexto = sitio.chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
        contexto.set_default_timeout(SEGUNDOS * 1000)
        pagina = contexto.new_page()
        try:
            ir(sitio, pagina, ruta)
            if "mapa" in ruta:
                pagina.wait_for_selector("[data-pintado]")
                esperar_lista(pagina)
            cortar_en(sitio, momento, gesto, pagina, 1)
            dicho = lo_que_se_lee(pagina)
            tardo.append(volver(sitio, pagina))
            for _ in range(3):
                if queda in pagina.url:
                    break
                gesto(pagina)
                pagina.wait_for_timeout(1_500)
                esperar_lista(pagina)
            assert queda in pagina.url, f"{nombre}, {momento}: {pagina.url}"
            titulo = pagina.locator("h1").first.inner_text()
            pagina.reload()
            esperar_lista(pagina)
            assert pagina.locator("h1").first.inner_text() == titulo
            quedaron += 1
        finally:
            sitio.cable.volver()
            contexto.close()
    explicar(cuaderno).apuntar(nombre, len(MOMENTOS), len(MOMENTOS), quedaron, f"{max(tardo):.0f} s", dicho)
