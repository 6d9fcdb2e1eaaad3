
"use strict";
// Sends a file in parts. What S3 has of it stays there: after whatever broke off, the same file goes on where it was.
const { kinds, language, partBytes } = JSON.parse(document.getElementById("given").textContent);
const $ = (id) => document.getElementById(id);
const ticket = decodeURIComponent(location.hash.slice(1));
const { texts, mostBytes, endings } = kinds[ticket.split(".")[0]] ?? kinds["1"]; // what the ticket lets in
const place = `etstats upload ${ticket.split(".")[3]}`; // the ticket's number, which opens nothing
const SAMPLE = 65536, POLL_MS = 1500, MOST_TRIES = 8, LONGEST_PAUSE_MS = 30000;
const STEPS = ["sent", "received", "analysed", "ready"];

class Refused extends Error {}

const say = (key, given = {}) => texts[key].replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");
const number = (value, digits = 0) => value.toLocaleString(language, { maximumFractionDigits: digits });
const megabytes = (bytes) => say("bytes", { mb: number(bytes / 1e6, bytes < 1e7 ? 1 : 0) });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

for (const one of document.querySelectorAll("[data-text]")) one.textContent = say(one.dataset.text);
document.title = say("title");

// --- what is remembered over a reload -------------------------------------------------------------------------------

function remembered() {
  try { return JSON.parse(localStorage.getItem(place)); } catch { return null; }
}
function remember(upload) {
  try { localStorage.setItem(place, JSON.stringify(upload)); } catch { /* a private window: it goes without */ }
}
function forget() {
  try { localStorage.removeItem(place); } catch { /* nothing there */ }
}

// --- what is shown --------------------------------------------------------------------------------------------------

function notice(text, bad = false) {
  $("notice").textContent = text;
  $("notice").classList.toggle("bad", bad);
  $("notice").hidden = !text;
}
function step(now, bad = false) {
  STEPS.forEach((name, at) => {
    const done = at < STEPS.indexOf(now) || (now === "ready" && !bad);
    $(`step-${name}`).className = done ? "done" : name === now ? (bad ? "bad" : "now") : "";
  });
  document.documentElement.dataset.step = bad ? "failed" : now;
}
function progress(percent, text, kind = "") {
  $("fill").style.width = `${percent}%`;
  $("bar").className = `bar ${kind}`;
  $("bar").setAttribute("aria-valuenow", Math.round(percent));
  $("told").textContent = text;
}
function working(upload) {
  $("name").textContent = upload.name;
  $("size").textContent = megabytes(upload.size);
  $("pick").hidden = true;
  $("work").hidden = false;
  $("another").hidden = $("retry").hidden = true;
}
function over(text, again) {
  progress(100, text, again ? "bad" : "good");
  $("another").hidden = ticket.startsWith("2."); // such a ticket lets one file in
}
function fault(error) {
  return error instanceof Refused && texts[error.message] ? say(error.message) : say("error_away");
}

// --- talking to the server ------------------------------------------------------------------------------------------

async function ask(what, upload, more = {}) {
  const { name, size, mark } = upload;
  const answer = await fetch(location.pathname, {
    method: "POST", headers: { "Content-Type": "application/json" }, referrerPolicy: "no-referrer", cache: "no-store",
    body: JSON.stringify({ ticket, ask: what, name, size, mark, ...more }),
  });
  const told = await answer.json();
  if (answer.status >= 500 || answer.status === 429) throw new Error("away");
  if (!answer.ok) throw new Refused(told.error || "error_away");
  return told;
}

function put(url, part, moved) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.timeout = 120000;
    request.upload.onprogress = (event) => moved(event.loaded);
    request.onload = () => (request.status === 200 ? done() : failed(new Error(`S3 says ${request.status}`)));
    request.onerror = request.ontimeout = request.onabort = () => failed(new Error("away"));
    request.send(part);
  });
}

// What is only away is tried again, more and more seldom; a refusal is the end of it.
async function patiently(work) {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refused || tries >= MOST_TRIES) throw error;
      $("told").textContent = say("offline");
      await pause(Math.min(LONGEST_PAUSE_MS, 500 * 2 ** tries));
    }
  }
}

// --- the file -------------------------------------------------------------------------------------------------------

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function markOf(file) {
  const ends = new Blob([file.slice(0, SAMPLE), file.slice(Math.max(0, file.size - SAMPLE)), String(file.size)]);
  return hex(await crypto.subtle.digest("SHA-256", await ends.arrayBuffer()));
}

