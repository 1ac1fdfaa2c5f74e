/**
 * A board that was found or looked at: what it is, a picture of it, and the one click that makes it a camera.
 */
import { make, say, tell } from "./elements.js";
import { ask } from "./request.js";

const ADD_WITHIN_MS = 30000; // a host is asked what it is

/**
 * @param {object} board
 * @param {string} board.title
 * @param {string|null} board.thumbnail data URL
 * @param {[string, string|null][]} board.facts words and values; a fact without a value is left out
 * @param {string} board.said what else is to be said; "" for nothing
 * @param {Node} end what stands below
 */
export function boardCard({ title, thumbnail, facts, said }, end) {
  const picture = thumbnail
    ? make("img", { src: thumbnail, alt: `A picture from ${title}` })
    : make("p", { textContent: "no picture" });
  const list = facts.filter(([, value]) => value).flatMap(([word, value]) => [make("dt", { textContent: word }), make("dd", { textContent: value })]);
  return [
    make("div", { className: "thumb" }, picture),
    make("h3", { textContent: title }),
    make("dl", {}, ...list),
    make("p", { className: "hint", textContent: said, hidden: !said }),
    end,
  ];
}

/** "800×600, 24.8 fps"; null where nothing is known. */
export function sizeOf({ width, height, fps }) {
  const size = width && height ? `${width}×${height}` : null;
  return [size, fps ? `${fps.toFixed(1)} fps` : null].filter(Boolean).join(", ") || null;
}

/**
 * The form that asks for a name and adds the camera.
 *
 * @param {string} name proposed
 * @param {object} camera further keys, as POST /api/cameras takes them
 * @param {() => void} added
 */
export function addForm(name, camera, added) {
  const field = make("input", { name: "name", value: name, maxLength: 100, autocomplete: "off" });
  const submit = make("button", { type: "submit", className: "button button--text button--main" }, "Add");
  const said = make("p", { className: "problem", hidden: true, role: "status" });
  const form = make("form", { className: "fields" }, make("label", {}, make("span", { textContent: "Name" }), field), submit, said);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    say(said, "");
    const wanted = { ...camera, ...(field.value.trim() ? { name: field.value.trim() } : {}) };
    const answer = await ask("POST", document.body.dataset.api, { body: wanted, patience: ADD_WITHIN_MS });
    submit.disabled = false;
    if (!answer.ok) return say(said, answer.error.message);
    form.replaceWith(isCamera(answer.data.id, `${answer.data.name} was added.`));
    tell(`${answer.data.name} was added.`);
    return added();
  });
  return form;
}

/** Says that it is a camera, and leads to it. */
export function isCamera(id, text) {
  const link = make("a", { href: `${document.querySelector(".brand").href}cameras/${encodeURIComponent(id)}`, textContent: "Open it" });
  return make("p", { className: "hint" }, `${text} `, link);
}
