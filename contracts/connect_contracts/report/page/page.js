"use strict";
const form = document.getElementById("filter");
const cases = [...document.querySelectorAll(".case")].map((element) => ({
  element,
  clause: element.closest(".clause"),
  text: (element.textContent + element.closest(".clause").firstElementChild.textContent).toLowerCase(),
}));
const clauses = [...document.querySelectorAll(".clause")];
const chapters = [...document.querySelectorAll(".chapter")];

function apply() {
  const { verdict, level, text } = form.elements;
  const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const filtered = Boolean(verdict.value || level.value || words.length);
  const matching = new Set();
  let shown = 0;
  for (const { element, clause, text: said } of cases) {
    const matches =
      (!verdict.value || element.dataset.verdict === verdict.value) &&
      (!level.value || element.dataset.level === level.value) &&
      words.every((word) => said.includes(word));
    element.hidden = !matches;
    if (matches) {
      shown += 1;
      matching.add(clause);
    }
  }
  for (const clause of clauses) {
    clause.hidden = !matching.has(clause);
    clause.open = filtered && matching.has(clause);
  }
  for (const chapter of chapters) {
    chapter.hidden = !chapter.querySelector(".clause:not([hidden])");
  }
  form.elements.shown.value = `${shown} of ${cases.length} cases`;
}

function clear() {
  for (const name of ["verdict", "level", "text"]) {
    form.elements[name].value = "";
  }
  apply();
}

function reveal() {
  const place = location.hash && document.getElementById(location.hash.slice(1));
  if (!place) {
    return;
  }
  if (place.hidden) {
    clear();
  }
  for (let element = place; element; element = element.parentElement) {
    if (element instanceof HTMLDetailsElement) {
      element.open = true;
    }
  }
  place.scrollIntoView();
}

form.addEventListener("input", apply);
form.addEventListener("change", apply);
form.addEventListener("submit", (event) => event.preventDefault());
form.elements.clear.addEventListener("click", clear);
addEventListener("hashchange", reveal);
addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    form.elements.text.focus();
  }
});
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll(".cause details, details.clause:has(details.case)")) {
    details.open = true;
  }
});
apply();
reveal();
