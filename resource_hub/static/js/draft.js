// Saves a form[data-draft] two seconds after the typing stops, and says when. The answer may carry JSON {"version": n}, which goes
// into the form's field "version". A refusal says its
// reason in "detail", as problem+json does; after 409, changed elsewhere, nothing more is sent.

const form = document.querySelector("form[data-draft]");
if (form) {
  const said = document.querySelector("[data-draft-status]");
  const token = document.querySelector('meta[name="csrf-token"]').content;
  let unsaved = false;
  let timer = 0;
  let sending = null;
  let refused = false;

  const say = (word, reason) => {
    said.textContent = (reason || form.dataset["word" + word]).replace(
      "{time}",
      new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    );
    said.classList.toggle("is-unsaved", word === "Offline" || word === "Refused");
  };

  const later = (seconds) => {
    clearTimeout(timer);
    if (!refused) timer = setTimeout(start, seconds * 1000);
  };

  const start = () => {
    if (sending) later(1);
    else sending = save();
  };

  const save = async () => {
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
    unsaved = false; // what is typed from now on belongs to the next save
    say("Saving");
    try {
      const headers = { "X-CSRFToken": token, Accept: "application/json" };
      const answer = await fetch(form.dataset.autosaveUrl, { method: "POST", body: fields, headers });
      const json = answer.headers.get("Content-Type")?.includes("json");
      const { version, detail } = json ? await answer.json() : {};
      if (!answer.ok || answer.redirected) throw { status: answer.status, detail };
      if (version !== undefined && form.elements.version) form.elements.version.value = version;
      say(unsaved ? "Unsaved" : "Saved");
    } catch (failure) {
      unsaved = true;
      refused = failure.status === 409;
      say(refused ? "Refused" : "Offline", failure.detail);
      later(15);
    } finally {
      sending = null;
    }
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    unsaved = true;
    if (!refused) say("Unsaved");
    later(2);
  });
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    unsaved = false;
    if (!sending) return;
    event.preventDefault(); // the save under way may still give the form a newer version
    await sending;
    form.requestSubmit(event.submitter);
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved || sending) event.preventDefault();
  });
}
