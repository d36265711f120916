// Facts, newest on top: all of them, or those after which a person must act. They can be held still.
import { number } from "./counts.js";
import { copy, fill } from "./fill.js";

const MOST = 50;
const all = document.getElementById("all");
const urgent = document.getElementById("urgent");
const pauseButton = document.getElementById("pause");
const filterButton = document.getElementById("filter");
const story = document.getElementById("story").dataset.story;

export class Rows {
  paused = false;
  onpause = () => {};
  waiting = [];

  constructor() {
    pauseButton.addEventListener("click", () => this.pause(!this.paused));
    filterButton.addEventListener("click", filter);
  }

  take(glimpse) {
    if (glimpse.whole) this.waiting = [];
    this.waiting.push(glimpse);
    if (!this.paused) this.show();
    this.label();
  }

  pause(paused) {
    this.paused = paused;
    this.onpause(paused);
    if (!paused) this.show();
    this.label();
  }

  show() {
    for (const { whole, rows, for_a_person, skipped } of this.waiting.splice(0)) {
      put(all, rows, whole, skipped);
      put(urgent, for_a_person, whole, 0);
    }
  }

  label() {
    const held = this.waiting.reduce((sum, { rows, skipped }) => sum + rows.length + skipped, 0);
    const { pause, resume } = pauseButton.dataset;
    pauseButton.textContent = this.paused ? `${resume}${held ? ` (${number(held)})` : ""}` : pause;
  }
}

function filter() {
  const pressed = filterButton.getAttribute("aria-pressed") !== "true";
  filterButton.setAttribute("aria-pressed", String(pressed));
  all.hidden = pressed;
  urgent.hidden = !pressed;
}

function put(place, rows, whole, skipped) {
  const list = place.querySelector("ol");
  const items = rows.map(asItem);
  if (skipped) items.unshift(asMore(skipped));
  if (whole) list.replaceChildren();
  list.prepend(...items.reverse());
  while (list.children.length > MOST) list.lastElementChild.remove();
  place.querySelector(".empty").hidden = list.children.length > 0;
}

function asItem(row) {
  const item = fill(copy("fact"), row);
  if (row.subject) {
    const subject = item.querySelector(".subject");
    subject.textContent = row.subject.slice(0, 8);
    subject.ariaLabel = `${story} ${subject.textContent}`;
    subject.href = `#${row.subject}`;
  }
  return item;
}

function asMore(skipped) {
  const item = copy("more");
  item.querySelector("b").textContent = number(skipped);
  return item;
}
