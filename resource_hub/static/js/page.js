// What every page does beyond its links and forms: "/" goes to the search box, menus close, a choice of filters sends itself,
// a form pressed twice goes once.
// All of it works without this file; the buttons marked .without-script are for that.

document.documentElement.classList.add("js");

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
};

document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.activeElement.closest("details[data-menu][open]");
    closeMenus();
    menu?.querySelector("summary").focus();
  }
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = [...document.querySelectorAll("[data-search-box]")].find((input) => input.offsetParent);
  if (!box) return;
  event.preventDefault();
  box.select();
});

document.addEventListener("change", (event) => {
  const group = event.target.closest("[data-send-on-change]");
  if (!group || !event.target.form) return;
  // On a phone the filters are a sheet with a button of its own: several are ticked before it is pressed.
  if (group.matches(".filter-sheet") && !matchMedia("(min-width: 768px)").matches) return;
  event.target.form.requestSubmit();
});

// Two presses within two seconds are one: the second would only meet what the first has done.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  const now = performance.now();
  if (now - event.target.dataset.sentAt < 2000) event.preventDefault();
  else event.target.dataset.sentAt = now;
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent-at]")) delete form.dataset.sentAt;
});
