"use strict";
(() => {
  const raiz = document.documentElement;
  const laminas = [...document.querySelectorAll(".lamina")];
  const [anterior, siguiente] = ["anterior", "siguiente"].map((id) => document.getElementById(id));
  const indice = document.getElementById("indice");
  const avance = document.getElementById("avance");
  const cuenta = document.getElementById("cuenta");
  const aviso = document.getElementById("aviso");
  const globo = document.getElementById("globo");
  const ANGOSTO = matchMedia("(max-width: 760px)");
  const MINIMA = 0.62;
  let actual = 0;
  raiz.classList.add("con-guion");

  // La letra se achica solo lo que haga falta para que la lámina quepa; en el teléfono se recorre con el dedo.
  function ajustar() {
    const lamina = laminas[actual];
    const cajas = [lamina, ...lamina.querySelectorAll("figure > .tabla")];
    const cabe = () => cajas.every((x) => x.scrollHeight <= x.clientHeight + 1);
    lamina.style.setProperty("--escala", 1);
    if (ANGOSTO.matches) return;
    // Una tabla corta puede crecer, para leerse desde el fondo de la sala.
    for (let escala = lamina.querySelector(".dibujos") ? 1 : 1.36; escala >= MINIMA; escala -= 0.04) {
      lamina.style.setProperty("--escala", escala.toFixed(2));
      if (cabe()) break;
    }
  }

  function ir(a, { enfocar = true } = {}) {
    const nueva = Math.max(0, Math.min(laminas.length - 1, a));
    laminas[actual].classList.remove("activa");
    actual = nueva;
    const lamina = laminas[actual];
    lamina.classList.add("activa");
    lamina.scrollTop = 0;
    anterior.disabled = actual === 0;
    siguiente.disabled = actual === laminas.length - 1;
    indice.value = String(actual);
    avance.value = actual + 1;
    cuenta.textContent = `${actual + 1} de ${laminas.length}`;
    aviso.textContent = `Lámina ${cuenta.textContent}: ${lamina.querySelector("h2").textContent}`;
    globo.hidden = true;
    ajustar();
    if (enfocar) lamina.focus({ preventScroll: true });
    if (location.protocol === "file:") history.replaceState(null, "", `#${actual + 1}`);
  }

  laminas.forEach((lamina, n) => {
    const opcion = document.createElement("option");
    opcion.value = String(n);
    opcion.textContent = `${n + 1}. ${lamina.querySelector("h2").textContent}`;
    indice.append(opcion);
  });
  avance.max = laminas.length;
  anterior.addEventListener("click", () => ir(actual - 1));
  siguiente.addEventListener("click", () => ir(actual + 1));
  indice.addEventListener("change", () => ir(Number(indice.value)));

  function pantallaCompleta() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (raiz.requestFullscreen) raiz.requestFullscreen();
  }
  document.getElementById("completa").addEventListener("click", pantallaCompleta);

  const TECLAS = {
    ArrowRight: () => ir(actual + 1), PageDown: () => ir(actual + 1), " ": () => ir(actual + 1),
    ArrowLeft: () => ir(actual - 1), PageUp: () => ir(actual - 1),
    Home: () => ir(0), End: () => ir(laminas.length - 1), f: pantallaCompleta, F: pantallaCompleta,
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || !TECLAS[e.key]) return;
    const donde = e.target.closest("select, summary, button, .propio");
    // Las flechas mueven siempre las láminas; la barra espaciadora y las letras son de quien tenga el foco.
    if (donde && (donde.tagName === "SELECT" || e.key === " ")) return;
    e.preventDefault();
    TECLAS[e.key]();
  });

  let inicio = null;
  document.addEventListener("touchstart", (e) => {
    const desplazable = e.target.closest(".tabla");
    const lateral = desplazable && desplazable.scrollWidth > desplazable.clientWidth + 1;
    inicio = e.touches.length === 1 && !lateral ? [e.touches[0].clientX, e.touches[0].clientY] : null;
  }, { passive: true });
  document.addEventListener("touchend", (e) => {
    if (!inicio) return;
    const [dx, dy] = [e.changedTouches[0].clientX - inicio[0], e.changedTouches[0].clientY - inicio[1]];
    if (Math.abs(dx) > 60 && Math.abs(dx) > 2 * Math.abs(dy)) ir(actual + (dx < 0 ? 1 : -1));
    inicio = null;
  }, { passive: true });

  function decir(texto, x, y) {
    globo.textContent = texto;
    globo.hidden = !texto;
    if (!texto) return;
    const caja = globo.getBoundingClientRect();
    globo.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - caja.width - 4))}px`;
    globo.style.top = `${Math.max(4, y - caja.height - 12)}px`;
  }

  document.querySelectorAll("svg.serie").forEach((svg) => {
    const puntos = JSON.parse(svg.dataset.puntos);
    const guia = svg.querySelector(".guia");
    const mover = (e) => {
      const x = new DOMPoint(e.clientX, e.clientY).matrixTransform(svg.getScreenCTM().inverse()).x;
      const cerca = puntos.reduce((a, b) => (Math.abs(b[0] - x) < Math.abs(a[0] - x) ? b : a));
      guia.setAttribute("x1", cerca[0]);
      guia.setAttribute("x2", cerca[0]);
      guia.setAttribute("visibility", "visible");
      decir(cerca[1], e.clientX, e.clientY);
    };
    svg.addEventListener("pointermove", mover);
    svg.addEventListener("pointerdown", mover);
    svg.addEventListener("pointerleave", () => {
      guia.setAttribute("visibility", "hidden");
      decir("");
    });
  });

  document.querySelectorAll("svg.mapa").forEach((svg) => {
    const figura = svg.closest("figure");
    const elegir = (trazo) => {
      figura.querySelectorAll(".elegido").forEach((x) => x.classList.remove("elegido"));
      figura.querySelectorAll(`[data-lugar="${trazo.dataset.lugar}"]`).forEach((x) => x.classList.add("elegido"));
      const suya = figura.querySelector(`.ficha [data-de="${trazo.dataset.lugar}"]`);
      figura.querySelectorAll(".ficha [data-de]").forEach((x) => { x.hidden = x !== suya; });
      const corta = figura.querySelector(".ficha .corta");
      corta.hidden = Boolean(suya);
      corta.textContent = trazo.dataset.leido;
    };
    svg.addEventListener("pointermove", (e) => decir(e.target.dataset.leido || "", e.clientX, e.clientY));
    svg.addEventListener("pointerleave", () => decir(""));
    svg.addEventListener("click", (e) => { if (e.target.dataset.lugar) elegir(e.target); });
    svg.addEventListener("keydown", (e) => {
      if ((e.key === "Enter" || e.key === " ") && e.target.dataset.lugar) {
        e.preventDefault();
        e.stopPropagation();
        elegir(e.target);
      }
    });
  });

  // Dentro de la página: las flechas sirven sin un clic y, si el servidor se cae, lo que Streamlit deja inerte vuelve a servir.
  if (window.frameElement) {
    window.focus();
    for (let e = window.frameElement.parentElement; e; e = e.parentElement) {
      const suelto = e;
      new MutationObserver(() => { if (suelto.inert) suelto.inert = false; }).observe(suelto, { attributeFilter: ["inert"] });
    }
  }
  addEventListener("resize", ajustar);
  document.querySelectorAll("details").forEach((x) => x.addEventListener("toggle", ajustar));
  document.fonts.ready.then(ajustar);
  const pedida = location.protocol === "file:" ? parseInt(location.hash.slice(1), 10) : NaN;
  ir(Number.isNaN(pedida) ? 0 : pedida - 1, { enfocar: false });
})();
