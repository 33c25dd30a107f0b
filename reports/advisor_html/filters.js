/* Filters: nothing chosen of a kind means all of it. The choice is kept in the address. */
const filters = () => document.querySelector(".filters");
const boxes = () => [...filters().querySelectorAll("input")];
const runChoice = () => filters().querySelector("select");
const findings = () => document.querySelectorAll("[data-severity][data-stage]");
const chosen = () => {
  const wanted = {};
  for (const box of boxes()) if (box.checked) (wanted[box.name] ??= []).push(box.value);
  if (runChoice()?.value) wanted.run = [runChoice().value];
  return wanted;
};
const applyFilters = () => {
  const wanted = Object.entries(chosen());
  let shown = 0, all = 0;
  for (const finding of findings()) {
    const fits = wanted.every(([kind, values]) => values.some((value) => finding.dataset[kind].split(" ").includes(value)));
    finding.hidden = !fits;
    shown += fits;
    all += 1;
  }
  for (const section of document.querySelectorAll("section.found")) {
    section.hidden = !section.querySelector("[data-severity]:not([hidden])");
  }
  filters().querySelector("[role=status]").textContent = phrase(shown === all ? "all" : "some", { shown, all });
  filters().querySelector("[data-action=reset]").hidden = wanted.length === 0;
};
const remembered = () => {
  const parts = Object.entries(chosen()).map(([kind, values]) =>
    `${kind}=${values.map((value) => kind === "run" ? runChoice().selectedOptions[0].dataset.key : value).join(",")}`);
  if (!framed) history.replaceState(null, "", parts.length ? `#show?${parts.join("&")}` : location.pathname + location.search);
};
const clearFilters = () => {
  for (const box of boxes()) box.checked = false;
  if (runChoice()) runChoice().value = "";
};
const fromAddress = () => {
  if (!location.hash.startsWith("#show?")) return false;
  clearFilters();
  for (const [kind, text] of new URLSearchParams(location.hash.slice(6))) {
    const values = text.split(",");
    for (const box of boxes()) if (box.name === kind) box.checked = values.includes(box.value);
    if (kind === "run" && runChoice()) for (const option of runChoice().options) if (values.includes(option.dataset.key)) runChoice().value = option.value;
  }
  return true;
};
/* A link to a finding that is filtered out shows it again, and opens what it is folded in. */
const showTarget = () => {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!target) return;
  if (filters() && target.closest("[hidden]")) { clearFilters(); applyFilters(); }
  for (let around = target.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  target.scrollIntoView();
};
actions.reset = () => { clearFilters(); applyFilters(); remembered(); boxes()[0]?.focus(); };
document.addEventListener("DOMContentLoaded", () => {
  if (filters()) {
    fromAddress();
    applyFilters();
    filters().addEventListener("change", () => { applyFilters(); remembered(); });
  }
  showTarget();
});
addEventListener("hashchange", () => filters() && fromAddress() ? applyFilters() : showTarget());
