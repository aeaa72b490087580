"""Una fuente de mentiras en esta máquina: página, ligas compartidas, espejo, CONAPO e INEGI, con fallas a pedido."""

import contextlib
import gzip
import hashlib
import http.server
import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

DESAFIO = """<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><div id="cf-chl-widget">Challenge
validation: please enable JavaScript and cookies to continue</div></body></html>"""
ACCESO = """<!DOCTYPE html><html><body><form action="https://login.microsoftonline.com/"><h1>Iniciar sesión</h1>
<input type="password" name="passwd"></form></body></html>"""
VENCIDO = """<!DOCTYPE html><html><body><h1>This link has expired</h1><p>El vínculo ha expirado.</p></body></html>"""

ETIQUETAS = {
    "cnsp_estatal": "2015&nbsp;- 2025 (Fuero Com&uacute;n -\n   Delitos). Incidencia <b>delictiva</b> estatal",
    "cnsp_municipal": "2015 - 2025  (FUERO COM&Uacute;N&nbsp;- Delitos).&nbsp;Incidencia delictiva municipal",
    "cnsp_victimas": "2015 - 2025 (Fuero Com&uacute;n - V&iacute;ctimas). Incidencia delictiva estatal",
    "rnid_estatal": "Enero - marzo 2026 (Fuero com&#250;n - Delitos).  Incidencia delictiva Estatal",
    "rnid_municipal": "Enero&nbsp;-&nbsp;marzo 2026 (Fuero común - Delitos). Incidencia delictiva municipal",
}
SENUELOS = (
    ("Tablero dinámico de Registro Nacional de Incidencia Delictiva, Fuero común, delitos, estatal 2026", "tablero"),
    ("2015 - 2025 (Fuero federal - Delitos). Incidencia delictiva estatal", "federal"),
    ("1997 - 2017 (Fuero común - Delitos). Incidencia delictiva estatal", "vieja"),
    ("Diccionario de datos 2026 (Fuero común - Delitos). Incidencia delictiva estatal", "diccionario"),
)


def compartida(token):
    """Ruta de una liga compartida, como las de SharePoint."""
    return f"/:u:/g/personal/cni_sspc_gob_mx/{token}"


def descarga(token):
    """Ruta de la descarga directa de esa liga."""
    return f"/personal/cni_sspc_gob_mx/_layouts/15/download.aspx?share={token}"


def pagina(etiquetas=ETIQUETAS, senuelos=SENUELOS, al_reves=False):
    """La página de datos abiertos: señuelos y etiquetas revueltos, cada una con su liga compartida."""
    renglones = [f'<li><a href="{compartida(token)}?e=x1">{texto}</a></li>' for token, texto in etiquetas.items()]
    ajenos = [f'<li><a href="{compartida(token)}?e=x2">{texto}</a></li>' for texto, token in senuelos]
    todos = [*ajenos[:2], *renglones, *ajenos[2:]]
    cuerpo = "\n".join(reversed(todos) if al_reves else todos)
    return f"<!DOCTYPE html><html><head><title>Datos abiertos</title></head><body><ul>{cuerpo}</ul></body></html>"


# Cada respuesta es una función (manejador) → None que contesta una petición.


def html(texto, codigo=200):
    """Una página."""
    return cuerpo(texto.encode("utf-8"), codigo, {"Content-Type": "text/html; charset=utf-8"})


def codigo(numero, cabeceras=None, texto="no"):
    """Un código sin datos."""
    return cuerpo(texto.encode("utf-8"), numero, {"Content-Type": "text/plain", **(cabeceras or {})})


def cuerpo(contenido, numero=200, cabeceras=None):
    """Una respuesta completa y sencilla."""

    def contestar(m):
        m.empezar(numero, {"Content-Length": str(len(contenido)), **(cabeceras or {})})
        m.wfile.write(contenido)

    return contestar


