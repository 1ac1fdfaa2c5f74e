/**
 * One control: its name, the field it is moved by, what the board says, and how it stands between the two.
 *
 * A mark stays until something else is true: nothing vanishes by itself.
 */
import { button, drawn, make, say } from "./elements.js";
import { fieldFor, wordFor } from "./fields.js";
import { same } from "./settings.js";

const MARKS = {
  pending: ["sign-stale", "waiting for the board"],
  confirmed: ["sign-confirmed", "confirmed"],
  refused: ["sign-refused", "refused"],
  failed: ["sign-refused", "not set"],
  elsewhere: ["sign-refused", "changed elsewhere"],
};

export class Control {
  #control;
  #field;
  #mark;
  #said;
  #anyway;
  #shown = null;
  #problem = null; // of the last change from here: { mark, text, anyway }

  /**
   * @param {object} control one of the `controls` of GET …/settings
   * @param {(changes: object) => void} want
   */
  constructor(control, want) {
    this.#control = control;
    const id = `control-${control.name}`;
    this.#field = fieldFor(control, id, (value) => want({ [control.name]: value }));
    this.#mark = make("span", { className: "control-mark" });
    this.#said = make("p", { className: "control-said", id: `${id}-said`, hidden: true });
    this.#anyway = button("Set it anyway", () => want({ [control.name]: this.#problem.anyway }));
    const word = wordFor(control);
    if (word) this.#field.element.title = control.hint;
    const label = word ? null : make("label", { htmlFor: id }, control.title);
    const expert = control.group === "expert" || control.title === control.name;
    this.element = make(
      "div",
      { className: "control", data: { control: control.name, kind: control.kind } },
      make("div", { className: "control-head" }, label, expert && !word ? make("code", { textContent: control.name }) : null, this.#mark),
      this.#field.element,
      control.hint && !word ? make("p", { className: "hint", textContent: control.hint }) : null,
      this.#said,
    );
    if (word) this.element.dataset.pictogram = "";
    (this.element.querySelector("input, select") ?? this.#field.element).setAttribute("aria-describedby", `${id}-said`);
  }

  /** Something else is wanted: what became of the last change does not matter any more. */
  begin() {
    this.#problem = null;
  }

  /** What was wanted here was not taken. */
  fail(error) {
    this.#problem = { mark: "failed", text: error.message };
  }

  /** Somebody else has set it meanwhile. */
  yield(theirs, mine) {
    const what = theirs === undefined ? "Taken away elsewhere." : `Changed elsewhere to ${this.#spoken(theirs)}.`;
    this.#problem = { mark: "elsewhere", text: `${what} You wanted ${this.#spoken(mine)}.`, anyway: mine };
  }

  /**
   * @param {object} report of GET …/settings
   * @param {object} unsent what this visitor wants and the server has not answered to
   * @returns {string|null} what a screen reader should be told of it, if something has become of a change
   */
  show(report, unsent) {
    const { name } = this.#control;
    const [wanted, reported] = [report.wanted[name], report.reported[name]];
    const waits = name in unsent || report.pending.includes(name);
    const value = name in unsent ? unsent[name] : waits ? (wanted ?? reported) : (reported ?? wanted);
    this.#field.show(value ?? this.#control.default ?? undefined);
    const locked = report.locked?.[name];
    this.#field.disable(Boolean(locked));
    return this.#set(this.#stand({ locked, waits, value, wanted, reported, refused: report.refused[name] }));
  }

  #stand({ locked, waits, value, wanted, reported, refused }) {
    if (locked) return { mark: "", text: `Set by the environment variable ${locked}.` };
    if (this.#problem) return { ...this.#problem, value };
    if (waits) return { mark: "pending", text: "", value };
    if (refused) return { mark: "refused", text: `Wanted: ${this.#spoken(wanted)}. ${refused}`, value };
    const was = this.#shown;
    const arrived = was?.mark === "pending" && same(reported, wanted);
    const stays = was?.mark === "confirmed" && same(was.value, value);
    return { mark: arrived || stays ? "confirmed" : "", text: "", value };
  }

  #set(stand) {
    const was = this.#shown;
    if (was && was.mark === stand.mark && was.text === stand.text && same(was.value, stand.value)) return null;
    this.#shown = stand;
    this.element.dataset.mark = stand.mark;
    const [sign, word] = MARKS[stand.mark] ?? [];
    this.#mark.replaceChildren(...(sign ? [drawn(sign, "sign"), make("span", { textContent: word })] : []));
    say(this.#said, stand.text);
    if ("anyway" in stand) this.#said.append(" ", this.#anyway);
    return was && word ? `${this.#control.title} ${this.#spoken(stand.value)}: ${word}. ${stand.text}` : null;
  }

  #spoken(value) {
    const { kind, options, labels } = this.#control;
    if (kind === "bool") return value ? "on" : "off";
    const label = kind === "choice" ? labels?.[options.findIndex((option) => same(option, value))] : null;
    return String(label ?? value);
  }
}
