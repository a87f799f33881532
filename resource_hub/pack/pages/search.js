// The search: the query is folded and cut as the hub does it, its terms come from scripts that are loaded when they are needed.
"use strict";

pack.search = (function () {
  const say = pack.say, h = pack.h, state = pack.state;
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const K1 = 1.2, B = 0.75, AS_A_WORD = 0.5, SYNONYM = 0.5, IN_THE_TITLE = 1.5, TOGETHER = 1, TITLE = 2, AUTHOR = 4, WHOLE_TITLE = 4;
  const RECENT = 0.1, USED = 0.1, HALF_LIFE = 365, MANY_USES = 1000, LONGEST_WORD = 10, MOST_TOKENS = 64;
  const value = {};
  for (let i = 0; i < 64; i++) value[LETTERS[i]] = i;
  let frame = null, folding = null, run = null, average = 1, stop = null, same = null;

  function prepare() {
    if (frame) return Promise.resolve();
    return pack.load(state.manifest.search.frame).then(function (found) {
      const from = Array.from(found.folding[0]), into = Array.from(found.folding[1]);
      folding = new Map();
      for (let i = 0; i < from.length; i++) folding.set(from[i], into[i]);
      run = new RegExp("[" + found.ideographs + "]+|[" + found.letters + "]+", "gu");
      stop = new Set(Array.from(found.stop));
      average = found.lengths.reduce(function (sum, length) { return sum + length; }, 0) / Math.max(1, found.lengths.length) || 1;
      same = new Map(Object.keys(found.same).map(function (word) { return [word, found.same[word]]; }));
      frame = found;
    });
  }

  // Character by character, so that every place still fits the original.
  function fold(text) {
    return Array.from(text, function (character) { return folding.get(character) || character; }).join("");
  }

  function runsOf(folded) {
    return (folded.match(run) || []).map(function (one) { return isIdeographic(one) ? one : one.slice(0, frame.longest); });
  }

  function isIdeographic(text) { return text.codePointAt(0) > frame.after; }

  function shardOf(character) { return character.codePointAt(0) % state.manifest.search.shards.length; }

  // Load what the first characters ask for; answers with a look-up of terms.
  function termsOf(characters) {
    const wanted = Array.from(new Set(Array.from(characters).map(shardOf)));
    return pack.loadAll(wanted.map(function (number) { return state.manifest.search.shards[number]; })).then(function (shards) {
      const byNumber = new Map();
      wanted.forEach(function (number, at) { byNumber.set(number, shards[at]); });
      return function (term, mark) {
        const shard = byNumber.get(shardOf(Array.from(term)[0]));
        const key = (mark || "") + term;
        return shard && Object.prototype.hasOwnProperty.call(shard, key) ? shard[key] : null;
      };
    });
  }

  function decoded(text) {
    const found = [];
    let number = -1, delta = 0, shift = 0;
    for (let i = 0; i < text.length; i++) {
      const bits = value[text[i]];
      delta |= (bits & 31) << shift;
      if (bits > 31) { shift += 5; continue; }
      number += delta;
      found.push(number, value[text[++i]]);
      delta = shift = 0;
    }
    return found;
  }

  function pairsOf(characters) {
    if (characters.length < 2) return characters.slice();
    return characters.slice(1).map(function (character, at) { return characters[at] + character; });
  }

  function known(look, word) { return look(word, "=") !== null || look(word, "#") !== null || same.has(word); }

  // The fewest pieces: known words, or single characters.
  function cut(characters, look, but) {
    const best = [[0, 0, []]];
    for (let end = 1; end <= characters.length; end++) {
      for (let start = Math.max(0, end - LONGEST_WORD); start < end; start++) {
        const word = characters.slice(start, end).join(""), length = end - start;
        if (length > 1 && (word === but || !known(look, word))) continue;
        const cost = best[start][0] + (length > 1 ? 1 : stop.has(word) ? 1 : 1.6), squares = best[start][1] + length * length;
        if (!best[end] || cost < best[end][0] || (cost === best[end][0] && squares > best[end][1])) best[end] = [cost, squares, best[start][2].concat([word])];
      }
    }
    return best[characters.length][2];
  }

  // Neighbouring characters that are no word, a name say, stay together; long words fall into those inside them.
  function wordsOf(text, look) {
    const words = [];
    let loose = "";
    cut(Array.from(text), look).forEach(function (word) {
      if (Array.from(word).length === 1 && !stop.has(word)) { loose += word; return; }
      if (loose) words.push(loose);
      loose = "";
      words.push(word);
    });
    return loose ? words.concat([loose]) : words;
  }

  function partsOf(word, look) {
    const characters = Array.from(word);
    if (characters.length < 4) return [word];
    const parts = cut(characters, look, word);
    return parts.every(function (part) { return Array.from(part).length > 1; }) ? parts : [word];
  }

  function stemOf(word, look) {
    const seen = look(word, "~");
    if (seen !== null || look(word) !== null) return seen || word;
    for (const ending of ["s", "es", "ed", "ing", "ly"]) {
      const bare = word.slice(0, -ending.length);
      if (word.endsWith(ending) && bare.length > 2) {
        for (const form of [bare, bare + "e"]) if (look(form) !== null || look(form, "~") !== null) return look(form, "~") || form;
      }
    }
    return word;
  }

  function idf(count) { return Math.log(1 + (frame.lengths.length - count + 0.5) / (count + 0.5)); }

  function saturated(times, number) { return times * (K1 + 1) / (times + K1 * (1 - B + B * frame.lengths[number] / average)); }

  // Where all terms occur: resource → score; the rarest first, so that few are compared.
  function together(terms, look) {
    const lists = [];
    for (const term of terms) {
      const coded = look(term);
      if (coded === null) return new Map();
      lists.push(decoded(coded));
    }
    lists.sort(function (a, b) { return a.length - b.length; });
    const weight = lists.reduce(function (sum, list) { return sum + idf(list.length / 2); }, 0);
    let found = new Map();
    lists.forEach(function (list, at) {
      const next = new Map();
      for (let i = 0; i < list.length; i += 2) {
        if (at === 0) next.set(list[i], list[i + 1]);
        else if (found.has(list[i])) next.set(list[i], Math.min(found.get(list[i]), list[i + 1]));
      }
      found = next;
    });
    found.forEach(function (times, number) { found.set(number, weight * saturated(times, number)); });
    return found;
  }

  function termsIn(text, look) {
    const terms = [];
    runsOf(text).forEach(function (one) {
      if (isIdeographic(one)) Array.prototype.push.apply(terms, pairsOf(Array.from(one))); else terms.push(stemOf(one, look));
    });
    return terms;
  }

  function literal(text, look) {
    const terms = termsIn(text, look), found = together(terms, look);
    if (Array.from(text).length === 1 && isIdeographic(text)) found.forEach(function (_score, number) { found.set(number, 1); });
    return found;
  }

  function best(into, more, weight) {
    more.forEach(function (score, number) { into.set(number, Math.max(into.get(number) || 0, weight * score)); });
  }

  // A word, what means the same, the label that it is: the best of them counts.
  function scores(word, look) {
    const found = new Map();
    let whole = null;
    (isIdeographic(word) ? partsOf(word, look) : [word]).forEach(function (part) {
      const here = literal(part, look);
      if (whole === null) { whole = here; return; }
      const both = new Map();
      whole.forEach(function (score, number) { if (here.has(number)) both.set(number, score + here.get(number)); });
      whole = both;
    });
    best(found, whole, 1);
    (same.get(word) || []).forEach(function (other) { best(found, literal(other, look), SYNONYM); });
    const labelled = look(word, "#");
    if (labelled !== null) {
      const list = decoded(labelled);
      for (let i = 0; i < list.length; i += 2) found.set(list[i], Math.max(found.get(list[i]) || 0, SYNONYM));
    }
    return found;
  }

  // Other ways to say a word begin with other characters: their shards are needed, too.
  function firstCharacters(runs) {
    const texts = runs.slice();
    const joined = runs.join(" ");
    same.forEach(function (others, word) {
      if (word === joined || runs.some(function (one) { return one === word || (isIdeographic(one) && one.indexOf(word) >= 0); })) Array.prototype.push.apply(texts, others);
    });
    return texts.map(function (text) { return isIdeographic(text) ? text : text.split(" ").map(function (word) { return word[0]; }).join(""); }).join("");
  }

  function find(query) {
    return prepare().then(function () {
      const folded = fold(query.slice(0, 200)), runs = runsOf(folded);
      if (!runs.length) return { heads: [], words: [], loose: false };
      return termsOf(firstCharacters(runs)).then(function (look) { return ranked(folded, runs, look); });
    });
  }

  function ranked(folded, runs, look) {
    let words = [];
    const joined = runs.join(" ");
    if (runs.length > 1 && same.has(joined)) words = [joined];
    else runs.forEach(function (one) { Array.prototype.push.apply(words, isIdeographic(one) ? wordsOf(one, look) : [one]); });
    words = Array.from(new Set(words));
    const helpful = words.filter(function (word) { return !stop.has(word); });
    const needed = (helpful.length ? helpful : words).slice(0, MOST_TOKENS);
    const each = needed.map(function (word) { return scores(word, look); });
    const held = new Map();
    each.forEach(function (found) { found.forEach(function (score, number) { const before = held.get(number) || [0, 0]; held.set(number, [before[0] + 1, before[1] + score]); }); });
    let least = needed.length, kept = atLeast(held, least);
    if (!kept.length && needed.length > 1) { least = Math.max(1, Math.ceil(needed.length * 0.6)); kept = atLeast(held, least); }
    const total = new Map(kept);
    lift(total, folded, runs, needed, look);
    const today = Date.parse(state.manifest.built_at.slice(0, 10));
    const order = Array.from(total.keys()).map(function (number) {
      const head = state.heads[number], age = Math.max(0, (today - Date.parse(head.day)) / 864e5);
      const up = 1 + RECENT * Math.pow(0.5, age / HALF_LIFE) + USED * Math.min(1, Math.log(1 + head.uses) / Math.log(1 + MANY_USES));
      return [total.get(number) * up * (held.get(number)[0] / needed.length), head];
    });
    order.sort(function (a, b) { return b[0] - a[0] || a[1].number - b[1].number; });
    return { heads: order.map(function (one) { return one[1]; }), words: words.concat(runs), loose: least < needed.length };
  }

  function atLeast(held, least) {
    const found = [];
    held.forEach(function (one, number) { if (one[0] >= least) found.push([number, one[1]]); });
    return found;
  }

  function lift(total, folded, runs, words, look) {
    const add = function (number, score) { if (total.has(number)) total.set(number, total.get(number) + score); };
    words.forEach(function (word) {
      const coded = look(word, "=");
      if (coded === null || Array.from(word).length < 2) return;
      const list = decoded(coded), weight = idf(list.length / 2);
      for (let i = 0; i < list.length; i += 2) add(list[i], AS_A_WORD * weight * saturated(list[i + 1], list[i]));
    });
    const terms = termsIn(folded, look), joined = runs.join("");
    if (terms.length > 1) together(terms, look).forEach(function (score, number) { add(number, TOGETHER * score); });
    const weight = terms.reduce(function (sum, term) { const coded = look(term); return sum + (coded === null ? 0 : idf(decoded(coded).length / 2)); }, 0);
    total.forEach(function (_score, number) {
      const head = state.heads[number], title = runsOf(fold(head.title)).join(""), author = runsOf(fold(head.author)).join("");
      if (terms.length > 1 && title.indexOf(joined) >= 0) add(number, TITLE * weight);
      if (terms.length > 1 && author.indexOf(joined) >= 0) add(number, AUTHOR * weight);
      if (title === joined) add(number, WHOLE_TITLE * Math.max(1, terms.length));
      words.forEach(function (word) { if (Array.from(word).length === 1 && title.indexOf(word) >= 0) add(number, IN_THE_TITLE); });
    });
  }

  // Mark what was looked for; folding keeps places, so the original is shown.
  function marker(words) {
    const wanted = words.filter(function (word) { return word.length > 1 || !stop.has(word); }).sort(function (a, b) { return b.length - a.length; });
    return function (text) {
      const characters = Array.from(text), folded = characters.map(function (one) { return folding.get(one) || one; });
      const parts = [];
      let plain = "";
      for (let at = 0; at < characters.length;) {
        const word = wanted.find(function (one) { return folded.slice(at, at + Array.from(one).length).join("") === one; });
        if (!word) { plain += characters[at++]; continue; }
        if (plain) parts.push(plain);
        plain = "";
        const length = Array.from(word).length;
        parts.push(h("mark", {}, characters.slice(at, at + length).join("")));
        at += length;
      }
      return plain ? parts.concat([plain]) : parts;
    };
  }

  function page(chosen, form) {
    const query = chosen.q || "", began = performance.now();
    const head = [h("h1", { class: "visually-hidden" }, say("Search")), h("div", { class: "search-head" }, form(query))];
    if (!query) return Promise.resolve({ title: say("Search"), content: head });
    return find(query).then(function (found) {
      document.documentElement.setAttribute("data-answered", (performance.now() - began).toFixed(1));
      const title = say("Search: %(query)s", { query: query });
      if (!found.heads.length) return { title: title, content: head.concat([h("p", { role: "status" }, say("Nothing in this pack has all of this. Try fewer or other words.")), h("p", {}, h("a", { href: pack.to("/browse") }, say("All resources")))]) };
      return { title: title, content: head.concat([
        found.loose ? h("p", { class: "how-read" }, say("Nothing has all of these words; this has some of them.")) : null,
        pack.lists.listing(found.heads, chosen, "/search", { mark: marker(found.words) })]) };
    });
  }

  return { page: page, find: find };
}());
