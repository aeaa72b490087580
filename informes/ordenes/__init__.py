"""Los verbos de ``python -m informes``: uno por módulo, con ``agregar(subparsers)``, que deja en ``ejecutar`` qué correr."""
