"""La plantilla de acuerdos: columnas, reglas y su lectura y escritura en CSV y XLSX. Las mismas reglas valen al capturar."""
