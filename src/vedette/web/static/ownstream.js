/**
 * Stop and play of this visitor's own picture. The camera goes on, and so do all others who look at it; this tab remembers.
 */
import { recall, remember } from "./memory.js";

export class OwnStream {
  /** Since when it is stopped; null while it plays. */
  stoppedAt = null;

  #button;
  #key;
  #changed;

  /**
   * @param {HTMLButtonElement} button
   * @param {string} id of the camera
   * @param {() => void} changed
   */
  constructor(button, id, changed) {
    this.#button = button;
    this.#key = `stopped.${id}`;
    this.#changed = changed;
    const since = recall(this.#key, { tab: true });
    if (since) this.stoppedAt = new Date(since);
    button.addEventListener("click", () => this.toggle());
    this.#show();
  }

  toggle() {
    this.stoppedAt = this.stoppedAt ? null : new Date();
    remember(this.#key, this.stoppedAt?.toISOString() ?? null, { tab: true });
    this.#show();
    this.#changed();
  }

  #show() {
    const [icon, word] = this.stoppedAt ? ["play", "Play"] : ["stop", "Stop"];
    this.#button.querySelector("use").setAttribute("href", `#icon-${icon}`);
    this.#button.querySelector("span").textContent = word;
    this.#button.title = this.stoppedAt ? "Show its picture to you again (P)" : "Stop its picture for you, and for nobody else (P)";
  }
}
