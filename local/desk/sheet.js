// A dialog for one thing at a time, closed by its cross, Escape, or a click beside it.

import { element } from "./element.js";

/** Shows *inner* under *title*; *ended* is called however it is closed. Returns the dialog. */
export function sheet({ title, kind, ended = () => {} }, ...inner) {
  const heading = element("h2", { id: `${kind}-title` }, title);
  const close = element("button", { type: "button", class: "close", "aria-label": "Close" }, "✕");
  const dialog = element(
    "dialog", { class: `sheet ${kind}`, "aria-labelledby": `${kind}-title` },
    element("header", { class: "sheet-head" }, heading, close), ...inner,
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => {
    dialog.remove();
    ended();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