function unfit(file) {
  if (!endings.some((one) => /^.+\.[^.]+$/.test(file.name) && file.name.toLowerCase().endsWith(`.${one}`))) return "error_bad_file";
  if (file.size === 0) return "error_empty";
  return file.size > mostBytes ? "error_too_large" : "";
}

async function chosen(file) {
  const known = remembered();
  notice("");
  if (unfit(file)) return notice(say(unfit(file), { mb: number(mostBytes / 1e6) }), true);
  const upload = { name: file.name, size: file.size, mark: await markOf(file) };
  if (known && !known.finished && known.mark !== upload.mark) notice(say("wrong_file", { name: known.name }));
  await send(file, upload);
}

async function send(file, upload) {
  working(upload);
  step("sent");
  progress(0, say("checking"));
  try {
    const begun = await patiently(() => ask("begin", upload));
    remember(upload);
    if (!begun.finished) await sendParts(file, upload, new Set(begun.there));
    remember({ ...upload, finished: true });
    await follow(upload);
  } catch (error) {
    step("sent", true);
    progress(0, fault(error), "bad");
    $("another").hidden = false;
    $("retry").hidden = false;
    $("retry").onclick = () => send(file, upload);
  }
}

async function sendParts(file, upload, there) {
  const parts = Math.ceil(file.size / partBytes), began = performance.now();
  const sizeOf = (at) => Math.min(partBytes, file.size - (at - 1) * partBytes);
  let kept = 0, sent = 0;
  for (const at of there) kept += sizeOf(at);
  const show = (moving) => {
    const now = Math.min(file.size, kept + sent + moving), rate = (sent + moving) / (performance.now() - began) * 1000;
    const left = rate > 0 ? (file.size - now) / rate : 0;
    remember({ ...upload, sent: kept + sent });
    progress(100 * now / file.size, say("sending", {
      percent: number(Math.floor(100 * now / file.size)), done: megabytes(now), rate: megabytes(rate || 0),
    }) + (left > 2 ? ` · ${say("left", { seconds: number(Math.ceil(left)) })}` : ""));
  };
  show(0);
  for (let at = 1; at <= parts; at++) {
    if (there.has(at)) continue;
    const part = file.slice((at - 1) * partBytes, (at - 1) * partBytes + sizeOf(at));
    await patiently(async () => put((await ask("part", upload, { part: at })).url, part, show));
    sent += sizeOf(at);
    show(0);
  }
  await patiently(() => ask("finish", upload));
}

// --- what comes of it -----------------------------------------------------------------------------------------------

async function follow(upload) {
  working(upload);
  for (;;) {
    const told = await patiently(() => ask("state", upload));
    if (told.state === "ready") {
      step("ready");
      return over(say("state_ready", {
        map: told.map || upload.name, highlights: number(told.highlights || 0), reason: told.reason || "",
      }));
    }
    if (told.state === "failed") {
      step("analysed", true);
      forget();
      return over(say("state_failed", { reason: told.reason || "" }), true);
    }
    const analysing = told.state === "analysing";
    step(analysing ? "analysed" : "received");
    progress(analysing ? told.percent : 0, say(`state_${told.state}`, { percent: number(told.percent || 0) }));
    await pause(POLL_MS);
  }
}

async function begin() {
  if (!/^[12](\.\d+){4}\../.test(ticket)) {
    $("pick").hidden = true;
    return notice(say("error_bad_link"), true);
  }
  const known = remembered();
  if (known && known.finished) {
    try {
      await follow(known);
    } catch (error) {
      forget();
      $("work").hidden = true;
      $("pick").hidden = false;
      notice(fault(error), true);
    }
  } else if (known) {
    notice(say("go_on", { name: known.name, percent: number(Math.floor(100 * (known.sent || 0) / known.size)) }));
    $("pick").querySelector("strong").textContent = say("choose_again");
  }
}

// --- hands ----------------------------------------------------------------------------------------------------------

$("file").onchange = (event) => event.target.files.length && chosen(event.target.files[0]);
$("another").onclick = () => { forget(); $("work").hidden = true; $("pick").hidden = false; $("file").value = ""; notice(""); };
addEventListener("dragover", (event) => { event.preventDefault(); $("pick").classList.add("over"); });
addEventListener("dragleave", () => $("pick").classList.remove("over"));
addEventListener("drop", (event) => {
  event.preventDefault();
  $("pick").classList.remove("over");
  if ($("pick").hidden) return;
  if (event.dataTransfer.files.length > 1) return notice(say("one_file"), true);
  if (event.dataTransfer.files.length) chosen(event.dataTransfer.files[0]);
});
begin();
document.documentElement.dataset.ready = "yes";
