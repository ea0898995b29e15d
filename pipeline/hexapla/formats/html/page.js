"use strict";
// Search, navigation and settings for a page that is readable without them.
(() => {
  const root = document.documentElement;
  const find = (selector) => document.querySelector(selector);
  const all = (selector, scope = document) => [...scope.querySelectorAll(selector)];
  const groups = all(".group");
  const several = all("[data-set-level]").length > 0;
  let current = null;

  // ---- Level ----
  // A paragraph without sentences counts as a row of the sentence level too.
  const atLevel = (row) => !several || row.classList.contains(root.dataset.level)
    || (row.classList.contains("paragraph") && !row.parentElement.querySelector("details"));
  const rows = () => all(".row").filter((row) => atLevel(row) && !row.hidden && !row.closest(".group").hidden);

  function setLevel(level) {
    root.dataset.level = level;
    for (const details of all("details")) details.open = level === "sentence";
    for (const button of all("[data-set-level]")) {
      button.setAttribute("aria-pressed", button.dataset.setLevel === level);
    }
    filter();
  }

  // ---- Jump to rows that need checking ----
  const toCheck = () => {
    const wanted = find("#check").value.split(" ");
    return rows().filter((row) => row.dataset.check.split(" ").some((check) => wanted.includes(check)));
  };

  function show(row) {
    const details = row.closest("details");
    if (details) details.open = true;
    current?.classList.remove("current");
    current = row;
    row.classList.add("current");
    row.focus({ preventScroll: true });
    bringIntoView(row, 12);
    root.dataset.current = row.id;
    countPlace();
  }

  // Rows off the screen have an estimated height until they are drawn, so the position is set again for some frames.
  function bringIntoView(row, frames) {
    row.scrollIntoView({ block: row.offsetHeight > innerHeight / 2 ? "start" : "center" });
    if (frames && row === current) requestAnimationFrame(() => bringIntoView(row, frames - 1));
  }

  function jump(step) {
    const found = toCheck();
    if (!found.length) return;
    const before = found.filter((row) => isBefore(row, current)).length;
    const index = step > 0 ? before + Number(found.includes(current)) : before - 1;
    show(found[(index + found.length) % found.length]);
  }

  function isBefore(row, other) {
    return other !== null && Boolean(row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
  }

  function countPlace() {
    const found = toCheck();
    const place = found.indexOf(current) + 1;
    find("#place").textContent = place ? `${place} of ${found.length}` : `${found.length}`;
    for (const id of ["#next", "#previous"]) find(id).disabled = !found.length;
  }

  // ---- Filter by text, ignoring case, accents and vowel signs ----
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const folded = new WeakMap();
  const foldedText = (row) => {
    if (!folded.has(row)) folded.set(row, all(".cell:not(.missing) p", row).map((p) => fold(p.textContent)).join("\n"));
    return folded.get(row);
  };

  function filter() {
    const wanted = fold(find("#filter").value.trim());
    for (const group of groups) {
      let any = false;
      for (const row of all(".row", group)) {
        const matches = !wanted || foldedText(row).includes(wanted);
        row.hidden = !matches && row.classList.contains("sentence");
        any ||= matches && atLevel(row);
      }
      group.hidden = !any;
    }
    const left = rows();
    find("#nothing").hidden = left.length > 0;
    find("#found").textContent = wanted ? `${left.length} ${left.length === 1 ? "row" : "rows"}` : "";
    highlight(wanted, left);
    countPlace();
    drawRuler();
  }

  function highlight(wanted, left) {
    if (!("highlights" in CSS)) return;
    CSS.highlights.delete("found");
    if (!wanted) return;
    const ranges = left.slice(0, 500).flatMap((row) => all(".cell p", row)).flatMap((p) => rangesIn(p.firstChild, wanted));
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  function rangesIn(node, wanted) {
    if (!node) return [];
    let text = "";
    const places = []; // where each folded character begins and ends in the node
    let offset = 0;
    for (const character of node.data) {
      for (const one of fold(character)) for (let i = 0; i < one.length; i++) places.push(offset);
      text += fold(character);
      offset += character.length;
    }
    places.push(offset);
    const ranges = [];
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      const range = new Range();
      range.setStart(node, places[at]);
      range.setEnd(node, places[at + wanted.length]);
      ranges.push(range);
    }
    return ranges;
  }

  // ---- Languages ----
  const hiding = document.head.appendChild(document.createElement("style"));

  function toggleColumn(button) {
    const buttons = all("[data-toggle-column]");
    const pressed = buttons.filter((other) => other.getAttribute("aria-pressed") === "true");
    if (pressed.length === 1 && pressed[0] === button) return; // at least one language stays
    button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
    const hidden = buttons.filter((other) => other.getAttribute("aria-pressed") !== "true");
    hiding.textContent = hidden.map((other) => `main .c${other.dataset.toggleColumn} { display: none; }`).join("");
    document.body.style.setProperty("--columns", buttons.length - hidden.length);
  }

  function nameLanguages() {
    for (const element of all("[data-name]")) {
      const tag = element.dataset.name;
      try {
        const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag);
        if (element.tagName === "BUTTON") element.title = name;
        else if (name !== tag) element.textContent = name;
      } catch {
        // Tags that the browser does not know stay as they are.
      }
    }
  }

  // ---- Theme ----
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const nameTheme = () => { find("#theme").textContent = dark() ? "Light" : "Dark"; };

  function toggleTheme() {
    root.dataset.theme = dark() ? "light" : "dark";
    nameTheme();
  }

  // ---- Ruler: all rows of the level in a strip, with the part on the screen ----
  const NS = "http://www.w3.org/2000/svg";
  let ruled = [];

  function drawRuler() {
    ruled = rows();
    const ruler = find("#ruler");
    ruler.setAttribute("viewBox", `0 0 ${Math.max(1, ruled.length)} 1`);
    const paths = new Map();
    // Rows that need checking come last, so that they stay visible where many rows share a pixel.
    for (const name of ["certain", "likely", "unsure", "doubtful", "unaligned"]) paths.set(name, []);
    ruled.forEach((row, i) => {
      for (const [name, places] of paths) if (row.classList.contains(name)) places.push(`M${i} 0h1v1h-1z`);
    });
    ruler.replaceChildren(...[...paths].filter(([, places]) => places.length).map(([name, places]) => {
      const path = document.createElementNS(NS, "path");
      path.setAttribute("class", name);
      path.setAttribute("d", places.join(""));
      return path;
    }));
    const pane = ruler.appendChild(document.createElementNS(NS, "rect"));
    pane.setAttribute("class", "window");
    pane.setAttribute("height", "1");
    moveWindow();
  }

  function moveWindow() {
    const pane = find("#ruler .window");
    if (!pane || !ruled.length) return;
    const top = firstBelow(find(".tools").getBoundingClientRect().bottom);
    const bottom = firstBelow(innerHeight);
    pane.setAttribute("x", top);
    pane.setAttribute("width", Math.max(1, bottom - top));
  }

  function firstBelow(y) {
    let low = 0;
    let high = ruled.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ruled[middle].getBoundingClientRect().bottom > y) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  // ---- Links ----
  async function copyLink(link) {
    try {
      await navigator.clipboard.writeText(link.href);
      say("Link copied");
    } catch {
      say("The link is in the address bar");
    }
  }

  function say(text) {
    find("#toast").textContent = text;
    setTimeout(() => { find("#toast").textContent = ""; }, 2000);
  }

  function followHash() {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!row?.classList.contains("row")) return;
    if (!atLevel(row)) setLevel(row.classList.contains("sentence") ? "sentence" : "paragraph");
    show(row);
  }

  // ---- Events ----
  document.addEventListener("click", (event) => {
    const target = event.target.closest("button, a, summary, .row.paragraph");
    if (!target) return;
    if (target.matches("#next")) jump(1);
    else if (target.matches("#previous")) jump(-1);
    else if (target.matches("#theme")) toggleTheme();
    else if (target.matches("#more")) {
      target.setAttribute("aria-expanded", find(".tools").classList.toggle("open"));
    } else if (target.matches("[data-set-level]")) setLevel(target.dataset.setLevel);
    else if (target.matches("[data-toggle-column]")) toggleColumn(target);
    else if (target.matches(".link")) copyLink(target);
    else if (target.matches(".row.paragraph") && getSelection().isCollapsed) {
      const details = target.parentElement.querySelector("details");
      if (details) details.open = !details.open;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target.matches("#filter")) {
      event.target.value = "";
      event.target.blur();
      filter();
    }
    if (event.target.matches("input, select")) return;
    if (event.key === "n") jump(1);
    else if (event.key === "p") jump(-1);
    else if (event.key === "/") {
      event.preventDefault();
      find("#filter").focus();
    }
  });
  find("#filter").addEventListener("input", filter);
  find("#check").addEventListener("change", countPlace);
  find("#ruler").addEventListener("click", (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const row = ruled[Math.floor(((event.clientX - box.left) / box.width) * ruled.length)];
    if (row) show(row);
  });
  addEventListener("scroll", () => requestAnimationFrame(moveWindow), { passive: true });
  addEventListener("hashchange", followHash);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);

  find(".tools").hidden = false;
  new ResizeObserver(([entry]) => {
    root.style.setProperty("--tools-height", `${entry.target.offsetHeight}px`);
  }).observe(find(".tools"));
  nameLanguages();
  nameTheme();
  filter();
  followHash();
})();
