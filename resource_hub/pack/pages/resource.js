// One resource: what it says, its files, its pages as pictures, its films; and a page as large as the screen.
"use strict";

pack.resource = (function () {
  const h = pack.h, say = pack.say, to = pack.to, state = pack.state;
  const MOST_SHOWN = 8;
  const BADGES = { not_reviewed: "Not reviewed", reviewed: "Reviewed", endorsed_by_school: "Endorsed by the school", endorsed_by_alliance: "Endorsed by the alliance" };

  function details(head) {
    const per = state.manifest.per_details, at = Math.floor(head.number / per);
    return pack.load(state.manifest.details[at]).then(function (rows) { return rows[head.number % per]; });
  }

  function paragraphs(text) {
    return text.replace(/\r\n?/g, "\n").split(/\n{2,}/).filter(function (block) { return block.trim(); }).map(function (block) {
      return h("p", { class: "as-written" }, block.replace(/^\n+|\n+$/g, ""));
    });
  }

  function find(id) { return state.byId.get(id); }

  function page(id) {
    const head = find(id);
    if (!head) return Promise.resolve({ title: say("Not in this pack"), content: gone() });
    return details(head).then(function (more) {
      const files = more.files || [];
      return { title: head.title, content: [
        h("div", { class: "resource-head" },
          pack.lists.facts([pack.label("kind", head.kind), pack.label("subject", head.subject), pack.labels("grade", head.grades),
            more.edition && pack.label("edition", more.edition), head.volume && pack.label("volume", head.volume), more.unit], "what"),
          h("h1", { lang: head.language }, pack.own(head.title)),
          pack.lists.facts([head.author, head.schoolName, pack.day(head.day), say("Version %(number)s", { number: more.revision }),
            BADGES[head.badge] && say(BADGES[head.badge])], "whence")),
        h("div", { class: "columns with-aside" },
          h("div", { lang: head.language },
            h("div", { class: "prose lead-in" }, paragraphs(head.summary)),
            files.map(function (file, at) { return look(head, file, at); }),
            h("div", { class: "prose" },
              (more.sections || []).map(function (section) { return [h("h2", { lang: shown() }, pack.label("section", section[0])), paragraphs(section[1])]; }),
              more.text ? paragraphs(more.text) : null)),
          h("aside", { class: "page-aside" },
            files.length ? h("section", { class: "panel" }, h("h2", {}, say("Files")), fileList(files)) : null,
            h("section", { class: "panel" }, h("h2", {}, say("About it")), table(head, more)))),
        backLink()
      ] };
    });
  }

  function shown() { return pack.LANGUAGES[state.locale][0]; }

  function gone() {
    return [h("h1", {}, say("Not in this pack")),
      h("p", {}, say("It was withdrawn, is not shared with your school, or had no room. A newer pack may have it.")), backLink()];
  }

  function backLink() {
    return h("p", { class: "section" }, h("a", { href: to("/") }, say("To the beginning")));
  }

  function fileList(files) {
    return h("ul", { class: "files" }, files.map(function (file) {
      return h("li", {}, pack.icon(file.family === "video" || file.family === "audio" ? "film" : "file"),
        h("div", { class: "file" },
          h("a", { class: "file-name", href: pack.address(file.path), target: "_blank", rel: "noopener" }, pack.own(file.name)),
          h("div", { class: "quiet small" }, [file.format.toUpperCase(), pack.size(file.size), pack.lists.minutes(file.seconds)].filter(Boolean).join(" · "))));
    }));
  }

  function table(head, more) {
    const rows = [[say("Number"), head.id], [say("Licence"), pack.label("licence", more.licence)], [say("Source"), more.source],
      [say("Keywords"), (more.keywords || []).join(state.locale === "en" ? ", " : "、")]];
    const online = state.manifest.hub ? state.manifest.hub + "/r/" + head.id : "";
    return [h("dl", { class: "pack-facts" }, rows.filter(function (row) { return row[1]; }).map(function (row) {
      return [h("dt", {}, row[0]), h("dd", {}, pack.own(row[1]))];
    })), online ? h("p", { class: "small quiet as-written" }, say("With a line, at: %(address)s", { address: online })) : null];
  }

  function look(head, file, at) {
    if (file.plays && (file.family === "video" || file.family === "audio")) {
      const sound = file.family === "audio";
      return h("figure", { class: "pack-film" },
        h(sound ? "audio" : "video", { controls: true, preload: "metadata", src: pack.address(file.path), poster: file.poster ? pack.address(file.poster) : null, "aria-label": file.name }),
        h("figcaption", { class: "quiet small" }, file.name));
    }
    const pages = file.pages || [];
    if (!pages.length) return null;
    return h("figure", { class: "pack-pages" },
      h("ol", {}, pages.slice(0, MOST_SHOWN).map(function (path, number) {
        return h("li", {}, h("a", { href: to("/show/" + head.id + "/" + at + "/" + (number + 1)) },
          h("img", { src: pack.address(path), loading: "lazy", alt: say("Page %(number)s of %(name)s", { number: number + 1, name: file.name }) })));
      })),
      h("figcaption", { class: "quiet small" }, pack.own(file.name), " · ",
        file.total && file.total > pages.length ? say("The first %(count)s pages of %(total)s", { count: pages.length, total: file.total }) : say("Pages: %(count)s", { count: pages.length })));
  }

  // One page as large as the screen; arrow keys turn it.
  function projected(id, at, number) {
    const head = find(id);
    if (!head) return page(id);
    return details(head).then(function (more) {
      const file = (more.files || [])[at], pages = (file && file.pages) || [];
      if (!pages.length) return page(id);
      const now = Math.min(pages.length, Math.max(1, number || 1));
      const turn = function (next) { return next >= 1 && next <= pages.length ? to("/show/" + id + "/" + at + "/" + next) : null; };
      const button = function (next, words, rel) {
        return turn(next) ? h("a", { class: "btn btn-quiet", href: turn(next), rel: rel }, words) : h("span", { class: "btn btn-quiet", "aria-disabled": "true" }, words);
      };
      return { title: head.title, wide: true, turn: { ArrowRight: turn(now + 1), PageDown: turn(now + 1), " ": turn(now + 1), ArrowLeft: turn(now - 1), PageUp: turn(now - 1), Escape: to("/r/" + id) }, content: [
        h("h1", { class: "visually-hidden" }, head.title),
        h("div", { class: "pack-turn" }, h("a", { class: "btn btn-quiet", href: to("/r/" + id) }, say("Back")),
          button(now - 1, say("Previous"), "prev"), h("span", { class: "number", role: "status" }, now + " / " + pages.length), button(now + 1, say("Next"), "next")),
        h("img", { class: "pack-screen", src: pack.address(pages[now - 1]), alt: say("Page %(number)s of %(name)s", { number: now, name: file.name }) })
      ] };
    });
  }

  return { page: page, projected: projected, paragraphs: paragraphs };
}());
