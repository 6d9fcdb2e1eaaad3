// Messages in their channels: what is there, what is being waited for, what failed; and what a press does.

import { details, frame, messageBody, thinking, usedLine } from "./card.js";
import { element } from "./element.js";
import { showForm } from "./modal.js";
import { onMenu } from "./people.js";
import { showRaw } from "./raw.js";
import { interact, latest } from "./server.js";

const LOADING = 128;
const [DEFERRED, DEFERRED_UPDATE, FORM] = [5, 6, 9];

const WHY = {
  timeout: () => "Nothing came within three seconds.",
  unreachable: (result) => `Nobody listens at ${result.address}. Is the stack running?`,
  not_json: () => "The answer was not a JSON object.",
  refused: () => "Discord would refuse the answer:",
  status: (result) =>
    result.status === 401 ? "The endpoint answered 401: it did not accept the signature."
      : `The endpoint answered ${result.status}.`,
};

export class Messages {
  /** *desk* knows: me(), names(), application, address; question(asked) adds who asks; menuOn(user, anchor). */
  constructor(channels, desk) {
    Object.assign(this, { channels, desk });
    this.drawn = new Map(); // a message's id → {entry, slot, article}
    this.results = new Map(); // a message's id → what came of the question that made or changed it
    this.waiting = new Set();
  }

  // --- what the channels hold ---------------------------------------------------------------------------------------

  /** Everything anew: somebody else looks now, or the line was down. */
  async fill() {
    const user = this.desk.me().id;
    const pages = await Promise.all(this.channels.all.map(async (one) => [one.id, await latest(one.id, user)]));
    if (user !== this.desk.me().id) return;
    this.drawn.clear();
    this.waiting.clear();
    this.channels.clear();
    for (const [channel, { entries, more }] of pages) {
      for (const entry of entries) this.put(entry);
      if (more) this.offerEarlier(channel);
    }
    this.channels.toBottom(this.channels.current, { always: true });
  }

  offerEarlier(channel) {
    const log = this.channels.log(channel);
    const button = element("button", { type: "button", class: "earlier" }, "Earlier messages");
    button.addEventListener("click", async () => {
      button.disabled = true;
      const before = log.querySelector("[data-message]").dataset.message;
      const { entries, more } = await latest(channel, this.desk.me().id, before);
      const height = log.scrollHeight;
      for (const entry of entries) this.put(entry);
      log.scrollTop += log.scrollHeight - height;
      button.disabled = false;
      if (!more) button.remove();
    });
    log.prepend(button);
  }

  /** A message is there, or has changed. */
  put(entry) {
    const { message } = entry;
    const near = this.channels.isNear(message.channel_id);
    this.settleWaiting(entry);
    const known = this.drawn.get(message.id);
    const slot = known?.slot ?? element("div", { class: "slot" });
    const article = known?.article ?? this.article(entry, slot);
    this.drawn.set(message.id, { entry, slot, article });
    this.draw(message.id);
    if (!known) this.insert(message, article);
    if (near) this.channels.toBottom(message.channel_id, { always: true });
  }

  insert(message, article) {
    const log = this.channels.log(message.channel_id);
    log.querySelector(":scope > .welcome, :scope > .nothing")?.remove();
    const later = [...log.querySelectorAll(":scope > [data-message]")].find((one) => BigInt(one.dataset.message) > BigInt(message.id));
    log.insertBefore(article, later ?? null);
  }

  article({ message, asked }, slot) {
    const by = message.interaction_metadata?.user;
    const user = by && { ...by, name: this.desk.names()[by.id] ?? by.username };
    const above = user?.id && asked ? this.used(user, asked, message) : null;
    const made = frame({ id: message.author.id, name: message.author.username, app: true, time: new Date(message.timestamp), above }, slot);
    made.dataset.message = message.id;
    return made;
  }

  used(user, asked, message) {
    const line = usedLine(user, message.message_reference ? "pressed" : "used", asked);
    const who = line.querySelector(".who");
    onMenu(who, () => this.desk.menuOn(user, who));
    return line;
  }

  remove({ message }) {
    this.drawn.get(message.id)?.article.remove();
    this.drawn.delete(message.id);
  }

  draw(id) {
    const { entry, slot } = this.drawn.get(id);
    const { message } = entry;
    const press = (component, values) => this.press(id, component, values);
    const dismiss = () => this.remove(entry);
    const body = messageBody(message, { names: this.desk.names(), press, dismiss });
    slot.replaceChildren(body, details(this.timing(message), () => showRaw({ ...this.results.get(id), message })));
    slot.dataset.state = message.flags & LOADING ? "thinking" : "done";
    slot.classList.remove("busy");
  }

  timing(message) {
    const result = this.results.get(message.id);
    if (!result) return message.interaction_metadata ? "" : "posted by itself";
    if (result.late === undefined && this.isLate(result, message)) result.late = performance.now() - result.begun;
    const first = `${Math.round(result.ms)} ms`;
    return result.late === undefined ? first : `${first} to “thinking…”, ${(result.late / 1000).toFixed(1)} s to the answer`;
  }

