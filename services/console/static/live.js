// The live page: one stream of glimpses, shown as numbers and as rows.
import { showCounts } from "./counts.js";
import { Rows } from "./rows.js";
import { openStories } from "./story.js";

const RETRY_MS = 3000;
const SPEAK_MS = 15000;

const link = document.getElementById("link");
const spoken = document.getElementById("spoken");
const rows = new Rows();
const unspoken = { facts: 0, since: Date.now() };
let source = null;
let retry = 0;

function say(state) {
  link.dataset.state = state;
  link.textContent = link.dataset[state];
}

// A screen reader hears a summary now and then, not every row.
function speak(glimpse) {
  unspoken.facts += glimpse.whole ? 0 : glimpse.rows.length + glimpse.skipped;
  if (!unspoken.facts || Date.now() - unspoken.since < SPEAK_MS) return;
  const { facts, waiting } = spoken.dataset;
  spoken.textContent = `${unspoken.facts} ${facts}; ${glimpse.counts.held} ${waiting}`;
  unspoken.facts = 0;
  unspoken.since = Date.now();
}

function take(event) {
  const glimpse = JSON.parse(event.data);
  say(glimpse.stale ? "stale" : rows.paused ? "paused" : "live");
  showCounts(glimpse);
  rows.take(glimpse);
  speak(glimpse);
}

function listen() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource(`/api/stream?lang=${document.documentElement.lang}`);
  source.addEventListener("glimpse", take);
  source.addEventListener("error", () => {
    say("away");
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(listen, RETRY_MS);
  });
}

// A page nobody sees costs nothing.
function attend() {
  if (document.hidden) {
    clearTimeout(retry);
    source?.close();
  } else {
    listen();
  }
}

rows.onpause = (paused) => say(paused ? "paused" : "live");
document.addEventListener("visibilitychange", attend);
openStories();
attend();
