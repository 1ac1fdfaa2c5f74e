/**
 * The wall where no WebSocket can be had: the states by asking, a few tiles by their MJPEG streams, the others by stills.
 *
 * Of the six connections a browser has to a server it takes at most: one per streaming tile (four), one for the stills of all
 * other tiles, one for the poll.
 */
import { Poll } from "./poll.js";
import { Repetition } from "./repetition.js";

const BETWEEN_MS = 200;
const NONE_WANTED_MS = 500;
const ASK_IDLE_MS = 10000; // an idle camera has no fresh picture; being asked for one may wake it
const SETTLE_MS = 250; // scrolling past a tile opens no stream

export class Fallback {
  #tiles;
  #streams;
  #shown = [];
  #settling = 0;
  #poll;
  #stills = new Repetition((stop) => this.#refreshOne(stop));

  /**
   * @param {Map<string, object>} tiles all there are, by their cameras' ids; each with `camera` and a `picture` that is a Picture
   * @param {number} streams how many of them may stream
   * @param {object} heard
   * @param {(cameras: object[]) => Promise<unknown>} heard.cameras
   * @param {() => void} heard.silence the server stopped answering: all pictures have to expire
   */
  constructor(tiles, streams, heard) {
    this.#tiles = tiles;
    this.#streams = streams;
    this.#poll = new Poll({
      cameras: async (cameras, { silence }) => {
        await heard.cameras(cameras);
        for (const camera of cameras) this.#tiles.get(camera.id)?.picture.check?.(camera, silence);
      },
      silence: heard.silence,
    });
  }

  start() {
    this.#poll.start();
    this.#stills.start();
  }

  stop() {
    clearTimeout(this.#settling);
    this.#poll.stop();
    this.#stills.stop();
  }

  /** @param {string[]} ids of the cameras whose tiles are on the screen */
  want(ids) {
    this.#shown = ids;
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#share(), SETTLE_MS);
  }

  #share() {
    const shown = this.#poll.answered ? this.#onScreen() : [];
    const chosen = new Set(shown.slice(0, this.#streams));
    for (const { picture } of this.#tiles.values()) if (!chosen.has(picture)) picture.rest();
    for (const picture of chosen) picture.stream();
  }

  #onScreen() {
    return this.#shown.map((id) => this.#tiles.get(id)?.picture).filter(Boolean);
  }

  // One request at a time, for the picture that has waited longest.
  async #refreshOne(stop) {
    this.#expireStills();
    if (!this.#poll.answered) return NONE_WANTED_MS;
    const wanting = this.#shown.map((id) => this.#tiles.get(id)).filter((tile) => tile && wantsStill(tile));
    if (!wanting.length) return NONE_WANTED_MS;
    const next = wanting.reduce((first, other) => (other.picture.askedAt < first.picture.askedAt ? other : first));
    await next.picture.refresh(stop);
    return BETWEEN_MS;
  }

  // A still that was not replaced for three rounds is too old to pass for a live picture.
  #expireStills() {
    const stills = this.#onScreen().filter(({ streaming }) => !streaming);
    const limit = 10000 + 1000 * stills.length;
    for (const picture of stills) if (picture.arrived && performance.now() - picture.shownAt > limit) picture.expire();
  }
}

function wantsStill({ camera, picture }) {
  if (picture.streaming || !camera) return false;
  if (camera.state === "online") return true;
  return camera.state === "idle" && performance.now() - picture.askedAt > ASK_IDLE_MS;
}
