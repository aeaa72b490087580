"""Lo que comparten las páginas del registro: quién entra, cómo se escribe sin perder nada y cómo se muestra un acuerdo."""
