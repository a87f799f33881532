// The pages of index.html: the beginning, shelves, issues, what this pack is; and which address shows which.
"use strict";

(function () {
  const h = pack.h, say = pack.say, to = pack.to, state = pack.state;
  let keys = {};

  function searchForm(query, big) {
    const box = h("input", { type: "search", name: "q", id: "q", value: query || "", maxlength: 200, autocomplete: "off", "aria-label": say("Search"), placeholder: say("Title, text, author …") });
    return h("form", { class: "search-box" + (big ? " search-box-big" : ""), role: "search", onsubmit: function (event) {
      event.preventDefault();
      location.hash = to("/search", { q: box.value.trim() });
    } }, pack.icon("search"), box, h("button", { class: "btn btn-primary", type: "submit" }, say("Search")));
  }

  function home() {
    const issue = state.manifest.issues[0];
    const part = function (axis, words) {
      return h("section", { class: "section" }, h("div", { class: "section-head" }, h("h2", {}, words)), pack.lists.shelves(axis, state.heads));
    };
    return { title: "", content: [
      h("h1", { class: "visually-hidden" }, say("Teaching resources")),
      h("div", { class: "hero" }, searchForm("", true)),
      h("div", { id: "notes" }),
      issue ? h("p", {}, h("a", { href: to("/issue/" + issue[0]) }, say("The catalogue of %(month)s", { month: monthOf(issue[0]) }))) : null,
      state.heads.length ? null : h("p", {}, say("There is nothing in this pack yet.")),
      h("section", { class: "section newest" }, h("div", { class: "section-head" }, h("h2", {}, say("Newest")), h("a", { href: to("/browse") }, say("All %(count)s", { count: state.heads.length }))),
        pack.lists.cards(pack.lists.newest(state.heads, 8), { grid: true })),
      part("subject", say("By subject")), part("grade", say("By grade")), part("school", say("By school"))
    ] };
  }

  function monthOf(month) {
    const parts = month.split("-").map(Number);
    if (state.locale !== "en") return parts[0] + "年" + parts[1] + "月";
    return ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"][parts[1] - 1] + " " + parts[0];
  }

  function browse(chosen) {
    const axis = pack.lists.AXES.find(function (one) { return chosen[one]; });
    const title = axis ? pack.lists.word(axis, chosen[axis]) : say("All resources");
    return { title: title, content: [h("h1", {}, title), pack.lists.listing(pack.lists.newest(state.heads, state.heads.length), chosen, "/browse")] };
  }

  function issues() {
    const all = state.manifest.issues;
    return { title: say("Catalogue"), content: [h("h1", {}, say("Catalogue")),
      all.length ? h("ul", { class: "issues" }, all.map(function (issue) {
        return h("li", {}, h("h2", {}, h("a", { href: to("/issue/" + issue[0]) }, monthOf(issue[0]))), h("p", { class: "quiet small" }, say("No. %(number)s", { number: issue[1] })));
      })) : h("p", {}, say("No issue of the catalogue is in this pack."))] };
  }

  // The title of an entry, a link where the pack has the resource.
  function titled(id, title) { return state.byId.has(id) ? h("a", { href: to("/r/" + id) }, pack.own(title)) : pack.own(title); }

  function errata(it, titles) {
    if (!it.errata.length) return null;
    return h("section", { class: "panel", id: "errata" }, h("h2", {}, say("Errata")), it.errata.map(function (one) {
      return h("p", {}, pack.day(one[0]), titles.has(one[2]) ? [" · ", titled(one[2], titles.get(one[2]))] : null, ": ", pack.own(one[1]));
    }));
  }

  function highlights(it, titles) {
    if (!it.highlights.length) return null;
    return h("section", { class: "highlights" }, h("h2", {}, say("Highlights")), h("ul", { class: "entries" }, it.highlights.map(function (one) {
      return h("li", {}, h("p", { class: "entry-title" }, titled(one[0], titles.get(one[0]))), one[1] ? h("p", { dir: "auto" }, one[1]) : null);
    })));
  }

  // The subjects of what is new, then of what was updated and withdrawn.
  function partOf(change, subject) {
    const words = pack.label("subject", subject) || say("Other");
    if (change === "updated") return say("Updated: %(subject)s", { subject: words });
    if (change === "withdrawn") return say("Withdrawn: %(subject)s", { subject: words });
    return words;
  }

  const CHANGES = { "new": "New", updated: "Updated", withdrawn: "Withdrawn" };

  function issue(month) {
    const known = state.manifest.issues.find(function (one) { return one[0] === month; });
    if (!known) return issues();
    return pack.load(known[2]).then(function (it) {
      const rows = [], titles = new Map(it.entries.map(function (entry) { return [entry[0], entry[2]]; }));
      let last = null;
      let list = null;
      it.entries.forEach(function (entry) {
        const part = partOf(entry[1], entry[5]);
        if (part !== last) {
          last = part;
          list = h("ul", { class: "entries" });
          rows.push(h("h2", { class: "issue-subject " + pack.lists.colour(entry[5]) }, part), list);
        }
        const there = state.byId.has(entry[0]);
        list.appendChild(h("li", {},
          h("p", { class: "entry-title" }, titled(entry[0], entry[2]), h("span", { class: "change change-" + entry[1] }, say(CHANGES[entry[1]] || entry[1]))),
          entry[1] === "withdrawn" ? null : h("p", { class: "entry-summary" }, entry[3]),
          pack.lists.facts([pack.label("kind", entry[4]), pack.labels("grade", entry[6]), entry[7], entry[8], there ? "" : say("Not in this pack")], "whence")));
      });
      return { title: monthOf(month), content: [
        h("h1", {}, say("The catalogue of %(month)s", { month: monthOf(month) })),
        pack.lists.facts([say("No. %(number)s", { number: it.number }), say("published %(day)s", { day: pack.day(it.published) })], "whence"),
        it.pdf ? h("p", { class: "section" }, h("a", { href: pack.address(it.pdf), target: "_blank" }, say("As a PDF, for print"))) : null,
        errata(it, titles), it.preface ? h("div", { class: "preface" }, pack.resource.paragraphs(it.preface)) : null, highlights(it, titles), rows] };
    });
  }

  function about() {
    const it = state.manifest, left = it.left_out, chosen = it.selection;
    const rows = [[say("School"), it.school || say("For everyone.")], [say("Made on"), pack.day(it.built_at)], [say("Update"), it.sequence],
      [say("Resources"), it.count], [say("Subject"), pack.labels("subject", chosen.subjects)], [say("Grade"), pack.labels("grade", chosen.grades)],
      [say("Since"), chosen.since && monthOf(chosen.since)]];
    const size = left.reduce(function (sum, one) { return sum + one[2]; }, 0);
    return { title: say("This pack"), content: [
      h("h1", {}, say("This pack")),
      h("dl", { class: "pack-facts" }, rows.filter(function (row) { return row[1]; }).map(function (row) { return [h("dt", {}, row[0]), h("dd", {}, row[1])]; })),
      h("p", {}, say("It may be copied onto any computer of the school: the whole folder, then open index.html.")),
      h("p", {}, h("a", { href: "check.html" + to("/") }, say("Check the files")), " · ", h("a", { href: "submit.html" + to("/") }, say("Send in a resource of your own"))),
      left.length ? h("section", { class: "section" }, h("h2", {}, say("Left out")),
        h("p", {}, say("%(count)s resources had no room (%(size)s); they are at the hub.", { count: left.length, size: pack.size(size) })),
        h("ul", {}, left.slice(0, 200).map(function (one) { return h("li", {}, pack.own(one[0]), " ", h("span", { class: "quiet small" }, one[1] + " · " + pack.size(one[2]))); }))) : null] };
  }

  // A delta that was never copied leaves a hole: its mark is missing.
  function lookForSteps() {
    state.manifest.steps.slice(0, -1).forEach(function (step, at) {
      pack.load(step).catch(function () {
        const box = document.getElementById("notes");
        if (box) box.appendChild(h("p", { class: "notice" }, say("Update %(number)s was never copied onto this stick: some files may be missing.", { number: at + 1 })));
      });
    });
  }

  function view(path, chosen) {
    const parts = path.split("/").slice(1);
    switch (parts[0]) {
      case "browse": return browse(chosen);
      case "search": return pack.search.page(chosen, searchForm);
      case "r": return pack.resource.page(parts[1]);
      case "show": return pack.resource.projected(parts[1], Number(parts[2]), Number(parts[3]));
      case "issues": return issues();
      case "issue": return issue(parts[1]);
      case "about": return about();
      default: return home();
    }
  }

  document.addEventListener("keydown", function (event) {
    if (keys[event.key] && !event.ctrlKey && !event.altKey && !event.metaKey) { event.preventDefault(); location.hash = keys[event.key]; }
  });

  pack.frame.run(function () {
    const at = pack.here();
    return pack.lists.loadHeads().then(function () { return view(at.path, at.chosen); }).then(function (found) {
      keys = found.turn || {};
      pack.frame.show("index", found.title, found.content, found.wide);
      if (at.path === "/") lookForSteps();
      const again = state.focus && document.getElementById(state.focus);
      state.focus = null;
      if (again) again.focus();
    });
  });
}());
