// SHA-256 piece by piece (FIPS 180-4). crypto.subtle is there on file://, and four times as fast, but takes a file
// only whole: Chromium reads none of 2 GiB and more, which a film on the stick may have, and machines have less memory.
"use strict";

pack.sha256 = (function () {
  // The first 32 bits of the fractions of the cube roots of the first 64 primes, and of the square roots of the first 8.
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every(function (p) { return n % p; })) primes.push(n);
  const fraction = function (root) { return ((root - Math.floor(root)) * 4294967296) | 0; };
  const K = Int32Array.from(primes, function (p) { return fraction(Math.cbrt(p)); });
  const START = Int32Array.from(primes.slice(0, 8), function (p) { return fraction(Math.sqrt(p)); });
  const W = new Int32Array(64);

  function block(state, bytes, at) {
    for (let t = 0; t < 16; t++, at += 4) W[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    for (let t = 16; t < 64; t++) {
      const x = W[t - 15], y = W[t - 2];
      W[t] = (W[t - 16] + W[t - 7] + (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) + (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10))) | 0;
    }
    let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], i = state[7];
    for (let t = 0; t < 64; t++) {
      const one = (i + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + ((e & f) ^ (~e & g)) + K[t] + W[t]) | 0;
      const two = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      i = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += i;
  }

  return function () {
    const state = START.slice(), rest = new Uint8Array(64);
    let kept = 0, length = 0;
    return {
      add: function (bytes) {
        length += bytes.length;
        let at = 0;
        if (kept) {
          at = Math.min(64 - kept, bytes.length);
          rest.set(bytes.subarray(0, at), kept);
          kept += at;
          if (kept < 64) return;
          block(state, rest, 0);
        }
        for (; at + 64 <= bytes.length; at += 64) block(state, bytes, at);
        kept = bytes.length - at;
        rest.set(bytes.subarray(at));
      },
      hex: function () {
        const end = new Uint8Array(kept < 56 ? 64 : 128), bits = new DataView(end.buffer);
        end.set(rest.subarray(0, kept));
        end[kept] = 128;
        bits.setUint32(end.length - 8, Math.floor(length / 536870912));
        bits.setUint32(end.length - 4, (length << 3) >>> 0);
        for (let at = 0; at < end.length; at += 64) block(state, end, at);
        return Array.from(state, function (word) { return ("0000000" + (word >>> 0).toString(16)).slice(-8); }).join("");
      }
    };
  };
}());

// Read a file piece by piece; each piece goes to take, which may stop it by throwing.
pack.readPieces = function (file, take) {
  const PIECE = 4194304;
  return new Promise(function (done, failed) {
    let at = 0;
    const next = function () {
      if (at >= file.size) { done(); return; }
      const reader = new FileReader();
      reader.onload = function () {
        try { take(new Uint8Array(reader.result)); } catch (error) { failed(error); return; }
        at += PIECE;
        next();
      };
      reader.onerror = function () { failed(reader.error); };
      reader.readAsArrayBuffer(file.slice(at, at + PIECE));
    };
    next();
  });
};
