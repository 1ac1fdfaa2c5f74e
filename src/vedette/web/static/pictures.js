/**
 * One picture on the page: an <img> that shows a camera's stream, or single pictures (stills), or its last one.
 *
 * The law: a connection is closed by giving the <img> another src or none. Chromium keeps a multipart connection open when the
 * element is merely taken out of the page, and a browser has six connections to a server for all its tabs.
 */

const BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
const RETRY_MS = [1000, 2000, 5000];
const GIVE_UP_MS = 5000;
const ALONE_MS = 3000;
const STUCK_MS = 6000;
const MOST_STUCK_MS = 60000;
const LOOK = { width: 64, height: 48 }; // of the middle, pixel by pixel: a sensor's noise alone changes that with each frame

let connections = 0; // over all pictures; makes every stream's address a new one, which no cache has seen

export class Picture {
  /** Whether what is shown came by the present connection, or as the still last asked for. */
  arrived = false;
  /** performance.now() of the last still that was asked for, shown or not. */
  askedAt = -Infinity;
  /** performance.now() of the last picture that was shown; for a stream, of its first. */
  shownAt = -Infinity;

  #img;
  #streamUrl;
  #snapshotUrl;
  #changed;
  #streaming;
  #failures = 0;
  #retry = 0;
  #lonely = 0;
  #startedAt = performance.now();
  #look = null;
  #sameSince = 0;
  #patience = STUCK_MS;

  /**
   * @param {HTMLElement} element made by the macro `picture`; may already show something
   * @param {() => void} changed called when `arrived` or `shape` may be different
   */
  constructor(element, changed) {
    this.#img = element.querySelector("img");
    this.#streamUrl = element.dataset.stream;
    this.#snapshotUrl = element.dataset.snapshot;
    this.#changed = changed;
    this.#streaming = this.#img.dataset.mode === "stream";
    this.#img.addEventListener("load", () => this.#loaded());
    this.#img.addEventListener("error", () => this.#failed());
    if (this.#img.naturalWidth) this.#loaded();
    else if (this.#img.complete && this.#img.src) this.#failed();
  }

  get streaming() {
    return this.#streaming;
  }

  /** Width by height of what is shown; null without a picture. */
  get shape() {
    const { naturalWidth: width, naturalHeight: height } = this.#img;
    return this.arrived && width > 1 && height > 1 ? width / height : null;
  }

  set alt(text) {
    if (this.#img.alt !== text) this.#img.alt = text;
  }

  /** Shows the stream, from now on and whatever happens to it. */
  stream() {
    if (this.#streaming) return;
    this.#streaming = true;
    this.#failures = 0;
    this.#connect();
  }

  /**
   * Connects anew if the stream has ended: the browser does not always tell.
   *
   * @param {object} camera as the server describes it. Twice no viewers, and this one is not among them; frames that come there
   *   and not here, and the connection is dead
   * @param {boolean} ended it is known to have ended
   */
  check({ viewers, state, fps }, ended) {
    if (!this.#streaming) return;
    const overdue = this.arrived && performance.now() - this.#startedAt > ALONE_MS;
    this.#lonely = overdue && viewers === 0 ? this.#lonely + 1 : 0;
    const stuck = this.#isStuck(overdue && state === "online" && fps >= 1);
    if (!ended && !stuck && this.#lonely < 2) return;
    this.#freeze();
    this.#connect();
  }

  /** Closes the connection and keeps the last picture, which is not live any more. */
  rest() {
    if (!this.#streaming) return;
    this.#streaming = false;
    clearTimeout(this.#retry);
    this.#freeze();
    this.#set(false);
  }

  /** Closes the connection and shows nothing: the element, or the whole page, is about to go. */
  close() {
    this.#streaming = false;
    clearTimeout(this.#retry);
    this.#img.removeAttribute("src"); // while a page is left, the content security policy refuses even a data: address
    this.#set(false);
  }

  /** Marks the picture as too old to pass for a live one, and closes the connection. */
  expire() {
    this.rest();
    this.#set(false);
  }

  /**
   * Fetches the newest picture as a still. A camera without a fresh one answers 503: the last picture stays, and its state
   * says why.
   */
  async refresh(stop) {
    this.askedAt = performance.now();
    try {
      const answer = await fetch(this.#snapshotUrl, {
        cache: "no-store",
        signal: AbortSignal.any([stop, AbortSignal.timeout(GIVE_UP_MS)]),
      });
      if (!answer.ok) return;
      const picture = await answer.blob();
      if (!this.#streaming && !stop.aborted) this.#show(URL.createObjectURL(picture));
    } catch {
      // The poll notices a server that does not answer, and says so.
    }
  }

  // The browser does not tell when it paints a part of a stream. A camera that sends the same picture for ever is asked less often.
  #isStuck(moving) {
    const look = moving ? lookAt(this.#img) : null;
    const now = performance.now();
    if (!look || look !== this.#look) {
      this.#patience = look && this.#look ? STUCK_MS : this.#patience;
      this.#look = look;
      this.#sameSince = now;
      return false;
    }
    if (now - this.#sameSince < this.#patience) return false;
    this.#sameSince = now;
    this.#patience = Math.min(2 * this.#patience, MOST_STUCK_MS);
    return true;
  }

  #connect() {
    clearTimeout(this.#retry);
    connections += 1;
    this.#startedAt = performance.now();
    this.#set(false);
    this.#show(`${this.#streamUrl}?n=${connections}`);
  }

  #show(src) {
    const old = this.#img.src;
    this.#img.loading = "eager";
    this.#img.src = src;
    if (old.startsWith("blob:")) this.#img.addEventListener("load", () => URL.revokeObjectURL(old), { once: true });
  }

  // Keeps what is on the screen, as an address that needs no connection.
  #freeze() {
    const { naturalWidth: width, naturalHeight: height } = this.#img;
    if (width <= 1) return this.#show(BLANK);
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d").drawImage(this.#img, 0, 0);
    return this.#show(canvas.toDataURL("image/jpeg", 0.8));
  }

  #loaded() {
    if (this.#img.src.startsWith("data:")) return;
    this.#failures = 0;
    this.shownAt = performance.now();
    this.#set(true);
  }

  #failed() {
    this.#set(false);
    if (!this.#streaming) return this.#show(BLANK);
    const wait = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)];
    this.#failures += 1;
    this.#retry = setTimeout(() => this.#connect(), wait);
    return this.#show(BLANK);
  }

  #set(arrived) {
    this.arrived = arrived;
    this.#changed();
  }
}

function lookAt(img) {
  const { width, height } = LOOK;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const [left, top] = [(img.naturalWidth - width) / 2, (img.naturalHeight - height) / 2].map(Math.floor);
  context.drawImage(img, left, top, width, height, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data.join();
}
