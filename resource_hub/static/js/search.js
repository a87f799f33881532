// Completion in every search box, as ARIA's combobox: htmx fetches the options, arrows move, Enter takes, Escape closes. Arrows move
// through the cards of results too. Without this file the box is a plain field of a form.

const listOf = (box) => box.form.querySelector("[role=listbox]");

// The box whose typing may still change its list. A key that answers the list ends that: neither an answer on its way nor one
// that htmx has yet to ask for may take the chosen option away, or open the list again.
let typing;
addEventListener("input", ({ target }) => target.matches("[data-search-box]") && (typing = target));

function choose(box, option) {
  for (const one of listOf(box).children) one.ariaSelected = one === option;
  if (option) {
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else box.removeAttribute("aria-activedescendant");
}

function open(box, is) {
  listOf(box).hidden = !is;
  box.ariaExpanded = is;
  choose(box);
}

function take(box, option) {
  typing = undefined;
  box.value = option.dataset.query;
  open(box, false);
  box.form.requestSubmit();
}

function inBox(box, event, step) {
  const list = listOf(box);
  const options = [...list.children];
  const at = options.findIndex((option) => option.ariaSelected === "true");
  if (event.key === "Enter" || event.key === "Escape") typing = undefined;
  if (list.hidden) {
    if (step > 0) toCard(event, cards()[0]);
  } else if (step) {
    // One place more than there are options: there nothing is chosen, and what was typed stands.
    const places = options.length + 1;
    typing = undefined;
    choose(box, options[((at < 0 ? options.length : at) + step + places) % places]);
    event.preventDefault();
  } else if (event.key === "Enter" && at >= 0) {
    event.preventDefault();
    take(box, options[at]);
  } else if (event.key === "Escape" || event.key === "Enter") {
    if (event.key === "Escape") event.preventDefault();
    open(box, false);
  }
}

const cards = () => [...document.querySelectorAll("#results .resource-card h2 a")];

function toCard(event, link) {
  if (!link) return;
  event.preventDefault();
  link.focus();
}

function amongCards(event, step) {
  const all = cards();
  const at = all.indexOf(event.target.closest(".resource-card")?.querySelector("h2 a"));
  if (at === 0 && step < 0) toCard(event, document.querySelector("#search-head [data-search-box]"));
  else if (at >= 0) toCard(event, all[at + step]);
  else if (step > 0 && event.target.matches("body, #results")) toCard(event, all.find((link) => link.getBoundingClientRect().top > 0));
}

addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
  if (event.target.matches("[data-search-box]")) inBox(event.target, event, step);
  else if (step && !event.target.matches("select, textarea")) amongCards(event, step);
});

addEventListener("focusout", ({ target }) => target.matches("[data-search-box]") && open(target, false));
addEventListener("mousedown", (event) => event.target.closest("[role=listbox]") && event.preventDefault());
addEventListener("click", ({ target }) => {
  const option = target.closest("[role=option]");
  if (option) take(document.querySelector(`[aria-controls="${option.parentElement.id}"]`), option);
});

let unfolded = [];
addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.matches("[role=listbox]") && typing?.getAttribute("aria-controls") !== event.target.id) event.preventDefault();
  unfolded = [...document.querySelectorAll("#filters details[open]")].map((details) => details.id);
});
// At once, not when htmx has settled: an arrow may be pressed in between.
addEventListener("htmx:afterSwap", ({ target }) => {
  if (!target.matches("[role=listbox]")) return;
  [...target.children].forEach((option, number) => (option.id = `${target.id}-${number}`));
  const box = document.activeElement;
  if (box.getAttribute("aria-controls") === target.id) open(box, target.children.length > 0);
});
addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id !== "results") return;
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  if (document.activeElement === document.body) target.focus({ preventScroll: true });
});
