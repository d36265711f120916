// Numbers of the flow, and the bar in which every referral has its place.

const format = new Intl.NumberFormat(document.documentElement.lang);
const UNKNOWN = "–"; // it has not been watched for long enough to tell
const PARTS = ["delivered", "under_way", "held", "parked", "closed", "at_notify"];

export function number(value) {
  return format.format(value);
}

export function showCounts({ counts, per_minute }) {
  const all = { ...counts, per_minute, closed: counts.dismissed + counts.cancelled };
  for (const place of document.querySelectorAll("[data-count]")) {
    const value = all[place.dataset.count];
    const text = value === null ? UNKNOWN : number(value);
    if (place.textContent !== text) place.textContent = text;
    place.classList.toggle("zero", value === 0);
  }
  showBalance(all);
}

function showBalance(all) {
  const total = PARTS.reduce((sum, part) => sum + all[part], 0) || 1;
  let x = 0;
  for (const part of PARTS) {
    const width = (1000 * all[part]) / total;
    const rect = document.querySelector(`#balance [data-part=${part}]`);
    rect.setAttribute("x", x);
    rect.setAttribute("width", width);
    x += width;
  }
}
