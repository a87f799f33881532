// The frame around every page: the bar at the top, the choice of language, large type for a projector.
"use strict";

pack.frame = (function () {
  const h = pack.h, say = pack.say, to = pack.to, state = pack.state;
  let large = false;

  function mark() {
    const space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg");
    svg.setAttribute("class", "brand-mark");
    svg.setAttribute("viewBox", "0 0 28 28");
    svg.setAttribute("aria-hidden", "true");
    [["#1f6f5c", "M6 0h16a6 6 0 0 1 6 6v16a6 6 0 0 1-6 6H6a6 6 0 0 1-6-6V6a6 6 0 0 1 6-6z"],
      ["#fff", "M6 8h4v12H6zM11.5 5h4v15h-4zM16.8 8.7l3.7-1L23.6 19l-3.7 1zM5 21.5h18V23H5z"]].forEach(function (part) {
      const path = document.createElementNS(space, "path");
      path.setAttribute("fill", part[0]);
      path.setAttribute("d", part[1]);
      svg.appendChild(path);
    });
    return svg;
  }

  // page: the file, "" for the pack itself; other pages keep the language in their address.
  function address(page, path) { return page === "" ? to(path) : page + to(path || "/"); }

  function header(page) {
    const home = page === "index" ? "" : "index.html", at = pack.here().path;
    const link = function (path, words) {
      const current = page === "index" && (path === "/" ? at === "/" : at.indexOf(path) === 0);
      return h("a", { class: "nav-link-hub", href: address(home, path), "aria-current": current ? "page" : null }, words);
    };
    return h("header", { class: "site-header" }, h("div", { class: "frame" },
      h("a", { class: "brand", href: address(home, "/") }, mark(), h("span", {}, say("Teaching resources"))),
      h("nav", { class: "pack-nav", "aria-label": say("Main navigation") },
        link("/browse", say("Browse")), link("/issues", say("Catalogue")), link("/about", say("This pack")),
        h("a", { class: "nav-link-hub", href: "submit.html" + to("/"), "aria-current": page === "submit" ? "page" : null }, say("Send in"))),
      h("button", { class: "nav-link-hub plain", type: "button", "aria-pressed": String(large), onclick: enlarge, title: say("Large type, for a projector") },
        h("span", { "aria-hidden": "true" }, "A+"), h("span", { class: "visually-hidden" }, say("Large type, for a projector"))),
      languages()));
  }

  function enlarge(event) {
    large = !large;
    document.documentElement.classList.toggle("projected", large);
    event.currentTarget.setAttribute("aria-pressed", String(large));
  }

  function languages() {
    return h("details", { class: "menu" },
      h("summary", {}, pack.icon("globe"), h("span", { class: "visually-hidden" }, say("Language"))),
      h("div", { class: "menu-panel" }, Object.keys(pack.LANGUAGES).filter(function (locale) { return locale in state.manifest.languages; }).map(function (locale) {
        const rest = location.hash.replace(/^#(zh_Hans|zh_Hant|en)?/, "");
        return h("a", { href: "#" + locale + (rest || "/"), lang: pack.LANGUAGES[locale][0], "aria-current": locale === state.locale ? "true" : null }, pack.LANGUAGES[locale][1]);
      })));
  }

  // Put a page into its frame; title is also that of the window.
  function show(page, title, content, wide) {
    const name = say("Teaching resources");
    const main = h("main", { id: "main", class: "page", tabindex: "-1" }, h("div", { class: wide ? "wide" : "frame" }, content));
    document.title = title ? title + " - " + name : name;
    document.body.textContent = "";
    document.body.appendChild(h("a", { class: "skip-link", href: "#main", onclick: function (event) { event.preventDefault(); main.focus(); } }, say("Skip to the content")));
    document.body.appendChild(header(page));
    document.body.appendChild(main);
    document.body.appendChild(h("footer", { class: "pack-foot" }, h("div", { class: "frame quiet small" }, about())));
    return main;
  }

  function about() {
    const manifest = state.manifest;
    return [
      manifest.school ? say("For %(school)s.", { school: manifest.school }) : say("For everyone."), " ",
      say("Made on %(day)s.", { day: pack.day(manifest.built_at) }), " ",
      say("Update %(number)s.", { number: manifest.sequence })
    ];
  }

  // Something is missing: the stick was pulled out, or a file was not copied.
  function failed(error) {
    const box = h("main", { class: "page" }, h("div", { class: "frame" },
      h("h1", {}, say("A part of the pack cannot be read")),
      h("p", {}, say("Put the stick in again, or copy the whole folder anew. What is missing: %(name)s", { name: error.message })),
      h("p", {}, h("a", { href: "check.html" + to("/") }, say("Check the files")))));
    document.body.textContent = "";
    document.body.appendChild(box);
  }

  // Begin, and draw again whenever the address changes.
  function run(draw) {
    const once = function () {
      const wanted = pack.here().locale;
      const spoken = wanted && wanted !== state.locale ? pack.speak(wanted) : Promise.resolve();
      return spoken.then(draw).then(function () { document.documentElement.setAttribute("data-drawn", location.hash); }).catch(failed);
    };
    addEventListener("hashchange", function () { once().then(function () { scrollTo(0, 0); const main = document.getElementById("main"); if (main) main.focus({ preventScroll: true }); }); });
    return pack.begin().then(once, failed);
  }

  return { show: show, run: run, address: address };
}());
