/**
 * Making elements: a tag, its properties, its children.
 */

/**
 * @param {string} tag
 * @param {object} [properties] of the element; `data` fills its dataset, `aria` its aria- attributes
 * @param {...(Node|string|null)} children null is left out
 */
export function make(tag, { data = {}, aria = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(aria)) element.setAttribute(`aria-${name}`, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A button with words. */
export function button(text, act, properties = {}) {
  const made = make("button", { type: "button", className: "button button--text", ...properties }, text);
  if (act) made.addEventListener("click", act);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** One of the icons and signs of templates/_icons.html, by its whole name. */
export function drawn(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

/** Writes only what is different, and hides what is empty. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

/** Tells a screen reader. */
export function tell(text) {
  document.getElementById("announcer").textContent = text;
}
