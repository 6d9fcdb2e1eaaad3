// The page: channels, messages, and the questions asked through the desk's server.

import { frame, messageBody, thinking } from "./card.js";
import { Composer, sendable } from "./composer.js";
import { avatar, element } from "./element.js";
import { refreshTimes } from "./markdown.js";

const POSTS_EVERY_MS = 2_000;
const STATE_EVERY_MS = 5_000;
const ORIGINAL_EVERY_MS = 200;
const GIVE_UP_MS = 15 * 60_000;
const DESK = { id: "desk", name: "etstats", topic: "Slash commands, answered by the functions that run here" };

const byId = (id) => document.getElementById(id);
const state = { application: { id: "0", name: "etstats" }, users: [], commands: [], channels: [], interactions_url: "" };
const views = new Map();
const drawn = new Map();
let current = DESK.id;

// --- talking to the desk's server ---------------------------------------------------------------------------------

async function fetchJson(address, options) {
  const answer = await fetch(address, { cache: "no-store", ...options });
  const said = await answer.json();
  if (!answer.ok && !said.error) throw new Error(said.message ?? `${answer.status}`);
  return said;
}

function asking(question) {
  return fetchJson("/desk/interact", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: me().id, locale: navigator.language, ...question }),
  });
}

function banner(text) {
  byId("banner").textContent = text;
  byId("banner").hidden = !text;
}

function me() {
  return state.users.find((one) => one.id === byId("acting").value) ?? { id: "", name: "you", username: "you" };
}

function names() {
  const users = state.users.map((one) => [one.id, one.name]);
  const channels = state.channels.map((one) => [one.id, one.name]);
  return Object.fromEntries([...users, ...channels, [state.application.id, "etstats"]]);
}

// --- channels -----------------------------------------------------------------------------------------------------

function view(id) {
  if (!views.has(id)) {
    const log = element("section", {
      class: "log", role: "log", tabindex: "0", hidden: id !== current, "aria-label": "Messages",
    });
    views.set(id, log);
    byId("views").append(log);
  }
  return views.get(id);
}

function drawChannels() {
  const all = [DESK, ...state.channels];
  const tabs = all.map((one) => {
    const unread = one.id !== current && Number(view(one.id).dataset.unread ?? 0);
    return element(
      "button",
      {
        type: "button", role: "tab", class: "channel", "aria-selected": String(one.id === current),
        on: { click: () => show(one.id) },
      },
      element("span", { class: "hash", "aria-hidden": "true" }, "#"),
      element("span", { class: "channel-label" }, one.name),
      unread ? element("span", { class: "unread", "aria-label": `${unread} new` }, String(unread)) : null,
    );
  });
  const focused = byId("channels").contains(document.activeElement);
  byId("channels").replaceChildren(...tabs);
  if (focused) byId("channels").querySelector("[aria-selected=true]").focus();
}

function show(id) {
  current = id;
  const channel = [DESK, ...state.channels].find((one) => one.id === id) ?? DESK;
  for (const [other, log] of views) log.hidden = other !== id;
  view(id).dataset.unread = "0";
  byId("channel-name").replaceChildren(element("span", { class: "hash", "aria-hidden": "true" }, "# "), channel.name);
  byId("topic").textContent = channel.topic ?? "What etstats posts by itself when a round ends";
  byId("composer").hidden = id !== DESK.id;
  drawChannels();
  toBottom(view(id), true);
}

function toBottom(log, always) {
  const near = log.scrollHeight - log.scrollTop - log.clientHeight < 240;
  if (always || near) log.scrollTop = log.scrollHeight;
}

function append(log, node) {
  const near = log.scrollHeight - log.scrollTop - log.clientHeight < 240;
  log.append(node);
  if (near) log.scrollTop = log.scrollHeight;
}

// --- drawing one answer -------------------------------------------------------------------------------------------

const WHY = {
  timeout: () => "Nothing came within three seconds.",
  unreachable: () => `Nobody listens at ${state.interactions_url}. Is the stack running?`,
  not_json: () => "The answer was not a JSON object.",
  refused: () => "Discord would refuse the answer:",
  status: (result) =>
    result.status === 401 ? "The endpoint answered 401: it did not accept the signature."
      : `The endpoint answered ${result.status}.`,
};

function failure(result) {
  const faults = result.faults?.length ? element("ul", {}, result.faults.map((one) => element("li", {}, one))) : null;
  const words = result.error === "bad_question" ? result.message : WHY[result.error]?.(result) ?? result.message;
  return element(
    "div", { class: "body" },
    element("p", { class: "no-answer", role: "alert" }, "The application did not respond"),
    element("div", { class: "why" }, element("p", {}, words), faults),
  );
}

