/**
 * The dialog with what stands in the configuration about a camera. Only what was changed is sent; a password is never shown.
 */
import { changeConfiguration, readConfiguration } from "./configuration.js";
import { say } from "./elements.js";
import { placeOf } from "./places.js";

const dialog = document.getElementById("edit");
const form = dialog.querySelector("form");
const said = form.querySelector("[data-part=said]");

let seen = null; // the configuration, as this dialog has seen it
let id = null;

/** Opens the dialog; the page itself shows what becomes of it. */
export async function editCamera(camera) {
  id = camera;
  fill(await readConfiguration(id));
  if (!dialog.open) dialog.showModal();
}

function fill(answer) {
  say(said, answer.ok ? "" : answer.error.message);
  form.querySelector("[type=submit]").disabled = !answer.ok;
  if (!answer.ok) return;
  seen = answer;
  for (const field of fields()) {
    write(field, meant(field));
    const variable = lock(field.name);
    field.disabled = Boolean(variable);
    say(form.querySelector(`[data-lock=${field.name}]`), variable ? `Set by the environment variable ${variable}.` : "");
  }
  form.querySelector("[data-part=forget]").hidden = !seen.data.has_password;
}

const fields = () => [...form.elements].filter(({ name }) => name && name !== "forget");
const ticked = ({ type }) => type === "checkbox";
const write = (field, value) => (field[ticked(field) ? "checked" : "value"] = value);

function read(field) {
  if (ticked(field)) return field.checked;
  return field.type === "password" ? field.value : field.value.trim();
}

/** What a field holds as long as nobody has touched it. */
function meant({ name }) {
  if (name === "address") return seen.data.url ?? seen.data.host ?? "";
  return name === "password" ? "" : (seen.data[name] ?? "");
}

function lock(name) {
  const { locked = {} } = seen.data;
  return name === "address" ? (locked.url ?? locked.host) : locked[name];
}

const touched = () => fields().filter((field) => !field.disabled && read(field) !== meant(field));

/** What was changed, as PATCH takes it. */
function changes() {
  const changed = form.elements.forget.checked ? { password: null } : {};
  for (const field of touched()) {
    const value = read(field);
    if (field.name !== "address") changed[field.name] = value === "" ? null : value;
    else for (const [key, part] of Object.entries(placeOf(value))) if (part || seen.data[key]) changed[key] = part;
  }
  return changed;
}

async function save() {
  const wanted = changes();
  if (!Object.keys(wanted).length) return dialog.close();
  say(said, "");
  const answer = await changeConfiguration(id, wanted, seen);
  if (answer.ok) return dialog.close();
  if (answer.now) {
    const mine = touched().map((field) => [field, read(field)]);
    fill(answer.now);
    for (const [field, value] of mine) write(field, value);
  }
  return say(said, answer.error.message);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
dialog.addEventListener("close", () => form.reset());
dialog.querySelector("[data-part=cancel]").addEventListener("click", () => dialog.close());
