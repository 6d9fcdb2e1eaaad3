// The list of channels, and one log of messages for each.

import { element } from "./element.js";

const TOPICS = {
  etstats: "Slash commands, answered by the functions that run here",
  "match-results": "A card for each round, posted by itself",
  sessions: "A card when a gaming session closes",
  digest: "The morning after",
};
const NEAR_PX = 240;

export class Channels {
  /** *shown* is called with the id of a channel that was chosen. */
  constructor({ list, views, shown }) {
    Object.assign(this, { list, views, shown });
    this.all = [];
    this.current = "";
    this.logs = new Map();
    this.unread = new Map();
  }

  offer(all) {
    this.all = all;
    for (const one of all) this.log(one.id);
    if (!all.some((one) => one.id === this.current)) this.show(all[0]?.id ?? "");
    else this.draw();
  }

  find(id) {
    return this.all.find((one) => one.id === id);
  }

  log(id) {
    if (!this.logs.has(id)) {
      const log = element("section", {
        class: "log", role: "log", tabindex: "0", hidden: id !== this.current, "aria-label": "Messages", data: { channel: id },
      });
      this.logs.set(id, log);
      this.views.append(log);
    }
    return this.logs.get(id);
  }

  clear() {
    for (const log of this.logs.values()) log.replaceChildren();
    this.unread.clear();
  }

  show(id) {
    this.current = id;
    for (const [other, log] of this.logs) log.hidden = other !== id;
    this.unread.delete(id);
    this.draw();
    this.toBottom(id, { always: true });
    this.shown(id);
  }

  topic(channel) {
    return channel.direct ? "Between you and the application" : TOPICS[channel.name] ?? "";
  }

  /** A message that nobody has looked at yet. */
  note(id) {
    if (id === this.current && !document.hidden) return;
    this.unread.set(id, (this.unread.get(id) ?? 0) + 1);
    this.draw();
  }

  draw() {
    const focused = this.list.contains(document.activeElement);
    const direct = this.all.filter((one) => one.direct);
    const server = this.all.filter((one) => !one.direct);
    this.list.replaceChildren(
      ...server.map((one) => this.tab(one)),
      ...(direct.length ? [element("p", { class: "group" }, "Direct messages"), ...direct.map((one) => this.tab(one))] : []),
    );
    if (focused) this.list.querySelector("[aria-selected=true]")?.focus();
  }

  tab(channel) {
    const unread = this.unread.get(channel.id) ?? 0;
    const [sign, kind] = channel.direct ? ["@", "direct"] : ["#", ""];
    return element(
      "button",
      {
        type: "button", role: "tab", class: `channel ${kind}`, "aria-selected": String(channel.id === this.current),
        data: { channel: channel.id }, on: { click: () => this.show(channel.id) },
      },
      element("span", { class: "hash", "aria-hidden": "true" }, sign),
      element("span", { class: "channel-label" }, channel.name),
      unread ? element("span", { class: "unread", "aria-label": `${unread} new` }, String(unread)) : null,
    );
  }

  isNear(id) {
    const log = this.log(id);
    return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
  }

  toBottom(id, { always = false } = {}) {
    const log = this.log(id);
    if (always || this.isNear(id)) log.scrollTop = log.scrollHeight;
  }
}
