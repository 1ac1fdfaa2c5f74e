/**
 * A figure over the last minute as a thin line, drawn into the <path> of an <svg viewBox="0 0 60 20">: one unit is a second.
 */

const SPAN_S = 60;
const HIGH = 20;
const EDGE = 1;
const BREAK_S = 6; // no answer for so long is a gap in the line, not a slope

export class Sparkline {
  #points = [];
  #figure;
  #least;

  /**
   * @param {HTMLElement} figure with a <path>, a [data-range] for the words, and its unit in data-unit
   * @param {number} least the value the top stands for at least, so that small noise stays small
   */
  constructor(figure, least) {
    this.#figure = figure;
    this.#least = least;
  }

  /** @param {number|null} value null leaves a gap */
  add(value) {
    const now = performance.now() / 1000;
    this.#points = this.#points.filter(({ at }) => now - at <= SPAN_S + BREAK_S);
    this.#points.push({ at: now, value });
    this.#draw(now);
  }

  #draw(now) {
    const values = this.#points.map(({ value }) => value).filter((value) => value !== null);
    const top = Math.max(this.#least, ...values);
    let before = null;
    const path = this.#points.map((point) => {
      if (point.value === null) return (before = null) ?? "";
      const joined = before && point.at - before.at < BREAK_S;
      before = point;
      const x = SPAN_S - (now - point.at);
      const y = HIGH - EDGE - (point.value / top) * (HIGH - 2 * EDGE);
      return `${joined ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    });
    this.#figure.querySelector("path").setAttribute("d", path.join(""));
    const { unit } = this.#figure.dataset;
    const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(value < 100 ? 1 : 0));
    const range = least === most ? `${most} ${unit}` : `${least} to ${most} ${unit}`;
    this.#figure.querySelector("[data-range]").textContent = values.length ? range : "nothing yet";
  }
}
