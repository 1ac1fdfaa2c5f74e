/**
 * The dialog that copies what is wanted of one camera to others: each gets those settings that it has.
 */
import { openDialog } from "./dialogs.js";
import { button, make, say } from "./elements.js";
import { ask, cameraAddress } from "./request.js";

const MOST_ATTEMPTS = 3;

/** @param {string} id of the camera that is copied from; `wanted` is what is wanted of it */
export async function copySettings(id, wanted) {
  const answer = await ask("GET", document.body.dataset.api);
  const others = answer.ok ? answer.data.filter((camera) => camera.id !== id) : [];
  const rows = others.map(makeRow);
  const names = Object.keys(wanted);
  const close = button("Close", () => dialog.close());
  const copy = button("Copy", () => copyAll(), { disabled: true });
  const list = make("fieldset", { className: "copies" }, make("legend", { className: "unseen", textContent: "Cameras" }), ...rows.map(({ element }) => element));
  list.addEventListener("change", () => (copy.disabled = !names.length || !rows.some(({ box }) => box.checked)));
  const text = names.length ? `${names.length} settings are copied, as far as the others have them: ${names.join(", ")}.` : "Nothing was set here yet: there is nothing to copy.";
  const alone = answer.ok ? "There is no other camera." : answer.error.message;
  const dialog = openDialog(
    "Copy to other cameras",
    make("p", { textContent: text }),
    others.length ? list : make("p", { textContent: alone }),
    make("div", { className: "choices" }, close, copy),
  );

  async function copyAll() {
    copy.disabled = true;
    for (const row of rows.filter(({ box }) => box.checked)) {
      say(row.result, "copying…");
      say(row.result, await copyTo(row.id, wanted));
    }
    copy.disabled = false;
  }
}

function makeRow({ id, name }) {
  const box = make("input", { type: "checkbox", value: id });
  const result = make("output", { hidden: true });
  return { id, box, result, element: make("div", { className: "copies-row" }, make("label", {}, box, make("span", { textContent: name })), result) };
}

/** @returns {Promise<string>} what became of it */
async function copyTo(id, wanted) {
  const address = cameraAddress(id, "settings");
  let answer = null;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const there = await ask("GET", address);
    if (!there.ok) return there.error.message;
    const { controls, note } = there.data;
    const has = (name, value) => controls.some((control) => control.name === name && takes(control, value));
    const fitting = Object.entries(wanted).filter(([name, value]) => has(name, value));
    const left = Object.keys(wanted).filter((name) => !fitting.some(([other]) => other === name));
    if (!fitting.length) return note ?? "It has none of these settings.";
    answer = await ask("PATCH", address, { body: Object.fromEntries(fitting), etag: there.etag });
    if (answer.ok) return `${fitting.length} copied${left.length ? `, left out: ${left.join(", ")}` : ""}.`;
    if (answer.status !== 412) break; // else the configuration has changed in between
  }
  return answer.error.message;
}

function takes({ kind, min, max, options }, value) {
  if (kind === "choice") return options.includes(value);
  return kind !== "int" || (value >= min && value <= max);
}
