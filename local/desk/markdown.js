// Discord's markdown, drawn as page elements. Nothing is ever parsed as HTML.

import { element, language, link } from "./element.js";

const FENCE = /```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][^]*?)\n*```/gi;
const LIST_ITEM = /^(\s*)([-*]|\d{1,10}\.)\s+(.*)$/;

/** A text with blocks: headings, lists, quotes, code blocks, and everything inline. */
export function blocks(text, names = {}) {
  const parts = document.createDocumentFragment();
  let from = 0;
  for (const fence of text.matchAll(FENCE)) {
    parts.append(lines(text.slice(from, fence.index).replace(/\n$/, ""), names));
    parts.append(codeBlock(fence[1] ?? "", fence[2]));
    from = fence.index + fence[0].length;
    if (text[from] === "\n") from += 1;
  }
  parts.append(lines(text.slice(from), names));
  return parts;
}

function lines(text, names) {
  const parts = document.createDocumentFragment();
  if (!text) return parts;
  const left = text.split("\n");
  let afterText = false;
  while (left.length) {
    const block = takeBlock(left, names);
    if (block) {
      parts.append(block);
      afterText = false;
      continue;
    }
    if (afterText) parts.append(element("br"));
    parts.append(inline(left.shift(), names));
    afterText = true;
  }
  return parts;
}

