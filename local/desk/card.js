// Draws a message the way Discord draws it: content, embeds, attachments, buttons and menus.

import { avatar, element, language, link } from "./element.js";
import { blocks, inline } from "./markdown.js";
import { emoji, menu } from "./menu.js";
import { sheet } from "./sheet.js";

const EPHEMERAL = 64;
const LOADING = 128;
const LINK_BUTTON = 5;
const BUTTON_STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };

/** The parts of *message* below its author's line. *press* is called with (component, values) on a click. */
export function messageBody(message, { names, press, dismiss }) {
  const body = element("div", { class: "body" });
  if (message.flags & LOADING) {
    body.append(thinking("etstats is thinking…"));
  } else {
    if (message.content) body.append(element("div", { class: "content markdown" }, blocks(message.content, names)));
    body.append(...message.embeds.map((one) => embed(one, message, names)));
    body.append(...message.attachments.filter((one) => !shownInEmbed(one, message)).map(attachment));
    if (message.edited_timestamp && !message.interaction_metadata) body.append(element("p", { class: "edited" }, "(edited)"));
    if (message.components.length) body.append(components(message.components, press));
  }
  if (message.flags & EPHEMERAL) {
    const away = element("button", { type: "button", class: "dismiss", on: { click: dismiss } }, "Dismiss message");
    body.append(element("p", { class: "ephemeral" }, "👁 Only you can see this • ", away));
  }
  return body;
}

export function thinking(text) {
  const dots = element("span", { class: "dots", "aria-hidden": "true" }, ...[1, 2, 3].map(() => element("i")));
  return element("p", { class: "thinking" }, dots, text);
}

/** Author's picture, name, APP badge and time around *inner*; *above* is the line that says who used what. */
export function frame({ id, name, app, time, above }, ...inner) {
  return element(
    "article", { class: `message${above ? " replying" : ""}`, "aria-label": `${name}, ${clockTime(time)}` },
    above,
    avatar(id, name, app ? "app" : ""),
    element(
      "div", { class: "right" },
      element(
        "p", { class: "author" },
        element("span", { class: "name" }, name),
        app && element("span", { class: "badge" }, "APP"),
        element("time", { class: "when", datetime: time.toISOString() }, clockTime(time)),
      ),
      ...inner,
    ),
  );
}

export function usedLine(user, verb, text) {
  return element(
    "p", { class: "used" },
    avatar(user.id, user.name, "tiny"),
    element("button", { type: "button", class: "who", "aria-haspopup": "menu" }, user.name),
    element("span", { class: "verb" }, verb),
    element("span", { class: "command" }, text),
  );
}

/** The line under an answer: how long it took, and the JSON behind it. */
export function details(timing, showRaw) {
  return element(
    "p", { class: "details" },
    element("span", { class: "took" }, timing),
    element("button", { type: "button", class: "show-raw", on: { click: showRaw } }, "JSON"),
  );
}

function clockTime(time) {
  const clock = new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit" }).format(time);
  if (time.toDateString() === new Date().toDateString()) return `Today at ${clock}`;
  return `${new Intl.DateTimeFormat(language(), { dateStyle: "short" }).format(time)} ${clock}`;
}

function embed(one, message, names) {
  const box = element("section", { class: "embed" });
  if (Number.isInteger(one.color)) {
    box.style.setProperty("--colour", `#${one.color.toString(16).padStart(6, "0")}`);
  }
  const text = element("div", { class: "embed-text" });
  if (one.author?.name) text.append(element("p", { class: "embed-author" }, maybeLink(one.author.url, one.author.name)));
  if (one.title) {
    text.append(element("h3", { class: "embed-title" }, maybeLink(one.url, inline(one.title, names))));
  }
  if (one.description) {
    text.append(element("div", { class: "embed-description markdown" }, blocks(one.description, names)));
  }
  if (one.fields?.length) text.append(fields(one.fields, names));
  box.append(text);
  if (one.thumbnail) box.append(picture(one.thumbnail.url, message, "embed-thumbnail"));
  if (one.image) box.append(picture(one.image.url, message, "embed-image"));
  const footer = [one.footer?.text, one.timestamp && clockTime(new Date(one.timestamp))].filter(Boolean);
  if (footer.length) box.append(element("p", { class: "embed-footer" }, footer.join(" • ")));
  return box;
}

