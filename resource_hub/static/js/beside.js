// From one submission to the next by keyboard: j leads to what comes after in the list, k to what stands before.
// Without this file the two links are followed by pointing.

document.addEventListener("keydown", (event) => {
  const { target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target.closest?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])")) return;
  const link = document.querySelector(`a[data-beside="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
