/**
 * Asking the server for the state of all cameras: one request at a time, every two seconds, each given up after five.
 * Owns the knowledge whether the server answers.
 */
import { Repetition } from "./repetition.js";

const EVERY_MS = 2000;
const GIVE_UP_MS = 5000;

/** GET /api/cameras, once; null without an answer. */
export async function askCameras(stop) {
  try {
    const answer = await fetch(document.body.dataset.api, {
      cache: "no-store",
      headers: { Accept: "application/json" },
      signal: AbortSignal.any([stop, AbortSignal.timeout(GIVE_UP_MS)]),
    });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

export class Poll extends Repetition {
  /** Whether the last request was answered. */
  answered = true;
  #heard;

  /**
   * @param {object} heard
   * @param {(cameras: object[], after: {silence: boolean}) => unknown} heard.cameras each answer; `silence` is true for the
   *   first one after the server had stopped answering, or had been started anew. Awaited before the next request.
   * @param {() => void} heard.silence the server stopped answering
   */
  constructor(heard) {
    super(async (stop) => {
      const cameras = await askCameras(stop);
      if (!stop.aborted) await this.#tell(cameras);
      return EVERY_MS;
    });
    this.#heard = heard;
  }

  #tell(cameras) {
    if (cameras) {
      const silence = !this.answered || this.#restarted(cameras);
      this.answered = true;
      return this.#heard.cameras(cameras, { silence });
    }
    if (this.answered) {
      this.answered = false;
      this.#heard.silence();
    }
    return undefined;
  }

  // Frames are counted since the server was started: a count that falls tells of a restart between two polls.
  #frames = new Map();
  #restarted(cameras) {
    const fell = cameras.some(({ id, frames }) => frames < (this.#frames.get(id) ?? 0));
    this.#frames = new Map(cameras.map(({ id, frames }) => [id, frames]));
    return fell;
  }
}
