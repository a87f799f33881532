// The inbox by keyboard: j and k walk, x chooses, Enter opens (the link has the focus). The bar below comes up once something is chosen.
// Without this file the bar stands at the end of the list, and everything works by pointing.

const lines = [...document.querySelectorAll("[data-line]")];
const bar = document.querySelector("[data-together]");
const all = document.querySelector("[data-choose-all]");

const boxes = () => lines.map((line) => line.querySelector("input[type=checkbox]")).filter(Boolean);

const count = () => {
  const chosen = boxes().filter((box) => box.checked).length;
  for (const box of boxes()) box.closest("[data-line]").classList.toggle("is-chosen", box.checked);
  if (bar) {
    bar.classList.toggle("is-idle", chosen === 0);
    bar.querySelector("[data-number]").textContent = chosen;
  }
  if (all) {
    all.checked = chosen > 0 && chosen === boxes().length;
    all.indeterminate = chosen > 0 && !all.checked;
  }
};

const walk = (by) => {
  const here = lines.findIndex((line) => line.contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : lines.length - 1) : Math.min(Math.max(here + by, 0), lines.length - 1);
  lines[next].querySelector("a").focus();
  lines[next].scrollIntoView({ block: "nearest" });
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !lines.length) return;
  if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
  else if (event.key === "x") {
    const box = document.activeElement.closest("[data-line]")?.querySelector("input[type=checkbox]");
    if (!box) return;
    box.checked = !box.checked;
    count();
  } else return;
  event.preventDefault();
});

all?.addEventListener("change", () => {
  for (const box of boxes()) box.checked = all.checked;
  count();
});
document.addEventListener("change", (event) => {
  if (event.target !== all && event.target.closest("[data-line]")) count();
});
// A page that comes back from the history brings its ticks along.
addEventListener("pageshow", count);
count();
