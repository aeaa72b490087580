"""Un proveedor de OpenID Connect pequeño y solo en esta máquina: pregunta quién entra, da un código y firma la credencial."""

import base64
import hashlib
import json
import secrets
import threading
import time
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENTE, SECRETO = "tablero", "secreto-de-prueba"


class Proveedor:
    """``gente``: nombre del botón → datos de su credencial. ``pedidos`` cuenta las vueltas completas."""

    def __init__(self, gente):
        self.gente, self.codigos, self.pedidos = gente, {}, 0
        self.llave = RSAKey.generate_key(2048, {"kid": "prueba", "use": "sig", "alg": "RS256"}, private=True)
        self.servidor = ThreadingHTTPServer(("127.0.0.1", 0), self._atencion())
        self.emisor = f"http://127.0.0.1:{self.servidor.server_address[1]}"
        self.servidor.daemon_threads = True

    def credencial(self, quien, nonce):
        """La credencial firmada; ``hace_horas`` la emite en el pasado."""
        datos = {k: v for k, v in self.gente[quien].items() if k != "hace_horas"}
        emitida = int(time.time() - 3_600 * self.gente[quien].get("hace_horas", 0))
        cuerpo = {
            "iss": self.emisor,
            "aud": CLIENTE,
            "sub": quien,
            "iat": emitida,
            "exp": int(time.time()) + 3_600,
            **datos,
        }
        return jwt.encode({"alg": "RS256", "kid": "prueba"}, cuerpo | ({"nonce": nonce} if nonce else {}), self.llave)

    def _atencion(proveedor):
        class Atencion(BaseHTTPRequestHandler):
            def log_message(self, *_):
                """Sin ruido en la salida."""

            def responder(self, cuerpo, tipo="application/json", estado=200):
                contenido = cuerpo if isinstance(cuerpo, bytes) else json.dumps(cuerpo).encode()
                self.send_response(estado)
                self.send_header("Content-Type", tipo)
                self.send_header("Content-Length", str(len(contenido)))
                self.end_headers()
                self.wfile.write(contenido)

            def do_GET(self):
                ruta, consulta = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
                if ruta == "/.well-known/openid-configuration":
                    self.responder(
                        {
                            "issuer": proveedor.emisor,
                            "authorization_endpoint": f"{proveedor.emisor}/entrar",
                            "token_endpoint": f"{proveedor.emisor}/token",
                            "jwks_uri": f"{proveedor.emisor}/llaves",
                            "response_types_supported": ["code"],
                            "subject_types_supported": ["public"],
                            "id_token_signing_alg_values_supported": ["RS256"],
                            "code_challenge_methods_supported": ["S256"],
                        }
                    )
                elif ruta == "/llaves":
                    self.responder({"keys": [proveedor.llave.as_dict(private=False)]})
                elif ruta == "/entrar" and "quien" not in consulta:
                    pedido = urlsplit(self.path).query
                    ligas = "".join(
                        f'<li><a href="/entrar?{escape(pedido)}&amp;{urlencode({"quien": q})}">{escape(q)}</a></li>'
                        for q in proveedor.gente
                    )
                    self.responder(
                        f'<!doctype html><link rel="icon" href="data:,"><ul>{ligas}</ul>'.encode(), "text/html"
                    )
                elif ruta == "/entrar":
                    codigo = secrets.token_urlsafe(16)
                    proveedor.codigos[codigo] = {k: v[0] for k, v in consulta.items()}
                    regreso = {"code": codigo, "state": consulta["state"][0]}
                    self.send_response(302)
                    self.send_header("Location", f"{consulta['redirect_uri'][0]}?{urlencode(regreso)}")
                    self.end_headers()
                else:
                    self.responder({"error": "not_found"}, estado=404)

            def do_POST(self):
                cuerpo = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                basica = "Basic " + base64.b64encode(f"{CLIENTE}:{SECRETO}".encode()).decode()
                pedido = proveedor.codigos.pop(cuerpo["code"][0], None)  # un código sirve una vez
                reto = base64.urlsafe_b64encode(hashlib.sha256(cuerpo["code_verifier"][0].encode()).digest()).rstrip(
                    b"="
                )
                if (
                    self.headers.get("Authorization") != basica
                    or pedido is None
                    or pedido["code_challenge"] != reto.decode()
                ):
                    self.responder({"error": "invalid_grant"}, estado=400)
                    return
                proveedor.pedidos += 1
                credencial = proveedor.credencial(pedido["quien"], pedido.get("nonce"))
                self.responder(
                    {"access_token": "x", "token_type": "Bearer", "expires_in": 3_600, "id_token": credencial}
                )

        return Atencion


@contextmanager
def proveedor_oidc(gente):
    """Enciende el proveedor mientras dura el bloque."""
    suyo = Proveedor(gente)
    hilo = threading.Thread(target=suyo.servidor.serve_forever, daemon=True)
    hilo.start()
    try:
        yield suyo
    finally:
        suyo.servidor.shutdown()
        suyo.servidor.server_close()
        hilo.join(timeout=5)
