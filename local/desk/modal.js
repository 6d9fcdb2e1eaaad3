// A form that an answer opened: text fields and menus, sent as Discord sends them.

import { element } from "./element.js";
import { sheet } from "./sheet.js";

const [ROW, MENU, TEXT, WORDS, LABEL] = [1, 3, 4, 10, 18];
const PARAGRAPH = 2;

/** Shows the form *data*; *send* gets {custom_id: text or chosen values} and resolves to an error to show, or "". */
export function showForm(data, send) {
  const fields = data.components.flatMap(fieldsOf);
  const fault = element("p", { class: "form-fault", role: "alert" });
  const submit = element("button", { type: "submit", class: "button primary" }, "Submit");
  const cancel = element("button", { type: "button", class: "button plain" }, "Cancel");
  const form = element(
    "form", { class: "form", novalidate: true },
    data.components.flatMap((row) => drawn(row, fields)), fault,
    element("footer", { class: "form-foot" }, cancel, submit),
  );
  const dialog = sheet({ title: data.title, kind: "modal" }, form);
  cancel.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = fields.filter((field) => !field.check());
    if (wrong.length) return wrong[0].focus();
    submit.disabled = true;
    const error = await send(Object.fromEntries(fields.map((field) => [field.id, field.value()])));
    submit.disabled = false;
    fault.textContent = error;
    if (!error) dialog.close();
  });
  fields[0]?.focus();
}

function fieldsOf(row) {
  if (row.type === LABEL) return [field(row.component, row)];
  return row.type === ROW ? row.components.map((one) => field(one, one)) : [];
}

function drawn(row, fields) {
  if (row.type === WORDS) return element("p", { class: "form-words" }, row.content);
  const ids = row.type === LABEL ? [row.component.custom_id] : row.components.map((one) => one.custom_id);
  return fields.filter((one) => ids.includes(one.id)).map((one) => one.node);
}

function field(one, { label, description }) {
  const control = one.type === MENU ? menuField(one) : textField(one);
  const needed = one.required ?? true;
  const fault = element("span", { class: "field-fault", role: "alert" });
  const node = element(
    "label", { class: "form-field" },
    element("span", { class: "form-label" }, label, needed && element("span", { class: "needed", title: "needed" }, " *")),
    description && element("small", {}, description),
    control.node, fault,
  );
  const check = () => {
    const empty = control.isEmpty();
    fault.textContent = empty && needed ? "This field is needed." : empty ? "" : control.fault();
    control.node.toggleAttribute("aria-invalid", Boolean(fault.textContent));
    return !fault.textContent;
  };
  return { id: one.custom_id, node, check, value: control.value, focus: () => control.node.focus() };
}

function textField(one) {
  const tag = one.style === PARAGRAPH ? "textarea" : "input";
  const node = element(tag, {
    name: one.custom_id, placeholder: one.placeholder, maxlength: one.max_length ?? 4000, rows: tag === "textarea" ? 4 : null,
    autocomplete: "off", spellcheck: "false",
  });
  node.value = one.value ?? "";
  const fault = () => ([...node.value].length < (one.min_length ?? 0) ? `At least ${one.min_length} characters.` : "");
  return { node, fault, isEmpty: () => !node.value, value: () => node.value };
}

function menuField(one) {
  const several = (one.max_values ?? 1) > 1;
  const options = one.options.map((option) =>
    element("option", { value: option.value, selected: Boolean(option.default) }, option.label));
  const empty = several ? null : element("option", { value: "" }, one.placeholder ?? "Make a selection");
  const node = element("select", { name: one.custom_id, multiple: several }, empty, options);
  const value = () => [...node.selectedOptions].map((option) => option.value).filter(Boolean);
  const [least, most] = [one.min_values ?? 1, one.max_values ?? 1];
  const fault = () => (value().length < least || value().length > most ? `Choose ${least} to ${most}.` : "");
  return { node, fault, value, isEmpty: () => !value().length };
}
