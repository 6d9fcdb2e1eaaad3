// Builds page elements from plain values. Text only ever becomes text nodes: a hostile name stays a name.

/** `element("a", {class: "link", href: url, on: {click: …}}, "text", child, …)`; null and false children are left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (name === "data") {
      Object.assign(made.dataset, value);
    } else {
      made.setAttribute(name, value === true ? "" : String(value));
    }
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** A link that opens elsewhere; anything but http and https stays text. */
export function link(url, ...children) {
  if (!/^https?:\/\//i.test(url)) return element("span", {}, ...children);
  return element("a", { href: url, target: "_blank", rel: "noopener noreferrer", title: url }, ...children);
}

/** A round picture with initials, its colour decided by the id. */
export function avatar(id, name, extra = "") {
  const sum = [...String(id)].reduce((total, sign) => (total * 31 + sign.charCodeAt(0)) >>> 0, 7);
  const letters = [...String(name).replace(/[^\p{L}\p{N} ]/gu, "").trim()].slice(0, 1).join("").toUpperCase();
  return element("span", { class: `avatar tint-${sum % 6} ${extra}`, "aria-hidden": "true" }, letters || "?");
}

/** The language dates and numbers are written in. */
export function language() {
  return document.documentElement.lang;
}
