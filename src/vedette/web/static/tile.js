/**
 * One camera's tile on the wall: its picture, what is said over it, where it stands.
 */
import { wireFullScreen } from "./fullscreen.js";
import { Screen } from "./screen.js";
import { altText, describe, showFigures, showSentence, showSign } from "./states.js";

const USUAL_SHAPE = 4 / 3;
const WIDEST = 8192; // the server's

export class Tile extends Screen {
  /** Whether any of it is on the screen. */
  visible = false;
  /** Width by height of its picture, as far as it is known. */
  shape = USUAL_SHAPE;

  #wall;
  #size = null; // in CSS pixels

  /**
   * @param {HTMLElement} element
   * @param {object} wall
   * @param {() => {silentSince: Date|null, heardAt: number}} wall.told when the server spoke
   * @param {() => object|null} wall.studio where pictures can be drawn by a worker
   * @param {() => void} wall.reshaped a picture has another shape
   */
  constructor(element, wall) {
    super(element.querySelector(".picture"));
    this.element = element;
    this.#wall = wall;
    const { width, height } = element.dataset;
    if (width && height) this.shape = width / height;
    wireFullScreen(element);
  }

  get id() {
    return this.element.dataset.id;
  }

  get name() {
    return this.element.querySelector("[data-name]").textContent;
  }

  get link() {
    return this.element.querySelector(".tile-link");
  }

  /** How large its picture is shown, in device pixels; null while that is not known. */
  get room() {
    if (!this.#size) return null;
    const { width, height } = this.#size;
    const across = Math.min(width, height * this.shape) * devicePixelRatio;
    const pixels = (length) => Math.min(WIDEST, Math.ceil(length));
    return across >= 1 ? { width: pixels(across), height: pixels(across / this.shape) } : null;
  }

  /** The tile has another size on the page. */
  measure({ width, height }) {
    this.#size = width && height ? { width, height } : null;
  }

  makeEasel() {
    return this.#wall.studio()?.easel(() => this.room) ?? super.makeEasel();
  }

  /** @param {import("./layout.js").Cell} cell */
  place(cell) {
    for (const [key, value] of Object.entries(cell)) this.element.style.setProperty(`--${key}`, `${value}px`);
  }

  hear(camera) {
    this.camera = camera;
    this.element.querySelector("[data-name]").textContent = camera.name;
    if (camera.state !== "online") this.drawing?.expire();
    this.show();
  }

  changed() {
    if (#wall in this) this.show(); // not while it is being made
  }

  drawn() {
    this.element.dataset.drawn = this.drawing.drawn;
    if (this.element.dataset.live === "yes") this.#reshape();
    else this.show();
  }

  show() {
    const { silentSince, heardAt } = this.#wall.told();
    if (!this.camera && !silentSince) return;
    const { arrived } = this.picture;
    const said = describe(this.camera, { silentSince, arrived, late: this.drawing?.late(this.camera?.fps) });
    this.element.dataset.state = said.state;
    this.element.dataset.live = said.live ? "yes" : "no";
    showSentence(this.element.querySelector(".notice"), said);
    showSign(this.element.querySelector(".name"), said);
    this.picture.alt = altText(this.name, said);
    if (!this.camera) return;
    this.element.dataset.seen = this.camera.last_frame_age_s === null ? "no" : "yes";
    showFigures(this.element, this.camera, heardAt);
    if (said.live) this.#reshape();
  }

  #reshape() {
    const { width, height } = this.camera;
    const shape = this.picture.shape ?? (width && height ? width / height : this.shape);
    if (Math.abs(shape - this.shape) < 0.01) return;
    this.shape = shape;
    this.#wall.reshaped();
  }
}
