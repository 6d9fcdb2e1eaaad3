// The JSON behind an answer.

import { element } from "./element.js";
import { sheet } from "./sheet.js";

export function showRaw({ response, message, request, ...rest }) {
  const all = request ? { request, response, message, ...rest } : null;
  const tabs = Object.entries({ Response: response, Message: message, Request: request, All: all }).filter(([, one]) => one);
  const text = element("pre", { class: "raw-text", tabindex: "0" });
  const buttons = tabs.map(([name, value]) => {
    const tab = element("button", { type: "button", role: "tab", "aria-selected": "false" }, name);
    tab.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-selected", String(other === tab));
      text.textContent = JSON.stringify(value, null, 2);
      text.scrollTop = 0;
    });
    return tab;
  });
  sheet({ title: "JSON", kind: "raw" }, element("div", { class: "raw-tabs", role: "tablist" }, buttons), text);
  buttons[0].click();
}