/** Takes the block that begins at the first line off *left*; null when that line is plain text. */
function takeBlock(left, names) {
  const heading = /^(#{1,3})\s+(.+)$/.exec(left[0]);
  if (heading) {
    left.shift();
    return element(`h${heading[1].length + 2}`, { class: `md-h${heading[1].length}` }, inline(heading[2], names));
  }
  const subtext = /^-#\s+(.+)$/.exec(left[0]);
  if (subtext) {
    left.shift();
    return element("small", { class: "md-subtext" }, inline(subtext[1], names));
  }
  if (left[0].startsWith(">>> ")) {
    const rest = left.splice(0).join("\n").slice(4);
    return element("blockquote", {}, lines(rest, names));
  }
  if (/^> /.test(left[0])) {
    const quoted = [];
    while (left.length && /^>( |$)/.test(left[0])) quoted.push(left.shift().slice(2));
    return element("blockquote", {}, lines(quoted.join("\n"), names));
  }
  return LIST_ITEM.test(left[0]) ? takeList(left, names) : null;
}

function takeList(left, names) {
  const [, indent, sign] = LIST_ITEM.exec(left[0]);
  const ordered = /\d/.test(sign);
  const list = element(ordered ? "ol" : "ul", ordered ? { start: parseInt(sign, 10) } : {});
  while (left.length) {
    const item = LIST_ITEM.exec(left[0]);
    if (!item || item[1].length < indent.length || /\d/.test(item[2]) !== ordered) break;
    if (item[1].length > indent.length + 1) {
      (list.lastElementChild ?? list).append(takeList(left, names));
      continue;
    }
    left.shift();
    list.append(element("li", {}, inline(item[3], names)));
  }
  return list;
}

function codeBlock(language, text) {
  const inner = language.toLowerCase() === "ansi" ? ansi(text) : text;
  return element("pre", { class: "md-pre", tabindex: "0" }, element("code", {}, inner));
}

/** The colours of an ```ansi block: bold, underline, 8 text and 8 ground colours. */
function ansi(text) {
  const parts = document.createDocumentFragment();
  let style = { bold: false, underline: false, text: 0, ground: 0 };
  for (const [index, piece] of text.split(/\u001b\[([\d;]*)m/).entries()) {
    if (index % 2) {
      for (const code of piece.split(";").map(Number)) style = restyled(style, code);
    } else if (piece) {
      const classes = [
        style.bold && "ansi-bold", style.underline && "ansi-underline",
        style.text && `ansi-${style.text}`, style.ground && `ansi-${style.ground}`,
      ].filter(Boolean);
      parts.append(classes.length ? element("span", { class: classes.join(" ") }, piece) : piece);
    }
  }
  return parts;
}

function restyled(style, code) {
  if (code === 0) return { bold: false, underline: false, text: 0, ground: 0 };
  if (code === 1) return { ...style, bold: true };
  if (code === 4) return { ...style, underline: true };
  if (code >= 30 && code <= 37) return { ...style, text: code };
  if (code >= 40 && code <= 47) return { ...style, ground: code };
  return style;
}

// In Discord's order; each is tried at one place of the text, and the first that fits there wins.
const INLINE = [
  [/\\([^\sA-Za-z0-9])/y, (found) => found[1]],
  [/(`+)([^]*?[^`])\1(?!`)/y, (found) => element("code", { class: "md-code" }, found[2].trim() || found[2])],
  [/<(https?:\/\/[^\s>]+)>/y, (found) => link(found[1], found[1])],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, (found) => moment(Number(found[1]), found[2] ?? "f")],
  [/<@!?(\d+)>/y, (found, names) => mention(`@${names[found[1]] ?? "unknown-user"}`)],
  [/<@&(\d+)>/y, (found, names) => mention(`@${names[found[1]] ?? "unknown-role"}`)],
  [/<#(\d+)>/y, (found, names) => mention(`#${names[found[1]] ?? "unknown"}`)],
  [/<\/([^:<>\n]{1,100}):\d+>/y, (found) => mention(`/${found[1]}`)],
  [/<a?:(\w{2,32}):\d+>/y, (found) => element("span", { class: "md-emoji", title: found[1] }, `:${found[1]}:`)],
  [
    /\[((?:\\.|[^[\]\\\n])+)\]\((https?:\/\/[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)\)/y,
    (found, names) => link(found[2], inline(found[1], names)),
  ],
  [/https?:\/\/[^\s<]+[^<.,:;"')\]\s]/y, (found) => link(found[0], found[0])],
  [/\*\*((?:\\[^]|[^\\])+?)\*\*(?!\*)/y, (found, names) => element("strong", {}, inline(found[1], names))],
  [/__((?:\\[^]|[^\\])+?)__(?!_)/y, (found, names) => element("u", {}, inline(found[1], names))],
  [/\b_((?:__|\\[^]|[^\\_])+?)_\b/y, (found, names) => element("em", {}, inline(found[1], names))],
  [/\*(?=\S)((?:\*\*|\\[^]|\s+(?:\\[^]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/y,
    (found, names) => element("em", {}, inline(found[1], names))],
  [/~~(?=\S)([^]+?)~~/y, (found, names) => element("s", {}, inline(found[1], names))],
  [/\|\|([^]+?)\|\|/y, (found, names) => spoiler(inline(found[1], names))],
];
const SIGNIFICANT = /[\\`<[*_~|h]/g;

/** A text with what may stand inside a line: bold, italics, code, links, mentions, timestamps, spoilers. */
export function inline(text, names = {}) {
  const parts = document.createDocumentFragment();
  let plainFrom = 0;
  let at = 0;
  while (at < text.length) {
    SIGNIFICANT.lastIndex = at;
    const next = SIGNIFICANT.exec(text);
    if (!next) break;
    at = next.index;
    const match = firstRule(text, at);
    if (!match) {
      at += 1;
      continue;
    }
    parts.append(text.slice(plainFrom, at), match.draw(match.found, names));
    at += match.found[0].length;
    plainFrom = at;
  }
  parts.append(text.slice(plainFrom));
  return parts;
}

function firstRule(text, at) {
  for (const [pattern, draw] of INLINE) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) return { found, draw };
  }
  return null;
}

function mention(text) {
  return element("span", { class: "md-mention" }, text);
}

function spoiler(inner) {
  const show = (event) => {
    if (event.type === "click" || event.key === "Enter" || event.key === " ") event.currentTarget.classList.add("shown");
  };
  return element("span", { class: "md-spoiler", tabindex: "0", role: "button", on: { click: show, keydown: show } }, inner);
}

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

function moment(seconds, style) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return `<t:${seconds}:${style}>`;
  const full = new Intl.DateTimeFormat(language(), STYLES.F).format(date);
  const attributes = { class: "md-time", datetime: date.toISOString(), title: full };
  if (style !== "R") return element("time", attributes, new Intl.DateTimeFormat(language(), STYLES[style]).format(date));
  return element("time", { ...attributes, data: { relative: seconds } }, relative(seconds));
}

const STEPS = [["year", 31_557_600], ["month", 2_629_800], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

/** “3 hours ago”, in the chosen language. */
function relative(seconds) {
  const away = seconds - Date.now() / 1000;
  const words = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  const [unit, length] = STEPS.find(([, step]) => Math.abs(away) >= step) ?? ["second", 1];
  return words.format(Math.round(away / length), unit);
}

/** Brings every relative time on the page up to date. */
export function refreshTimes() {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    time.textContent = relative(Number(time.dataset.relative));
  }
}