function usedLine(user, text) {
  return element(
    "p", { class: "used" },
    avatar(user.id, user.name, "tiny"),
    element("span", { class: "who" }, user.name), " used ",
    element("span", { class: "command" }, text),
  );
}

/** The line under an answer: how long it took, and the JSON behind it. */
function details(result, text) {
  return element(
    "p", { class: "details" },
    element("span", { class: "took" }, text),
    element("button", { type: "button", class: "show-raw", on: { click: () => showRaw(result) } }, "JSON"),
  );
}

function took(result) {
  return result.status || result.error === "timeout" ? `${Math.round(result.ms)} ms` : "no answer";
}

/** Draws *message* into *node*, with what its buttons and menus do. */
function fill(node, message, result, timing) {
  const press = (component, values) => pressed(node, message, component, values);
  node.replaceChildren(messageBody(message, { names: names(), press }), details({ ...result, message }, timing));
}

async function ask(path, values, text) {
  const user = me();
  const log = view(DESK.id);
  log.querySelector(".welcome")?.remove();
  const slot = element("div", { class: "slot", data: { state: "sending" } }, thinking("Sending command…"));
  const above = usedLine(user, text);
  const node = frame({ id: state.application.id, name: "etstats", app: true, time: new Date(), above }, slot);
  append(log, node);
  toBottom(log, true);
  await settle(slot, () => asking({ kind: "command", path, options: values }));
  toBottom(log);
}

/** Sends a question and draws what comes of it into *slot*: the answer, the wait for a late one, or why there is none. */
async function settle(slot, question) {
  const begun = performance.now();
  let result;
  try {
    result = await question();
    banner("");
  } catch (fault) {
    result = { error: "desk", message: `The desk's own server does not answer (${fault.message}). Is the stack running?` };
  }
  if (result.error) {
    slot.replaceChildren(failure(result), details(result, took(result)));
    slot.dataset.state = "failed";
    return;
  }
  if (result.message) {
    fill(slot, result.message, result, took(result));
    await late(slot, result, begun);
  } else {
    const words = `Answer of type ${result.response.type}: the desk does not draw it. See its JSON.`;
    slot.replaceChildren(element("p", { class: "content" }, words), details(result, took(result)));
  }
  slot.dataset.state = "done";
}

/** After a deferral: waits for the edit, and draws it. */
async function late(slot, result, begun) {
  const { type } = result.response;
  if (type !== 5 && type !== 6) return;
  slot.dataset.state = "thinking";
  const first = result.message.edited_timestamp;
  while (performance.now() - begun < GIVE_UP_MS) {
    await new Promise((go) => setTimeout(go, performance.now() - begun > 20_000 ? 1_000 : ORIGINAL_EVERY_MS));
    const message = await fetchJson(`/stub/webhooks/${encodeURIComponent(result.token)}/original`).catch(() => null);
    if (message && message.edited_timestamp !== first && !(message.flags & 128)) {
      const whole = ((performance.now() - begun) / 1000).toFixed(1);
      fill(slot, message, result, `${took(result)} to “thinking…”, ${whole} s to the answer`);
      toBottom(view(DESK.id));
      return;
    }
  }
  slot.replaceChildren(failure({ error: "late", message: "The answer was put off and never came." }));
}

/** A click: type 7 draws the message anew in place, type 4 and 5 add one below. */
async function pressed(node, message, component, values) {
  for (const control of node.querySelectorAll(".components button")) control.disabled = true;
  node.classList.add("busy");
  const question = { kind: "component", message_id: message.id, custom_id: component.custom_id, values };
  const label = component.label ?? component.placeholder ?? component.emoji?.name ?? "menu";
  const log = node.closest(".log");
  let result;
  try {
    result = await asking(question);
  } catch (fault) {
    result = { error: "desk", message: `The desk's own server does not answer (${fault.message}).` };
  }
  node.classList.remove("busy");
  if (result.message?.id === message.id) {
    fill(node, result.message, result, took(result));
    await late(node, result, performance.now() - result.ms);
    node.dataset.state = "done";
    return;
  }
  fill(node, message, result, took(result));
  const slot = element("div", { class: "slot" });
  const above = usedLine(me(), label);
  append(log, frame({ id: state.application.id, name: "etstats", app: true, time: new Date(), above }, slot));
  await settle(slot, async () => result);
  toBottom(log);
}

