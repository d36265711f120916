// The story of one signal, in a panel; its address is the page's own with the id behind the #.
import { copy, fill } from "./fill.js";

const ID = /^[0-9a-f-]{8,36}$/i;
const dialog = document.getElementById("story");
const trouble = document.getElementById("trouble");

export function openStories() {
  window.addEventListener("hashchange", follow);
  document.getElementById("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => history.replaceState(null, "", location.pathname + location.search));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.getElementById("find").addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = event.target.elements.id.value.trim();
  });
  follow();
}

async function follow() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!id || document.getElementById(id)) return; // a place on the page itself
  show({ subject: id, corporation: "", steps: [] });
  trouble.hidden = true;
  if (!dialog.open) dialog.showModal();
  if (!ID.test(id)) return complain("missing");
  const story = await ask(id);
  if (story && location.hash === `#${id}`) show(story);
}

function show({ subject, corporation, steps }) {
  document.getElementById("short").textContent = subject.slice(0, 8);
  document.getElementById("whole").textContent = subject;
  document.getElementById("corporation").textContent = corporation ?? "";
  document.getElementById("steps").replaceChildren(...steps.map(asItem));
}

async function ask(id) {
  try {
    const answer = await fetch(`/api/trail/${id}?lang=${document.documentElement.lang}`);
    if (answer.ok) return await answer.json();
    complain(answer.status === 409 ? "ambiguous" : answer.status === 503 ? "away" : "missing");
  } catch {
    complain("away");
  }
  return null;
}

function complain(what) {
  trouble.textContent = dialog.dataset[what];
  trouble.hidden = false;
}

function asItem(step) {
  const item = fill(copy("step"), step);
  item.querySelector(".because").replaceChildren(...step.because.map(asSentence));
  item.querySelector(".rules").replaceChildren(...step.rules.map(asRule));
  return item;
}

function asSentence(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}

function asRule(fired) {
  const item = copy("rule");
  for (const part of ["rule", "to", "condition"]) item.querySelector(`.${part}`).textContent = fired[part];
  const seen = item.querySelector(".seen");
  if (fired.seen.length) seen.textContent = `${seen.dataset.saw} ${fired.seen.join(", ")}`;
  item.querySelector(".basis").textContent = [fired.basis, fired.note].filter(Boolean).join(" · ");
  return item;
}
