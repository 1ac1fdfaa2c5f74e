/**
 * The strips of the past (templates/_strip.html): what each span was, told under a pointer, on touch, and by arrow keys.
 *
 * A strip is a slider whose value is a span, so that a screen reader says what the bubble shows.
 */
import { clock } from "./time.js";

/** "40 s", "12 min", "3 h 5 min", "2 d 4 h": as web/strip.py says it. */
export function lasting(seconds) {
  const sizes = [[86400, "d", 3600, "h"], [3600, "h", 60, "min"], [60, "min", 1, "s"]];
  const fitting = sizes.find(([size]) => seconds >= size);
  if (!fitting) return `${Math.max(1, Math.round(seconds))} s`;
  const [size, word, part, partWord] = fitting;
  const rest = Math.floor((seconds % size) / part);
  return `${Math.floor(seconds / size)} ${word}${rest ? ` ${rest} ${partWord}` : ""}`;
}

/** Wires every strip below `root`; strips that came later are wired by calling it again. */
export function wireStrips(root = document) {
  for (const strip of root.querySelectorAll("[data-strip]:not([data-wired])")) wire(strip);
}

function wire(strip) {
  strip.dataset.wired = "";
  const bars = strip.querySelector(".strip-bars");
  const spans = [...strip.querySelectorAll("rect[data-from]")];
  if (!spans.length) return;
  const bubble = document.createElement("p");
  bubble.className = "bubble";
  bubble.hidden = true;
  bubble.setAttribute("aria-hidden", "true");
  strip.append(bubble);

  bars.setAttribute("role", "slider");
  bars.tabIndex = 0;
  bars.setAttribute("aria-valuemin", "1");
  bars.setAttribute("aria-valuemax", spans.length);
  let at = spans.length - 1;
  const choose = (number) => {
    at = Math.min(spans.length - 1, Math.max(0, number));
    bars.setAttribute("aria-valuenow", at + 1);
    bars.setAttribute("aria-valuetext", tell(spans[at]));
  };
  const show = () => {
    for (const span of spans) span.toggleAttribute("data-chosen", span === spans[at]);
    showBubble(bubble, strip, spans[at]);
  };
  const hide = () => {
    bubble.hidden = true;
    spans[at].removeAttribute("data-chosen");
  };
  choose(at);

  const point = (event) => {
    const { left, width } = bars.getBoundingClientRect();
    spans[at].removeAttribute("data-chosen");
    choose(nearest(spans, ((event.clientX - left) / width) * 1000, width));
    show();
  };
  bars.addEventListener("pointermove", point);
  bars.addEventListener("pointerdown", point);
  strip.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && !bars.matches(":focus-visible") && hide());
  bars.addEventListener("focus", () => bars.matches(":focus-visible") && show());
  bars.addEventListener("blur", hide);
  bars.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: spans.length - 1 };
    if (event.key === "Escape" && !bubble.hidden) hide();
    else if (event.key in steps) {
      spans[at].removeAttribute("data-chosen");
      choose(steps[event.key]);
      show();
    } else return;
    event.preventDefault();
  });
}

const FINGER_PX = 4;

/** The span at x; an outage that is too thin to be hit wins over what surrounds it. */
function nearest(spans, x, width) {
  const reach = (FINGER_PX / width) * 1000;
  const edges = spans.map((span) => ({ from: Number(span.getAttribute("x")), wide: Number(span.getAttribute("width")) }));
  const thin = edges.findIndex(({ from, wide }) => wide < reach && Math.abs(from + wide / 2 - x) < reach);
  if (thin >= 0) return thin;
  const under = edges.findIndex(({ from, wide }) => x >= from && x < from + wide);
  return under >= 0 ? under : x <= 0 ? 0 : spans.length - 1;
}

function tell(span) {
  const { from, to, kind, why } = span.dataset;
  const [begin, end] = [new Date(from * 1000), new Date(to * 1000)];
  return `${clock(begin)} to ${clock(end)}, ${lasting(to - from)}: ${[kind, why].filter(Boolean).join(", ")}`;
}

function showBubble(bubble, strip, span) {
  bubble.textContent = tell(span);
  bubble.dataset.kind = span.getAttribute("class");
  bubble.hidden = false;
  const room = strip.clientWidth - bubble.offsetWidth;
  const middle = ((Number(span.getAttribute("x")) + Number(span.getAttribute("width")) / 2) / 1000) * strip.clientWidth;
  bubble.style.insetInlineStart = `${Math.max(0, Math.min(room, middle - bubble.offsetWidth / 2))}px`;
}
