/**
 * The wall's one connection: the state of all cameras, and the pictures of those that are wanted. The protocol stands in
 * docs/wall-protocol.md.
 *
 * The law: a picture is acknowledged when it has been drawn and not before. That is what keeps a slow screen from falling behind.
 */
import { askCameras } from "./poll.js";
import { Repetition } from "./repetition.js";

const RETRY_MS = [500, 1000, 2000, 5000];
const OPEN_WITHIN_MS = 5000; // with the first word said
const SILENT_MS = 6000; // the server says something every two seconds
const MOST_REFUSALS = 2;

const PICTURE = 1;
const HEAD_BYTES = 16;

export class WallSocket extends Repetition {
  #heard;
  #socket = null;
  #ids = []; // by the cameras' numbers
  #want = null;
  #failures = 0; // to open, since it last was
  #refusals = 0;

  /**
   * @param {object} heard
   * @param {(cameras: object[]) => unknown} heard.cameras as GET /api/cameras gives them, every two seconds at least
   * @param {(id: string, jpeg: Uint8Array) => Promise<unknown>} heard.picture fulfilled when it has been drawn, or will not be
   * @param {() => void} heard.silence there is no connection, or no server at all; may be said again and again
   * @param {() => void} heard.refused the server answers, but never to this: it has been given up
   */
  constructor(heard) {
    super(async (stop) => {
      // A browser logs each socket that does not open; whether a server is back at all can be asked without that.
      const answers = !this.#failures || Boolean(await askCameras(stop));
      const opened = answers && !stop.aborted && (await this.#converse(stop));
      if (stop.aborted) return 0;
      // The first attempt after a connection meets a server that is perhaps just ending: that it fails says nothing.
      const lostJustNow = !this.#failures && this.#ids.length > 0;
      this.#refusals = answers && !opened && !lostJustNow ? this.#refusals + 1 : 0;
      if (this.#refusals >= MOST_REFUSALS) return this.#giveUp();
      if (opened || !answers) heard.silence();
      this.#failures += 1;
      return RETRY_MS[Math.min(this.#failures, RETRY_MS.length) - 1] * (0.8 + 0.4 * Math.random());
    });
    this.#heard = heard;
  }

  /**
   * @param {string[]} ids of the cameras whose pictures are to come, from now on
   * @param {Record<string, number>} widths how wide they are shown, in device pixels, where that is known
   */
  want(ids, widths) {
    const want = JSON.stringify({ type: "want", cameras: ids, widths });
    if (want === this.#want) return;
    this.#want = want;
    this.#sayWant();
  }

  /** Tries at once, if it waits for its next attempt. */
  nudge() {
    if (this.#failures && !this.#socket) this.start();
  }

  #sayWant() {
    if (this.#want && this.#socket && isOpen(this.#socket)) this.#socket.send(this.#want);
  }

  #giveUp() {
    this.stop();
    this.#refusals = 0;
    this.#heard.refused();
    return 0;
  }

  /** One connection, from its handshake to its end, whichever side that comes from. Gives whether it ever said something. */
  #converse(stop) {
    return new Promise((resolve) => {
      const socket = dial();
      if (!socket) return resolve(false);
      let opened = false;
      let heardAt = performance.now();
      const watch = setInterval(() => {
        if (performance.now() - heardAt > (opened ? SILENT_MS : OPEN_WITHIN_MS)) end();
      }, 1000);
      const end = () => {
        clearInterval(watch);
        stop.removeEventListener("abort", end);
        socket.onmessage = socket.onclose = null;
        // One that is still opening is closed when it has: closed before, it stands in the browser's log as a failure.
        if (socket.readyState === socket.CONNECTING) socket.onopen = () => socket.close();
        else socket.close();
        this.#socket = null;
        resolve(opened);
      };
      stop.addEventListener("abort", end);
      this.#socket = socket;
      socket.binaryType = "arraybuffer";
      socket.onopen = () => this.#sayWant();
      socket.onclose = end;
      socket.onmessage = ({ data }) => {
        heardAt = performance.now();
        if (data instanceof ArrayBuffer) return this.#picture(socket, data);
        opened = true;
        return this.#text(JSON.parse(data));
      };
      return undefined;
    });
  }

  #text({ type, cameras }) {
    if (type !== "cameras") return;
    this.#failures = 0;
    this.#ids = cameras.map(({ id }) => id);
    this.#heard.cameras(cameras);
  }

  async #picture(socket, message) {
    const head = new DataView(message, 0, HEAD_BYTES);
    if (head.getUint8(0) !== PICTURE) return;
    const drawn = message.slice(2, 8); // the camera's number and the sequence number, as they came
    await this.#heard.picture(this.#ids[head.getUint16(2)], new Uint8Array(message, HEAD_BYTES));
    if (isOpen(socket)) socket.send(drawn);
  }
}

/** A connection that is being opened; null where the browser has none to give, or is forbidden to. */
function dial() {
  try {
    return new WebSocket(address());
  } catch {
    return null;
  }
}

function isOpen(socket) {
  return socket.readyState === socket.OPEN;
}

function address() {
  const url = new URL("../wall.ws", new URL(document.body.dataset.api, location.href)); // beside /api, from every page
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
