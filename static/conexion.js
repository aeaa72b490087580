// Streamlit apaga los controles cuando se corta la conexión y no dice por qué: aquí se dice, y también cuándo volvió.
(() => {
  "use strict";
  const PACIENCIA = 1200; // un parpadeo de la red no es para avisar
  const SE_QUEDA = 12000;
  const CORTADA =
    "Se perdió la conexión. Lo que escribió sigue aquí: no cierre la página. En cuanto haya red vuelve sola.";
  const DE_VUELTA =
    "La conexión volvió. Si estaba guardando algo, revise que esté; si no está, guárdelo otra vez.";
  let abrio = false;
  let desde = null;
  let aviso = null;
  let quitar = null;

  const decir = (texto, cortada) => {
    clearTimeout(quitar);
    if (!aviso) {
      aviso = document.createElement("div");
      aviso.setAttribute("role", "status");
      aviso.id = "aviso-de-conexion";
      Object.assign(aviso.style, {
        position: "fixed", left: "0", right: "0", bottom: "0", zIndex: "1000000", padding: "0.8rem 1.2rem",
        color: "#fff", font: "600 1rem/1.4 Atkinson, sans-serif", textAlign: "center",
      });
      document.body.append(aviso);
    }
    aviso.style.background = cortada ? "#14212B" : "#0B5C8A";
    aviso.textContent = texto;
    if (!cortada) quitar = setTimeout(callar, SE_QUEDA);
  };

  const callar = () => {
    aviso?.remove();
    aviso = null;
  };

  // Lo que se eligió y no llegó se ve elegido, pero el servidor no lo sabe: con su atajo de volver a correr, Streamlit manda lo
  // que hay en pantalla. Los botones no se repiten.
  const ponerAlDia = () => {
    for (const clase of ["keydown", "keypress", "keyup"]) {
      const opciones = { key: "r", code: "KeyR", keyCode: 82, which: 82, bubbles: true };
      document.body.dispatchEvent(new KeyboardEvent(clase, opciones));
    }
  };

  setInterval(() => {
    const estado = document.querySelector("[data-testid='stApp']")?.dataset.testConnectionState;
    if (estado === "CONNECTED") {
      if (desde !== null) {
        ponerAlDia();
        if (aviso) decir(DE_VUELTA, false);
      }
      [abrio, desde] = [true, null];
    } else if (abrio && estado) {
      desde ??= Date.now();
      if (Date.now() - desde > PACIENCIA) decir(CORTADA, true);
    }
  }, 300);
})();
