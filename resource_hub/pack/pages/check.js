// Is every file of the pack whole? The person shows the folder, and each file is compared with the list of checksums.
"use strict";

(function () {
  const h = pack.h, say = pack.say, state = pack.state;
  let sums = new Map();

  function page() {
    const status = h("p", { role: "status", class: "number" });
    const bar = h("progress", { max: "1", value: "0", hidden: true, "aria-label": say("Check the files") });
    const found = h("div", {});
    const picker = h("input", { type: "file", id: "folder", class: "form-control", webkitdirectory: true, multiple: true, onchange: function (event) {
      check(Array.from(event.target.files), status, bar, found);
    } });
    return [h("h1", {}, say("Check the files")),
      h("p", {}, say("Choose the folder of this pack. Nothing leaves this computer.")),
      h("div", { class: "field" }, h("label", { for: "folder" }, say("The folder of the pack")), picker),
      h("p", {}, bar), status, found,
      h("p", { class: "quiet small" }, say("With a command line: %(command)s", { command: "sha256sum -c SHA256SUMS" }))];
  }

  // Below the chosen folder, whatever it is called; the pack may also lie deeper in it.
  function below(files) {
    const top = files.map(function (file) { return file.webkitRelativePath || file.name; }).filter(function (path) { return /(^|\/)data\/manifest\.js$/.test(path); })
      .sort(function (a, b) { return a.length - b.length; })[0];
    const start = top === undefined ? null : top.slice(0, -"data/manifest.js".length), paths = new Map();
    if (start !== null) files.forEach(function (file) {
      const path = file.webkitRelativePath || file.name;
      if (path.indexOf(start) === 0) paths.set(path.slice(start.length).normalize("NFC"), file);
    });
    return paths;
  }

  function check(files, status, bar, out) {
    out.textContent = "";
    const there = below(files);
    if (!there.size) { status.textContent = say("This folder is no pack: choose the one with index.html in it."); return Promise.resolve(); }
    const damaged = [], missing = [], total = Array.from(sums.values()).reduce(function (sum, one) { return sum + one[1]; }, 0);
    let done = 0, number = 0;
    bar.hidden = false;
    const each = Array.from(sums.keys()).reduce(function (before, path) {
      return before.then(function () {
        const file = there.get(path), expected = sums.get(path);
        number += 1;
        if (!file) { missing.push(path); return null; }
        if (file.size !== expected[1]) { damaged.push(path); return null; }
        const digest = pack.sha256();
        return pack.readPieces(file, function (piece) {
          digest.add(piece);
          done += piece.length;
          bar.value = total ? done / total : 1;
          status.textContent = say("%(done)s of %(total)s files", { done: number, total: sums.size });
        }).then(function () { if (digest.hex() !== expected[0]) damaged.push(path); }, function () { damaged.push(path); });
      });
    }, Promise.resolve());
    return each.then(function () {
      bar.hidden = true;
      const extra = Array.from(there.keys()).filter(function (path) { return /^(files|pictures|data)\//.test(path) && !sums.has(path) && path !== "data/manifest.js" && path !== state.manifest.sums; });
      status.textContent = damaged.length + missing.length ? say("Not whole: copy the pack anew.") : say("Every file is whole: %(count)s files, %(size)s.", { count: sums.size, size: pack.size(total) });
      list(out, say("Damaged"), damaged);
      list(out, say("Missing"), missing);
      list(out, say("No longer needed, may be deleted"), extra);
      document.documentElement.setAttribute("data-checked", damaged.length + " " + missing.length + " " + extra.length);
    });
  }

  function list(out, title, paths) {
    if (!paths.length) return;
    out.appendChild(h("h2", { class: "section" }, title + " (" + paths.length + ")"));
    out.appendChild(h("ul", { class: "small" }, paths.slice(0, 500).map(function (path) { return h("li", { class: "as-written" }, path); })));
  }

  pack.frame.run(function () {
    return pack.load(state.manifest.sums).then(function (rows) {
      sums = new Map(rows.map(function (row) { return [row[0].normalize("NFC"), [row[1], row[2]]]; }));
      pack.frame.show("check", say("Check the files"), page());
    });
  });
}());
