// The line at the bottom: type a command or choose one, fill in its options, send.
//
// Two stages, as in Discord: first the command's name with a list of what fits; once it is known, one small box per
// option. Typing or pasting “/stats player:Mittens” does the same as choosing.

import { element } from "./element.js";

const [SUB_COMMAND, SUB_COMMAND_GROUP, INTEGER, BOOLEAN, NUMBER] = [1, 2, 4, 5, 10];
const AUTOCOMPLETE_PAUSE_MS = 150;

/** Every slash command that can be sent: the path of its names, its description and its own options. */
export function sendable(commands) {
  return commands.filter((one) => (one.type ?? 1) === 1).flatMap((one) => leaves([one.name], one));
}

function leaves(path, node) {
  const nested = (node.options ?? []).filter((one) => one.type === SUB_COMMAND || one.type === SUB_COMMAND_GROUP);
  if (nested.length) return nested.flatMap((one) => leaves([...path, one.name], one));
  return [{ path, name: `/${path.join(" ")}`, description: node.description, options: node.options ?? [] }];
}

/** The names and texts in “player:Mittens by:kills”. */
function typedOptions(text, options) {
  const names = options.map((one) => one.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!names.length) return {};
  const pieces = text.split(new RegExp(`(?:^|\\s)(${names.join("|")}):\\s*`, "g"));
  const found = pieces[0].trim() && options.length ? { [options[0].name]: pieces[0].trim() } : {};
  for (let at = 1; at < pieces.length; at += 2) found[pieces[at]] = pieces[at + 1].trim();
  return found;
}

export class Composer {
  /** *send* gets (path, values, text) of a finished command; *complete* asks for an option's suggestions. */
  constructor({ send, complete }) {
    this.send = send;
    this.complete = complete;
    this.commands = [];
    this.chosen = null;
    this.inputs = new Map();
    this.history = [];
    this.asked = 0;
    this.parts = document.getElementById("parts");
    this.hint = document.getElementById("hint");
    this.list = new Suggestions(document.getElementById("suggestions"));
    document.getElementById("line").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    document.getElementById("slash").addEventListener("click", () => this.startWith("/"));
    this.clear();
  }

  /** The commands on offer changed. What is being typed stays. */
  offer(commands) {
    this.commands = sendable(commands);
    if (!this.chosen) this.line.placeholder = this.commands.length ? "Type / for commands" : "No commands yet";
  }

  clear() {
    this.chosen = null;
    this.inputs.clear();
    this.list.close();
    this.say("");
    this.line = element("input", {
      id: "command", class: "command-text", "aria-label": "Command", placeholder: "Type / for commands",
      spellcheck: "false", autocapitalize: "none", enterkeyhint: "send",
      on: { input: () => this.typed(), keydown: (event) => this.keys(event, this.line), blur: () => this.left() },
    });
    this.list.attach(this.line);
    this.parts.replaceChildren(this.line);
  }

  startWith(text) {
    this.clear();
    this.line.value = text;
    this.line.focus();
    this.typed();
  }

  say(text, isFault = false) {
    this.hint.textContent = text;
    this.hint.classList.toggle("fault", isFault);
  }

  typed() {
    const text = this.line.value;
    this.say("");
    if (!text.startsWith("/")) return this.list.close();
    const whole = this.commands.find((one) => text.startsWith(`${one.name} `));
    if (whole) return this.choose(whole, text.slice(whole.name.length + 1));
    const wanted = text.slice(1).trim().toLowerCase();
    const rank = (one) => (one.name.slice(1).startsWith(wanted) ? 0 : 1);
    const fitting = this.commands
      .filter((one) => one.name.includes(wanted) || one.description.toLowerCase().includes(wanted))
      .sort((one, other) => rank(one) - rank(other));
    const items = fitting.map((one) => ({
      label: one.name, detail: one.description, pick: () => this.choose(one, "", true),
    }));
    return this.list.show(items, { empty: this.commands.length ? "No such command" : "No commands are registered yet" });
  }

