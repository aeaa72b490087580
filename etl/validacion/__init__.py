"""Contratos que cumple todo lo que se publica; cada uno es una función que lista cuanto falla."""
