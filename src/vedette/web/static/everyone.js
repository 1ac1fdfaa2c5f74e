/**
 * What is done to a camera for everyone: disconnecting it, what stands about it in the configuration, removing it. Each asks first.
 */
import { say } from "./elements.js";
import { ask, cameraAddress } from "./request.js";

// Dialogs are fetched when they are asked for: most who look at a camera ask for none.
const confirmed = async (question) => (await import("./dialogs.js")).confirmed(question);
const edit = async (id) => (await import("./editcamera.js")).editCamera(id);

export class Everyone {
  #root;
  #id;
  #disabled = false;

  /**
   * @param {HTMLElement} root the card
   * @param {string} id of the camera
   */
  constructor(root, id) {
    this.#root = root;
    this.#id = id;
    this.#wire("connection", () => (this.#disabled ? this.#connect() : this.#disconnect()));
    this.#wire("edit", () => edit(id));
    this.#wire("remove", () => this.#remove());
  }

  /** What the server says of the camera now. */
  hear(camera) {
    this.#disabled = camera.state === "disabled";
    say(this.#part("connection"), this.#disabled ? "Connect again" : "Disconnect for everyone");
  }

  async #disconnect() {
    const text = "Vedette gives up its connection to the board. Nobody sees a picture of it until it is connected again, and nothing is recorded.";
    if (await confirmed({ title: "Disconnect for everyone?", text, verb: "Disconnect" })) await this.#tell("POST", "stop");
  }

  #connect() {
    return this.#tell("POST", "start");
  }

  async #remove() {
    const text = "It is taken out of the configuration file, with its settings. The board itself is not touched.";
    if (!(await confirmed({ title: "Remove this camera?", text, verb: "Remove" }))) return;
    if (await this.#tell("DELETE")) location.assign(document.getElementById("back").href);
  }

  async #tell(method, ...parts) {
    say(this.#part("said"), "");
    const answer = await ask(method, cameraAddress(this.#id, ...parts));
    say(this.#part("said"), answer.ok ? "" : answer.error.message);
    if (answer.ok && answer.data?.state) this.hear(answer.data);
    return answer.ok;
  }

  #part(name) {
    return this.#root.querySelector(`[data-part=${name}]`);
  }

  #wire(name, act) {
    this.#part(name).addEventListener("click", act);
  }
}
