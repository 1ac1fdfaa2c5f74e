/**
 * Doing something again and again, one time after the other, until it is stopped.
 */
import { pause } from "./time.js";

export class Repetition {
  #step;
  #stop = null;

  /** @param {(stop: AbortSignal) => Promise<number>} step does it once, and gives the milliseconds until the next time */
  constructor(step) {
    this.#step = step;
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
      const wait = await this.#step(stop);
      if (!stop.aborted) await pause(wait, stop);
    }
  }
}