def archivo(contenido, etag=None, nombre=None, rangos=True):
    """Un archivo que sabe decir «no cambió» y mandar desde donde se quedó."""

    def contestar(m):
        cabeceras = {"Content-Type": "application/octet-stream"}
        if etag:
            cabeceras["ETag"] = etag
        if nombre:
            cabeceras["Content-Disposition"] = f'attachment; filename="{nombre}"'
        if etag and m.headers.get("If-None-Match") == etag:
            m.empezar(304, {"ETag": etag})
            return
        pedido = m.headers.get("Range", "")
        if rangos and etag and pedido.startswith("bytes=") and m.headers.get("If-Range") == etag:
            desde = int(pedido[6:].split("-")[0])
            resto = contenido[desde:]
            tramo = f"bytes {desde}-{len(contenido) - 1}/{len(contenido)}"
            m.empezar(206, {**cabeceras, "Content-Range": tramo, "Content-Length": str(len(resto))})
            m.wfile.write(resto)
            return
        m.empezar(200, {**cabeceras, "Content-Length": str(len(contenido))})
        m.wfile.write(contenido)

    return contestar


def cortado(contenido, hasta, etag=None, anunciados=None):
    """Anuncia todo y cierra después de ``hasta`` bytes."""

    def contestar(m):
        cabeceras = {"Content-Length": str(anunciados or len(contenido)), "Content-Type": "application/octet-stream"}
        m.empezar(200, cabeceras | ({"ETag": etag} if etag else {}))
        m.wfile.write(contenido[:hasta])
        m.cerrar()

    return contestar


def sin_longitud(contenido):
    """Manda y cierra, sin decir cuánto era."""

    def contestar(m):
        m.empezar(200, {"Content-Type": "application/octet-stream"})
        m.wfile.write(contenido)
        m.cerrar()

    return contestar


def longitud_corta(contenido, cuantos):
    """Anuncia menos de lo que manda."""

    def contestar(m):
        m.empezar(200, {"Content-Length": str(cuantos), "Content-Type": "application/octet-stream"})
        m.wfile.write(contenido)
        m.cerrar()

    return contestar


def goteo(contenido, trozos=20, pausa=0.08):
    """Manda de a poquito, siempre antes de que se acabe la paciencia de lectura."""

    def contestar(m):
        m.empezar(200, {"Content-Length": str(len(contenido)), "Content-Type": "application/octet-stream"})
        trozo = len(contenido) // trozos + 1
        for inicio in range(0, len(contenido), trozo):
            m.wfile.write(contenido[inicio : inicio + trozo])
            m.wfile.flush()
            time.sleep(pausa)

    return contestar


def con_llave(contenido, abierta, pausa=0.1, gota=200):
    """Manda la mitad y luego gotea hasta que se abra la llave: la prueba decide cuándo termina, no la velocidad de la máquina."""

    def contestar(m):
        m.empezar(200, {"Content-Length": str(len(contenido)), "Content-Type": "application/octet-stream"})
        mandados = len(contenido) // 2
        m.wfile.write(contenido[:mandados])
        while mandados < len(contenido):
            hasta = len(contenido) if abierta.wait(pausa) else mandados + gota
            m.wfile.write(contenido[mandados:hasta])
            m.wfile.flush()
            mandados = hasta

    return contestar


def mudo(segundos):
    """Acepta la conexión y no contesta."""

    def contestar(m):
        time.sleep(segundos)
        m.cerrar()

    return contestar