async function complete(path, options, focused) {
  try {
    const result = await asking({ kind: "autocomplete", path, options, focused });
    return result.error ? null : result.response.data.choices;
  } catch {
    return null;
  }
}

// --- raw JSON -----------------------------------------------------------------------------------------------------

function showRaw(result) {
  const tabs = { Response: result.response, Message: result.message, Request: result.request, All: result };
  const buttons = Object.entries(tabs).filter(([, value]) => value).map(([name, value]) =>
    element("button", {
      type: "button", role: "tab", "aria-selected": "false",
      on: {
        click: (event) => {
          for (const other of byId("raw-tabs").children) other.setAttribute("aria-selected", String(other === event.target));
          byId("raw-text").textContent = JSON.stringify(value, null, 2);
          byId("raw-text").scrollTop = 0;
        },
      },
    }, name));
  byId("raw-tabs").replaceChildren(...buttons);
  buttons[0].click();
  byId("raw").showModal();
}

byId("raw").addEventListener("click", (event) => { if (event.target === byId("raw")) byId("raw").close(); });

// --- starting and staying up to date ------------------------------------------------------------------------------

function welcome() {
  const log = view(DESK.id);
  if (log.querySelector(".message")) return;
  const commands = sendable(state.commands);
  const cards = commands.map((one) => element(
    "button", { type: "button", on: { click: () => composer.choose(one, "") } },
    element("b", {}, one.name), element("span", {}, one.description),
  ));
  const nothing = element(
    "p", { class: "nothing" },
    "No commands are registered yet. They appear here by themselves as soon as the stack has registered them.",
  );
  log.replaceChildren(element(
    "div", { class: "welcome" },
    element("span", { class: "big-hash", "aria-hidden": "true" }, "#"),
    element("h3", {}, "Welcome to the desk"),
    element("p", {}, "It stands in for Discord: commands go out signed, and the answers are drawn as Discord draws them."),
    commands.length ? element("div", { class: "commands" }, cards) : nothing,
  ));
}

async function refreshState() {
  try {
    const said = await fetchJson("/desk/state");
    banner("");
    const changed = JSON.stringify(said) !== JSON.stringify(state);
    Object.assign(state, said);
    if (changed) drawState();
  } catch {
    banner("The desk's own server does not answer. Start it again with: make up");
  }
}

function drawState() {
  const acting = byId("acting").value;
  byId("acting").replaceChildren(...state.users.map((one) =>
    element("option", { value: one.id, selected: one.id === acting }, one.admin ? `${one.name} (admin)` : one.name)));
  drawMe();
  composer.offer(state.commands);
  drawChannels();
  welcome();
}

function drawMe() {
  const user = me();
  const made = avatar(user.id, user.name);
  byId("my-avatar").className = made.className;
  byId("my-avatar").textContent = made.textContent;
}

async function refreshPosts() {
  for (const channel of state.channels) {
    const posts = await fetchJson(`/stub/channels/${channel.id}/messages`).catch(() => null);
    if (posts) drawPosts(channel, posts);
  }
}

function drawPosts(channel, posts) {
  const log = view(channel.id);
  if (!posts.length && !log.children.length) {
    log.append(element("p", { class: "nothing" }, "Nothing has been posted yet. A card appears here when a round ends."));
  }
  let added = 0;
  for (const post of posts) {
    const known = drawn.get(post.id);
    if (known?.stamp === post.edited_timestamp) continue;
    const slot = known?.slot ?? element("div", { class: "slot", data: { state: "done" } });
    fill(slot, post, { response: null, request: null }, "posted by itself");
    drawn.set(post.id, { slot, stamp: post.edited_timestamp });
    if (known) continue;
    log.querySelector(":scope > .nothing")?.remove();
    append(log, frame({ id: post.author.id, name: post.author.username, app: true, time: new Date(post.timestamp) }, slot));
    added += 1;
  }
  if (!added || channel.id === current) return;
  log.dataset.unread = String(Number(log.dataset.unread ?? 0) + added);
  drawChannels();
}

function every(pause, work) {
  const again = async () => {
    if (!document.hidden) await work();
    setTimeout(again, pause);
  };
  setTimeout(again, pause);
}

const composer = new Composer({ send: ask, complete });
byId("acting").addEventListener("change", drawMe);
view(DESK.id);
show(DESK.id);
await refreshState();
drawState();
await refreshPosts();
every(STATE_EVERY_MS, refreshState);
every(POSTS_EVERY_MS, refreshPosts);
setInterval(refreshTimes, 10_000);
document.documentElement.dataset.ready = "true";
