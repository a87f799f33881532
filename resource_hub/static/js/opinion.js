// The reviewer's form. What is typed is saved to the hub by draft.js; here a copy stays in this browser until the hub has it, so that a
// reload on a broken line loses nothing. Also: all criteria met at once, own sentences where the cursor is, and the keyboard.

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
  const left = new Set(["csrf_token", "seen", "list"]);
  const typed = () => Object.fromEntries([...new FormData(form)].filter(([name]) => !left.has(name)));
  const words = (fields) => JSON.stringify(Object.entries(fields).filter(([name, value]) => value && name !== "window" && name !== "version").sort());

  const fill = (fields) => {
    for (const control of form.elements) {
      if (!control.name || left.has(control.name) || control.type === "submit") continue;
      if (control.type === "radio") control.checked = fields[control.name] === control.value;
      else control.value = fields[control.name] ?? "";
    }
  };

  form.addEventListener("input", () => keep(() => localStorage.setItem(key, JSON.stringify(typed()))));
  form.addEventListener("draft:kept", ({ detail }) => {
    if (!detail.unsaved) keep(() => localStorage.removeItem(key));
    document.querySelector("[data-other-window]").hidden = !detail.others || Boolean(document.querySelector(".older-text"));
  });

  const progress = form.querySelector("[data-answered]");
  const questions = [...form.querySelectorAll(".question")];
  const isOpen = (question) => !question.querySelector("input:checked");
  const count = () => {
    const done = questions.filter((question) => !isOpen(question)).length;
    progress.textContent = progress.dataset.answered.replace("{done}", done);
    for (const question of questions) if (!isOpen(question)) question.classList.remove("is-open");
  };
  form.addEventListener("input", count);

  const changed = (control) => control.dispatchEvent(new Event("input", { bubbles: true }));
  const choose = (question, value) => {
    const radio = question.querySelector(`input[value="${value}"]`);
    if (!radio) return false;
    radio.checked = true;
    changed(radio);
    return true;
  };
  const go = (question) => (question.querySelector("input:checked") || question.querySelector("input")).focus();

  const all = form.querySelector("[data-all-met]");
  all.hidden = false;
  all.addEventListener("click", () => {
    for (const question of questions) if (isOpen(question)) choose(question, question.classList.contains("question-pass") ? "1" : "");
  });

  for (const button of form.querySelectorAll("[data-insert]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const box = form.elements[button.dataset.insert];
      const [start, end] = [box.selectionStart, box.selectionEnd];
      const gap = start && box.value[start - 1] !== "\n" ? "\n" : "";
      box.setRangeText(gap + button.dataset.sentence, start, end, "end");
      box.focus();
      changed(box);
    });
  }

  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (target.matches?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])")) return;
    const question = target.closest?.(".question");
    if (question && form.contains(question)) {
      const pressed = event.key.toLowerCase();
      const value = question.classList.contains("question-pass") ? { y: "1", n: "0" }[pressed] : pressed;
      if (!/^[0-5]$/.test(value || "") || !choose(question, value)) return;
      event.preventDefault();
      const next = questions[questions.indexOf(question) + 1];
      if (next) go(next);
      else form.elements.strengths.focus();
    } else if (event.key.toLowerCase() === "f") {
      event.preventDefault();
      go(questions.find(isOpen) || questions[0]);
    }
  });

  const kept = keep(() => JSON.parse(localStorage.getItem(key)));
  if (kept && words(kept) !== words(typed())) {
    fill(kept); // with the window that it was typed in: if another has written since, the hub keeps both
    // draft.js, which saves it, is listening by then
    addEventListener("load", () => changed(form.elements.comment));
  } else if (kept) keep(() => localStorage.removeItem(key));
  count();
}

const done = document.querySelector("[data-forget-opinion]");
if (done) keep(() => localStorage.removeItem(done.dataset.forgetOpinion));
