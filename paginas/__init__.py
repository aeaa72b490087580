"""Lo que ve una persona: páginas delgadas que preguntan a datos y dibujan."""
