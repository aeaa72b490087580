"""De una liga compartida de SharePoint a las direcciones que dan el archivo, en las formas que se han visto funcionar."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

_COMPARTIDO = re.compile(r"^/:[a-z]:/[a-z]/(?P<sitio>(?:personal|sites|teams)/[^/]+)/(?P<token>[^/?#]+)$")


def candidatas(direccion: str) -> list[str]:
    """Direcciones por probar, en orden. Una que no es compartida se prueba tal cual."""
    partes = urlsplit(direccion)
    hallado = _COMPARTIDO.match(partes.path)
    if hallado is None:
        return [direccion]
    base = f"{partes.scheme}://{partes.netloc}/{hallado['sitio']}/_layouts/15/download.aspx"
    consulta = f"{partes.query}&{urlencode({'download': 1})}" if partes.query else urlencode({"download": 1})
    return [
        f"{base}?share={quote(hallado['token'], safe='')}",
        urlunsplit((partes.scheme, partes.netloc, partes.path, consulta, "")),
    ]
