/**
 * Drawing in a worker (static/painter.js), for a page with many pictures. Where the browser cannot, nothing is opened, and pictures
 * are drawn by the page; and from when on the worker has fallen silent, which no browser tells.
 */

const OPEN_WITHIN_MS = 3000;
const DRAW_WITHIN_MS = 5000;
const MOST_FAILURES = 2; // without a picture between them
let easels = 0;

export class Studio {
  #worker;
  #broken;
  #waiting = new Map(); // by easel: who is told when its picture has been drawn, and how long it may take
  #failures = 0;
  #failedAt = -Infinity;

  /**
   * @param {() => void} broken nothing will be drawn here any more, on no easel of it
   * @returns {Promise<Studio|null>} null where this browser cannot
   */
  static open(broken) {
    if (typeof OffscreenCanvas !== "function" || !HTMLCanvasElement.prototype.transferControlToOffscreen) return Promise.resolve(null);
    const worker = new Worker(new URL("painter.js", import.meta.url), { type: "module" });
    return new Promise((resolve) => {
      const end = (studio) => {
        clearTimeout(patience);
        if (!studio) worker.terminate();
        resolve(studio);
      };
      const patience = setTimeout(end, OPEN_WITHIN_MS, null);
      worker.onerror = () => end(null);
      worker.onmessage = ({ data }) => end(data.ready ? new Studio(worker, broken) : null);
    });
  }

  constructor(worker, broken) {
    this.#worker = worker;
    this.#broken = broken;
    worker.onmessage = ({ data: { easel, shape } }) => {
      this.#failures = 0;
      this.#drawn(easel, shape);
    };
    worker.onerror = () => {
      for (const easel of [...this.#waiting.keys()]) this.#drawn(easel, null);
    };
  }

  /**
   * An easel whose canvas the worker draws on; as Easel in static/drawing.js.
   *
   * @param {() => {width: number, height: number}|null} room how large its picture is shown, in device pixels
   */
  easel(room) {
    easels += 1;
    const easel = easels;
    const canvas = document.createElement("canvas");
    const offscreen = canvas.transferControlToOffscreen();
    this.#worker.postMessage({ easel, canvas: offscreen }, [offscreen]);
    return {
      canvas,
      copy: (img) => this.#copy(easel, img),
      draw: (jpeg) => this.#draw(easel, jpeg, room()),
      end: () => this.#worker.postMessage({ easel, end: true }),
    };
  }

  async #copy(easel, img) {
    const bitmap = await createImageBitmap(img).catch(() => null);
    if (bitmap && !this.#waiting.has(easel)) this.#worker.postMessage({ easel, bitmap }, [bitmap]);
  }

  // One picture of an easel at a time: the next comes when this one has been acknowledged.
  #draw(easel, jpeg, room) {
    this.#drawn(easel, null);
    return new Promise((resolve) => {
      const begunAt = performance.now();
      const patience = setTimeout(() => this.#giveUp(easel, begunAt), DRAW_WITHIN_MS);
      this.#waiting.set(easel, { resolve, patience });
      this.#worker.postMessage({ easel, jpeg, room }, [jpeg.buffer]);
    });
  }

  #drawn(easel, shape) {
    const waiting = this.#waiting.get(easel);
    if (!waiting) return;
    clearTimeout(waiting.patience);
    this.#waiting.delete(easel);
    waiting.resolve(shape);
  }

  #giveUp(easel, begunAt) {
    this.#drawn(easel, null);
    // All that were begun together fail together: that is once. And a page that nobody sees draws nothing.
    if (begunAt < this.#failedAt || document.hidden) return;
    this.#failures += 1;
    this.#failedAt = performance.now();
    if (this.#failures < MOST_FAILURES) return;
    this.#worker.terminate();
    this.#broken();
  }
}
