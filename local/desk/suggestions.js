// The list above the line, driven from the keyboard while the focus stays in the box.

import { element } from "./element.js";

export class Suggestions {
  constructor(list) {
    this.list = list;
    this.items = [];
    this.at = -1;
  }

  get isOpen() {
    return !this.list.hidden;
  }

  attach(input) {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-autocomplete", "list");
  }

  show(items, { empty }) {
    this.items = items;
    this.list.replaceChildren(...items.map((item, place) => this.row(item, place)));
    if (!items.length) this.list.append(element("li", { class: "empty" }, empty));
    this.list.hidden = false;
    document.activeElement?.setAttribute("aria-expanded", "true");
    this.mark(items.length ? 0 : -1);
  }

  row(item, place) {
    return element(
      "li",
      {
        id: `suggestion-${place}`, role: "option",
        on: { pointerdown: (event) => event.preventDefault(), click: () => item.pick() },
      },
      element("span", { class: "suggestion-label" }, item.label),
      item.detail && element("small", {}, item.detail),
    );
  }

  mark(place) {
    this.at = place;
    for (const [number, row] of [...this.list.children].entries()) {
      if (row.getAttribute("role")) row.setAttribute("aria-selected", String(number === place));
    }
    const active = document.activeElement;
    if (place >= 0) {
      this.list.children[place].scrollIntoView({ block: "nearest" });
      active?.setAttribute("aria-activedescendant", `suggestion-${place}`);
    } else {
      active?.removeAttribute("aria-activedescendant");
    }
  }

  close() {
    this.list.hidden = true;
    this.items = [];
    this.at = -1;
    document.activeElement?.removeAttribute("aria-activedescendant");
    if (document.activeElement?.hasAttribute("aria-expanded")) document.activeElement.setAttribute("aria-expanded", "false");
  }

  /** True when the key was for the list. */
  keys(event) {
    if (!this.isOpen || !this.items.length) return false;
    const count = this.items.length;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) this.mark((this.at + move + count) % count);
    else if ((event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) && this.at >= 0) this.items[this.at].pick();
    else return false;
    event.preventDefault();
    return true;
  }
}
