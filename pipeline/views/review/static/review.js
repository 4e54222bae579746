// A line on a page and its words in a section show each other.
"use strict";
const of = (name) => document.querySelectorAll(`[data-line="${CSS.escape(name)}"]`);
let shown = null;
function show(name, from) {
  if (shown) of(shown).forEach((one) => one.classList.remove("lit"));
  shown = name;
  if (!name) return;
  of(name).forEach((one) => {
    one.classList.add("lit");
    if (one.closest("section") !== from.closest("section")) one.scrollIntoView({ block: "nearest" });
  });
}
document.addEventListener("click", (event) => {
  const one = event.target.closest("[data-line]");
  if (one) show(one.dataset.line, one);
});
