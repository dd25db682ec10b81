"use strict";
// An extra: the page is complete without it. Filters late tickets and findings, sorts tables, keeps the address of what is open.
const words = document.body.dataset;
for (const box of document.querySelectorAll("[data-filter]:not(body)")) {
  const all = [...box.querySelectorAll("details:not(.group), tbody tr, .rows li")].filter((each) => !each.parentElement.closest("details:not(.group)") || !box.contains(each.parentElement.closest("details:not(.group)")));
  if (all.length < 6) continue;
  const texts = all.map((each) => (each.querySelector("summary") ?? each).textContent.toLowerCase());
  const label = document.createElement("label"), input = document.createElement("input"), told = document.createElement("output");
  label.className = "filter";
  input.type = "search";
  label.append(words.filter + " ", input);
  told.className = "note";
  box.before(label, told);
  input.addEventListener("input", () => {
    const sought = input.value.trim().toLowerCase();
    const shown = all.filter((each, place) => !(each.hidden = !texts[place].includes(sought))).length;
    box.querySelectorAll(".group").forEach((each) => (each.open = sought !== ""));
    told.value = sought && words.shown.replace("{}", shown).replace("[]", all.length);
  });
}
for (const table of document.querySelectorAll("table.sort")) {
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  const value = (row, place) => Number(row.cells[place].dataset.v ?? NaN);
  heads.forEach((head, place) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.ariaSort === "ascending" ? -1 : 1;
      heads.forEach((each) => (each.ariaSort = null));
      head.ariaSort = down > 0 ? "ascending" : "descending";
      const order = (a, b) => value(a, place) - value(b, place) || a.cells[place].textContent.localeCompare(b.cells[place].textContent, document.documentElement.lang);
      body.append(...[...body.rows].sort((a, b) => down * order(a, b)));
    });
  });
}
document.addEventListener("toggle", ({ target }) => {
  const id = target.open && target.querySelector(":scope > div[id]")?.id;
  if (id) history.replaceState(null, "", "#" + id);
}, true);
