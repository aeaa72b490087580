"""Una migración por archivo. Una publicada no se edita: se agrega otra."""
