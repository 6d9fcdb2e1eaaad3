
"use strict";
// Draws the timeline and moves along it; everything else is in the page already.
const told = JSON.parse(document.getElementById("given").textContent);
const $ = (id) => document.getElementById(id);
const HEIGHT = 190, MIDDLE = 96, REACH = 62, TICKS_Y = 186, MARKS_Y = 14, LATELY = 5, SPEED = 20;
const TEAMS = ["axis", "allies"];
const lasts = told.end - told.begin;
let now = told.end, width = 0, playing = 0;

const clock = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
const x = (at) => (width * (at - told.begin)) / lasts;

function make(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// Axis upwards, Allies downwards: told apart without their colours.
function bars() {
  const count = Math.max(8, Math.floor(width / 9)), counts = TEAMS.map(() => new Array(count).fill(0));
  for (const [at, team] of told.kills) counts[team][Math.min(count - 1, Math.floor((count * (at - told.begin)) / lasts))]++;
  const each = REACH / Math.max(3, ...counts.flat()), wide = width / count;
  return counts.flatMap((all, team) => all.map((kills, at) => make("rect", {
    class: TEAMS[team], x: at * wide + 1, width: Math.max(1, wide - 2), rx: 2,
    y: team ? MIDDLE + 1 : MIDDLE - 1 - kills * each, height: kills * each,
  })));
}

function ticks() {
  const steps = [5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600].map((one) => one * 1000);
  const step = steps.find((one) => (lasts / one) * 60 <= width) || steps.at(-1), found = [];
  for (let at = 0; at <= lasts; at += step) {
    const place = Math.min(width - 14, Math.max(14, x(told.begin + at)));
    found.push(make("text", { class: "tick", x: place, y: TICKS_Y }, clock(at)));
  }
  return found;
}

function draw() {
  width = $("drawn").clientWidth;
  const svg = make("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true" });
  for (const [begin, end] of told.rounds) {
    svg.append(make("rect", { class: "round", x: x(begin), y: 26, width: Math.max(1, x(end) - x(begin)), height: 144, rx: 4 }));
  }
  for (const [at] of told.feats) svg.append(make("line", { class: "feat", x1: x(at), x2: x(at), y1: 26, y2: 170 }));
  svg.append(make("line", { class: "base", x1: 0, x2: width, y1: MIDDLE, y2: MIDDLE }), ...bars(), ...ticks());
  svg.append(make("rect", { class: "later", y: 26, height: 144 }), make("line", { class: "cursor", y1: 22, y2: 172 }));
  let last = -100;
  for (const [position, first] of [...told.highlights].sort((one, other) => one[1] - other[1])) {
    const place = Math.min(width - 9, Math.max(9, x(first)));
    if (place - last < 18) continue; // no room: it is in the list
    last = place;
    const mark = make("g", { "data-to": first });
    mark.append(make("circle", { class: "mark", cx: place, cy: MARKS_Y, r: 9 }));
    mark.append(make("text", { class: "number", x: place, y: MARKS_Y + 4 }, position));
    svg.append(mark);
  }
  $("drawn").replaceChildren(svg);
  show(now);
}

function show(at) {
  now = Math.min(told.end, Math.max(told.begin, at));
  $("at").value = Math.round((now - told.begin) / 1000);
  $("clock").value = clock(now - told.begin);
  const svg = $("drawn").firstChild, cursor = svg.querySelector(".cursor"), later = svg.querySelector(".later");
  cursor.setAttribute("x1", x(now));
  cursor.setAttribute("x2", x(now));
  later.setAttribute("x", x(now));
  later.setAttribute("width", Math.max(0, width - x(now)));
  const score = TEAMS.map((_, team) => told.kills.filter((kill) => kill[1] === team && kill[0] <= now).length);
  $("running").replaceChildren(...TEAMS.map((team, at) => {
    const one = document.createElement("b");
    one.className = team;
    one.textContent = score[at];
    return one;
  }));
  const feed = [...document.querySelectorAll("#feed li")].filter((one) => Number(one.dataset.at) <= now);
  $("lately").replaceChildren(...feed.slice(-LATELY).reverse().map((one) => one.cloneNode(true)));
  for (const one of document.querySelectorAll("#map [data-at]")) one.classList.toggle("off", Number(one.dataset.at) > now);
}

function stop() {
  cancelAnimationFrame(playing);
  playing = 0;
  $("play").textContent = "▶";
}

function play() {
  if (playing) return stop();
  if (now >= told.end) now = told.begin;
  let before = performance.now();
  const on = (time) => {
    show(now + (time - before) * SPEED);
    before = time;
    if (now >= told.end) return stop();
    playing = requestAnimationFrame(on);
  };
  $("play").textContent = "❚❚";
  playing = requestAnimationFrame(on);
}

function jump(event) {
  const to = event.target.closest("[data-to]");
  if (!to) return false;
  stop();
  show(Number(to.dataset.to) + 500);
  $("timeline").scrollIntoView({ block: "start" });
  return true;
}

function drag(event) {
  if (event.type === "pointerdown" && jump(event)) return;
  if (event.type !== "pointerdown" && !event.buttons) return;
  stop();
  show(told.begin + (lasts * (event.clientX - $("drawn").getBoundingClientRect().left)) / width);
}

$("at").addEventListener("input", (event) => { stop(); show(told.begin + Number(event.target.value) * 1000); });
$("play").addEventListener("click", play);
$("drawn").addEventListener("pointerdown", drag);
$("drawn").addEventListener("pointermove", drag);
$("highlights")?.addEventListener("click", jump);
new ResizeObserver(() => $("drawn").clientWidth !== width && draw()).observe($("drawn"));
draw();
document.documentElement.dataset.ready = "yes";
