/**
 * One picture on the page: a <canvas> on which a camera's JPEGs are drawn one after the other, each with the screen's next
 * frame. They are decoded off the main thread, and nothing is left of them but what is on the canvas.
 */

const LEAST_LIMIT_S = 3;
const LIMIT_INTERVALS = 5;

/** Where pictures are drawn: a canvas of the picture's own size, which the page's style scales. */
export class Easel {
  canvas = document.createElement("canvas");
  #context = this.canvas.getContext("2d", { alpha: false });

  /** Draws what an <img> shows. */
  copy(img) {
    this.#paint(img, img.naturalWidth, img.naturalHeight);
  }

  /**
   * Decodes and draws a picture.
   *
   * @param {Uint8Array} jpeg
   * @returns {Promise<number|null>} width by height; null if it cannot be decoded
   */
  async draw(jpeg) {
    const bitmap = await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" })).catch(() => null);
    if (!bitmap) return null;
    await new Promise(requestAnimationFrame);
    const { width, height } = bitmap;
    this.#paint(bitmap, width, height);
    bitmap.close();
    return width / height;
  }

  /** Nothing will be drawn any more. */
  end() {}

  #paint(source, width, height) {
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    this.#context.drawImage(source, 0, 0);
  }
}

export class Drawing {
  /** How many pictures it has drawn. */
  drawn = 0;

  #img;
  #easel;
  #canvas;
  #shape = null;
  #shownAt = -Infinity; // performance.now() of the newest picture that counts
  #expiries = 0;

  /**
   * Takes the place of an <img>, with what that shows.
   *
   * @param {HTMLElement} element made by the macro `picture`
   * @param {import("./pictures.js").Picture} before which owned it
   * @param {boolean} keep whether what that shows is kept
   * @param {Easel} easel a new one
   */
  constructor(element, before, keep, easel) {
    const img = element.querySelector("img");
    this.#easel = easel;
    this.#canvas = easel.canvas;
    if (keep && img.naturalWidth > 1) {
      easel.copy(img);
      this.#shape = img.naturalWidth / img.naturalHeight;
    }
    if (keep && before.arrived) this.#shownAt = before.shownAt;
    before.close();
    this.#img = img;
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", img.alt);
    img.replaceWith(this.#canvas);
  }

  /** Gives the <img> its place back, empty. */
  giveBack() {
    this.close();
    this.#easel.end();
    this.#img.dataset.mode = "none";
    this.#canvas.replaceWith(this.#img);
  }

  /** Whether what is shown may pass for a live picture, as far as this goes. */
  get arrived() {
    return this.#shownAt > -Infinity;
  }

  /** Seconds since a picture was shown, if that is too long for a camera of that many frames a second; else 0. */
  late(fps) {
    const age = (performance.now() - this.#shownAt) / 1000;
    return age > Math.max(LEAST_LIMIT_S, fps ? LIMIT_INTERVALS / fps : 0) ? age : 0;
  }

  /** Width by height of what is shown; null without a picture. */
  get shape() {
    return this.#shape;
  }

  set alt(text) {
    if (this.#canvas.ariaLabel !== text) this.#canvas.ariaLabel = text;
  }

  /** What has come until now, shown or on its way to the screen, may not pass for live any more. */
  expire() {
    this.#expiries += 1;
    this.#shownAt = -Infinity;
  }

  /** As expire: the element, or the whole page, is about to go. */
  close() {
    this.expire();
  }

  /**
   * Draws a picture. One that cannot be decoded leaves the old one where it is.
   *
   * @param {Uint8Array} jpeg not to be used afterwards
   * @param {boolean} counts whether it is a live one
   * @returns {Promise<boolean>} whether it was drawn
   */
  async draw(jpeg, counts) {
    const expiries = this.#expiries;
    const shape = await this.#easel.draw(jpeg);
    if (shape === null) return false;
    this.#shape = shape;
    this.drawn += 1;
    if (counts && expiries === this.#expiries) this.#shownAt = performance.now();
    return true;
  }
}
