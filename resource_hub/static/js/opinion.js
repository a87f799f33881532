// Keeps a half-written opinion in this browser while it is typed, and forgets it once the decision was taken. Everything works without:
// after a refusal the hub itself gives back what was typed. The key names the person, for several may share a computer.

const keep = (act) => {
  try {
    return act();
  } catch {
    return null; // storage is switched off or full
  }
};

const form = document.querySelector("form[data-opinion]");
if (form) {
  const key = form.dataset.opinion;
  const box = form.elements.comment;
  const said = document.querySelector("[data-opinion-status]");
  const kept = keep(() => localStorage.getItem(key));
  if (kept && !box.value) {
    box.value = kept;
    said.textContent = said.dataset.wordKept;
  }
  box.addEventListener("input", () => {
    const stored = keep(() => (box.value ? localStorage.setItem(key, box.value) : localStorage.removeItem(key)));
    said.textContent = stored === null || !box.value ? "" : said.dataset.wordKept;
  });
}

const done = document.querySelector("[data-forget-opinion]");
if (done) keep(() => localStorage.removeItem(done.dataset.forgetOpinion));
