/**
 * What is said about a camera: its state in one word and one sentence, its sign, its figures, the counts in the header, and
 * what a screen reader is told when something changes. The words themselves come from templates/_states.html.
 */
import { ago, clock, showTime } from "./time.js";

const words = JSON.parse(document.body.dataset.words);
const COUNTED = { online: "live", stale: "weak", offline: "away" };
const MISSED = new Set(["stale", "offline"]); // since the last picture, and not since that was noticed
const DASH = "–";

/** The cause in words, without a final stop; "" when there is none. */
function why(camera) {
  const text = camera.explanation ?? words.reasons[camera.reason] ?? words.otherwise[camera.state] ?? "";
  return text.trim();
}

/**
 * What is true of the picture on the screen, which is less than what is true of the camera: the server may not answer, and a
 * picture may not have arrived yet.
 *
 * @param {object|null} camera one of GET /api/cameras, and when its last frame came as `seenAt` if that is known; null only while
 *   the server is silent
 * @param {{silentSince: Date|null, arrived: boolean, late?: number}} seen `late` is how many seconds ago the last picture came,
 *   if that is too long
 * @returns {{state: string, word: string, since: Date|null, why: string, live: boolean}}
 */
export function describe(camera, { silentSince, arrived, late }) {
  if (silentSince) {
    return { state: "unknown", word: words.states.unknown, since: silentSince, why: "", live: false };
  }
  const { state } = camera;
  const since = (MISSED.has(state) && camera.seenAt) || (camera.since ? new Date(camera.since) : null);
  if (state === "online" && !arrived) {
    return { state: "connecting", word: words.states.waiting, since: null, why: "its picture is on the way", live: false };
  }
  if (state === "online" && late) {
    return { state: "stale", word: words.states.stale, since: null, why: `no picture for ${Math.floor(late)} s`, live: false };
  }
  return { state, word: words.states[state] ?? state, since, why: why(camera), live: state === "online" };
}

/** What is said of a picture that this visitor has stopped; `heard` is what would be said otherwise. */
export function describeStopped(since, heard) {
  return { state: "stopped", word: words.states.stopped, since, why: `the camera itself is: ${heard.word}`, live: false };
}

/** Writes only what is different: a picture's neighbourhood is left alone while nothing happens. */
function write(element, text) {
  if (element && element.textContent !== String(text)) element.textContent = text;
}

/** Fills a sentence made by the macro of that name: "away since 12:03 · someone else is streaming from it". */
export function showSentence(element, said) {
  showSign(element, said);
  const since = element.querySelector("[data-since]");
  since.hidden = !said.since;
  if (said.since) showTime(since.querySelector("time"), said.since);
  write(element.querySelector("[data-why]"), said.why);
  element.querySelector("[data-dot]").hidden = !said.why;
}

/** What is wrong with a camera whose pictures come, one item for each. */
export function showWarnings(list, warnings) {
  const messages = warnings.map(({ message }) => message);
  if (messages.join("\n") === [...list.children].map((item) => item.textContent).join("\n")) return;
  list.replaceChildren(...messages.map((message) => Object.assign(document.createElement("li"), { textContent: message })));
}

/** The sign and its word, wherever the macro `sign` stands. */
export function showSign(element, said) {
  const use = element.querySelector("[data-sign] use");
  const href = `#sign-${said.state}`;
  if (use.getAttribute("href") !== href) use.setAttribute("href", href);
  write(element.querySelector("[data-word]"), said.word);
}

/** What a picture is called by those who do not see it. */
export function altText(name, said) {
  return said.live ? `${name}, live picture` : `${name}, not live: ${said.word}`;
}

/** Seconds since the newest frame, counting on from the answer it came with (`heardAt`, of performance.now()). */
export function ageOf(camera, heardAt) {
  const age = camera.last_frame_age_s;
  if (age === null) return null;
  const since = (performance.now() - heardAt) / 1000;
  // Between two answers a live camera's next frame has come long ago; only an age that was already one counts on.
  return age < 1.5 && since < 4 && camera.state === "online" ? age : age + since;
}

const figures = {
  fps: (camera) => camera.fps?.toFixed(1),
  size: (camera) => (camera.width && camera.height ? `${camera.width}×${camera.height}` : null),
  volume: (camera) => camera.bytes_per_s && Math.round(camera.bytes_per_s / 1000),
  frames: (camera) => camera.frames?.toLocaleString(),
  reconnects: (camera) => camera.reconnects,
  reboots: (camera) => camera.reboots,
  viewers: (camera) => camera.viewers,
  firmware: (camera) => camera.firmware,
  control: (camera) => camera.control,
  age: (camera, heardAt) => ago(ageOf(camera, heardAt)),
};

/** Fills every [data-fact] and [data-rejected] below `root`. */
export function showFigures(root, camera, heardAt) {
  for (const element of root.querySelectorAll("[data-fact]")) {
    write(element, figures[element.dataset.fact](camera, heardAt) ?? DASH);
  }
  for (const element of root.querySelectorAll("[data-rejected]")) {
    write(element, camera.rejected[element.dataset.rejected]?.toLocaleString() ?? DASH);
  }
}

/** The counts in the header. */
export function showCounts(cameras) {
  const counts = { live: 0, weak: 0, away: 0, other: 0 };
  for (const { state } of cameras) counts[COUNTED[state] ?? "other"] += 1;
  for (const [key, count] of Object.entries(counts)) {
    const item = document.querySelector(`[data-count=${key}]`);
    if (!item) continue;
    write(item.querySelector("b"), count);
    item.hidden = count === 0 && key !== "live";
  }
}

/** Whether the server is silent, and since when: while it is, nothing on the page passes for known. */
export function showSilence(silent, since = new Date()) {
  document.body.toggleAttribute("data-silent", silent);
  showBanner(silent ? `No connection to the server since ${clock(since)}, trying again` : null);
}

/** The banner under the header, for what concerns the whole page; null takes it away. */
export function showBanner(text) {
  const banner = document.getElementById("banner");
  banner.hidden = !text;
  write(banner, text ?? "");
}

const QUIET_MS = 5000;
const MOST_BY_NAME = 3;
let known = null;
let spokenAt = -Infinity;

/** Tells a screen reader which cameras changed, not oftener than every five seconds and never more than a sentence each. */
export function announce(cameras) {
  const states = new Map(cameras.map((camera) => [camera.id, camera.state]));
  known ??= states;
  if (performance.now() - spokenAt < QUIET_MS) return;
  const changed = cameras.filter(({ id, state }) => known.has(id) && known.get(id) !== state);
  known = states;
  if (!changed.length) return;
  spokenAt = performance.now();
  const sentence = (camera) => [`${camera.name}: ${words.states[camera.state]}`, why(camera)].filter(Boolean).join(", ");
  const text =
    changed.length <= MOST_BY_NAME
      ? changed.map(sentence).join(". ")
      : `${changed.length} cameras changed, ${cameras.filter(({ state }) => state === "online").length} of ${cameras.length} are live`;
  write(document.getElementById("announcer"), `${text}.`);
}