function maybeLink(url, inner) {
  return url ? link(url, inner) : inner;
}

/** Discord's grid of twelve: inline fields side by side, at most three, and each row filled. */
function fields(list, names) {
  const grid = element("div", { class: "embed-fields" });
  let at = 0;
  while (at < list.length) {
    let run = at;
    while (list[at].inline && run < list.length && list[run].inline && run - at < 3) run += 1;
    const row = list.slice(at, Math.max(run, at + 1));
    row.forEach((field, place) => grid.append(fieldBox(field, names, row.length, place)));
    at += row.length;
  }
  return grid;
}

function fieldBox(field, names, inRow, place) {
  const box = element(
    "div", { class: "embed-field" },
    element("div", { class: "field-name" }, inline(field.name, names)),
    element("div", { class: "field-value markdown" }, blocks(field.value, names)),
  );
  const width = 12 / inRow;
  box.style.gridColumn = `${place * width + 1} / ${(place + 1) * width + 1}`;
  return box;
}

/** Only what was uploaded here is fetched; other pictures would be a request to somebody else. */
function picture(url, message, className) {
  const own = message.attachments.find((one) => one.url === url);
  if (own) return shown(own, className);
  return element("p", { class: `${className} elsewhere` }, "🖼 ", link(url, "picture from elsewhere"));
}

/** A picture in its place, with its measures so that nothing jumps; a click shows it as large as the window allows. */
function shown(file, className) {
  const text = file.description ?? file.filename;
  const attributes = { src: file.url, alt: text, title: text, width: file.width, height: file.height };
  const enlarge = () => sheet({ title: text, kind: "picture" }, element("img", attributes));
  const small = element("img", { class: className, ...attributes });
  return element("button", { type: "button", class: `enlarge ${className}-frame`, "aria-label": `Enlarge: ${text}`, on: { click: enlarge } }, small);
}

function shownInEmbed(one, message) {
  return message.embeds.some((embedded) => [embedded.image?.url, embedded.thumbnail?.url].includes(one.url));
}

function attachment(one) {
  if (/^image\/(png|jpeg|gif|webp)$/.test(one.content_type)) {
    return shown(one, "attached-image");
  }
  if (one.content_type === "video/mp4") {
    const text = one.description ?? one.filename;
    return element("video", { class: "attached-video", src: one.url, title: text, controls: true, playsinline: true, preload: "metadata" });
  }
  return element(
    "div", { class: "attachment" },
    element("span", { class: "file-icon", "aria-hidden": "true" }, "📄"),
    element(
      "div", { class: "file" },
      element("a", { href: one.url, download: one.filename }, one.filename),
      element("span", { class: "size" }, size(one.size)),
    ),
  );
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(2)} KB` : `${(bytes / 1024 / 1024).toFixed(2)} MB`;
}

function components(rows, press) {
  return element(
    "div", { class: "components" },
    rows.map((row) => element("div", { class: "row" }, row.components.map((one) => component(one, press)))),
  );
}

function component(one, press) {
  if (one.type === 2) return button(one, press);
  if (one.type === 3) return menu(one, press);
  return element("span", { class: "unknown" }, `(component ${one.type} is not drawn here)`);
}

function button(one, press) {
  const face = [one.emoji && emoji(one.emoji), one.label && element("span", {}, one.label)];
  const className = `button ${BUTTON_STYLES[one.style] ?? "secondary"}`;
  if (one.style === LINK_BUTTON) {
    const anchor = link(one.url, ...face.filter(Boolean), element("span", { "aria-hidden": "true" }, "↗"));
    anchor.className = className;
    return anchor;
  }
  return element(
    "button",
    { type: "button", class: className, disabled: one.disabled, data: { id: one.custom_id }, on: { click: () => press(one, []) } },
    face,
  );
}
