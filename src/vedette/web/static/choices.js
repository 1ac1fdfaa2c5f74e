/**
 * What this visitor has chosen for the wall: which cameras in which order, how they are laid out, which one is large. Kept in the
 * browser, and written into the page's address, so that a copied address shows the same wall to somebody else.
 *
 * The law: an address that says anything about the wall says everything; what is kept counts only where it says nothing. What it
 * names and is not there is left out, and said. What an address says is kept only when the visitor changes something of it: a link
 * that is merely looked at leaves his own wall alone.
 */
import { recall, remember } from "./memory.js";

export const MOST_COLUMNS = 9;
export const USUAL_PACE_S = 10;
const PACES_S = [2, 3600];
const NAME_LENGTH = 40;
const TAKEN = /^(fit|large|columns|[1-9])$/i; // the layouts that everybody has
const MOST_NAMED = 5; // in one sentence
const ALL_OTHERS = "*";
const PARAMETERS = ["cameras", "hide", "group", "layout", "columns", "focus", "cycle"];

/**
 * @typedef {object} Wall
 * @property {string[]} order these first, in this order; all others follow in the server's
 * @property {string[]} hidden not these
 * @property {string[]|null} only none but these, whatever is hidden; null for all
 * @property {string|null} group what `only` is called
 * @property {"fit"|"large"|"columns"} layout
 * @property {number} columns 1 to 9, where that is the layout
 * @property {string|null} focus the one that is shown alone, or large
 */

/** @type {Wall} */
const USUAL = Object.freeze({ order: [], hidden: [], only: null, group: null, layout: "fit", columns: 3, focus: null });

const NAMELESS = "Give it a name.";
const NONE = Object.freeze({ order: [], only: [] });

export class Choices {
  /** @type {Wall} */
  wall = USUAL;
  /** Seconds between the steps of a cycle, from the address; 0 without. */
  cycle = 0;
  /** What the address asked for in vain, in sentences. */
  notes = [];

  #known;
  #changed;

  /**
   * @param {string[]} known the cameras there are, in the server's order
   * @param {() => void} changed
   */
  constructor(known, changed) {
    this.#known = known;
    this.#changed = changed;
    const asked = new URLSearchParams(location.search);
    if (PARAMETERS.some((name) => asked.has(name))) this.#read(asked);
    else this.wall = sound(recall("wall"));
    this.#write();
  }

  get pace() {
    const kept = Number(recall("wall.pace"));
    return kept >= PACES_S[0] && kept <= PACES_S[1] ? kept : USUAL_PACE_S;
  }

  set pace(seconds) {
    remember("wall.pace", seconds);
    if (this.cycle) this.set({}, { cycle: seconds });
  }

  /** The cameras that are shown, in order. */
  get shown() {
    const { only, hidden } = this.wall;
    return this.#ordered().filter((id) => (only ? only.includes(id) : !hidden.includes(id)));
  }

  /** Other cameras are there by now. */
  know(known) {
    this.#known = known;
    this.#write();
  }

  /**
   * Chooses, keeps what is worth it, and writes it into the address: with `enters`, into a new one, from which the browser leads back.
   */
  set(wall, { cycle = this.cycle, enters = false } = {}) {
    const { focus: before, ...old } = this.wall;
    this.wall = { ...this.wall, ...wall };
    this.cycle = cycle;
    const { focus, ...kept } = this.wall;
    if (!same(kept, old)) remember("wall", same(kept, USUAL) ? null : kept);
    this.#write(enters);
    this.#changed();
  }

