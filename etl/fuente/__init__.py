"""Encontrar, bajar y conservar lo que publica la fuente: SESNSP, población y límites."""
