// Offers only the subjects and grades of the chosen stage of school. Without it all of them stand under their stages.

const select = document.querySelector("select[data-by-stage]");
const groups = select ? [...select.querySelectorAll("optgroup")] : [];
const codes = select?.dataset.byStage.split(" ");
const grades = document.querySelectorAll("[data-grades-of]");

function fit() {
  const stage = document.querySelector('input[name="school_stage"]:checked')?.value;
  const chosen = select.value;
  groups.forEach((group, position) => {
    if (!stage || !codes[position] || codes[position] === stage) select.append(group);
    else group.remove();
  });
  select.value = chosen;
  if (select.value !== chosen) select.value = "";
  for (const group of grades) {
    group.hidden = Boolean(stage) && group.dataset.gradesOf !== stage;
    if (group.hidden) for (const box of group.querySelectorAll("input")) box.checked = false;
  }
}

if (select) {
  for (const radio of document.querySelectorAll('input[name="school_stage"]')) radio.addEventListener("change", fit);
  fit();
}
