/**
 * The place of one camera's picture on a page: an <img> as it came with the page and where there is no WebSocket, a <canvas> for
 * the pictures that come by it.
 */
import { Drawing, Easel } from "./drawing.js";
import { Picture } from "./pictures.js";

export class Screen {
  /** What the server said last; null before it has said anything. */
  camera = null;
  /** @type {Picture|Drawing} */
  picture;
  #element;

  /** @param {HTMLElement} element made by the macro `picture` */
  constructor(element) {
    this.#element = element;
    this.picture = new Picture(element, () => this.changed());
  }

  /** What is shown may be different; may be called before the constructor has ended. */
  changed() {}

  get drawing() {
    return this.picture instanceof Drawing ? this.picture : null;
  }

  /** From now on its pictures come by the socket. What the <img> shows is kept, unless it bears the words of a camera that is away. */
  takeOver(camera) {
    if (!this.drawing) this.picture = new Drawing(this.#element, this.picture, camera.state === "online", this.makeEasel());
  }

  /** What the pictures that come by the socket are drawn on. */
  makeEasel() {
    return new Easel();
  }

  /** From now on they do not. */
  giveBack() {
    if (!this.drawing) return;
    this.drawing.giveBack();
    this.picture = new Picture(this.#element, () => this.changed());
  }

  /** A picture came by the socket; fulfilled when it has been drawn, or will not be. */
  async draw(jpeg) {
    if (await this.drawing?.draw(jpeg, this.camera?.state === "online")) this.drawn();
  }

  /** A new picture is on the screen. */
  drawn() {
    this.changed();
  }
}
