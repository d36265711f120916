// What a row of the stream and a step of a story have in common.

const lang = document.documentElement.lang;
const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(lang, { day: "numeric", month: "short" });
const whole = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: "long" });

export function copy(template) {
  return document.getElementById(template).content.firstElementChild.cloneNode(true);
}

export function fill(item, told) {
  const time = item.querySelector("time");
  time.dateTime = told.at;
  time.title = whole.format(new Date(told.at));
  time.textContent = moment(told.at);
  item.dataset.stage = told.stage;
  item.dataset.fact = told.fact;
  item.querySelector(".stage").textContent = told.stage_name;
  item.querySelector(".sentence").textContent = told.sentence;
  item.querySelector(".why").textContent = told.why;
  if (told.due_at) item.querySelector(".due").textContent = `${told.due} ${moment(told.due_at)}`;
  item.querySelector(".tag").hidden = !told.attention;
  item.classList.toggle("attention", told.attention);
  return item;
}

function moment(text) {
  const at = new Date(text);
  const today = at.toDateString() === new Date().toDateString();
  return today ? clock.format(at) : `${day.format(at)} ${clock.format(at)}`;
}
