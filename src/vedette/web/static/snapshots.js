/**
 * Keeping the pictures fresh that do not stream: one request at a time for the whole page, the picture that has waited longest
 * first. Whoever uses it says which pictures want one.
 */
import { pause } from "./time.js";

const BETWEEN_MS = 200;
const NONE_WANTED_MS = 500;

export class SnapshotRound {
  #wanting;
  #stop = null;

  /** @param {() => import("./pictures.js").Picture[]} wanting the pictures that want a still now */
  constructor(wanting) {
    this.#wanting = wanting;
  }

  start() {
    this.stop();
    this.#stop = new AbortController();
    this.#run(this.#stop.signal);
  }

  stop() {
    this.#stop?.abort();
    this.#stop = null;
  }

  async #run(stop) {
    while (!stop.aborted) {
      const wanting = this.#wanting();
      if (wanting.length) {
        const next = wanting.reduce((first, other) => (other.askedAt < first.askedAt ? other : first));
        await next.refresh(stop);
      }
      await pause(wanting.length ? BETWEEN_MS : NONE_WANTED_MS, stop);
    }
  }
}
