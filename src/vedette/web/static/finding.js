/**
 * Finding cameras on a network that somebody names. Nothing is searched until then.
 */
import { addForm, boardCard, isCamera } from "./boardcard.js";
import { button, make, say, tell } from "./elements.js";
import { Repetition } from "./repetition.js";
import { apiAddress, ask } from "./request.js";

const EVERY_MS = 500;

export class Finding extends Repetition {
  #parts;
  #added;
  #id = null;
  #cards = new Map(); // by address

  /**
   * @param {HTMLElement} root the section
   * @param {() => void} added
   */
  constructor(root, added) {
    super(() => this.#follow());
    this.#added = added;
    this.#parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    this.#parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#begin(event.target.elements.network.value.trim() || null);
    });
    this.#parts.stop.addEventListener("click", () => this.#end());
  }

  /** Asks which networks this server is in, and proposes them. */
  async propose() {
    const answer = await ask("GET", apiAddress("discoveries"));
    const { network } = this.#parts.form.elements;
    const networks = answer.ok ? answer.data.networks : [];
    const choose = (text) => () => {
      network.value = text;
      network.focus();
    };
    document.getElementById("networks").replaceChildren(...networks.map((value) => make("option", { value })));
    this.#parts.networks.replaceChildren(...networks.map((text) => button(text, choose(text))));
    this.#parts.networks.hidden = !networks.length;
  }

  async #begin(network) {
    say(this.#parts.said, "");
    const answer = await ask("POST", apiAddress("discoveries"), { body: { network } });
    if (!answer.ok) return say(this.#parts.said, answer.error.message);
    this.#id = answer.data.id;
    this.#cards.clear();
    this.#parts.found.replaceChildren();
    this.#run(true);
    return this.start();
  }

  #run(running) {
    this.#parts.stop.hidden = !running;
    this.#parts.progress.hidden = !running;
    this.#parts.form.querySelector("[type=submit]").disabled = running;
  }

  async #end() {
    await ask("DELETE", apiAddress("discoveries", this.#id));
    this.#finish(this.#count("Stopped"));
  }

  #finish(text) {
    this.stop();
    this.#run(false);
    say(this.#parts.said, text);
    tell(text);
  }

  #count(word) {
    const count = this.#cards.size;
    return `${word}: ${count === 1 ? "one board was" : `${count || "no"} boards were`} found.`;
  }

  async #follow() {
    const id = this.#id;
    const answer = await ask("GET", apiAddress("discoveries", id));
    if (id !== this.#id || this.#parts.stop.hidden) return EVERY_MS;
    if (!answer.ok && answer.status) this.#finish(answer.error.message);
    if (answer.ok) this.#show(answer.data);
    return EVERY_MS;
  }

  #show({ state, asked, total, found, message }) {
    const bar = this.#parts.progress.querySelector("progress");
    if (total) [bar.max, bar.value] = [total, asked];
    else bar.removeAttribute("value");
    say(this.#parts.asked, total ? `${asked} of ${total} addresses asked` : "Listening for boards that announce themselves");
    for (const board of found) this.#place(board);
    if (state !== "running") this.#finish(message ?? this.#count(state === "stopped" ? "Stopped" : "Done"));
  }

  // A card whose name somebody is writing is left as it is, unless its board has become another one.
  #place(board) {
    const same = JSON.stringify([board.name, board.title, board.note, board.camera, board.control_url, Boolean(board.thumbnail)]);
    const known = this.#cards.get(board.address);
    if (known?.same === same) return;
    const { title, name, address, stream_url: stream, control_url: control, thumbnail, note, firmware } = board;
    const told = { url: stream, host: stream ? null : address, control_url: control, firmware };
    const camera = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null));
    const end = board.camera ? isCamera(board.camera, "Already a camera.") : addForm(name ?? "", camera, this.#added);
    const facts = [["Name", name], ["Address", address], ["Stream", stream], ["Settings", control]];
    const parts = boardCard({ title: title ?? address, thumbnail, facts, said: note ?? "" }, end);
    const card = known?.card ?? make("li", { className: "find", data: { address } });
    card.replaceChildren(...parts);
    this.#cards.set(address, { card, same });
    if (!known) this.#parts.found.append(card);
  }
}
