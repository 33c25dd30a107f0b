/* Asks whether there is a newer report, and shows it where the reader was. */
"use strict";
const EVERY = 2000;
const frame = document.querySelector("iframe"), said = document.querySelector("p");
let shown = 0;

const folds = () => [...frame.contentDocument.querySelectorAll("details")];
const named = (fold) => `${fold.closest("[id]")?.id} ${fold.querySelector("summary")?.textContent}`;
const loaded = () => new Promise((done) => { frame.addEventListener("load", done, { once: true }); });

const prepare = () => {
  document.title = frame.contentDocument.title;
  /* Other sites would be shown inside the frame. */
  for (const link of frame.contentDocument.links) if (link.origin !== location.origin) link.target = "_blank";
};
const first = async () => {
  frame.hidden = false;
  frame.src = "report";
  await loaded();
  prepare();
};
const renew = async () => {
  const { scrollX, scrollY } = frame.contentWindow, open = new Map(folds().map((fold) => [named(fold), fold.open]));
  frame.contentWindow.history.scrollRestoration = "manual";
  frame.contentWindow.location.reload();
  await loaded();
  prepare();
  for (const fold of folds()) fold.open = open.get(named(fold)) ?? fold.open;
  /* Once what was unfolded has its height, and the page has done its own scrolling. */
  await new Promise((done) => { frame.contentWindow.requestAnimationFrame(() => setTimeout(done)); });
  frame.contentWindow.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
};
const ask = async () => {
  try {
    const answer = await fetch("version", { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    const { version } = await answer.json();
    if (version !== shown) await (shown ? renew() : first());
    shown = version;
    said.hidden = shown > 0;
  } catch {
    said.textContent = "advisor watch has ended: this page no longer changes.";
    said.hidden = false;
  }
  setTimeout(ask, EVERY);
};
ask();
