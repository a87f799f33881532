// Ask the search of a pack as its page does, without a browser: node ask.js STICK < queries, one a line; a line of JSON for each.
"use strict";

const fs = require("fs"), path = require("path"), vm = require("vm");
const stick = process.argv[2];
const read = function (name) { return fs.readFileSync(path.join(stick, name), "utf8"); };
const world = vm.createContext({ document: {}, performance: performance, addEventListener: function () {} });
vm.runInContext(read("app/pack.js") + ";this.pack = pack;", world);
const pack = world.pack, given = {};
pack.give = function (name, content) { given[name] = content; };
pack.load = function (name) {
  if (!(name in given)) vm.runInContext(read(name), world);
  return Promise.resolve(given[name]);
};
pack.loadAll = function (names) { return Promise.all(names.map(pack.load)); };
vm.runInContext(read("app/lists.js"), world);
vm.runInContext(read("app/search.js"), world);

pack.load("data/manifest.js").then(function (manifest) {
  pack.state.manifest = manifest;
  return pack.lists.loadHeads();
}).then(function () {
  const queries = fs.readFileSync(0, "utf8").split("\n").filter(Boolean);
  return queries.reduce(function (before, query) {
    return before.then(function () {
      const began = performance.now();
      return pack.search.find(query).then(function (found) {
        const ids = found.heads.map(function (head) { return head.id; });
        process.stdout.write(JSON.stringify({ query: query, ids: ids, words: found.words, loose: found.loose, ms: performance.now() - began }) + "\n");
      });
    });
  }, Promise.resolve());
});
