// Send in a resource from a school without a line: what is written here becomes a ZIP that travels on the stick.
"use strict";

(function () {
  const h = pack.h, say = pack.say, state = pack.state;
  const LARGEST = 2147483648, MOST_FILES = 50;
  const HEADINGS = { name: "Your name", email: "Your e-mail at the hub", title: "Title", kind: "Kind", stage: "Stage of school", subject: "Subject", grades: "Grades", summary: "Summary", keywords: "Keywords", text: "Text", licence: "Licence", audience: "Who may see it", files: "Files" };
  const NEEDED = ["name", "email", "title", "kind", "stage", "subject", "grades", "summary", "licence", "audience"];
  const MARKED = Object.keys(HEADINGS).concat(["rights"]);
  let form = null, dirty = false, waiting = null;

  function field(name, control, hint) {
    control.id = "field-" + name;
    return h("div", { class: "field", id: "box-" + name },
      h("label", { for: control.id }, say(HEADINGS[name]) + (NEEDED.indexOf(name) < 0 ? " " + say("(optional)") : "")),
      control, hint ? h("p", { class: "quiet small", id: "hint-" + name }, hint) : null, h("p", { class: "field-error", id: "error-" + name }));
  }

  function input(name, limit, type) { return h("input", { class: "form-control", name: name, type: type || "text", maxlength: limit, oninput: changed, autocomplete: type === "email" ? "email" : "off" }); }

  function area(name, limit, rows) { return h("textarea", { class: "form-control", name: name, maxlength: limit, rows: rows, oninput: changed }); }

  // What has been put right is complained of no longer; what is new waits until it is saved.
  function changed() {
    const left = problems();
    dirty = true;
    MARKED.forEach(function (name) { if (document.getElementById("error-" + name).textContent && !left[name]) mark(name, ""); });
  }

  function choice(name, codes, words, first) {
    return h("select", { class: "form-select", name: name, onchange: changed }, first ? h("option", { value: "" }, first) : null,
      codes.map(function (code) { return h("option", { value: code }, words(code)); }));
  }

  function offered(scheme, stage) {
    const terms = state.manifest.offered[scheme];
    return Object.keys(terms).filter(function (code) { return !stage || !terms[code].length || terms[code].indexOf(stage) >= 0; });
  }

  function refill(stage) {
    const subject = form.elements.subject, chosen = subject.value;
    subject.textContent = "";
    subject.appendChild(h("option", { value: "" }, say("Choose")));
    offered("subject", stage).forEach(function (code) { subject.appendChild(h("option", { value: code, selected: code === chosen }, pack.label("subject", code))); });
    const box = document.getElementById("field-grades"), kept = grades();
    box.textContent = "";
    box.appendChild(h("legend", {}, say("Grades")));
    offered("grade", stage).forEach(function (code) {
      box.appendChild(h("label", { class: "tick" }, h("input", { type: "checkbox", name: "grade", value: code, checked: kept.indexOf(code) >= 0, onchange: changed }), " ", pack.label("grade", code)));
    });
  }

  function grades() {
    return Array.from(form.querySelectorAll("input[name=grade]:checked"), function (box) { return box.value; });
  }

  function page() {
    const words = function (scheme) { return function (code) { return pack.label(scheme, code); }; };
    const stage = choice("stage", offered("school_stage"), words("school_stage"), say("Choose"));
    stage.addEventListener("change", function () { refill(stage.value); });
    form = h("form", { novalidate: true, class: "pack-form", onsubmit: function (event) { event.preventDefault(); save(); } },
      field("name", input("name", 60)), field("email", input("email", 254, "email"), say("The core school finds your account by it.")),
      field("title", input("title", 200)),
      h("div", { class: "pack-filters" }, field("kind", choice("kind", Object.keys(state.words.label.kind), words("kind"), say("Choose"))), field("stage", stage),
        field("subject", choice("subject", [], words("subject"), say("Choose")))),
      h("div", { class: "field", id: "box-grades" }, h("fieldset", { id: "field-grades", class: "ticks" }, h("legend", {}, say("Grades")), h("p", { class: "quiet small" }, say("Choose the stage of school first."))), h("p", { class: "field-error", id: "error-grades" })),
      field("summary", area("summary", 2000, 3)), field("text", area("text", 200000, 8), say("Or put it into a file below.")), field("keywords", input("keywords", 400), say("With commas between.")),
      field("files", h("input", { class: "form-control", type: "file", name: "files", multiple: true, onchange: changed })),
      h("div", { class: "pack-filters" }, field("licence", choice("licence", Object.keys(state.words.label.licence), words("licence"))),
        field("audience", choice("audience", ["alliance", "school", "public"], words("audience")))),
      h("label", { class: "tick" }, h("input", { type: "checkbox", name: "rights", onchange: changed }), " ", say("It is my own work, or I have the right to share it.")),
      h("p", { class: "field-error", id: "error-rights" }),
      h("p", {}, h("button", { class: "btn btn-primary", type: "submit" }, say("Save for the stick"))),
      h("p", { role: "status", id: "said" }));
    return [h("h1", {}, say("Send in a resource of your own")),
      h("p", {}, say("Fill it in, save the ZIP onto the stick, and take the stick to the core school. Nothing is sent from here.")), form];
  }

  function value(name) { return form.elements[name].value.trim(); }

  function chosenFiles() { return Array.from(form.elements.files.files); }

  function problems() {
    const found = {}, files = chosenFiles();
    NEEDED.forEach(function (name) { if (name !== "grades" && !value(name)) found[name] = say("This is missing."); });
    if (!grades().length) found.grades = say("Choose at least one grade.");
    if (value("email") && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value("email"))) found.email = say("This is not an e-mail address.");
    if (!files.length && !value("text")) found.files = say("Add a file, or write the text.");
    if (files.length > MOST_FILES) found.files = say("At most %(count)s files.", { count: MOST_FILES });
    if (files.reduce(function (sum, file) { return sum + file.size; }, 0) > LARGEST) found.files = say("All files together may have 2 GB at most.");
    if (files.some(function (file) { return !file.size; })) found.files = say("One of the files is empty.");
    if (!form.elements.rights.checked) found.rights = say("Declare that you may share it.");
    return found;
  }

  function mark(name, words) {
    const control = name === "rights" ? form.elements.rights : document.getElementById("field-" + name);
    document.getElementById("error-" + name).textContent = words;
    if (words) { control.setAttribute("aria-invalid", "true"); control.setAttribute("aria-describedby", "error-" + name); }
    else { control.removeAttribute("aria-invalid"); control.removeAttribute("aria-describedby"); }
    return control;
  }

  function show(found) {
    const wrong = MARKED.map(function (name) { return [mark(name, found[name] || ""), found[name]]; }).filter(function (one) { return one[1]; });
    const first = wrong.length ? wrong[0][0] : null;
    if (first) (first.tagName === "FIELDSET" ? first.querySelector("input") || form.elements.stage : first).focus();
    return !first;
  }

  // Read once for the checksums; what changes meanwhile shows when it is taken in.
  function measured(file, at, said) {
    const digest = pack.sha256();
    let sum = 0, done = 0;
    return pack.readPieces(file, function (piece) {
      digest.add(piece);
      sum = pack.zip.crc(sum, piece);
      done += piece.length;
      said.textContent = say("Reading %(name)s: %(done)s of %(total)s", { name: file.name, done: pack.size(done), total: pack.size(file.size) });
    }).then(function () { return { name: "files/" + (at + 1) + "/" + file.name, own: file.name, blob: file, size: file.size, crc: sum, sha256: digest.hex() }; });
  }

  function identity() {
    const bytes = new Uint8Array(16);
    crypto.getRandomValues(bytes);
    return Array.from(bytes, function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
  }

  function save() {
    const files = chosenFiles(), said = document.getElementById("said"), button = form.querySelector("button");
    said.textContent = "";
    if (!show(problems()) || waiting) return;
    const now = new Date();
    button.disabled = true;
    waiting = files.reduce(function (before, file, at) {
      return before.then(function (found) { return measured(file, at, said).then(function (one) { return found.concat([one]); }); });
    }, Promise.resolve([])).then(function (members) {
      const manifest = { format: 1, what: "resource-hub submission", id: identity(), made_at: now.toISOString(), school: state.manifest.school, author: { name: value("name"), email: value("email") },
        rights_declared: true, resource: { title: value("title"), kind: value("kind"), stage: value("stage"), subject: value("subject"), grades: grades(), summary: value("summary"), text: value("text"),
          keywords: value("keywords"), licence: value("licence"), audience: value("audience") },
        files: members.map(function (one) { return { name: one.own, path: one.name, size: one.size, sha256: one.sha256 }; }) };
      const bytes = pack.zip.utf8(JSON.stringify(manifest, null, 1));
      const blob = pack.zip.build([{ name: "submission.json", blob: bytes, size: bytes.length, crc: pack.zip.crc(0, bytes) }].concat(members), now);
      const name = say("submission") + "-" + value("title").replace(/[<>:"/\\|?*\s.]+/g, "_").slice(0, 40) + "-" + manifest.id.slice(0, 6) + ".zip";
      const link = h("a", { href: URL.createObjectURL(blob), download: name });
      document.body.appendChild(link);
      link.click();
      link.remove();
      dirty = false;
      said.textContent = say("Saved as %(name)s (%(size)s). Put it onto the stick; the core school takes it in.", { name: name, size: pack.size(blob.size) });
    }).catch(function (error) {
      said.textContent = say("A file cannot be read: choose the files again. What you wrote stays. (%(reason)s)", { reason: error.message });
    }).then(function () { button.disabled = false; waiting = null; });
  }

  addEventListener("beforeunload", function (event) { if (dirty) { event.preventDefault(); event.returnValue = ""; } });

  // Another language draws the page anew: what was written is carried over.
  function written() {
    if (!form) return null;
    const values = {};
    Array.from(form.elements).forEach(function (one) { if (one.name && one.type !== "file" && one.type !== "checkbox") values[one.name] = one.value; });
    return { values: values, grades: grades(), rights: form.elements.rights.checked, files: form.elements.files };
  }

  pack.frame.run(function () {
    const before = written();
    pack.frame.show("submit", say("Send in a resource of your own"), page());
    refill(before ? before.values.stage : "");
    if (!before) return;
    Object.keys(before.values).forEach(function (name) { form.elements[name].value = before.values[name]; });
    form.querySelectorAll("input[name=grade]").forEach(function (box) { box.checked = before.grades.indexOf(box.value) >= 0; });
    form.elements.rights.checked = before.rights;
    form.elements.files.parentNode.replaceChild(before.files, form.elements.files);
  });
}());