  /** The browser has gone to another address of this page, there or back. */
  follow() {
    const focus = new URLSearchParams(location.search).get("focus");
    this.set({ focus: this.#known.includes(focus) ? focus : null });
  }

  /** Puts a camera at another place among those that are shown. */
  place(id, index) {
    const shown = this.shown.filter((other) => other !== id);
    shown.splice(index, 0, id);
    const places = this.#ordered();
    // Those that are hidden stay between the same ones.
    let next = 0;
    this.set({ order: places.map((other) => (shown.includes(other) ? shown[next++] : other)) });
  }

  show(id, shown) {
    const { only, hidden } = this.wall;
    const changed = (list, into) => (into ? [...new Set([...list, id])] : list.filter((other) => other !== id));
    if (only) this.set({ only: changed(only, shown), group: null });
    else this.set({ hidden: changed(hidden, !shown) });
  }

  /** All cameras, as on the first day; named groups and layouts are kept. */
  reset() {
    this.notes = [];
    this.set(USUAL, { cycle: 0 });
  }

  // Groups and layouts by name ----------------------------------------------------------------------------------------------

  /** @returns {Record<string, string[]>} cameras by the name of their group */
  get groups() {
    const groups = named("wall.groups", (cameras) => ids(cameras));
    const { group, only } = this.wall;
    return group && only && !groups[group] ? { __proto__: null, ...groups, [group]: only } : groups;
  }

  /** @returns {Record<string, Wall>} */
  get layouts() {
    return named("wall.layouts", sound);
  }

  choose(group) {
    if (group === null) this.set({ only: null, group, focus: null });
    else this.set({ only: this.groups[group] ?? [], group, focus: null });
  }

  /** @returns {string} why not, in words; "" when it has been kept */
  saveGroup(text) {
    const name = tidy(text);
    if (!name) return NAMELESS;
    const only = this.shown;
    remember("wall.groups", { ...this.groups, [name]: only });
    this.set({ only, group: name, hidden: [] });
    return "";
  }

  dropGroup(name) {
    const { [name]: gone, ...others } = this.groups;
    remember("wall.groups", others);
    this.set(this.wall.group === name ? { only: null, group: null } : {});
  }

  /** @returns {string} why not, in words; "" when it has been kept */
  saveLayout(text) {
    const name = tidy(text);
    if (!name) return NAMELESS;
    if (TAKEN.test(name)) return `“${name}” is the name of a layout that everybody has: give it another one.`;
    remember("wall.layouts", { ...this.layouts, [name]: this.wall });
    this.#changed();
    return "";
  }

  dropLayout(name) {
    const { [name]: gone, ...others } = this.layouts;
    remember("wall.layouts", others);
    this.#changed();
  }

  // The address ---------------------------------------------------------------------------------------------------------------

  #ordered() {
    const first = this.wall.order.filter((id) => this.#known.includes(id));
    return [...first, ...this.#known.filter((id) => !first.includes(id))];
  }

  #read(asked) {
    const unknown = new Set();
    const list = (name) => {
      const given = listed(asked.get(name));
      const found = given.filter((id) => this.#known.includes(id) || id === ALL_OTHERS);
      for (const id of given) if (!found.includes(id)) unknown.add(id);
      return [...new Set(found)];
    };
    const layout = asked.get("layout");
    const kept = layout && this.layouts[layout];
    const wall = { ...(kept ?? USUAL) };
    if (layout === "large" || layout === "fit") wall.layout = layout;
    else if (layout && !kept) this.notes.push(`No layout of this browser is called “${short(layout)}”.`);
    if (asked.has("columns")) Object.assign(wall, this.#readColumns(asked.get("columns")));
    if (asked.has("cameras")) Object.assign(wall, listed(asked.get("cameras")).length ? chosen(list("cameras")) : NONE);
    if (asked.has("hide")) wall.hidden = list("hide");
    if (asked.has("group")) Object.assign(wall, this.#readGroup(asked.get("group"), wall.only));
    if (asked.has("focus")) wall.focus = list("focus")[0] ?? null;
    if (asked.has("cycle")) this.cycle = pace(asked.get("cycle"));
    if (unknown.size) this.notes.push(`No camera here has the id ${sentence([...unknown])}: the rest is shown.`);
    this.wall = wall;
  }

  #readColumns(text) {
    const count = Number(text);
    if (Number.isInteger(count) && count >= 1 && count <= MOST_COLUMNS) return { layout: "columns", columns: count };
    this.notes.push(`“columns” goes from 1 to ${MOST_COLUMNS}.`);
    return {};
  }

  #readGroup(text, only) {
    const group = tidy(text);
    const cameras = only ?? named("wall.groups", ids)[group];
    if (cameras) return { group, only: cameras };
    this.notes.push(`No group of this browser is called “${short(group)}”: all cameras are shown.`);
    return {};
  }

  #write(enters = false) {
    const { only, order, hidden, group, layout, columns, focus } = this.wall;
    const words = [];
    const say = (name, value) => words.push(`${name}=${[value].flat().map(encodeURIComponent).join(",").replaceAll("%2A", ALL_OTHERS)}`);
    if (only) say("cameras", this.shown);
    else if (!same(this.#ordered(), this.#known)) say("cameras", [...order, ALL_OTHERS]);
    if (hidden.length && !only) say("hide", hidden);
    if (group) say("group", group);
    if (layout === "large") say("layout", layout);
    if (layout === "columns") say("columns", columns);
    if (focus) say("focus", focus);
    if (this.cycle) say("cycle", this.cycle);
    const others = [...new URLSearchParams(location.search)].filter(([name]) => !PARAMETERS.includes(name));
    for (const [name, value] of others) say(name, value);
    const query = words.length ? `?${words.join("&")}` : "";
    if (query === location.search) return;
    const address = location.pathname + query + location.hash;
    if (enters) history.pushState({ entered: true }, "", address);
    else history.replaceState(history.state, "", address);
  }
}

/** The words between the commas. */
function listed(text) {
  return (text ?? "").split(",").filter(Boolean);
}

/** What `cameras` of the address means: these alone, or these first and then all others. */
function chosen(cameras) {
  const order = cameras.filter((id) => id !== ALL_OTHERS);
  return { order, only: order.length && !cameras.includes(ALL_OTHERS) ? order : null };
}

function pace(text) {
  const seconds = Math.round(Number(text));
  return seconds >= PACES_S[0] && seconds <= PACES_S[1] ? seconds : USUAL_PACE_S;
}

/** A wall from what was kept, which may be of another version, or of anybody. */
function sound(kept) {
  const { order, hidden, only, group, layout, columns, focus } = kept ?? {};
  const counts = Number.isInteger(columns) && columns >= 1 && columns <= MOST_COLUMNS;
  return {
    order: ids(order),
    hidden: ids(hidden),
    only: Array.isArray(only) ? ids(only) : null,
    group: typeof group === "string" && Array.isArray(only) ? group : null,
    layout: ["large", "columns"].includes(layout) ? layout : "fit",
    columns: counts ? columns : USUAL.columns,
    focus: typeof focus === "string" ? focus : null,
  };
}

function ids(list) {
  return Array.isArray(list) ? list.filter((id) => typeof id === "string") : [];
}

/** What was kept by names, which are the visitor's: a thing without a prototype has none but those, whatever they are. */
function named(key, read) {
  const kept = recall(key);
  if (!kept || typeof kept !== "object") return { __proto__: null };
  return { __proto__: null, ...Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, read(value)])) };
}

function tidy(name) {
  return name.trim().replaceAll(/\s+/g, " ").slice(0, NAME_LENGTH);
}

function short(text) {
  return text.length > NAME_LENGTH ? `${text.slice(0, NAME_LENGTH)}…` : text;
}

function sentence(unknown) {
  const some = unknown.slice(0, MOST_NAMED).map((id) => `“${short(id)}”`);
  return some.join(" or ") + (unknown.length > MOST_NAMED ? ` (and ${unknown.length - MOST_NAMED} more)` : "");
}

function same(one, other) {
  if (Array.isArray(one)) return JSON.stringify(one) === JSON.stringify(other);
  return Object.entries(one).every(([key, value]) => JSON.stringify(value) === JSON.stringify(other[key]));
}
