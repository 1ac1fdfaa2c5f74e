/**
 * Where a visitor chooses: the panel of layouts, cameras, groups and the cycle, the line of groups above the wall, and what the
 * address asked for in vain.
 */
import { button, make, say, tell } from "./elements.js";
import { stepAmong } from "./moving.js";

const byId = (id) => document.getElementById(id);

export class Panel {
  /** Opens it; where the arrows lead from the wall's upper edge. */
  button = byId("panel-button");
  /** The lines above the wall. */
  bar = byId("above-wall");

  #dialog = byId("panel");
  #choices;
  #wall;

  /**
   * @param {import("./choices.js").Choices} choices
   * @param {object} wall
   * @param {() => Map<string, string>} wall.names of all cameras, by id
   * @param {() => void} wall.cycle starts it
   */
  constructor(choices, wall) {
    this.#choices = choices;
    this.#wall = wall;
    this.button.addEventListener("click", () => this.open());
    this.#dialog.addEventListener("click", (event) => this.#hear(event));
    this.#dialog.addEventListener("change", (event) => this.#hearChange(event));
    this.#dialog.addEventListener("keydown", (event) => this.#step(event));
    byId("show-all").addEventListener("click", () => choices.reset());
    this.#wireName("new-group", (name) => choices.saveGroup(name));
    this.#wireName("new-layout", (name) => choices.saveLayout(name));
  }

  open() {
    this.#fill();
    byId("cycle-pace").value = this.#choices.pace;
    this.#dialog.showModal();
  }

  /** @param {number} count how many cameras are shown */
  show(count) {
    this.#showGroups();
    const notes = count ? this.#choices.notes : [...this.#choices.notes, "No camera is shown."];
    say(byId("wall-note").firstElementChild, notes.join(" "));
    byId("wall-note").hidden = !notes.length;
    if (this.#dialog.open) this.#fill();
  }

  /** The chip of the group that is shown; null where there are no groups to choose among. */
  get chip() {
    return byId("groups").hidden ? null : byId("groups").querySelector("[aria-pressed=true]") ?? byId("groups").firstElementChild;
  }

  /** @param {number} seconds between its steps; 0 when it has ended */
  showCycle(seconds) {
    say(byId("cycling"), seconds ? `Goes on every ${seconds} s · any key or touch ends it` : "");
  }

  nextGroup() {
    const groups = [null, ...Object.keys(this.#choices.groups)];
    if (groups.length === 1) return this.open();
    const next = groups[(groups.indexOf(this.#choices.wall.group) + 1) % groups.length];
    this.#choices.choose(next);
    return tell(next === null ? "All cameras" : `Group ${next}`);
  }

  #showGroups() {
    const { groups, wall } = this.#choices;
    const names = Object.keys(groups);
    const at = document.activeElement?.closest("#groups button")?.textContent;
    const chip = (text, group, pressed) => button(text, () => this.#choices.choose(group), { className: "chip", aria: { pressed } });
    const chips = names.map((name) => chip(name, name, wall.group === name));
    byId("groups").replaceChildren(chip("All", null, !wall.only), ...chips);
    byId("groups").hidden = !names.length;
    if (at) [...byId("groups").children].find(({ textContent }) => textContent === at)?.focus();
  }

  #fill() {
    const { wall, shown, groups, layouts } = this.#choices;
    const chosen = wall.layout === "columns" ? String(wall.columns) : wall.layout;
    for (const element of this.#dialog.querySelectorAll("[data-layout]")) {
      element.setAttribute("aria-pressed", element.dataset.layout === chosen);
    }
    this.#keepFocus(() => {
      byId("shown").replaceChildren(...[...this.#wall.names()].map(([id, name]) => row(id, name, shown.includes(id))));
      byId("own-groups").replaceChildren(...Object.keys(groups).map((name) => kept(name, "group")));
      byId("own-layouts").replaceChildren(...Object.keys(layouts).map((name) => kept(name, "kept")));
    });
    byId("wall-link").textContent = location.href;
  }

  // What is filled anew loses the focus of the keyboard otherwise.
  #keepFocus(fill) {
    const { id } = document.activeElement;
    fill();
    if (id) byId(id)?.focus();
  }

  #hear({ target }) {
    if (target === this.#dialog) return this.#dialog.close();
    const { layout, use, drop, name, act } = target.closest("button")?.dataset ?? {};
    if (layout) return this.#choices.set({ ...layoutOf(layout), focus: layout === "large" ? this.#choices.wall.focus : null });
    if (use === "group") return this.#choices.choose(name);
    if (use === "kept") return this.#choices.set(this.#choices.layouts[name]);
    if (drop === "group") return this.#choices.dropGroup(name);
    if (drop === "kept") return this.#choices.dropLayout(name);
    if (act === "reset") return this.#choices.reset();
    if (act !== "cycle") return undefined;
    this.#dialog.close();
    return this.#wall.cycle();
  }

  #hearChange({ target }) {
    if (target.id === "cycle-pace") this.#choices.pace = Number(target.value);
    if (target.dataset.camera) this.#choices.show(target.dataset.camera, target.checked);
  }

  // A remote control has arrows and no Tab key.
  #step(event) {
    const direction = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!direction || event.target.matches("select")) return;
    if (stepAmong(this.#dialog, direction)) event.preventDefault();
  }

  /** @param {(name: string) => string} save gives in words why it has not been kept; "" when it has */
  #wireName(id, save) {
    byId(id).elements.name.addEventListener("input", ({ target }) => target.setCustomValidity(""));
    byId(id).addEventListener("submit", (event) => {
      event.preventDefault();
      const input = event.target.elements.name;
      const refusal = save(input.value);
      input.setCustomValidity(refusal);
      if (refusal) return input.reportValidity();
      input.value = "";
      tell("Kept in this browser");
      return this.#fill();
    });
  }
}

function layoutOf(word) {
  return /^\d$/.test(word) ? { layout: "columns", columns: Number(word) } : { layout: word };
}

function row(id, name, shown) {
  const box = make("input", { type: "checkbox", id: `shown-${id}`, checked: shown, data: { camera: id } });
  return make("label", { className: "pick" }, box, make("span", { textContent: name }), make("code", { textContent: id }));
}

function kept(name, kind) {
  const use = button(name, null, { data: { use: kind, name } });
  return make("li", { className: "pick" }, use, button("Forget", null, { data: { drop: kind, name }, aria: { label: `Forget ${name}` } }));
}
