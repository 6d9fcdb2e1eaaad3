// The page: who looks, at which channel, in which language; the parts are put together here.

import { Channels } from "./channels.js";
import { Composer } from "./composer.js";
import { avatar, element } from "./element.js";
import { refreshTimes } from "./markdown.js";
import { Messages } from "./messages.js";
import { mayUse, sendable } from "./options.js";
import { closeMenu, memberList, showMenu } from "./people.js";
import { interact, listen, lookUp } from "./server.js";
import { applyTheme, nextTheme, settings } from "./settings.js";

const byId = (id) => document.getElementById(id);
const THEME_SIGNS = { auto: "◐", light: "☀", dark: "☾" };
const state = { application: { id: "0", name: "etstats" }, users: [], commands: [], channels: [], interactions_url: "" };
let hangUp = () => {};

const desk = {
  get application() { return state.application; },
  get address() { return state.interactions_url; },
  me: () => state.users.find((one) => one.id === settings.user) ?? state.users[0] ?? { id: "", name: "you", username: "you" },
  names: () => Object.fromEntries([
    ...state.users.map((one) => [one.id, one.name]), ...state.channels.map((one) => [one.id, one.name]),
    [state.application.id, state.application.name],
  ]),
  question: (asked) => ({ user: desk.me().id, locale: settings.locale, channel_id: channels.current, ...asked }),
  menuOn: (user, anchor) => showMenu(
    user, anchor, state.commands.filter((one) => mayUse(one, desk.me(), inDirect())),
    (command) => messages.ask({ kind: "user_command", name: command.name, target: user.id }, `${command.name} → ${user.name}`),
  ),
};

const channels = new Channels({ list: byId("channels"), views: byId("views"), shown: drawChannel });
const messages = new Messages(channels, desk);
const composer = new Composer({
  send: (path, options, text) => messages.ask({ kind: "command", path, options }, text),
  complete: async (path, options, focused) => {
    const result = await interact(desk.question({ kind: "autocomplete", path, options, focused }));
    return result.error ? null : result.response.data.choices;
  },
});

function inDirect() {
  return Boolean(channels.find(channels.current)?.direct);
}

function banner(text) {
  byId("banner").textContent = text;
  byId("banner").hidden = !text;
}

// --- drawing what does not belong to one channel ------------------------------------------------------------------

function drawChannel(id) {
  const channel = channels.find(id);
  if (!channel) return;
  byId("channel-name").replaceChildren(
    element("span", { class: "hash", "aria-hidden": "true" }, channel.direct ? "@ " : "# "), channel.name,
  );
  byId("topic").textContent = channels.topic(channel);
  document.body.classList.remove("people-open");
  offerCommands();
  welcome(channel);
}

function offerCommands() {
  const around = { users: state.users, channels: state.channels, guild: state.guild_id };
  composer.offer(state.commands, desk.me(), around, { direct: inDirect() });
}

function drawState() {
  const me = desk.me();
  byId("acting").replaceChildren(...state.users.map((one) =>
    element("option", { value: one.id, selected: one.id === me.id }, one.name)));
  const made = avatar(me.id, me.name);
  byId("my-avatar").className = made.className;
  byId("my-avatar").textContent = made.textContent;
  byId("members").replaceChildren(...memberList(state.users, me.id, desk.menuOn));
  channels.offer(state.channels);
  offerCommands();
  for (const channel of state.channels) welcome(channel);
}

function drawSettings() {
  document.documentElement.lang = settings.locale;
  byId("locale").value = settings.locale;
  byId("theme").textContent = THEME_SIGNS[settings.theme];
  byId("theme").title = `Theme: ${settings.theme}`;
  applyTheme();
}

/** What an empty channel says. */
function welcome(channel) {
  const log = channels.log(channel.id);
  if (log.querySelector(".message")) return;
  if (channel !== state.channels[0] && !channel.direct) {
    log.replaceChildren(element("p", { class: "nothing" }, "Nothing has been posted here yet. Cards appear by themselves."));
    return;
  }
  const commands = sendable(state.commands, desk.me(), { direct: channel.direct });
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
    element("span", { class: "big-hash", "aria-hidden": "true" }, channel.direct ? "@" : "#"),
    element("h3", {}, "Welcome to the desk"),
    element("p", {}, "It stands in for Discord: commands go out signed, and the answers are drawn as Discord draws them."),
    commands.length ? element("div", { class: "commands" }, cards) : nothing,
  ));
}

// --- starting and staying up to date ------------------------------------------------------------------------------

async function refreshState() {
  try {
    Object.assign(state, await lookUp(settings.user));
    banner("");
    drawState();
  } catch {
    banner("The desk's own server does not answer. Start it again with: make up");
  }
}

/** Looks through somebody's eyes: all that is theirs anew, then every change as it happens. */
async function connect() {
  hangUp();
  delete document.documentElement.dataset.ready;
  await new Promise((ready) => {
    hangUp = listen(desk.me().id, {
      connected: async () => {
        await refreshState();
        await messages.fill();
        for (const channel of state.channels) welcome(channel);
        ready();
      },
      lost: () => {
        banner("The desk's own server does not answer. Start it again with: make up");
        ready();
      },
      message: (entry) => {
        const isNew = !messages.drawn.has(entry.message.id);
        messages.put(entry);
        if (isNew) channels.note(entry.message.channel_id);
      },
      deleted: (entry) => messages.remove(entry),
      state: refreshState,
    });
  });
  document.documentElement.dataset.ready = "true";
}

byId("acting").addEventListener("change", async (event) => {
  const was = channels.find(channels.current);
  settings.set("user", event.target.value);
  delete document.documentElement.dataset.ready;
  closeMenu();
  await refreshState();
  if (was?.direct) channels.show(state.channels.find((one) => one.direct).id);
  await connect();
});
byId("locale").addEventListener("change", (event) => {
  settings.set("locale", event.target.value);
  drawSettings();
  drawState();
  for (const id of messages.drawn.keys()) messages.draw(id);
});
byId("theme").addEventListener("click", () => {
  nextTheme();
  drawSettings();
});
byId("people").addEventListener("click", () => document.body.classList.toggle("people-open"));

drawSettings();
await refreshState();
await connect();
setInterval(refreshTimes, 10_000);
