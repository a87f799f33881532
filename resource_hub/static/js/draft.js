// Saves a form[data-draft] two seconds after the typing stops, and says when. The answer may carry JSON {"version": n}, which goes
// into the form's field "version". A refusal says its reason in "detail", as problem+json does; after 409, changed elsewhere, nothing
// more is sent. What is not with the hub yet is saved before the form is sent: on a broken line the page stays, with all its
// words. After each save the form hears "draft:kept", with the answer. A page that was open for too long, or through a new sign-in, takes itself a new token.

const form = document.querySelector("form[data-draft]");
if (form) {
  const said = document.querySelector("[data-draft-status]");
  const token = document.querySelector('meta[name="csrf-token"]');
  let unsaved = false;
  let timer = 0;
  let sending = null;
  let refused = false;
  let reached = true; // whether the hub answered the last save
  let leaving = false;

  const say = (word, reason) => {
    said.textContent = (reason || form.dataset["word" + word]).replace(
      "{time}",
      new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    );
    said.classList.toggle("is-unsaved", ["Offline", "Refused", "SignedOut"].includes(word));
  };

  const later = (seconds) => {
    clearTimeout(timer);
    if (!refused) timer = setTimeout(start, seconds * 1000);
  };

  const start = () => {
    if (sending) later(1);
    else sending = save();
  };

  const send = async () => {
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
    const headers = { "X-CSRFToken": token.content, Accept: "application/json" };
    const answer = await fetch(form.dataset.autosaveUrl, { method: "POST", body: fields, headers });
    const json = answer.headers.get("Content-Type")?.includes("json");
    const said = json ? await answer.json() : {};
    const { version, detail } = said;
    if (!answer.ok || answer.redirected) throw { status: answer.status, detail };
    if (version !== undefined && form.elements.version) form.elements.version.value = version;
    form.dispatchEvent(new CustomEvent("draft:kept", { detail: { ...said, unsaved } }));
  };

  const renew = async (failure) => {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.querySelector('input[name="login"]')) throw { status: 401 };
    if (!answer.ok || answer.redirected) throw failure;
    token.content = page.querySelector('meta[name="csrf-token"]').content;
    for (const field of document.getElementsByName("csrf_token")) field.value = token.content;
  };

  const save = async () => {
    unsaved = false; // what is typed from now on belongs to the next save
    say("Saving");
    try {
      await send().catch(async (failure) => {
        if (failure.status !== 401 && failure.status !== 409) throw failure;
        await renew(failure);
        await send();
      });
      reached = true;
      say(unsaved ? "Unsaved" : "Saved");
    } catch ({ status, detail }) {
      unsaved = true;
      reached = status !== undefined && status !== 401;
      refused = status === 409;
      if (status === 401) say("SignedOut");
      else say(refused ? "Refused" : "Offline", detail);
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
    if (leaving || refused || !(sending || unsaved)) {
      unsaved = false;
      return;
    }
    event.preventDefault();
    await sending; // it may still give the form a newer version
    if (unsaved && !refused) await (sending = save());
    if (leaving || !reached) return;
    leaving = true;
    unsaved = false;
    form.requestSubmit(event.submitter);
  });
  addEventListener("pageshow", () => {
    leaving = false;
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved || sending) event.preventDefault();
  });
}
