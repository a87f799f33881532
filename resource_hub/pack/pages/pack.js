// What every page of the pack stands on: data from scripts, sentences, elements, addresses.
// Plain ES2015 without modules, fetch or storage: pages from a stick have nothing else.
"use strict";

var pack = (function () {
  const given = Object.create(null), waiting = Object.create(null);
  const LANGUAGES = { zh_Hans: ["zh-Hans", "简体中文"], zh_Hant: ["zh-Hant", "繁體中文"], en: ["en", "English"] };
  const state = { locale: "zh_Hans", manifest: null, words: { say: {}, label: {} }, heads: [], byId: new Map() };

  // A script of data calls this with its own path.
  function give(path, content) { given[path] = content; }

  function load(path) {
    if (!waiting[path]) {
      waiting[path] = new Promise(function (done, failed) {
        const tag = document.createElement("script");
        tag.charset = "utf-8";
        tag.src = path;
        tag.onload = function () {
          tag.remove();
          if (path in given) done(given[path]); else failed(new Error(path));
        };
        tag.onerror = function () { delete waiting[path]; tag.remove(); failed(new Error(path)); };
        document.head.appendChild(tag);
      });
    }
    return waiting[path];
  }

  function loadAll(paths) { return Promise.all(paths.map(load)); }

  // A sentence in the reader's language; %(name)s stands for a value.
  function say(sentence, values) {
    const words = state.words.say[sentence] || sentence;
    return words.replace(/%\((\w+)\)s/g, function (whole, name) {
      return values && name in values ? String(values[name]) : whole;
    });
  }

  function label(scheme, code) {
    const words = state.words.label[scheme];
    return (words && words[code]) || code || "";
  }

  function labels(scheme, codes) {
    return codes.map(function (code) { return label(scheme, code); }).join(state.locale === "en" ? ", " : "、");
  }

  // Text is only ever text: nothing of a resource can become part of the page.
  function h(name, attributes) {
    const element = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      const value = attributes[key];
      if (value === null || value === undefined || value === false) return;
      if (key.slice(0, 2) === "on") element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value === true ? "" : value);
    });
    append(element, Array.prototype.slice.call(arguments, 2));
    return element;
  }

  // What people wrote, in whichever script: it does not turn the words beside it around.
  function own(words) { return h("bdi", {}, words); }

  function append(element, children) {
    children.forEach(function (child) {
      if (Array.isArray(child)) append(element, child);
      else if (child !== null && child !== undefined && child !== false && child !== "") {
        element.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
      }
    });
  }

  const PATHS = {
    search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20",
    film: "M3 5h18v14H3zM10 9.2v5.6l4.8-2.8z", file: "M6 3h8l4 4v14H6zM14 3v4h4",
    globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c5 5.5 5 12.5 0 18M12 3c-5 5.5-5 12.5 0 18",
    check: "M4 12.5l5 5L20 6.5", info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7.4v.1",
    pen: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3", back: "M20 12H4M10 6l-6 6 6 6", on: "M4 12h16M14 6l6 6-6 6"
  };

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("class", "icon");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", PATHS[name] || PATHS.file);
    svg.appendChild(path);
    return svg;
  }

  // The address of a place in the pack: its language, its path, what was chosen there.
  function to(path, chosen) {
    const query = Object.keys(chosen || {}).filter(function (key) { return chosen[key]; }).map(function (key) {
      return key + "=" + encodeURIComponent(chosen[key]);
    }).join("&");
    return "#" + state.locale + path + (query ? "?" + query : "");
  }

  function here() {
    const parts = location.hash.slice(1).split("?"), found = parts[0].match(/^(zh_Hans|zh_Hant|en)?(.*)$/);
    const chosen = {};
    parts.slice(1).join("?").split("&").forEach(function (pair) {
      const at = pair.indexOf("=");
      if (at > 0) chosen[pair.slice(0, at)] = decoded(pair.slice(at + 1));
    });
    return { locale: found[1] || "", path: decoded(found[2] || "/") || "/", chosen: chosen };
  }

  function decoded(text) {
    try { return decodeURIComponent(text); } catch (_error) { return text; }
  }

  // Each part of a path by itself: a name may hold # and %.
  function address(path) { return path.split("/").map(encodeURIComponent).join("/"); }

  function size(bytes) {
    if (bytes < 1000) return bytes + " B";
    if (bytes < 1e6) return Math.round(bytes / 1e3) + " kB";
    if (bytes < 1e9) return Math.round(bytes / 1e6) + " MB";
    return (bytes / 1e9).toFixed(1) + " GB";
  }

  function day(text) {
    const parts = text.slice(0, 10).split("-").map(Number);
    if (state.locale !== "en") return parts[0] + "年" + parts[1] + "月" + parts[2] + "日";
    const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    return parts[2] + " " + months[parts[1] - 1] + " " + parts[0];
  }

  function preferred(manifest) {
    const wanted = (navigator.languages || [navigator.language || ""]).map(function (tag) { return tag.toLowerCase(); });
    for (const tag of wanted) {
      if (/^zh-(tw|hk|mo|hant)/.test(tag)) return "zh_Hant";
      if (/^zh-(cn|sg|hans)/.test(tag)) return "zh_Hans";
      if (/^en/.test(tag) && manifest.language === "en") return "en";
    }
    return manifest.language;
  }

  // What the pack says about itself, and the words of a language.
  function begin() {
    return load("data/manifest.js").then(function (manifest) {
      state.manifest = manifest;
      return speak(here().locale || preferred(manifest));
    });
  }

  function speak(locale) {
    return load(state.manifest.languages[locale]).then(function (words) {
      state.locale = locale;
      state.words = words;
      document.documentElement.lang = LANGUAGES[locale][0];
    });
  }

  return {
    LANGUAGES: LANGUAGES, state: state, give: give, load: load, loadAll: loadAll, say: say, label: label, labels: labels, h: h, own: own,
    icon: icon, to: to, here: here, address: address, size: size, day: day, begin: begin, speak: speak
  };
}());
