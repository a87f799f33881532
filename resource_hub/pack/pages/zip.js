// A ZIP without a library: files as they are, names in UTF-8. The browser reads the files again only when the ZIP is saved.
"use strict";

pack.zip = (function () {
  const TABLE = new Int32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xEDB88320 : c >>> 1;
    TABLE[n] = c;
  }

  function crc(before, bytes) {
    let c = ~before;
    for (let i = 0; i < bytes.length; i++) c = TABLE[(c ^ bytes[i]) & 255] ^ (c >>> 8);
    return ~c;
  }

  function utf8(text) { return new TextEncoder().encode(text); }

  // Little-endian numbers: pairs of how many bytes and which number.
  function numbers(pairs) {
    const bytes = [];
    pairs.forEach(function (pair) { for (let i = 0; i < pair[0]; i++) bytes.push((pair[1] >>> (8 * i)) & 255); });
    return Uint8Array.from(bytes);
  }

  // members: {name, blob, size, crc}; all together stay below 4 GB.
  function build(members, now) {
    const day = ((now.getFullYear() - 1980) << 9) | ((now.getMonth() + 1) << 5) | now.getDate();
    const time = (now.getHours() << 11) | (now.getMinutes() << 5) | (now.getSeconds() >> 1);
    const parts = [], directory = [];
    let at = 0, length = 0;
    members.forEach(function (one) {
      const name = utf8(one.name);
      const facts = [[2, 20], [2, 0x0800], [2, 0], [2, time], [2, day], [4, one.crc], [4, one.size], [4, one.size], [2, name.length], [2, 0]];
      parts.push(numbers([[4, 0x04034b50]].concat(facts)), name, one.blob);
      directory.push(numbers([[4, 0x02014b50], [2, 20]].concat(facts, [[2, 0], [2, 0], [2, 0], [4, 0], [4, at]])), name);
      at += 30 + name.length + one.size;
      length += 46 + name.length;
    });
    const end = numbers([[4, 0x06054b50], [2, 0], [2, 0], [2, members.length], [2, members.length], [4, length], [4, at], [2, 0]]);
    return new Blob(parts.concat(directory, [end]), { type: "application/zip" });
  }

  return { build: build, crc: crc, utf8: utf8 };
}());
