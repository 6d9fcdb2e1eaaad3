// The line at the bottom: type a command or choose one, fill in its options, send.
//
// Two stages, as in Discord: first the command's name with a list of what fits; once it is known, one small box per
// option. Typing or pasting “/stats player:Mittens” does the same as choosing.

import { element } from "./element.js";
import { FILE, INTEGER, NUMBER, offered, sendable, typedOptions, worth } from "./options.js";
import { upload } from "./server.js";
import { said } from "./settings.js";
import { Suggestions } from "./suggestions.js";

const AUTOCOMPLETE_PAUSE_MS = 150;

export class Composer {
  /** *send* gets (path, values, text) of a finished command; *complete* asks for an option's suggestions. */
  constructor({ send, complete }) {
    this.send = send;
    this.complete = complete;
    this.commands = [];
    this.around = { users: [], channels: [], guild: "" };
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

  /** The commands on offer, and who and what can be named, changed. What is being typed stays. */
  offer(commands, user, around, place) {
    this.commands = sendable(commands, user, place);
    this.around = around;
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
    const input = option.type === FILE ? this.fileInput(option) : this.textInput(option, text);
    this.inputs.set(option.name, input);
    const className = `option${option.required ? " required" : ""}`;
    return element("label", { class: className }, element("span", {}, said(option, "name")), input);
  }

  fileInput(option) {
    return element("input", {
      id: `option-${option.name}`, type: "file", "aria-label": `${option.name}: ${said(option, "description")}`,
      on: { focus: () => this.say(`${option.name}: ${said(option, "description")}`) },
    });
  }

  textInput(option, text) {
    const input = element("input", {
      id: `option-${option.name}`, "aria-label": `${option.name}: ${said(option, "description")}`, value: text,
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
    this.list.attach(input);
    return input;
  }

  optionFocused(option, input) {
    this.say(`${option.name}: ${said(option, "description")}`);
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
    const put = ({ name, value }) => {
      input.value = name;
      input.dataset.value = JSON.stringify(value);
      input.size = Math.max(6, name.length + 1);
      this.list.close();
    };
    const choices = offered(option, this.around);
    if (choices) {
      const typed = input.dataset.value === undefined ? input.value.trim().toLowerCase() : "";
      const fitting = choices.filter((one) => one.name.toLowerCase().includes(typed));
      const items = fitting.map((one) => ({ label: one.name, detail: one.detail, pick: () => put(one) }));
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
      const items = found.map((one) => ({ label: said(one, "name"), pick: () => put({ ...one, name: said(one, "name") }) }));
      this.list.show(items, { empty: "No options match your search" });
    }, pause);
  }

  /** What stands in the boxes: what was picked by its value, what was typed as it is. */
  texts() {
    const texts = {};
    for (const [name, input] of this.inputs) {
      if (input.type === "file") continue;
      if (input === document.activeElement) texts[name] = input.value;
      else if (input.value.trim()) texts[name] = input.dataset.value === undefined ? input.value : JSON.parse(input.dataset.value);
    }
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

  async submit() {
    if (!this.chosen) return this.submitText();
    const { chosen } = this;
    const values = {};
    for (const option of chosen.options) {
      const fault = await this.read(option, this.inputs.get(option.name), values);
      if (this.chosen !== chosen) return undefined;
      if (fault) return this.refuse(this.inputs.get(option.name), fault);
    }
    const shown = chosen.options.filter((one) => one.name in values).map((one) => `${one.name}:${this.shown(one)}`);
    const text = [chosen.name, ...shown].join(" ");
    this.history.push(text);
    this.startWith("");
    return this.send(chosen.path, values, text);
  }

  shown(option) {
    const input = this.inputs.get(option.name);
    return input.type === "file" ? input.files[0].name : input.value.trim();
  }

  submitText() {
    const text = this.line.value.trim();
    const command = this.commands.find((one) => text === one.name);
    if (command) return this.choose(command, "");
    if (text.startsWith("/")) return this.say(`There is no command ${text.split(" ")[0]}.`, true);
    return text ? this.say("Only commands are answered here: begin with /", true) : undefined;
  }

  /** Puts the option's value into *values*; gives back what is wrong with it, or nothing. */
  async read(option, input, values) {
    if (input.type === "file") return this.readFile(option, input, values);
    const picked = input.value.trim() && input.dataset.value !== undefined;
    const { value, fault = "" } = picked ? { value: JSON.parse(input.dataset.value) }
      : worth(option, input.value.trim(), offered(option, this.around));
    if (value !== undefined) values[option.name] = value;
    return fault;
  }

  async readFile(option, input, values) {
    const [file] = input.files;
    if (!file) return option.required ? `${option.name} is needed: ${said(option, "description")}` : "";
    try {
      values[option.name] = await upload(file);
      return "";
    } catch (fault) {
      return `${option.name}: the file was not taken (${fault.message})`;
    }
  }

  refuse(input, fault) {
    this.list.close();
    input.setAttribute("aria-invalid", "true");
    input.focus();
    this.list.close();
    this.say(fault, true);
  }
}