  /** The command is known: its name becomes a label, and each option gets a box. */
  choose(command, rest, wait = false) {
    this.clear();
    this.chosen = command;
    const given = typedOptions(rest, command.options);
    const name = element("button", {
      type: "button", class: "chosen", title: "Choose another command", on: { click: () => this.startWith("/") },
    }, command.name);
    const boxes = command.options.map((option) => this.box(option, given[option.name] ?? ""));
    this.parts.replaceChildren(name, ...boxes);
    this.say(command.description);
    const first = command.options.find((one) => !given[one.name]) ?? command.options[0];
    if (first) this.inputs.get(first.name).focus();
    else document.getElementById("send").focus();
    if (!command.options.length && !wait && rest.trim()) this.say("This command takes no options.", true);
  }

  box(option, text) {
    const input = element("input", {
      id: `option-${option.name}`, "aria-label": `${option.name}: ${option.description}`, value: text,
      spellcheck: "false", autocapitalize: "none", enterkeyhint: "send", size: Math.max(6, text.length + 1),
      placeholder: option.required ? "" : "optional",
      inputmode: option.type === INTEGER || option.type === NUMBER ? "decimal" : null,
      on: {
        input: () => this.optionTyped(option, input),
        focus: () => this.optionFocused(option, input),
        keydown: (event) => this.keys(event, input),
        blur: () => this.left(),
      },
    });
    this.inputs.set(option.name, input);
    this.list.attach(input);
    const className = `option${option.required ? " required" : ""}`;
    return element("label", { class: className }, element("span", {}, option.name), input);
  }

  optionFocused(option, input) {
    this.say(`${option.name}: ${option.description}`);
    this.list.close();
    this.suggest(option, input);
  }

  optionTyped(option, input) {
    delete input.dataset.value;
    input.removeAttribute("aria-invalid");
    if (this.moveTyped(option, input)) return;
    input.size = Math.max(6, input.value.length + 1);
    this.suggest(option, input);
  }

  /** “by:” typed inside a box goes on in the box of that name. */
  moveTyped(option, input) {
    for (const [name, other] of this.inputs) {
      const tag = `${name}:`;
      if (!input.value.endsWith(tag)) continue;
      const before = input.value.slice(0, -tag.length);
      if (before && !before.endsWith(" ")) continue;
      input.value = before.trim();
      if (name !== option.name) {
        this.list.close();
        other.focus();
      }
      return name !== option.name;
    }
    return false;
  }

  suggest(option, input) {
    const put = (name, value) => {
      input.value = name;
      input.dataset.value = JSON.stringify(value);
      input.size = Math.max(6, name.length + 1);
      this.list.close();
    };
    const offered = option.type === BOOLEAN ? [{ name: "True", value: true }, { name: "False", value: false }]
      : option.choices;
    if (offered) {
      const typed = input.dataset.value === undefined ? input.value.trim().toLowerCase() : "";
      const fitting = offered.filter((one) => one.name.toLowerCase().includes(typed));
      const items = fitting.map((one) => ({ label: one.name, pick: () => put(one.name, one.value) }));
      this.list.show(items, { empty: "No such choice" });
    } else if (option.autocomplete) {
      this.askLater(option, input, put);
    } else {
      this.list.close();
    }
  }

  askLater(option, input, put) {
    const number = ++this.asked;
    const pause = input.value ? AUTOCOMPLETE_PAUSE_MS : 0;
    // until the new ones arrive, Enter must not take an old suggestion that no longer fits
    const typed = input.value.trim().toLowerCase();
    const stillFit = this.list.items.filter((one) => one.label.toLowerCase().includes(typed));
    this.list.show(stillFit, { empty: "Loading options…" });
    setTimeout(async () => {
      if (number !== this.asked || document.activeElement !== input) return;
      const found = await this.complete(this.chosen.path, this.texts(), option.name);
      if (number !== this.asked || document.activeElement !== input) return;
      if (!found) return this.list.show([], { empty: "Loading options failed" });
      const items = found.map((one) => ({ label: one.name, pick: () => put(one.name, one.value) }));
      this.list.show(items, { empty: "No options match your search" });
    }, pause);
  }

