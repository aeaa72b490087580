"""Lo que se sabe de la última descarga de cada archivo, para no volver a bajar lo que no cambió."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from datos.almacen import Almacen
from etl.fuente.red import Bajado
from etl.publicacion.puntero import escribir_atomico


@dataclass(frozen=True)
class Conocido:
    """Última descarga buena de algo: su huella y los validadores que dio el servidor."""

    sha256: str
    nombre: str
    enlace: str
    etag: str | None
    modificado: str | None


class Memoria:
    """Por clave (un producto, un espejo, la población), lo último que se bajó. Un archivo dañado vale como vacío."""

    def __init__(self, almacen: Almacen) -> None:
        self._almacen = almacen
        self._ruta = almacen.descargas / "memoria.json"
        self._conocidos: dict[str, Conocido] = {}
        try:
            guardado = json.loads(self._ruta.read_text(encoding="utf-8"))
            self._conocidos = {clave: Conocido(**datos) for clave, datos in guardado.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            self._conocidos = {}

    def de(self, clave: str) -> Conocido | None:
        """Lo conocido, si el archivo de entonces sigue conservado."""
        conocido = self._conocidos.get(clave)
        if conocido is None or not (self._almacen.crudo / conocido.sha256).is_file():
            return None
        return conocido

    def anotar(self, clave: str, bajado: Bajado) -> None:
        """Recuerda una descarga y lo deja en el disco."""
        self._conocidos[clave] = Conocido(
            bajado.sha256, bajado.ruta.name, bajado.enlace, bajado.etag, bajado.modificado
        )
        self._almacen.descargas.mkdir(parents=True, exist_ok=True)
        contenido = json.dumps({c: asdict(v) for c, v in self._conocidos.items()}, ensure_ascii=False, indent=1)
        escribir_atomico(self._ruta, contenido.encode("utf-8"))
