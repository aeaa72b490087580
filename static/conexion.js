// Streamlit apaga los controles cuando se corta la conexión y no dice por qué, y si la red se corta mientras la página abre
// la deja en blanco. Aquí se dice, y también cuándo volvió; lo que no acabó de abrir se vuelve a pedir solo. Va dentro de la
// página, no en otro archivo: llega aunque lo demás no llegue. Y lo que todavía está subiendo no se guarda sin su archivo.
(() => {
  "use strict";
  const PACIENCIA = 1200; // un parpadeo de la red no es para avisar
  const SE_QUEDA = 12000;
  const CORTADA =
    "Se perdió la conexión. Lo que escribió sigue aquí: no cierre la página. En cuanto haya red vuelve sola.";
  const DE_VUELTA =
    "La conexión volvió. Si estaba guardando algo, revise que esté; si no está, guárdelo otra vez.";
  const TARDA = 20000;
  const NO_ABRIO = "La página no llegó completa. En cuanto haya red se vuelve a pedir sola.";
  const NO_ABRE = "La página está tardando en abrir. Si no avanza, vuelva a pedirla.";
  const FALTA_PARTE = "Una parte de la página no llegó. Vuelva a pedirla; si estaba escribiendo, guárdelo antes.";
  const SUBIENDO = "El archivo todavía está subiendo. Guarde cuando termine, o quítelo con su tache.";
  const VECES = 3; // que una página que nunca llega completa no se pida sin fin
  const ASENTADA = 60000;
  const SIN_CUERPO = 8000;
  let incompleta = false;
  let escribio = false;
  let pidiendo = false;
  let abrio = false;
  let desde = null;
  let aviso = null;
  let quitar = null;

  const decir = (texto, cortada, boton = false) => {
    clearTimeout(quitar);
    if (!aviso) {
      aviso = document.createElement("div");
      aviso.setAttribute("role", "status");
      aviso.id = "aviso-de-conexion";
      Object.assign(aviso.style, {
        position: "fixed", left: "0", right: "0", bottom: "0", zIndex: "1000000", padding: "0.8rem 1.2rem",
        color: "#fff", font: "600 1rem/1.4 Atkinson, sans-serif", textAlign: "center",
      });
      (document.body ?? document.documentElement).append(aviso);
    }
    if (aviso.dataset.texto !== texto) {
      aviso.style.background = cortada ? "#14212B" : "#0B5C8A";
      aviso.textContent = aviso.dataset.texto = texto;
      if (boton) aviso.append(" ", deNuevo());
    }
    if (!cortada) quitar = setTimeout(callar, SE_QUEDA);
  };

  const deNuevo = () => {
    const boton = document.createElement("button");
    Object.assign(boton, { type: "button", textContent: "Volver a pedir la página", onclick: () => location.reload() });
    Object.assign(boton.style, {
      minHeight: "44px", padding: "0 1rem", font: "inherit", color: "#14212B", background: "#fff", border: "0",
      borderRadius: "4px", cursor: "pointer",
    });
    return boton;
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

  // Un archivo que no llegó no se vuelve a pedir dentro de la misma página: el navegador recuerda que falló.
  const DE_PARTES =
    /dynamically imported module|importing (a module script|binding name)|import not found|provide an export|unexpected end/i;
  addEventListener("error", ({ target, message }) => {
    if (target?.tagName === "SCRIPT" || target?.rel === "stylesheet" || DE_PARTES.test(message)) incompleta = true;
  }, true);
  addEventListener("unhandledrejection", ({ reason }) => { incompleta ||= DE_PARTES.test(reason?.message); });
  addEventListener("vite:preloadError", () => { incompleta = true; });
  addEventListener("input", () => { escribio = true; }, true);

  const DE_GUARDAR = "[data-testid='stButton'] button, [data-testid='stFormSubmitButton'] button";
  addEventListener("click", (evento) => {
    if (!evento.target.closest?.(DE_GUARDAR) || !document.querySelector("[data-testid='stFileChipIconSpinner']")) return;
    evento.preventDefault();
    evento.stopImmediatePropagation();
    decir(SUBIENDO, false);
  }, true);

  const veces = {
    // Sin almacenamiento (un navegador que lo niega), se pide a mano.
    leer() {
      try {
        return Number(sessionStorage.getItem("veces-pedida") ?? 0);
      } catch {
        return VECES;
      }
    },
    escribir(cuantas) {
      try {
        if (this.leer() !== cuantas) sessionStorage.setItem("veces-pedida", cuantas);
      } catch {
        // nada que contar: «leer» ya dice que se pida a mano
      }
    },
  };

  const pedirDeNuevo = async () => {
    pidiendo = true;
    const hayRed = await fetch("./api/vivo", { cache: "no-store" }).then((r) => r.ok, () => false);
    if (hayRed && !escribio) {
      veces.escribir(veces.leer() + 1);
      location.reload();
    } else setTimeout(() => { pidiendo = false; }, 1500);
  };

  setInterval(() => {
    const estado = document.querySelector("[data-testid='stApp']")?.dataset.testConnectionState;
    if (estado === "CONNECTED") {
      if (desde !== null) {
        ponerAlDia();
        if (aviso) decir(DE_VUELTA, false);
      } else if (!abrio) callar();
      [abrio, desde] = [true, null];
      if (!incompleta && performance.now() > ASENTADA) veces.escribir(0);
    } else if (abrio) desde ??= Date.now();

    // La propia página cortada a la mitad: el navegador no avisa ni pinta nada.
    if (!document.body && performance.now() > SIN_CUERPO) incompleta = true;

    if (incompleta && !escribio && veces.leer() < VECES) {
      decir(NO_ABRIO, true, true);
      if (!pidiendo) pedirDeNuevo();
    } else if (incompleta) decir(abrio ? FALTA_PARTE : NO_ABRE, true, true);
    else if (!estado && performance.now() > TARDA) decir(NO_ABRE, true, true);
    else if (desde !== null && Date.now() - desde > PACIENCIA) decir(CORTADA, true);
  }, 300);
})();
