/**
 * A camera's period as two plots above each other, on one axis of time: frames a second as a line, rejected frames as bars.
 */
import { clock } from "./time.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 1000;
const HIGH = 100;

/**
 * @param {HTMLElement} place what they are drawn into, and stood there before
 * @param {object} history one of GET /api/history
 */
export function drawPlots(place, history) {
  const { samples } = history;
  const rejected = samples.map((sample) => sample.rejected);
  place.replaceChildren(
    figure("Frames a second", "rate", range(samples.map((sample) => sample.fps), 1), history, line),
    figure("Rejected frames", "rejects", `${sum(rejected)} in all, ${share(history.reject_rate)}`, history, bars),
  );
}

function figure(title, name, words, history, draw) {
  const figure = document.createElement("figure");
  figure.className = `plot plot--${name}`;
  const caption = document.createElement("figcaption");
  const range = document.createElement("span");
  range.textContent = words;
  caption.append(`${title} `, range);
  const svg = make("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" });
  svg.append(...ticks(), ...draw(history.samples));
  figure.append(caption, svg, axis(history));
  return figure;
}

function line(samples) {
  const top = Math.max(1, ...samples.map(({ fps }) => fps ?? 0)) * 1.05;
  let joined = false;
  const path = samples.map(({ fps }, number) => {
    if (fps === null) return (joined = false) || "";
    const x = ((number + 0.5) / samples.length) * WIDE;
    const step = `${joined ? "L" : "M"}${x.toFixed(1)} ${(HIGH - (fps / top) * HIGH).toFixed(1)}${joined ? "" : "h0.1"}`;
    joined = true;
    return step;
  });
  return [make("path", { d: path.join("") })];
}

function bars(samples) {
  const top = Math.max(1, ...samples.map(({ rejected }) => rejected ?? 0)) * 1.05;
  const wide = WIDE / samples.length;
  return samples.flatMap(({ rejected }, number) => {
    if (!rejected) return [];
    const high = (rejected / top) * HIGH;
    return [make("rect", { x: (number * wide).toFixed(1), width: wide.toFixed(1), y: (HIGH - high).toFixed(1), height: high.toFixed(1) })];
  });
}

function ticks() {
  return [0.25, 0.5, 0.75].map((part) => make("line", { class: "tick", x1: part * WIDE, x2: part * WIDE, y1: 0, y2: HIGH }));
}

function axis({ from, to }) {
  const [begin, end] = [new Date(from), new Date(to)];
  const axis = document.createElement("p");
  axis.className = "strip-axis";
  axis.setAttribute("aria-hidden", "true");
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const label = document.createElement("span");
    label.textContent = clock(new Date(begin.getTime() + part * (end - begin)));
    axis.append(label);
  }
  return axis;
}

function range(values, digits) {
  const known = values.filter((value) => value !== null);
  if (!known.length) return "nothing is known yet";
  const [least, most] = [Math.min(...known), Math.max(...known)].map((value) => value.toFixed(digits));
  return least === most ? most : `${least} to ${most}`;
}

const sum = (values) => values.reduce((total, value) => total + (value ?? 0), 0).toLocaleString();
const share = (rate) => (rate === null ? "of none that came" : `${(rate * 100).toFixed(rate && rate < 0.001 ? 3 : 1)} % of all that came`);

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
