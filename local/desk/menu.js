// A select menu of a message: a button and a list; several choices are sent when the list closes, one at once.

import { element } from "./element.js";

export function emoji(one) {
  return element("span", { class: "emoji", title: one.name }, one.id ? `:${one.name}:` : one.name);
}

/** *press* is called with (component, values). */
export function menu(one, press) {
  const several = (one.max_values ?? 1) > 1;
  const chosen = new Set(one.options.filter((option) => option.default).map((option) => option.value));
  const before = [...chosen].join("\n");
  const labels = one.options.filter((option) => chosen.has(option.value)).map((option) => option.label);
  const list = element("ul", { class: "menu-list", role: "listbox", "aria-multiselectable": several, hidden: true });
  const face = element(
    "button",
    {
      type: "button", class: "menu-face", disabled: one.disabled, "aria-haspopup": "listbox", "aria-expanded": "false",
      data: { id: one.custom_id },
    },
    element("span", { class: labels.length ? "" : "placeholder" }, labels.join(", ") || one.placeholder || "Make a selection"),
    element("span", { class: "arrow", "aria-hidden": "true" }, "▾"),
  );
  const box = element("div", { class: "menu" }, face, list);
  const close = (refocus) => {
    if (list.hidden) return;
    list.hidden = true;
    face.setAttribute("aria-expanded", "false");
    if (refocus) face.focus();
    const enough = chosen.size >= (one.min_values ?? 1);
    if (several && enough && [...chosen].join("\n") !== before) press(one, [...chosen]);
  };
  const pick = (option, item) => {
    if (!several) {
      list.hidden = true;
      press(one, [option.value]);
      return;
    }
    if (chosen.has(option.value)) chosen.delete(option.value);
    else if (chosen.size < one.max_values) chosen.add(option.value);
    item.setAttribute("aria-selected", String(chosen.has(option.value)));
  };
  for (const option of one.options) list.append(menuItem(option, chosen.has(option.value), pick));
  face.addEventListener("click", () => {
    if (!list.hidden) return close(true);
    list.hidden = false;
    face.setAttribute("aria-expanded", "true");
    (list.querySelector("[aria-selected=true]") ?? list.firstElementChild).focus();
    list.scrollIntoView({ block: "nearest" });
  });
  box.addEventListener("keydown", (event) => menuKeys(event, list, close));
  box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) close(false); });
  return box;
}

function menuItem(option, selected, pick) {
  const item = element(
    "li", { role: "option", tabindex: "-1", "aria-selected": String(selected), data: { value: option.value } },
    option.emoji && emoji(option.emoji),
    element(
      "span", {},
      element("span", { class: "option-label" }, option.label),
      option.description && element("small", {}, option.description),
    ),
  );
  item.addEventListener("click", () => pick(option, item));
  return item;
}

function menuKeys(event, list, close) {
  const items = [...list.children];
  const at = items.indexOf(document.activeElement);
  const move = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Escape") close(true);
  else if (list.hidden) return;
  else if (move !== undefined) items[Math.max(0, Math.min(move, items.length - 1))].focus();
  else if ((event.key === "Enter" || event.key === " ") && at >= 0) items[at].click();
  else return;
  event.preventDefault();
}
