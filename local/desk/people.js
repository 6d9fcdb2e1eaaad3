// Who is here, and the menu on somebody: what Discord shows under “Apps” after a right click.

import { avatar, element } from "./element.js";
import { said } from "./settings.js";

const ON_A_USER = 2;
let open = null;

/** The people of the server as a list; *pick* is called with (user, button) on a click or right click. */
export function memberList(users, me, pick) {
  const rows = users.map((user) => {
    const row = element(
      "button", { type: "button", class: "member", "aria-haspopup": "menu", data: { user: user.id } },
      avatar(user.id, user.name), element("span", { class: "member-name" }, user.name),
      user.id === me && element("span", { class: "tag" }, "you"), user.admin && element("span", { class: "tag" }, "admin"),
    );
    onMenu(row, () => pick(user, row));
    return row;
  });
  return [element("h2", { class: "members-title" }, `Members — ${users.length}`), ...rows];
}

/** Click, right click and the menu key all open the same. */
export function onMenu(node, show) {
  node.addEventListener("click", show);
  node.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    show();
  });
}

/** Opens the menu on *user* beside *anchor*; *run* is called with the command chosen. */
export function showMenu(user, anchor, commands, run) {
  closeMenu();
  const items = commands.filter((one) => one.type === ON_A_USER).map((command) => element(
    "button", { type: "button", role: "menuitem", class: "menu-item", on: { click: () => { closeMenu(); run(command); } } },
    said(command, "name"),
  ));
  const nothing = element("p", { class: "nothing" }, "No commands in this menu.");
  const menu = element(
    "div", { class: "user-menu", role: "menu", "aria-label": `Apps for ${user.name}` },
    element("p", { class: "user-menu-head" }, avatar(user.id, user.name), element("span", {}, user.name)),
    element("p", { class: "user-menu-kind" }, "Apps"), items.length ? items : nothing,
  );
  document.body.append(menu);
  place(menu, anchor.getBoundingClientRect());
  open = { menu, anchor };
  (items[0] ?? menu).focus?.();
}

function place(menu, beside) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(8, Math.min(beside.left, innerWidth - width - 8));
  const below = beside.bottom + 4 + height <= innerHeight - 8;
  menu.style.left = `${left}px`;
  menu.style.top = `${below ? beside.bottom + 4 : Math.max(8, beside.top - height - 4)}px`;
}

export function closeMenu({ refocus = false } = {}) {
  if (!open) return;
  const { menu, anchor } = open;
  open = null;
  menu.remove();
  if (refocus) anchor.focus();
}

document.addEventListener("pointerdown", (event) => { if (open && !open.menu.contains(event.target)) closeMenu(); });
document.addEventListener("keydown", (event) => {
  if (!open) return;
  const items = [...open.menu.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  if (event.key === "Escape") closeMenu({ refocus: true });
  else if (event.key === "ArrowDown") items[(at + 1) % items.length]?.focus();
  else if (event.key === "ArrowUp") items[(at - 1 + items.length) % items.length]?.focus();
  else return;
  event.preventDefault();
});
