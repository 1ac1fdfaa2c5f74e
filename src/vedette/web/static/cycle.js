/**
 * Going on by itself: every so many seconds the next camera, or the next screen of cameras. Any key and any touch ends it.
 */
export class Cycle {
  #timer = 0;
  #step;
  #ended;

  /**
   * @param {() => void} step
   * @param {(key: string|null) => void} ended somebody has ended it, with this key or by a touch
   */
  constructor(step, ended) {
    this.#step = step;
    this.#ended = ended;
    addEventListener("keydown", (event) => this.#interrupt(event), { capture: true });
    addEventListener("pointerdown", () => this.#end(null), { capture: true });
  }

  get running() {
    return this.#timer !== 0;
  }

  /** @param {number} seconds between its steps; 0 stops it */
  run(seconds) {
    clearInterval(this.#timer);
    this.#timer = seconds ? setInterval(this.#step, seconds * 1000) : 0;
  }

  #interrupt(event) {
    if (!this.running) return;
    // The keys that would do something about it have done it by that; and Enter would leave what is on the screen.
    if (["c", "Enter", "Escape"].includes(event.key.length === 1 ? event.key.toLowerCase() : event.key)) {
      event.preventDefault();
      event.stopPropagation();
    }
    this.#end(event.key);
  }

  #end(key) {
    if (!this.running) return;
    this.run(0);
    this.#ended(key);
  }
}
