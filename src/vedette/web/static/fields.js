/**
 * What a control is moved by: a slider with a number, a switch, a choice. Each is `{ element, show(value), disable(yes) }`, shows
 * what it is told, and calls `moved` with what somebody makes of it. A field that is in somebody's hand is not written to.
 */
import { drawn, make } from "./elements.js";

const PICTOGRAMS = { hmirror: ["icon-mirror", "Mirror"], vflip: ["icon-flip", "Flip"] };
const STEPPED = "ae_level"; // exposure: minus, reset and plus, as the people of opencv_server know it

/** The field for a control of GET …/settings. */
export function fieldFor(control, id, moved) {
  if (control.kind === "bool") return makeSwitch(control, id, moved);
  if (control.kind === "choice") return makeChoice(control, id, moved);
  return makeSlider(control, id, moved);
}

/** The short word for a control that is a pictogram; undefined for others. */
export function wordFor(control) {
  return control.kind === "bool" ? PICTOGRAMS[control.name]?.[1] : undefined;
}

function makeSlider({ name, min, max, title, default: usual }, id, moved) {
  const range = make("input", { type: "range", id, min, max, step: 1 });
  const number = make("input", { type: "number", min, max, step: 1, inputMode: "numeric", aria: { label: `${title}, as a number` } });
  let held = false;
  let value = usual;
  const change = (wanted) => {
    value = wanted;
    range.value = number.value = wanted;
    moved(wanted);
  };
  range.addEventListener("pointerdown", () => (held = true));
  for (const end of ["pointerup", "pointercancel", "change", "blur"]) range.addEventListener(end, () => (held = false));
  range.addEventListener("input", () => change(range.valueAsNumber));
  number.addEventListener("change", () => (Number.isInteger(number.valueAsNumber) ? change(number.valueAsNumber) : (number.value = value)));
  const bounded = (wanted) => Math.min(max, Math.max(min, wanted));
  const step = (text, label, act) => {
    const button = make("button", { type: "button", className: "button button--text", aria: { label: `${title} ${label}` } }, text);
    button.addEventListener("click", () => change(bounded(act())));
    return button;
  };
  const steps =
    name === STEPPED
      ? [step("−", "down", () => value - 1), step("reset", "reset", () => usual ?? 0), step("+", "up", () => value + 1)]
      : [];
  return {
    element: make("div", { className: "slider" }, range, number, steps.length ? make("div", { className: "steps" }, ...steps) : null),
    show(shown) {
      if (held || shown === undefined || shown === null) return;
      value = Number(shown);
      if (range.valueAsNumber !== value) range.value = value;
      if (document.activeElement !== number || number.valueAsNumber === range.valueAsNumber) number.value = value;
    },
    disable(yes) {
      for (const part of [range, number, ...steps]) part.disabled = yes;
    },
  };
}

function makeSwitch({ name }, id, moved) {
  const pictogram = PICTOGRAMS[name];
  const inside = pictogram ? [drawn(pictogram[0]), pictogram[1]] : [make("span", { className: "knob" })];
  const className = pictogram ? "button button--text toggle" : "flick";
  const element = make("button", { type: "button", id, className, role: "switch", aria: { checked: "false" } }, ...inside);
  element.addEventListener("click", () => {
    const value = element.getAttribute("aria-checked") !== "true";
    element.setAttribute("aria-checked", value);
    moved(value);
  });
  return {
    element,
    show: (value) => element.setAttribute("aria-checked", Boolean(value)),
    disable: (yes) => (element.disabled = yes),
  };
}

function makeChoice({ options, labels }, id, moved) {
  const element = make("select", { id });
  const add = (value, text) => element.append(make("option", { value: String(value), textContent: text }));
  const spoken = (value) => String(value).replace(/^(\d+)x(\d+)$/, "$1×$2");
  options.forEach((value, index) => add(value, spoken(labels?.[index] ?? value)));
  element.addEventListener("change", () => moved(options.find((value) => String(value) === element.value)));
  return {
    element,
    show(value) {
      if (value === undefined || value === null || element.value === String(value)) return;
      // What the board has is shown, whether it can be chosen or not.
      if (![...element.options].some((option) => option.value === String(value))) add(value, spoken(value));
      element.value = String(value);
    },
    disable: (yes) => (element.disabled = yes),
  };
}
