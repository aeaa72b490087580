"""Archivos oficiales a base publicada: leer, validar, comparar y publicar. Se usa con ``python -m etl``."""

import os

# Antes de que se abra pyarrow: con páginas enormes el sistema pone en ceros cientos de megas que nadie va a tocar, y leer un
# archivo municipal completo tarda hasta el doble (docs/rendimiento.md).
os.environ.setdefault("MIMALLOC_ALLOW_THP", "0")
