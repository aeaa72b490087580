"""Los cambios de forma del registro, en orden; se aplican solos al abrirlo y quedan anotados en la propia base."""
