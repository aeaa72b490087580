"""De los archivos oficiales a la base publicada."""
