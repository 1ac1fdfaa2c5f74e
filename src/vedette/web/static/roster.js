/**
 * The list of cameras: what each is and how it is, and what can be made of it without opening it.
 */
import { changeConfiguration, readConfiguration } from "./configuration.js";
import { confirmed } from "./dialogs.js";
import { button, make, say } from "./elements.js";
import { Repetition } from "./repetition.js";
import { ask, cameraAddress } from "./request.js";
import { describe, showFigures, showSentence, showSign } from "./states.js";

const PICTURES_EVERY_MS = 10000;
const SOON_MS = 500; // as long as one that should be there is missing
const GIVE_UP_MS = 5000;

class Entry {
  visible = false;
  pictured = false;
  #heard;

  /**
   * @param {HTMLElement} element
   * @param {() => void} changed something was done to it: the list may be another one
   */
  constructor(element, changed) {
    this.element = element;
    this.id = element.dataset.id;
    this.#heard = changed;
    this.state = element.dataset.state;
    this.#wire("rename", () => this.#rename());
    this.#wire("switch", () => this.#switch());
    this.#wire("remove", () => this.#remove());
  }

  #wire(act, what) {
    this.element.querySelector(`[data-act=${act}]`).addEventListener("click", what);
  }

  show(camera, silentSince) {
    const said = describe(camera, { silentSince, arrived: true });
    this.state = said.state;
    this.element.dataset.state = said.state;
    this.element.dataset.live = said.live ? "yes" : "no";
    showSentence(this.element.querySelector("[data-sentence]"), said);
    showSign(this.element, said);
    if (!camera) return;
    this.element.querySelector("[data-name]").textContent = camera.name;
    for (const name of this.element.querySelectorAll(".choices .unseen")) name.textContent = ` ${camera.name}`;
    this.element.querySelector("[data-word-of-switch]").textContent = said.state === "disabled" ? "Enable" : "Disable";
    showFigures(this.element, camera, performance.now());
  }

  /** A fresh picture in place of the last one; without one that stays. */
  async refresh(stop) {
    const thumb = this.element.querySelector(".thumb");
    const img = thumb.querySelector("img");
    try {
      const answer = await fetch(thumb.dataset.snapshot, { cache: "no-store", signal: AbortSignal.any([stop, AbortSignal.timeout(GIVE_UP_MS)]) });
      if (!answer.ok) return;
      const old = img.src;
      img.src = URL.createObjectURL(await answer.blob());
      this.pictured = true;
      if (old.startsWith("blob:")) URL.revokeObjectURL(old);
    } catch {
      // The list itself says how its camera is.
    }
  }

  async #rename() {
    const heading = this.element.querySelector("h2");
    if (heading.hidden) return;
    const seen = await readConfiguration(this.id);
    if (!seen.ok) return this.#say(seen);
    const field = make("input", { value: seen.data.name ?? heading.querySelector("[data-name]").textContent, maxLength: 100, autocomplete: "off", aria: { label: "Name" } });
    const form = make("form", { className: "renaming" }, field, make("button", { type: "submit", className: "button button--text button--main" }, "Save"), button("Cancel", () => end()));
    let known = seen;
    const end = () => {
      form.remove();
      heading.hidden = false;
      this.#say(null);
      this.element.querySelector("[data-act=rename]").focus();
    };
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // else it leads back to the wall
      end();
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await changeConfiguration(this.id, { name: field.value.trim() || null }, known);
      known = answer.now ?? known;
      if (!answer.ok) return this.#say(answer);
      end();
      return this.#heard();
    });
    heading.hidden = true;
    heading.after(form);
    field.select();
    field.focus();
    return undefined;
  }

  async #switch() {
    const answer = await ask("PATCH", cameraAddress(this.id), { body: { enabled: this.state === "disabled" } });
    this.#say(answer);
    this.#heard();
  }

  async #remove() {
    const name = this.element.querySelector("[data-name]").textContent;
    const text = "It is taken out of the configuration file, with its settings. The board itself is not touched.";
    if (!(await confirmed({ title: `Remove ${name}?`, text, verb: "Remove" }))) return;
    this.#say(await ask("DELETE", cameraAddress(this.id)));
    this.#heard();
  }

  #say(answer) {
    say(this.element.querySelector(":scope > [data-part=said]"), answer?.error?.message ?? "");
  }
}

export class Roster extends Repetition {
  #list;
  #changed;
  #entries = new Map(); // in the order of the page
  #sight = new IntersectionObserver((seen) => this.#look(seen));
  #rebuilding = false;
  #sighted = false; // whether it is known yet which are on the screen

  /**
   * @param {HTMLElement} list
   * @param {() => void} changed something was done to a camera: the list may be another one
   */
  constructor(list, changed) {
    super((stop) => this.#refresh(stop));
    this.#list = list;
    this.#changed = changed;
    for (const element of list.children) this.#adopt(element);
  }

  #adopt(element) {
    this.#entries.set(element.dataset.id, new Entry(element, this.#changed));
    this.#sight.observe(element);
  }

  #look(seen) {
    for (const { target, isIntersecting } of seen) {
      const entry = this.#entries.get(target.dataset.id);
      if (entry) entry.visible = isIntersecting;
    }
    this.#sighted = true;
  }

  /** What the server says of all cameras. */
  async hear(cameras) {
    if (cameras.map(({ id }) => id).join() !== [...this.#entries.keys()].join()) await this.#rebuild();
    for (const camera of cameras) this.#entries.get(camera.id)?.show(camera, null);
  }

  /** It says nothing any more. */
  fallSilent(since) {
    for (const entry of this.#entries.values()) entry.show(null, since);
  }

  // From a fresh copy of the page, which has the words; what is there already stays as it is.
  async #rebuild() {
    if (this.#rebuilding) return;
    this.#rebuilding = true;
    try {
      const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(GIVE_UP_MS) });
      if (answer.ok) this.#replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // It will be tried again with what the server says next.
    } finally {
      this.#rebuilding = false;
    }
  }

  #replace(page) {
    const old = new Map(this.#entries);
    this.#entries.clear();
    for (const element of page.querySelectorAll(".entry")) {
      const kept = old.get(element.dataset.id);
      old.delete(element.dataset.id);
      if (kept) this.#entries.set(kept.id, kept);
      else this.#adopt(document.adoptNode(element));
      this.#list.append(this.#entries.get(element.dataset.id).element);
    }
    for (const { element } of old.values()) {
      this.#sight.unobserve(element);
      element.remove();
    }
  }

  // One after the other: a picture of a camera that nobody watches has to be waited for, and few may wait at a time.
  async #refresh(stop) {
    const due = [...this.#entries.values()].filter(({ visible, state }) => visible && state === "online");
    for (const entry of due) if (!stop.aborted) await entry.refresh(stop);
    return this.#sighted && due.every(({ pictured }) => pictured) ? PICTURES_EVERY_MS : SOON_MS;
  }
}