def gzip_cortado(contenido):
    """Un gzip al que le falta el final, con su longitud bien anunciada."""
    comprimido = gzip.compress(contenido)
    comprimido = comprimido[: len(comprimido) * 2 // 3]
    return cuerpo(comprimido, 200, {"Content-Encoding": "gzip", "Content-Type": "application/octet-stream"})


def redirige(destino):
    """Manda a otra dirección."""
    return codigo(302, {"Location": destino})


@dataclass
class Fuente:
    """Qué contesta cada ruta (la última respuesta de la lista se repite) y qué se pidió."""

    direccion: str = ""
    guiones: dict = field(default_factory=dict)
    peticiones: list = field(default_factory=list)
    candado: threading.Lock = field(default_factory=threading.Lock)

    def guion(self, ruta, *respuestas):
        """Lo que contesta una ruta, en orden."""
        self.guiones[ruta] = list(respuestas)

    def siguiente(self, ruta, cabeceras):
        """La respuesta que toca."""
        with self.candado:
            self.peticiones.append((ruta, dict(cabeceras)))
            lista = self.guiones.get(ruta) or self.guiones.get(urlsplit(ruta).path)
            if not lista:
                return codigo(404)
            return lista.pop(0) if len(lista) > 1 else lista[0]

    def pedidas(self, parte):
        """Las cabeceras de cada petición cuya ruta contiene ``parte``."""
        return [cabeceras for ruta, cabeceras in self.peticiones if parte in ruta]

    def entorno(self, **mas):
        """Las variables que apuntan el tablero a esta fuente, con esperas cortas."""
        base = self.direccion
        return {
            "TABLERO_FUENTE_PAGINA": f"{base}/pagina",
            "TABLERO_FUENTE_ESPEJO_ESTATAL": f"{base}/espejo/estatal.csv",
            "TABLERO_FUENTE_ESPEJO_MUNICIPAL": f"{base}/espejo/municipal.csv",
            "TABLERO_FUENTE_POBLACION": f"{base}/conapo/pobproy_quinq1.csv",
            "TABLERO_FUENTE_LIMITES_ESTADOS": f"{base}/inegi/geo/mgee/",
            "TABLERO_FUENTE_LIMITES_MUNICIPIOS": f"{base}/inegi/geo/mgem/{{cve_ent}}",
            "TABLERO_FUENTE_CATALOGO_MUNICIPIOS": f"{base}/inegi/mgem/{{cve_ent}}",
            "TABLERO_FUENTE_SEGUNDOS_DE_CONEXION": "1",
            "TABLERO_FUENTE_SEGUNDOS_DE_LECTURA": "0.3",
            "TABLERO_FUENTE_SEGUNDOS_POR_ARCHIVO": "3",
            "TABLERO_FUENTE_INTENTOS": "2",
            "TABLERO_FUENTE_ESPERA_INICIAL": "0.01",
            "TABLERO_FUENTE_ESPERA_MAXIMA": "1",
            "NO_PROXY": "127.0.0.1,localhost",
            **mas,
        }


class _Manejador(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.server.fuente.siguiente(self.path, self.headers)(self)

    def empezar(self, numero, cabeceras):
        """Línea de estado y cabeceras."""
        self.send_response(numero)
        for nombre, valor in cabeceras.items():
            self.send_header(nombre, valor)
        self.end_headers()

    def cerrar(self):
        """Cierra la conexión aquí mismo."""
        self.wfile.flush()
        self.close_connection = True

    def log_message(self, *partes):
        """En silencio."""


class _Servidor(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Un cliente que se va a la mitad es parte de las pruebas."""


@contextlib.contextmanager
def servir(certificado=None):
    """Levanta la fuente en un puerto libre; con ``certificado`` (ruta a un PEM con su llave), por HTTPS."""
    servidor = _Servidor(("127.0.0.1", 0), _Manejador)
    if certificado is not None:
        contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexto.load_cert_chain(certificado)
        servidor.socket = contexto.wrap_socket(servidor.socket, server_side=True)
    esquema = "http" if certificado is None else "https"
    servidor.fuente = Fuente(f"{esquema}://127.0.0.1:{servidor.server_address[1]}")
    hilo = threading.Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    hilo.start()
    try:
        yield servidor.fuente
    finally:
        servidor.shutdown()
        servidor.server_close()


def publicar(fuente, archivos, etag=True):
    """Pone la página y, en la descarga de cada liga, su archivo: {token: (nombre, contenido)}."""
    fuente.guion("/pagina", html(pagina({t: ETIQUETAS[t] for t in archivos})))
    for token, (nombre, contenido) in archivos.items():
        huella = f'"{hashlib.sha256(contenido).hexdigest()}"'
        fuente.guion(descarga(token), archivo(contenido, huella if etag else None, nombre))
        fuente.guion(compartida(token), html(ACCESO))


def publicar_catalogo_de_inegi(fuente, municipios, habitantes=lambda clave: 1000):
    """El catálogo sin geometría de las 32 entidades, con la población del censo."""
    por_entidad = {}
    for clave, nombre in municipios:
        por_entidad.setdefault(clave[:2], []).append(
            {"cvegeo": clave, "nomgeo": nombre, "pob_total": str(habitantes(clave))}
        )
    for entidad, datos in por_entidad.items():
        respuesta = json.dumps({"datos": datos, "metadatos": {}, "numReg": len(datos)}).encode("utf-8")
        fuente.guion(f"/inegi/mgem/{entidad}", cuerpo(respuesta, 200, {"Content-Type": "application/json"}))
