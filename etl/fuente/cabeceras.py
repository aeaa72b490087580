"""Con qué cabeceras se pide: primero las llanas y, si la fuente no contesta datos, las de un navegador completo."""

from __future__ import annotations

LLANAS = {"User-Agent": "delitos-a-la-baja (tablero ciudadano; lectura de datos abiertos)", "Accept": "*/*"}
DE_NAVEGADOR = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language": "es-MX,es;q=0.9,en;q=0.5",
    "Cache-Control": "no-cache",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "none",
    "Sec-Fetch-User": "?1",
    "Upgrade-Insecure-Requests": "1",
}
MANERAS = (("cabeceras llanas", LLANAS), ("cabeceras de navegador", DE_NAVEGADOR))