  isLate(result, message) {
    const put = [DEFERRED, DEFERRED_UPDATE].includes(result.response?.type);
    return put && message.edited_timestamp !== result.before && !(message.flags & LOADING);
  }

  // --- asking -------------------------------------------------------------------------------------------------------

  /** Sends *asked* (a command); the answer, the wait for it or the reason why there is none stands in the channel. */
  async ask(asked, text) {
    const waiting = this.wait(text);
    await this.sent(asked, text, waiting);
  }

  wait(text) {
    const channel = this.channels.current;
    const slot = element("div", { class: "slot", data: { state: "sending" } }, thinking("Sending command…"));
    const { application } = this.desk;
    const above = usedLine(this.desk.me(), "used", text);
    const article = frame({ id: application.id, name: application.name, app: true, time: new Date(), above }, slot);
    const log = this.channels.log(channel);
    log.querySelector(":scope > .welcome, :scope > .nothing")?.remove();
    log.append(article);
    this.channels.toBottom(channel, { always: true });
    const waiting = { text, slot, article, channel };
    this.waiting.add(waiting);
    return waiting;
  }

  /** The answer may come by the line before the question's own result does. */
  settleWaiting({ message, asked }) {
    if (message.interaction_metadata?.user?.id !== this.desk.me().id) return;
    for (const one of this.waiting) {
      if (one.text === asked && one.channel === message.channel_id) this.forget(one);
    }
  }

  forget(waiting) {
    this.waiting.delete(waiting);
    waiting.article.remove();
  }

  async sent(asked, text, waiting) {
    const begun = performance.now();
    const result = { ...(await interact(this.desk.question({ ...asked, said: text }))), begun };
    if (result.error) return this.failed(result, waiting ?? this.wait(text));
    if (waiting) this.forget(waiting);
    this.came(result, text);
    return result;
  }

  came(result, text) {
    if (result.response.type === FORM) return this.openForm(result);
    if (!result.message) return undefined;
    const { id } = result.message;
    const known = this.drawn.get(id)?.entry.message;
    result.before = result.response.type === DEFERRED ? null : result.pressed;
    this.results.set(id, result);
    const newer = known && (known.edited_timestamp ?? "") > (result.message.edited_timestamp ?? "");
    this.put({ message: newer ? known : result.message, asked: text });
    if (result.request.type === 2) this.channels.toBottom(result.message.channel_id, { always: true });
    return undefined;
  }

  failed(result, waiting) {
    this.waiting.delete(waiting);
    const faults = result.faults?.length ? element("ul", {}, result.faults.map((one) => element("li", {}, one))) : null;
    const words = WHY[result.error]?.({ ...result, address: this.desk.address }) ?? result.message;
    const timing = result.status || result.error === "timeout" ? `${Math.round(result.ms)} ms` : "no answer";
    waiting.slot.replaceChildren(
      element(
        "div", { class: "body" },
        element("p", { class: "no-answer", role: "alert" }, "The application did not respond"),
        element("div", { class: "why" }, element("p", {}, words), faults),
      ),
      details(timing, () => showRaw(result)),
    );
    waiting.slot.dataset.state = "failed";
    this.channels.toBottom(waiting.channel);
    return result;
  }

  openForm(result) {
    const { data } = result.response;
    const send = async (values) => {
      const begun = performance.now();
      const asked = { kind: "modal", modal_id: result.request.id, values, said: data.title };
      const ended = { ...(await interact(this.desk.question(asked))), begun };
      if (ended.error === "bad_question") return ended.message;
      if (ended.error) this.failed(ended, this.wait(data.title));
      else this.came(ended, data.title);
      return "";
    };
    showForm(data, send);
  }

  /** A button or menu: type 7 changes the message in place, 4 and 5 add one, 6 changes it later, 9 opens a form. */
  async press(id, component, values) {
    const { entry, slot } = this.drawn.get(id);
    for (const control of slot.querySelectorAll(".components button")) control.disabled = true;
    slot.classList.add("busy");
    const pressed = entry.message.edited_timestamp;
    const label = component.label ?? component.placeholder ?? component.emoji?.name ?? "menu";
    const begun = performance.now();
    const asked = { kind: "component", message_id: id, custom_id: component.custom_id, values, said: label };
    const result = { ...(await interact(this.desk.question(asked))), begun, pressed };
    if (!this.drawn.has(id)) return;
    const changed = this.drawn.get(id).entry.message.edited_timestamp !== pressed;
    if (result.error) {
      this.draw(id);
      this.failed(result, this.wait(label));
    } else {
      if (result.response.type !== DEFERRED_UPDATE) this.draw(id);
      this.came(result, result.message?.id === id ? entry.asked : label);
      if (result.response.type === DEFERRED_UPDATE && !changed) slot.classList.add("busy");
    }
  }
}
