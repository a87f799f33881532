// A remark on a part of a page: touch the page or draw a frame; on a film: take the moment that is shown. Without this file a page
// number, a moment and copied words say the same.

const form = document.querySelector("form[data-remark-form]");
const fields = form?.elements;
const stage = () => document.querySelector("#stage");
const marks = () => document.querySelector("[data-marks]");
const button = form?.querySelector("[data-mark-part]");

// The form of the desk asks a page of documents, a moment of films, neither of a field.
const place = form?.querySelector("select[name=place]");
const askWhatFits = () => {
  const asks = place.selectedOptions[0]?.dataset.asks;
  for (const part of form.querySelectorAll("[data-asked]")) part.hidden = asks ? part.dataset.asked !== asks : false;
};
if (place) {
  place.addEventListener("change", askWhatFits);
  askWhatFits();
}

const sides = () => fields.rectangle.value.split(",").map(Number);

const draw = () => {
  const over = marks();
  if (!over || !fields.rectangle.value || stage()?.dataset.page !== fields.page.value) return;
  let frame = over.querySelector("[data-new]");
  if (!frame) {
    frame = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    frame.setAttribute("class", "mark");
    frame.dataset.new = "";
    over.append(frame);
  }
  ["x", "y", "width", "height"].forEach((name, at) => frame.setAttribute(name, sides()[at]));
};

const say = (word) => {
  const words = form.querySelector("[data-mark-word]");
  words.dataset.wordIdle ??= words.textContent;
  words.textContent = words.dataset[word];
};

const listen = (on) => {
  button.setAttribute("aria-pressed", String(on));
  marks()?.classList.toggle("is-drawing", on);
  say(on ? "wordMarking" : fields.rectangle.value ? "wordMarked" : "wordIdle");
  if (on) marks()?.scrollIntoView({ block: "nearest", behavior: "instant" });
};

const within = (value, least, most) => Math.min(Math.max(value, least), most);

const spot = (event, box) => [within((event.clientX - box.left) / box.width, 0, 1), within((event.clientY - box.top) / box.height, 0, 1)];

const frameOf = ([x1, y1], [x2, y2]) => {
  const [width, height] = [Math.abs(x2 - x1), Math.abs(y2 - y1)];
  // A touch without a frame marks a part around it.
  if (width < 0.02 && height < 0.02) return [within(x1 - 0.15, 0, 0.7), within(y1 - 0.06, 0, 0.88), 0.3, 0.12];
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(width, 0.01), Math.max(height, 0.01)];
};

const keepFrame = (from, to) => {
  const [left, top, width, height] = frameOf(from, to);
  fields.rectangle.value = [Math.min(left, 1 - width), Math.min(top, 1 - height), width, height].map((side) => side.toFixed(4)).join(",");
  fields.page.value = stage().dataset.page;
  draw();
};

document.addEventListener("pointerdown", (event) => {
  const over = event.target.closest?.(".marks.is-drawing");
  if (!over) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  const from = spot(event, box);
  over.setPointerCapture(event.pointerId);
  const move = (moved) => keepFrame(from, spot(moved, box));
  over.addEventListener("pointermove", move);
  const end = (ended) => {
    over.removeEventListener("pointermove", move);
    keepFrame(from, spot(ended, box));
    listen(false);
    form.querySelector("[name=text]").focus();
  };
  over.addEventListener("pointerup", end, { once: true });
  over.addEventListener("pointercancel", () => over.removeEventListener("pointermove", move), { once: true });
});

if (button) {
  button.hidden = !marks(); // there is nothing to mark while the page is being drawn
  button.addEventListener("click", () => listen(button.getAttribute("aria-pressed") !== "true"));
  fields.page.addEventListener("input", () => {
    fields.rectangle.value = "";
    marks()?.querySelector("[data-new]")?.remove();
    say("wordIdle");
  });
}

// Pages are turned in place: what has been begun stays with its page, else the form goes along.
document.addEventListener("htmx:afterSettle", (event) => {
  if (!form || event.target.id !== "stage" || !fields.page) return;
  if (button) button.hidden = !marks();
  if (!fields.text.value && !fields.rectangle.value) fields.page.value = stage().dataset.page;
  draw();
});

form?.addEventListener("submit", () => {
  if (fields.next) fields.next.value = location.pathname + location.search;
});

const moment = form?.querySelector("[data-take-moment]");
const film = document.querySelector("video, audio");
if (moment && film) {
  moment.hidden = false;
  moment.addEventListener("click", () => {
    const seconds = Math.floor(film.currentTime);
    fields.moment.value = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    film.pause();
    fields.text.focus();
  });
}
