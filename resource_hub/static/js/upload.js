// Sends files dropped on, or chosen in, a [data-drop-zone] one after the other, each in a request of its own with its real progress,
// so that a broken line costs one file and not all. The answer is the list of files, which replaces data-target.

const token = document.querySelector('meta[name="csrf-token"]'); // js/draft.js may renew it
const size = (bytes) =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;

function make(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function live(zone) {
  const word = (name, values = {}) =>
    zone.dataset["word" + name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const input = zone.querySelector('input[type="file"]');
  const list = zone.querySelector("[data-uploads]");
  const said = zone.querySelector("[data-said]");
  const limit = Number(zone.dataset.maxBytes);
  const waiting = [];
  let busy = null;

  function button(upload, name, press) {
    const made = make("button", "btn btn-plain btn-sm", word(name));
    made.type = "button";
    made.setAttribute("aria-label", `${made.textContent}: ${upload.file.name}`);
    made.addEventListener("click", press);
    return made;
  }

  function show(upload, text, ...buttons) {
    upload.word.textContent = text;
    upload.actions.replaceChildren(...buttons);
  }

  function drop(upload) {
    const next = waiting.indexOf(upload);
    if (next >= 0) waiting.splice(next, 1);
    upload.row.remove();
    input.focus();
  }

  function fail(upload, text, again = true) {
    upload.row.classList.add("is-failed");
    const buttons = [button(upload, "Remove", () => drop(upload))];
    if (again) buttons.unshift(button(upload, "Retry", () => wait(upload)));
    show(upload, text, ...buttons);
    said.textContent = `${upload.file.name}: ${text}`;
  }

  function add(file, folder) {
    const row = make("li", "");
    const upload = { file, row, word: make("div", "upload-word"), actions: make("div", "upload-actions") };
    upload.bar = make("progress", "");
    upload.bar.max = file.size || 1;
    upload.bar.setAttribute("aria-label", file.name);
    row.append(make("div", "upload-name", file.name), upload.actions, upload.bar, upload.word);
    list.append(row);
    if (folder) fail(upload, word("Folder"), false);
    else if (limit && file.size > limit) fail(upload, word("Large", { total: size(file.size), limit: size(limit) }), false);
    else wait(upload);
  }

  function wait(upload) {
    upload.row.classList.remove("is-failed");
    upload.bar.value = 0;
    show(upload, word("Waiting"), button(upload, "Remove", () => drop(upload)));
    waiting.push(upload);
    next();
  }

  function next() {
    if (!busy && (busy = waiting.shift())) send(busy);
  }

  function send(upload) {
    const request = new XMLHttpRequest();
    request.open("POST", zone.dataset.url);
    request.setRequestHeader("X-CSRFToken", token.content);
    request.setRequestHeader("Accept", "text/html");
    request.setRequestHeader("HX-Request", "true");
    show(upload, word("Waiting"), button(upload, "Stop", () => request.abort()));
    request.upload.onprogress = ({ loaded, total }) => {
      upload.bar.max = total;
      upload.bar.value = loaded;
      upload.word.textContent = word("Sending", { done: size(loaded), total: size(total) });
    };
    request.upload.onload = () => show(upload, word("Storing"));
    request.onload = () => taken(upload, request);
    request.onerror = request.ontimeout = () => fail(upload, word("Offline"));
    request.onabort = () => drop(upload);
    request.onloadend = () => {
      busy = null;
      next();
    };
    const body = new FormData();
    body.append("files", upload.file);
    request.send(body);
  }

  function taken(upload, request) {
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const fresh = answer.querySelector(zone.dataset.target);
    if (request.status >= 400) {
      if (request.status === 401) return fail(upload, word("SignedOut"));
      return fail(upload, answer.querySelector("[data-problem]")?.textContent.trim() || word("Refused"));
    }
    if (!fresh) return fail(upload, word("SignedOut"));
    document.querySelector(zone.dataset.target).replaceWith(fresh);
    window.htmx?.process(fresh);
    upload.row.remove();
    said.textContent = word("Done", { name: upload.file.name });
  }

  zone.classList.add("is-live");
  input.addEventListener("change", () => {
    for (const file of input.files) add(file);
    input.value = ""; // sent from here, not again with the form
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.toggle("is-over", kind === "dragover");
    });
  }
  zone.addEventListener("drop", ({ dataTransfer }) => {
    for (const item of dataTransfer.items) {
      const file = item.getAsFile();
      if (file) add(file, item.webkitGetAsEntry?.()?.isDirectory);
    }
  });
  addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });
}

document.querySelectorAll("[data-drop-zone]").forEach(live);