  texts() {
    const texts = {};
    for (const [name, input] of this.inputs) if (input.value.trim() || input === document.activeElement) texts[name] = input.value;
    return texts;
  }

  left() {
    setTimeout(() => { if (!this.parts.contains(document.activeElement)) this.list.close(); }, 150);
  }

  keys(event, input) {
    if (event.isComposing) return;
    if (this.list.keys(event)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      if (this.list.isOpen) this.list.close();
      else this.startWith("");
    } else if (event.key === "Backspace" && this.chosen && !input.value) {
      event.preventDefault();
      this.back(input);
    } else if (event.key === "ArrowUp" && !this.chosen && !this.line.value && this.history.length) {
      event.preventDefault();
      this.startWith(`${this.history.at(-1)} `);
    }
  }

  back(input) {
    const all = [...this.inputs.values()];
    const at = all.indexOf(input);
    if (at > 0) all[at - 1].focus();
    else this.startWith(this.chosen.name);
  }

  submit() {
    if (!this.chosen) return this.submitText();
    const values = {};
    for (const option of this.chosen.options) {
      const input = this.inputs.get(option.name);
      const fault = this.read(option, input, values);
      if (fault) return this.refuse(input, fault);
    }
    const shown = this.chosen.options
      .filter((one) => one.name in values)
      .map((one) => `${one.name}:${this.inputs.get(one.name).value.trim()}`);
    const text = [this.chosen.name, ...shown].join(" ");
    this.history.push(text);
    const { path } = this.chosen;
    this.startWith("");
    return this.send(path, values, text);
  }

  submitText() {
    const text = this.line.value.trim();
    const command = this.commands.find((one) => text === one.name);
    if (command) return this.choose(command, "");
    if (text.startsWith("/")) return this.say(`There is no command ${text.split(" ")[0]}.`, true);
    return text ? this.say("Only commands are answered here: begin with /", true) : undefined;
  }

  /** Puts the option's value into *values*; gives back what is wrong with it, or nothing. */
  read(option, input, values) {
    const text = input.value.trim();
    if (!text) return option.required ? `${option.name} is needed: ${option.description}` : "";
    if (input.dataset.value !== undefined) {
      values[option.name] = JSON.parse(input.dataset.value);
      return "";
    }
    const offered = option.type === BOOLEAN ? [{ name: "True", value: true }, { name: "False", value: false }]
      : option.choices;
    if (offered) {
      const match = offered.find((one) => [one.name, String(one.value)].some((it) => it.toLowerCase() === text.toLowerCase()));
      if (!match) return `${option.name}: choose one of ${offered.map((one) => one.name).join(", ")}`;
      values[option.name] = match.value;
      return "";
    }
    values[option.name] = option.type === INTEGER || option.type === NUMBER ? Number(text) : text;
    if (typeof values[option.name] === "string") return lengthFault(option, text);
    return numberFault(option, values[option.name]);
  }

  refuse(input, fault) {
    this.list.close();
    input.setAttribute("aria-invalid", "true");
    input.focus();
    this.list.close();
    this.say(fault, true);
  }
}

function numberFault(option, value) {
  if (!Number.isFinite(value)) return `${option.name} takes a number`;
  if (option.type === INTEGER && !Number.isInteger(value)) return `${option.name} takes a whole number`;
  if (value < (option.min_value ?? -Infinity)) return `${option.name} is at least ${option.min_value}`;
  if (value > (option.max_value ?? Infinity)) return `${option.name} is at most ${option.max_value}`;
  return "";
}

function lengthFault(option, text) {
  const length = [...text].length;
  if (length < (option.min_length ?? 0)) return `${option.name} has at least ${option.min_length} characters`;
  if (length > (option.max_length ?? 6000)) return `${option.name} has at most ${option.max_length} characters`;
  return "";
}

/** The list above the line, driven from the keyboard while the focus stays in the box. */
class Suggestions {
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
      if (row.role === "option" || row.getAttribute("role")) row.setAttribute("aria-selected", String(number === place));
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
