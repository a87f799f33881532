// Uploads the files dropped on, or chosen in, a [data-drop-zone], each in pieces by tus: what has arrived is never sent again, after a broken
// line, a pause, a reload, the next day. The hub is asked first: it may refuse, have the file already, or know where to go on. Without
// tus-js-client the form around the zone is sent as it would be without a script.

const AT_ONCE = 3;
const CHUNK = 16 * 1024 * 1024; // bytes that are safe on the hub's disk when the next ones start
const SILENCE = 30_000; // milliseconds without progress after which a line counts as dead
const AGAIN = 15_000; // milliseconds until a broken line is tried once more
const SPEED_OVER = 8_000; // milliseconds over which the speed is measured

const token = document.querySelector('meta[name="csrf-token"]'); // js/draft.js may renew it
const size = (bytes) => {
  for (const unit of ["B", "kB", "MB"]) {
    if (bytes < 1000) return `${bytes.toFixed(unit === "MB" && bytes < 10 ? 1 : 0)} ${unit}`;
    bytes /= 1000;
  }
  return `${bytes.toFixed(2)} GB`;
};

function make(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

async function renewToken() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  token.content = page.querySelector('meta[name="csrf-token"]')?.content ?? token.content;
}

function live(zone) {
  const word = (name, values = {}) => zone.dataset["word" + name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const input = zone.querySelector('input[type="file"]');
  const list = zone.querySelector("[data-uploads]");
  const said = zone.querySelector("[data-said]");
  const { maxBytes, maxFiles } = zone.dataset;
  const waiting = new Set();
  const busy = new Set();
  let refreshing = Promise.resolve();
  let printing = Promise.resolve(); // one file after the other: a browser holds all of what it computes over

  const button = (item, name, press) => {
    const made = make("button", "btn btn-plain btn-sm", word(name));
    made.type = "button";
    made.setAttribute("aria-label", `${made.textContent}: ${item.file.name}`);
    made.addEventListener("click", press);
    return made;
  };
  const show = (item, text, ...names) => {
    item.word.textContent = text;
    const presses = { Pause: pause, Continue: wait, Retry: wait, Discard: discard, Remove: leave };
    if (item.buttons === names.join()) return; // a button that is replaced loses the focus
    item.buttons = names.join();
    item.actions.replaceChildren(...names.map((name) => button(item, name, () => presses[name](item))));
  };
  const soFar = (item, done) => ({ done: size(done), total: size(item.file.size) });

  function add(file, upload = "") {
    const item = { file, upload, safe: 0, twins: [], row: make("li", ""), word: make("div", "upload-word"), actions: make("div", "upload-actions"), bar: make("progress", "") };
    item.bar.max = file.size || 1;
    item.bar.value = 0;
    item.bar.setAttribute("aria-label", file.name);
    item.row.append(make("div", "upload-name", file.name), item.actions, item.bar, item.word);
    list.append(item.row);
    if (maxBytes && file.size > maxBytes) fail(item, word("Large", { total: size(file.size), limit: size(Number(maxBytes)) }), "Remove");
    else wait(item);
  }

  function addAll(files) {
    if (files.length <= maxFiles) files.forEach((file) => add(file));
    else said.textContent = zone.querySelector("[data-too-many]").textContent = word("Many", { n: files.length, limit: maxFiles });
  }

  function wait(item) {
    item.row.classList.remove("is-failed");
    show(item, word("Waiting"), item.url ? "Discard" : "Remove");
    waiting.add(item);
    next();
  }

  function next() {
    for (const item of waiting) {
      if (busy.size >= AT_ONCE) return;
      waiting.delete(item);
      busy.add(item);
      begin(item).catch((error) => broken(item, error));
    }
  }

  function end(item) {
    clearTimeout(item.timer);
    busy.delete(item);
    waiting.delete(item);
    item.twins.splice(0).forEach((twin) => twin.row.isConnected && wait(twin));
    next();
  }

  function leave(item) {
    end(item);
    const hasFocus = item.row.contains(document.activeElement);
    item.row.remove();
    if (hasFocus) input.focus(); // only then: whoever goes on writing meanwhile must not lose the place
  }

  function fail(item, text, ...names) {
    item.row.classList.add("is-failed");
    show(item, text, ...names);
    said.textContent = `${item.file.name}: ${text}`;
    end(item);
  }

  async function begin(item) {
    if (!item.prints) {
      show(item, word("Asking"), "Remove");
      const { fingerprints } = await import(zone.dataset.fingerprints);
      printing = printing.then(() => fingerprints(item.file)).catch(() => null);
      item.prints = await printing;
      if (!item.prints) return fail(item, word("Unreadable"), "Remove"); // moved or deleted since it was chosen
    }
    const body = new FormData();
    const told = { name: item.file.name, size: item.file.size, upload: item.upload, ...item.prints };
    for (const [name, value] of Object.entries(told)) body.append(name, value);
    const answer = await fetch(zone.dataset.announce, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token.content } });
    const reply = await answer.json().catch(() => ({}));
    if (!busy.has(item)) return; // removed meanwhile
    if (!answer.ok) return refused(item, answer.status, reply);
    if (reply.here) return done(item, "Here");
    const twin = [...busy].find((other) => other !== item && other.upload === reply.upload);
    if (twin?.file.name === item.file.name) return leave(item);
    if (twin) {
      end(item); // the same bytes under another name: once the first ones are there, nothing has to be sent
      twin.twins.push(item);
      return show(item, word("Waiting"), "Remove");
    }
    document.querySelector(`[data-unfinished="${reply.upload}"]`)?.remove();
    Object.assign(item, { upload: reply.upload, url: reply.url });
    item.bar.value = item.safe = reply.received;
    send(item);
  }

  function send(item) {
    item.moved = Date.now();
    item.steps = [];
    progress(item, item.bar.value);
    item.tus = new tus.Upload(item.file, {
      uploadUrl: item.url,
      chunkSize: CHUNK,
      retryDelays: [0, 1000, 3000, 5000, 10_000],
      storeFingerprintForResuming: false, // the hub knows what is unfinished, at any computer
      headers: { Accept: "application/json" },
      onBeforeRequest: (request) => request.setHeader("X-CSRFToken", token.content),
      onShouldRetry: ({ originalResponse: answer }) => {
        if (!answer) checkReadable(item);
        return !answer || answer.getStatus() >= 500 || [408, 429].includes(answer.getStatus()) || answer.getBody().includes("upload-moved");
      },
      onAfterResponse: (_request, answer) => (item.safe = Number(answer.getHeader("Upload-Offset") ?? item.safe)),
      onProgress: (sent) => progress(item, sent),
      onError: (error) => broken(item, error),
      onSuccess: () => done(item, "Done"),
    });
    item.tus.start();
    watch(item, item.tus);
  }

  function watch(item, sender) {
    item.timer = setTimeout(async () => {
      if (!busy.has(item) || item.tus !== sender) return;
      if (Date.now() - item.moved < SILENCE) return watch(item, sender);
      await sender.abort(); // the line is dead and nobody told us: a new one takes over
      if (busy.has(item) && item.tus === sender) send(item);
    }, 1000);
  }

  function progress(item, sent) {
    const now = Date.now();
    if (sent !== item.bar.value) item.moved = now;
    item.bar.value = sent;
    item.steps = [...item.steps.filter(([at]) => now - at < SPEED_OVER), [now, sent]];
    const [[began, before]] = item.steps;
    const speed = (1000 * (sent - before)) / (now - began || 1);
    if (sent >= item.file.size) return show(item, word("Storing"), "Discard");
    const seconds = (item.file.size - sent) / speed;
    const left =
      !(speed > 0) || now - began < 500 ? "" : seconds < 60 ? word("Seconds", { n: Math.ceil(seconds) })
      : seconds < 5400 ? word("Minutes", { n: Math.ceil(seconds / 60) })
      : word("Hours", { n: Math.ceil(seconds / 3600) });
    show(item, [word("Sending", soFar(item, sent)), left && `${size(speed)}/s`, left].filter(Boolean).join(" · "), "Pause", "Discard");
  }

  async function pause(item) {
    item.tus.abort();
    end(item);
    const say = () => show(item, word("Paused", soFar(item, item.safe)), "Continue", "Discard");
    say();
    const answer = await fetch(item.url, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } }).catch(() => null);
    if (!answer?.ok || busy.has(item) || waiting.has(item)) return;
    item.bar.value = item.safe = Number(answer.headers.get("Upload-Offset"));
    say();
  }

  async function discard(item) {
    end(item);
    await item.tus?.abort();
    await fetch(item.url, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": token.content } }).catch(() => null);
    leave(item);
  }

  // Not the line, if it cannot be read: a stick that was pulled out, a file that was changed.
  async function checkReadable(item) {
    const bytes = await item.file.slice(0, 1).arrayBuffer().catch(() => null);
    if (bytes || !busy.has(item)) return;
    item.tus.abort();
    fail(item, word("Unreadable"), "Remove");
  }

  // The line, or the hub behind it: whatever it was, it may be over in a moment.
  function broken(item, error) {
    if (!busy.has(item)) return;
    const answer = error.originalResponse;
    const status = answer?.getStatus() ?? 0;
    if (status === 404 && !item.isNew) {
      item.isNew = true; // it has expired: begin anew, once
      item.url = item.upload = "";
      return begin(item).catch((other) => broken(item, other));
    }
    if (status >= 400 && status < 500 && ![408, 429].includes(status)) {
      let problem = {};
      try {
        problem = JSON.parse(answer.getBody());
      } catch {} // no sentence of ours
      return refused(item, status, problem);
    }
    item.isOffline = true;
    show(item, word("Offline", soFar(item, item.safe)), item.url ? "Discard" : "Remove");
    said.textContent = `${item.file.name}: ${item.word.textContent}`;
    item.timer = setTimeout(() => again(item), AGAIN);
  }

  function again(item) {
    clearTimeout(item.timer);
    item.isOffline = false;
    if (busy.has(item)) begin(item).catch((error) => broken(item, error));
  }

  async function refused(item, status, problem) {
    if (status === 401) return fail(item, word("SignedOut"), "Retry", "Remove");
    if (problem.type?.endsWith("#wrong-state") && !item.isRenewed) {
      item.isRenewed = true; // the page may only have been open for too long
      await renewToken().catch(() => null);
      return again(item);
    }
    item.isRenewed = item.isNew = false;
    fail(item, problem.detail || word("Refused"), "Retry", "Remove");
  }

  function done(item, how) {
    const text = (said.textContent = word(how, { name: item.file.name }));
    refreshing = refreshing.then(refresh).then(() => {
      leave(item);
      if (how === "Here") zone.querySelector("[data-too-many]").textContent = text;
    });
  }

  async function refresh() {
    const answer = await fetch(zone.dataset.url, { headers: { "HX-Request": "true" } }).catch(() => null);
    const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
    const fresh = page.querySelector(zone.dataset.target);
    if (!fresh) return;
    document.querySelector(zone.dataset.target).replaceWith(fresh);
    window.htmx?.process(fresh);
  }

  zone.classList.add("is-live");
  const byForm = (files) => {
    input.files = files;
    input.form.requestSubmit(zone.querySelector(".without-script"));
  };
  input.addEventListener("change", () => {
    if (!window.tus) return byForm(input.files);
    addAll([...input.files]);
    input.value = ""; // sent from here, not again with the form
  });
  for (const other of document.querySelectorAll("[data-unfinished] input[type=file]")) {
    other.addEventListener("change", () => {
      if (other.files[0]) add(other.files[0], other.closest("[data-unfinished]").dataset.unfinished);
      other.value = "";
    });
  }
  // Anywhere on the page: beside the zone a browser would open the file, and the page be gone.
  for (const kind of ["dragover", "dragleave", "drop"]) {
    addEventListener(kind, async (event) => {
      const transfer = event.dataTransfer;
      if (!transfer?.types.includes("Files")) return;
      event.preventDefault();
      zone.classList.toggle("is-over", kind === "dragover" || (kind === "dragleave" && event.relatedTarget !== null));
      if (kind !== "drop") return;
      if (!window.tus) return byForm(transfer.files);
      const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
      const files = [...transfer.files]; // both are gone after the first await
      const { filesIn } = await import(zone.dataset.folders);
      addAll(entries.length ? (await Promise.all(entries.map(filesIn))).flat() : files);
    });
  }
  addEventListener("online", () => busy.forEach((item) => item.isOffline && again(item)));
  addEventListener("beforeunload", (event) => {
    if (busy.size) event.preventDefault();
  });
}

document.querySelectorAll("[data-drop-zone]").forEach(live);
