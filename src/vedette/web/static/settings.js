/**
 * A camera's settings as the server has them, and what this visitor wants of them.
 *
 * The law: one PATCH is under way at a time. While it is, the newest value of each setting waits, and older ones are forgotten: a
 * board is one slow thread, and so is the way to it. What somebody else has set meanwhile is never overwritten without a word.
 */
import { ask } from "./request.js";

const MOST_ATTEMPTS = 5; // each 412 says that somebody else was quicker, mostly at another camera

/** Whether two values mean the same: boards say 1 where others say true. */
export function same(one, other) {
  const plain = (value) => (typeof value === "boolean" ? Number(value) : value);
  return plain(one) === plain(other);
}

export class Settings {
  /** The last answer of GET …/settings; null before the first. */
  report = null;

  #address;
  #heard;
  #etag = null;
  #queue = [];
  #sending = null;
  #changes = 0;

  /**
   * @param {string} address
   * @param {object} heard
   * @param {() => void} heard.report there is a new report, or something was sent
   * @param {(changes: object, error: {message: string}) => void} heard.failed these were not taken
   * @param {(name: string, theirs: any, mine: any) => void} heard.elsewhere somebody else has set this one meanwhile, and mine was
   *   not sent
   */
  constructor(address, heard) {
    this.#address = address;
    this.#heard = heard;
  }

  /** Asks anew. Null where it was answered, else the error. */
  async refresh() {
    if (this.#sending) return null;
    const changes = this.#changes;
    const answer = await ask("GET", this.#address);
    if (!answer.ok) return answer.error;
    if (changes === this.#changes) this.#take(answer); // else it is older than what was changed since
    return null;
  }

  /** @param {Record<string, any>} changes all of them, or none */
  want(changes) {
    const names = Object.keys(changes).join();
    const waiting = this.#queue.findIndex((job) => Object.keys(job).join() === names);
    if (waiting < 0) this.#queue.push(changes);
    else this.#queue[waiting] = changes;
    this.#work();
    this.#heard.report();
  }

  /** What this visitor wants and the server has not answered to: a value by name. */
  get unsent() {
    return Object.assign({}, this.#sending, ...this.#queue);
  }

  /** Sets the defaults; null where it was answered, else the error. */
  async reset() {
    this.#changes += 1;
    const answer = await ask("POST", `${this.#address}/reset`);
    if (!answer.ok) return answer.error;
    this.#take(answer);
    return null;
  }

  async #work() {
    if (this.#sending) return;
    while (this.#queue.length) {
      this.#sending = { ...this.#queue.shift() };
      await this.#send(this.#sending);
      this.#sending = null;
      this.#heard.report();
    }
  }

  async #send(changes) {
    let error = null;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      this.#changes += 1;
      const answer = await ask("PATCH", this.#address, { body: changes, etag: this.#etag });
      if (answer.ok) return this.#take(answer);
      error = answer.error;
      if (answer.status !== 412 || !(await this.#compare(changes))) break;
      if (!Object.keys(changes).length) return undefined;
    }
    return this.#heard.failed(changes, error);
  }

  // The configuration is another one than this page has seen. Takes out of `changes` what somebody else has set; false if
  // that cannot be known.
  async #compare(changes) {
    const before = this.report?.wanted ?? {};
    const answer = await ask("GET", this.#address);
    if (!answer.ok) return false;
    this.#take(answer);
    const now = this.report.wanted;
    for (const [name, mine] of Object.entries(changes)) {
      if (same(before[name], now[name]) || same(now[name], mine)) continue;
      delete changes[name];
      this.#heard.elsewhere(name, now[name], mine);
    }
    return true;
  }

  #take(answer) {
    this.report = answer.data;
    this.#etag = answer.etag ?? this.#etag;
    this.#heard.report();
  }
}
