// Keeps a half-written message in this browser until it was sent, and forgets it then. Everything works without: after a refusal the hub
// itself gives back what was typed. The key names the person, for several may share a computer.

const keep = (act) => {
  try {
    return act();
  } catch {
    return null; // storage is switched off or full
  }
};

const SENT = "message-sent";
const sent = keep(() => sessionStorage.getItem(SENT));
if (sent && location.hash.startsWith("#message-")) {
  keep(() => localStorage.removeItem(sent));
}
keep(() => sessionStorage.removeItem(SENT));

const form = document.querySelector("form[data-message]");
if (form) {
  const key = form.dataset.message;
  const box = form.elements.text;
  const kept = keep(() => localStorage.getItem(key));
  if (kept && !box.value) box.value = kept;
  box.addEventListener("input", () => {
    keep(() => (box.value ? localStorage.setItem(key, box.value) : localStorage.removeItem(key)));
  });
  form.addEventListener("submit", () => keep(() => sessionStorage.setItem(SENT, key)));
}
