// Resources in lists: their heads, cards, filters, and the shelves that lead to them.
"use strict";

pack.lists = (function () {
  const h = pack.h, say = pack.say, to = pack.to, state = pack.state;
  const PER_PAGE = 24;
  const AXES = ["subject", "grade", "kind", "school"];
  const HEADINGS = { subject: "Subject", grade: "Grade", kind: "Kind", school: "School" };

  function loadHeads() {
    return pack.loadAll(state.manifest.heads).then(function (parts) {
      if (state.heads.length) return;
      parts.forEach(function (rows) {
        rows.forEach(function (row) {
          const head = {
            number: state.heads.length, id: row[0], kind: row[1], title: row[2], summary: row[3], language: row[4], stage: row[5],
            subject: row[6], grades: row[7], volume: row[8], school: row[9], schoolName: row[10], author: row[11], day: row[12],
            uses: row[13], cover: row[14], files: row[15], seconds: row[16], badge: row[17], inClass: row[18] || 0
          };
          state.heads.push(head);
          state.byId.set(head.id, head);
        });
      });
    });
  }

  function codesOf(head, axis) { return axis === "grade" ? head.grades : [head[axis]]; }

  function word(axis, code) {
    if (axis !== "school") return pack.label(axis, code);
    const one = state.heads.find(function (head) { return head.school === code; });
    return one ? one.schoolName : code;
  }

  function count(heads, axis) {
    const found = new Map();
    heads.forEach(function (head) {
      codesOf(head, axis).forEach(function (code) { if (code) found.set(code, (found.get(code) || 0) + 1); });
    });
    return found;
  }

  // Codes in the order of the taxonomy, which is that of the labels; schools by their names.
  function inOrder(counts, axis) {
    const codes = Array.from(counts.keys()), order = Object.keys(state.words.label[axis] || {});
    if (axis === "school") return codes.sort(function (a, b) { return word(axis, a).localeCompare(word(axis, b), "zh"); });
    return codes.sort(function (a, b) { return order.indexOf(a) - order.indexOf(b); });
  }

  function fits(head, chosen, but) {
    return AXES.every(function (axis) {
      return axis === but || !chosen[axis] || codesOf(head, axis).indexOf(chosen[axis]) >= 0;
    });
  }

  function facts(items, of) {
    return h("ul", { class: "facts " + of }, items.filter(Boolean).map(function (item) { return h("li", {}, pack.own(item)); }));
  }

  function colour(subject) { return "subject-" + (state.manifest.colours[subject] || 16); }

  function cover(head) {
    if (head.cover) return h("span", { class: "cover " + colour(head.subject) }, h("img", { src: pack.address(head.cover), alt: "", loading: "lazy" }));
    return h("span", { class: "cover cover-drawn " + colour(head.subject) },
      h("span", { class: "cover-label" }, h("span", {}, pack.label("subject", head.subject)), h("span", {}, pack.label("kind", head.kind))));
  }

  function minutes(seconds) {
    return seconds ? Math.floor(seconds / 60) + ":" + ("0" + seconds % 60).slice(-2) : "";
  }

  function card(head, marked, grid) {
    const url = to("/r/" + head.id), mark = marked || function (text) { return text; };
    return h("li", {}, h("article", { class: "resource-card" },
      h("a", { class: "cover-link", href: url, tabindex: "-1", "aria-hidden": "true" }, cover(head)),
      h("div", { class: "resource-card-text" },
        h(grid ? "h3" : "h2", {}, h("a", { href: url, lang: head.language }, pack.own(mark(head.title)))),
        facts([pack.label("kind", head.kind), pack.label("subject", head.subject), pack.labels("grade", head.grades), head.volume && pack.label("volume", head.volume)], "what"),
        grid ? null : h("p", { class: "card-summary", lang: head.language }, mark(head.summary)),
        facts([head.schoolName, head.author, pack.day(head.day), head.inClass ? say("Used in class: %(count)s", { count: head.inClass }) : "", head.files ? say("Files: %(count)s", { count: head.files }) : "", minutes(head.seconds)], "whence"))));
  }

  function cards(heads, options) {
    const grid = options && options.grid;
    return h("ul", { class: "cards" + (grid ? " cards-grid" : "") }, heads.map(function (head) { return card(head, options && options.mark, grid); }));
  }

  function shelves(axis, heads) {
    const counts = count(heads, axis);
    return h("ul", { class: "shelves" }, inOrder(counts, axis).map(function (code) {
      return h("li", {}, h("a", { class: "shelf" + (axis === "subject" ? " " + colour(code) : ""), href: to("/browse", axisOf(axis, code)) },
        h("span", {}, word(axis, code)), h("span", { class: "quiet number small" }, counts.get(code))));
    }));
  }

  function axisOf(axis, code) { const chosen = {}; chosen[axis] = code; return chosen; }

  // Choices that narrow a list; each says how many there are behind it.
  function filters(heads, chosen, path) {
    return h("form", { class: "pack-filters", onsubmit: function (event) { event.preventDefault(); } }, AXES.map(function (axis) {
      const counts = count(heads.filter(function (head) { return fits(head, chosen, axis); }), axis);
      if (counts.size < 2 && !chosen[axis]) return null;
      const id = "filter-" + axis;
      return h("div", { class: "field" }, h("label", { for: id }, say(HEADINGS[axis])),
        h("select", { id: id, class: "form-select", onchange: function (event) { go(path, chosen, axis, event.target.value, id); } },
          h("option", { value: "" }, say("All")),
          inOrder(counts, axis).map(function (code) {
            return h("option", { value: code, selected: chosen[axis] === code }, word(axis, code) + " (" + counts.get(code) + ")");
          })));
    }));
  }

  function go(path, chosen, name, value, focus) {
    const next = Object.assign({}, chosen, { page: "" });
    next[name] = value;
    state.focus = focus;
    location.hash = to(path, next);
  }

  // A list with its filters, a page at a time.
  function listing(heads, chosen, path, options) {
    const found = heads.filter(function (head) { return fits(head, chosen); });
    const last = Math.max(1, Math.ceil(found.length / PER_PAGE));
    const page = Math.min(last, Math.max(1, Math.floor(Number(chosen.page)) || 1));
    return [
      filters(heads, chosen, path),
      h("p", { class: "quiet", role: "status" }, say("Resources: %(count)s", { count: found.length })),
      cards(found.slice((page - 1) * PER_PAGE, page * PER_PAGE), options),
      last > 1 ? pager(page, last, chosen, path) : null
    ];
  }

  function pager(page, last, chosen, path) {
    const at = function (number, words, rel) {
      return h("li", {}, h("a", { href: to(path, Object.assign({}, chosen, { page: String(number) })), rel: rel }, words));
    };
    return h("nav", { "aria-label": say("Pages") }, h("ul", { class: "pager" },
      page > 1 ? at(page - 1, say("Previous"), "prev") : null,
      h("li", {}, h("span", { "aria-current": "page" }, page + " / " + last)),
      page < last ? at(page + 1, say("Next"), "next") : null));
  }

  function newest(heads, most) {
    return heads.slice().sort(function (a, b) { return a.day < b.day ? 1 : a.day > b.day ? -1 : a.number - b.number; }).slice(0, most);
  }

  return { loadHeads: loadHeads, listing: listing, cards: cards, shelves: shelves, newest: newest, facts: facts, colour: colour, word: word, AXES: AXES, HEADINGS: HEADINGS, minutes: minutes };
}());
