// The viewer in the hand of a teacher before the class: the keyboard turns pages and sizes, f fills the screen, and pages are turned in
// place so that the screen stays full. Without this file every one of these is a link.

const desk = document.querySelector("#desk");
const stage = () => document.querySelector("#stage");
const press = (id) => {
  const control = document.getElementById(id);
  if (control && !control.hasAttribute("aria-disabled")) control.click();
};

const KEYS = {
  ArrowLeft: "previous", ArrowRight: "following", PageUp: "previous", PageDown: "following",
  Home: "first", End: "last", "+": "larger", "=": "larger", "-": "smaller", f: "full-screen", F: "full-screen",
};

// Between these, arrows and digits have a meaning of their own.
const OWN_KEYS = "input, select, textarea, video, audio, summary, [contenteditable]";

const inFull = () => document.fullscreenElement === desk;

const fillScreen = () => {
  if (inFull()) document.exitFullscreen();
  else desk.requestFullscreen?.().catch(() => {});
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && event.target.matches("#go-to")) event.target.blur();
  else if (event.target.closest(OWN_KEYS)) return;
  else if (event.key === "Escape" && !document.fullscreenElement && !document.querySelector("details[data-menu][open]")) document.querySelector("[data-back]").click();
  if (!desk || event.target.closest(OWN_KEYS)) return;
  // A page that is larger than its frame is moved by the arrows first.
  const sheet = document.querySelector("#sheet.zoom-fixed");
  if (sheet && event.target === sheet && event.key.startsWith("Arrow")) return;
  // By itself a full screen has nothing to scroll; else these two move the page in the window.
  if (event.key.startsWith("Page") && !inFull()) return;
  if (event.key === " " && inFull()) press("following");
  else if (KEYS[event.key]) press(KEYS[event.key]);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#full-screen")) fillScreen();
  else if (inFull() && event.target.closest("#sheet.zoom-fit")) press("following");
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches("#go-to")) event.target.select();
});

const tidy = () => {
  const now = stage();
  if (!now) return;
  const button = document.querySelector("#full-screen");
  if (button) button.hidden = !document.fullscreenEnabled;
  for (const link of document.querySelectorAll("#thumbs a")) {
    if (link.dataset.page === now.dataset.page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const current = document.querySelector("#thumbs [aria-current]");
  // Only the row of small pages moves, never the window.
  const row = matchMedia("(min-width: 768px)").matches ? document.querySelector("#thumbs") : document.querySelector("#thumbs ol");
  if (current && row) {
    const at = current.getBoundingClientRect();
    const frame = row.getBoundingClientRect();
    row.scrollBy(at.left - frame.left - (frame.width - at.width) / 2, at.top - frame.top - (frame.height - at.height) / 2);
  }
  if (now.dataset.following) new Image().src = now.dataset.following;
};

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "stage" && event.target.id !== "thumbs") return;
  tidy();
  const said = document.querySelector("#said");
  const words = stage()?.dataset.said ?? "";
  if (said && said.textContent !== words) said.textContent = words;
  // A new page begins at its top.
  const top = desk.getBoundingClientRect().top;
  if (!inFull() && top < 0) window.scrollBy(0, top - 56);
});

// The links to other pages begin with those of this one: the size stays while pages are turned from the thumbnails.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.closest?.("#thumbs")) return;
  const zoom = new URLSearchParams(location.search).get("zoom");
  const url = new URL(event.detail.path, location.href);
  if (zoom) url.searchParams.set("zoom", zoom);
  else url.searchParams.delete("zoom");
  event.detail.path = url.pathname + url.search;
});

tidy();
