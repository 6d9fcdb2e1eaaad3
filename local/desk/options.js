// A command's options: which commands there are, what can be chosen for an option, and what a typed text is worth.

import { said } from "./settings.js";

export const [SUB_COMMAND, SUB_COMMAND_GROUP, TEXT, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE] =
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const SLASH = 1;

/** Every slash command that *user* may send there: the path of its names, its description and its own options. */
export function sendable(commands, user, { direct } = {}) {
  const fitting = commands.filter((one) => (one.type ?? SLASH) === SLASH && mayUse(one, user, direct));
  return fitting.flatMap((one) => leaves([one.name], one));
}

/** Discord hides what somebody has no permission for; in direct messages nobody needs one. */
export function mayUse(command, user, direct) {
  if (direct) return !command.contexts || command.contexts.includes(1);
  const needed = command.default_member_permissions;
  return needed === null || needed === undefined || (BigInt(user.permissions ?? 0) & BigInt(needed)) === BigInt(needed);
}

function leaves(path, node) {
  const nested = (node.options ?? []).filter((one) => one.type === SUB_COMMAND || one.type === SUB_COMMAND_GROUP);
  if (nested.length) return nested.flatMap((one) => leaves([...path, one.name], one));
  return [{ path, name: `/${path.join(" ")}`, description: said(node, "description"), options: node.options ?? [] }];
}

/** The names and texts in “player:Mittens by:kills”. */
export function typedOptions(text, options) {
  const names = options.map((one) => one.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!names.length) return {};
  const pieces = text.split(new RegExp(`(?:^|\\s)(${names.join("|")}):\\s*`, "g"));
  const found = pieces[0].trim() && options.length ? { [options[0].name]: pieces[0].trim() } : {};
  for (let at = 1; at < pieces.length; at += 2) found[pieces[at]] = pieces[at + 1].trim();
  return found;
}

/** What can be picked for *option* without asking anybody; null when it is typed. */
export function offered(option, { users, channels, guild }) {
  const people = () => users.map((one) => ({ name: one.name, value: one.id, detail: `@${one.username}` }));
  const places = () => channels.filter((one) => !one.direct).map((one) => ({ name: `#${one.name}`, value: one.id }));
  if (option.choices) return option.choices.map((one) => ({ name: said(one, "name"), value: one.value }));
  if (option.type === BOOLEAN) return [{ name: "True", value: true }, { name: "False", value: false }];
  if (option.type === USER || option.type === MENTIONABLE) return people();
  if (option.type === CHANNEL) return places();
  return option.type === ROLE ? [{ name: "@everyone", value: guild }] : null;
}

/** `{value}` of a typed text, or `{fault}` that says what is wrong with it; of nothing `{}`. */
export function worth(option, text, choices) {
  if (!text) return option.required ? { fault: `${option.name} is needed: ${said(option, "description")}` } : {};
  if (choices) {
    const same = (one) => [one.name, String(one.value)].some((it) => it.toLowerCase() === text.toLowerCase());
    const match = choices.find(same);
    const names = choices.map((one) => one.name).join(", ");
    return match ? { value: match.value } : { fault: `${option.name}: choose one of ${names}` };
  }
  const value = option.type === INTEGER || option.type === NUMBER ? Number(text) : text;
  const fault = typeof value === "number" ? numberFault(option, value) : lengthFault(option, text);
  return fault ? { fault } : { value };
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
