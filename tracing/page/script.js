"use strict";
// Everything here is on the page without it: this only points, folds and filters.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Hover and focus: an article with its edges, an edge with its articles.
  const svg = document.querySelector(".timeline");
  const ends = (node) => (node.dataset.ends || "").split(" ");
  const marked = all("[data-article], [data-ends]");
  const point = (node) => {
    const mine = new Set();
    if (node && node.dataset.article) {
      mine.add(node.dataset.article);
      for (const edge of all("[data-ends]")) {
        if (ends(edge).includes(node.dataset.article)) ends(edge).forEach((id) => mine.add(id));
      }
    } else if (node) ends(node).forEach((id) => mine.add(id));
    for (const other of marked) {
      const near = node && (other.dataset.article
        ? mine.has(other.dataset.article)
        : node.dataset.article
          ? ends(other).includes(node.dataset.article)
          : other.dataset.ends === node.dataset.ends);
      other.classList.toggle("near", Boolean(near) && !other.matches("details"));
    }
    if (svg) svg.classList.toggle("dimmed", Boolean(node));
  };
  if (svg) {
    for (const node of all(".article, .curve", svg)) {
      node.addEventListener("pointerenter", () => point(node));
      node.addEventListener("pointerleave", () => point(null));
      node.addEventListener("focus", () => point(node));
      node.addEventListener("blur", () => point(null));
    }
    // Keys: left and right go through the articles by number, home and end to the first and last.
    const articles = all(".article", svg).sort(
      (a, b) => a.querySelector("text").textContent - b.querySelector("text").textContent);
    svg.addEventListener("keydown", (event) => {
      const now = articles.indexOf(document.activeElement);
      const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: articles.length - 1 }[event.key];
      if (now < 0 || to === undefined) return;
      event.preventDefault();
      articles[Math.min(Math.max(to, 0), articles.length - 1)].focus();
    });
  }

  // An address with an edge opens its evidence.
  const open = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) return;
    const folded = target.closest("details");
    if (folded) folded.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) open();
  });
  open();

  // Toggles: kinds of edges, and marks of what was rewritten.
  for (const box of all("[data-toggle]")) {
    box.addEventListener("change", () => {
      if (box.dataset.toggle === "changed") return root.classList.toggle("plain", !box.checked);
      for (const edge of all(`[data-kind="${box.dataset.toggle}"]`)) edge.classList.toggle("is-off", !box.checked);
    });
  }

  // Brush: drag over the picture to list only what lies between; the times are those of the marks.
  const clear = document.querySelector("[data-clear]");
  const list = all(".entry");
  if (svg && clear) {
    let from = null;
    let band = null;
    const at = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse()).x;
    const place = (node) => node.transform.baseVal.getItem(0).matrix.e;
    const drop = () => {
      if (band) band.remove();
      band = null;
      list.forEach((entry) => entry.classList.remove("outside"));
      clear.hidden = true;
    };
    svg.addEventListener("pointerdown", (event) => {
      if (event.button || event.pointerType === "touch" || event.target.closest("a")) return;
      if (at(event) < Number(svg.dataset.left)) return;
      drop();
      from = at(event);
      svg.setPointerCapture(event.pointerId);
      band = document.createElementNS(svg.namespaceURI, "rect");
      band.setAttribute("class", "brush");
      band.setAttribute("y", 38);
      band.setAttribute("height", svg.viewBox.baseVal.height - 50);
      svg.append(band);
    });
    svg.addEventListener("pointermove", (event) => {
      if (from === null) return;
      band.setAttribute("x", Math.min(from, at(event)));
      band.setAttribute("width", Math.abs(at(event) - from));
    });
    svg.addEventListener("pointerup", (event) => {
      if (from === null) return;
      const [low, high] = [from, at(event)].sort((a, b) => a - b);
      from = null;
      if (high - low < 6) return drop();
      const inside = new Set(all(".article", svg)
        .filter((node) => place(node) >= low && place(node) <= high)
        .map((node) => node.dataset.article));
      list.forEach((entry) => entry.classList.toggle("outside", !inside.has(entry.dataset.article)));
      clear.hidden = false;
    });
    svg.addEventListener("pointercancel", () => { from = null; drop(); });
    clear.addEventListener("click", drop);
    addEventListener("keydown", (event) => { if (event.key === "Escape") drop(); });
  }

  // Paper has no folds.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    folded.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => { folded.forEach((one) => { one.open = false; }); folded = []; });
})();
