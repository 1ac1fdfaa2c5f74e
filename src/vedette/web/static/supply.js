/**
 * Where a page's pictures and words come from: the one WebSocket, or else the fallback. Where the WebSocket was refused it is
 * tried again now and then: a proxy may have learned, and a server that was started anew may be another one.
 */
import { Fallback } from "./fallback.js";
import { WallSocket } from "./wallsocket.js";

const AGAIN_MS = 60000;

export class Supply {
  #screens;
  #heard;
  #socket;
  #fallback;
  #source;
  #wanted = [[]];
  #again = 0;

  /**
   * @param {Map<string, import("./screen.js").Screen>} screens all there are, by their cameras' ids
   * @param {number} streams how many of them may stream where there is no WebSocket
   * @param {object} heard
   * @param {(cameras: object[]) => unknown} heard.cameras what the server says of all cameras, every two seconds at least
   * @param {() => void} heard.silence it says nothing any more: no picture may pass for live. May be said again and again
   */
  constructor(screens, streams, heard) {
    this.#screens = screens;
    this.#heard = heard;
    this.#socket = new WallSocket({
      cameras: (cameras) => this.#hearSocket(cameras),
      picture: async (id, jpeg) => screens.get(id)?.draw(jpeg),
      silence: () => this.#source === this.#socket && heard.silence(),
      refused: () => this.#fallBack(),
    });
    this.#fallback = new Fallback(screens, streams, {
      cameras: (cameras) => this.#hear(cameras),
      silence: () => heard.silence(),
    });
    this.#source = this.#socket;
  }

  start() {
    this.#socket.start();
    if (this.#source === this.#fallback) this.#fallback.start();
  }

  stop() {
    clearTimeout(this.#again);
    this.#socket.stop();
    this.#fallback.stop();
  }

  /** Something has happened that may have brought the server back: does not wait any longer. */
  nudge() {
    if (this.#source === this.#socket) this.#socket.nudge();
  }

  /**
   * @param {string[]} ids of the cameras whose pictures are to come, from now on
   * @param {Record<string, number>} [widths] how wide they are shown, in device pixels, where that is known
   */
  want(ids, widths) {
    this.#wanted = [ids, widths];
    this.#source.want(ids, widths);
  }

  #hearSocket(cameras) {
    if (this.#source !== this.#socket) {
      this.#source.stop();
      this.#source = this.#socket;
      this.#source.want(...this.#wanted);
    }
    for (const camera of cameras) this.#screens.get(camera.id)?.takeOver(camera);
    return this.#hear(cameras);
  }

  #fallBack() {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#socket.start(), AGAIN_MS);
    if (this.#source === this.#fallback) return;
    for (const screen of this.#screens.values()) screen.giveBack();
    this.#source = this.#fallback;
    this.#source.start();
    this.#source.want(...this.#wanted);
  }

  #hear(cameras) {
    for (const camera of cameras) camera.seenAt = seenAt(camera, this.#screens.get(camera.id)?.camera);
    return this.#heard.cameras(cameras);
  }
}

/** When a camera's last frame came, by this machine's clock; null if there never was one. The same for as long as it is the last. */
function seenAt(camera, before) {
  if (camera.last_frame_age_s === null) return null;
  if (before?.seenAt && before.frames === camera.frames) return before.seenAt;
  return new Date(Date.now() - camera.last_frame_age_s * 1000);
}
