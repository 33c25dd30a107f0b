/* The theme, and what is copied or saved. Everything here is extra: the page reads without it. */
const root = document.documentElement;
root.classList.add("js");
const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
const remember = (theme) => { try { localStorage.setItem("advisor-theme", theme); } catch { /* storage is off: the choice lasts for this page */ } };
try { const theme = localStorage.getItem("advisor-theme"); if (theme) root.dataset.theme = theme; } catch { /* storage is off */ }

/* What the page says, in its language; %name is where a value is written. */
const phrases = (() => {
  let known;
  return () => known ??= JSON.parse(document.body.dataset.phrases);
})();
const phrase = (name, values = {}) => phrases()[name].replace(/%(\w+)/g, (_, key) => values[key]);

const label = () => {
  for (const button of document.querySelectorAll("[data-action=theme]")) {
    button.textContent = phrase(dark() ? "light" : "dark");
    button.setAttribute("aria-label", phrase(dark() ? "to_light" : "to_dark"));
  }
};
const said = (button, text) => {
  const before = button.dataset.label ??= button.textContent;
  button.textContent = text;
  setTimeout(() => { button.textContent = before; }, 2000);
};
const copied = async (button, text, otherwise) => {
  try { await navigator.clipboard.writeText(text); said(button, phrase("copied")); }
  catch { otherwise(); said(button, phrase("selected")); }
};
const words = (element) => element.innerText.replace(/\s+/g, " ").trim();
/* A finding as Markdown, from what the page shows of it. */
const markdown = (card) => {
  const parts = [`### ${words(card.querySelector("h3"))}`, words(card.querySelector(".badge")), words(card.querySelector(".seen p"))];
  const cost = card.querySelector(".cost"), diff = card.querySelector(".diff code");
  if (cost) parts.push(`**${phrase("cost")}**: ${words(cost)}`);
  if (diff) parts.push("```diff\n" + diff.textContent.trimEnd() + "\n```");
  for (const pair of card.querySelectorAll(".three > div")) parts.push(`**${words(pair.querySelector("dt"))}**: ${words(pair.querySelector("dd"))}`);
  return `${parts.join("\n\n")}\n`;
};
/* The report as advisor/report/enclosed.py put it into the page. */
const enclosed = () => {
  const bytes = Uint8Array.from(atob(document.getElementById("report").textContent), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
};
/* Put together from what advisor/report/folding.py made of it: as values, or as the text of the JSON. */
const asValues = {
  exact: Number, plain: (value) => value, list: (items) => items,
  object: (keys, items) => Object.fromEntries(keys.map((key, i) => [key, items[i]])),
};
const asText = {
  exact: (text) => text, plain: JSON.stringify, list: (items) => `[${items}]`,
  object: (keys, items) => `{${keys.map((key, i) => `${JSON.stringify(key)}:${items[i]}`)}}`,
};
const unfolded = ({ shapes, values }, make) => {
  const made = [];
  for (const value of values) {
    if (!Array.isArray(value)) { made.push(make.plain(value)); continue; }
    const [kind, ...rest] = value, items = () => rest.map((place) => made[place]);
    made.push(kind === -3 ? make.exact(rest[0]) : kind === -2 ? make.plain(rest) : kind === -1 ? make.list(items()) : make.object(shapes[kind], items()));
  }
  return made.at(-1);
};
const offered = (text, name) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text, "\n"], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
const actions = {
  theme() { root.dataset.theme = dark() ? "light" : "dark"; remember(root.dataset.theme); label(); },
  copy(button) {
    const code = button.closest(".diff").querySelector("code");
    return copied(button, code.textContent.trimEnd(), () => getSelection().selectAllChildren(code));
  },
  markdown(button) {
    const card = button.closest(".card");
    return copied(button, markdown(card), () => getSelection().selectAllChildren(card));
  },
  async save(button) {
    try { offered(unfolded(await enclosed(), asText), "advisor-report.json"); }
    catch { said(button, phrase("packed")); }
  },
};
/* In the frame of a notebook, addresses are the notebook's: a link to a place here would load it anew,
   and one to a source would replace this page. */
const framed = location.protocol === "about:";
document.addEventListener("click", (event) => {
  const link = framed && event.target.closest("a[href]");
  if (!link) return;
  const place = link.getAttribute("href");
  if (!place.startsWith("#")) { link.target = "_blank"; return; }
  event.preventDefault();
  location.hash = place;
});
document.addEventListener("DOMContentLoaded", label);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", label);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (button) actions[button.dataset.action](button);
});
addEventListener("beforeprint", () => { for (const folded of document.querySelectorAll("details.panel")) folded.open = true; });
