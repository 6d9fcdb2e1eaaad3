// What the one at the desk chose: whom to act as, which language, light or dark. Kept in this browser.

const KEPT = "etstats desk";
const THEMES = ["auto", "light", "dark"];
const chosen = { user: "", locale: "en-GB", theme: "auto", ...read() };

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

export const settings = {
  get user() { return chosen.user; },
  get locale() { return chosen.locale; },
  get theme() { return THEMES.includes(chosen.theme) ? chosen.theme : "auto"; },
  set(name, value) {
    chosen[name] = value;
    try {
      localStorage.setItem(KEPT, JSON.stringify(chosen));
    } catch { /* a browser that keeps nothing starts anew each time */ }
  },
};

/** Auto follows the system; CSS does the rest. */
export function applyTheme() {
  document.documentElement.dataset.theme = settings.theme;
}

export function nextTheme() {
  settings.set("theme", THEMES[(THEMES.indexOf(settings.theme) + 1) % THEMES.length]);
  applyTheme();
  return settings.theme;
}

/** *holder*'s text in the chosen language, or as it is: `said(command, "description")`. */
export function said(holder, key) {
  return holder[`${key}_localizations`]?.[settings.locale] ?? holder[key] ?? "";
}
