"""La página Prensa por dentro: armar la historia elegida, su vista previa y sus descargas."""
