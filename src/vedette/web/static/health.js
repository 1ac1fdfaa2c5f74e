/**
 * The health page: the server's rows made live by its news, strips and tables renewed from the page itself, plots drawn when
 * they are opened.
 */
import { attend } from "./attention.js";
import { Feed } from "./feed.js";
import { toggleFullScreen, wireFullScreen } from "./fullscreen.js";
import { listen } from "./keys.js";
import { drawPlots } from "./plot.js";
import { showRejects } from "./rejects.js";
import { Repetition } from "./repetition.js";
import { announce, describe, showCounts, showFigures, showSentence, showSilence, showWarnings } from "./states.js";
import { wireStrips } from "./strip.js";
import { showTime } from "./time.js";

const SERVER_MS = 5000;
const CHANGE_MS = 3000; // an outage is written down a moment after it is told
const GIVE_UP_MS = 10000;
const WORST_FIRST = ["offline", "stale", "connecting", "online", "idle", "disabled"];

const page = document.getElementById("health");
const rows = document.getElementById("rows");
const byId = new Map([...rows.children].map((row) => [row.dataset.id, row]));
const known = new Map(); // id → {camera, heardAt}
// The server keeps the past in steps of minutes, and drawing it for very many cameras costs it something.
const PAST_MS = Math.max(60000, 600 * byId.size);
let silentSince = null;
let rejectsShown = null;

function showCamera(id) {
  const row = byId.get(id);
  const { camera = null, heardAt } = known.get(id) ?? {};
  const said = describe(camera, { silentSince, arrived: true });
  row.dataset.state = said.state;
  showSentence(row.querySelector("[data-sentence]"), said);
  if (!camera) return;
  showFigures(row, camera, heardAt);
  showRejected(row.querySelector("[data-rejects]"), camera.rejected);
  showWarnings(row.querySelector("[data-warnings]"), camera.warnings);
}

function showRejected(place, rejected) {
  const causes = Object.entries(rejected).filter(([, count]) => count);
  const total = causes.reduce((sum, [, count]) => sum + count, 0);
  write(place.querySelector("b"), total.toLocaleString());
  const words = causes.map(([cause, count]) => `${causes.length > 1 ? count.toLocaleString() : ""} ${cause.replace("_", " ")}`.trim());
  write(place.querySelector("small"), words.join(", "));
}

function write(element, text) {
  if (element && element.textContent !== String(text)) element.textContent = text;
}

/** Worst first, unless somebody is at it: rows do not move away under a finger. */
function sort() {
  if (rows.matches(":hover, :focus-within") || rows.querySelector("details[open]")) return;
  const uptime = (row) => (row.dataset.uptime === "" ? 1 : Number(row.dataset.uptime));
  const rank = ({ dataset }) => {
    const camera = known.get(dataset.id)?.camera;
    return WORST_FIRST.indexOf(camera?.state ?? "connecting") - (camera?.warnings.length ? 0.5 : 0);
  };
  const order = [...rows.children].sort((one, other) => rank(one) - rank(other) || uptime(one) - uptime(other));
  if (order.some((row, place) => row !== rows.children[place])) rows.append(...order);
}

const feed = new Feed(page.dataset.stream, {
  cameras(cameras, changed) {
    const cut = silentSince;
    silentSince = null;
    if (cut) showSilence(false);
    const heardAt = performance.now();
    let moved = false;
    for (const camera of changed) {
      moved ||= known.get(camera.id)?.camera.state !== camera.state;
      known.set(camera.id, { camera, heardAt });
      if (byId.has(camera.id)) showCamera(camera.id);
    }
    if (moved) {
      showCounts(cameras);
      announce(cameras);
      sort();
      renewSoon();
    }
    rejectsShown ??= showRejects(document.getElementById("rejected"), cameras, page.dataset.camera);
  },
  silence() {
    silentSince = new Date();
    showSilence(true);
    for (const id of byId.keys()) showCamera(id);
  },
});

// Ages count on by themselves.
setInterval(() => {
  for (const [id, { camera, heardAt }] of known) if (byId.has(id)) showFigures(byId.get(id), camera, heardAt);
}, 1000);

async function ask(address, stop) {
  try {
    const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.any([stop, AbortSignal.timeout(GIVE_UP_MS)]) });
    return answer.ok ? answer : null;
  } catch {
    return null;
  }
}

// The server itself.

const bytes = (count) => {
  if (count === null) return "–";
  if (count >= 1e12) return `${(count / 1e12).toFixed(1)} TB`;
  return count >= 1e9 ? `${(count / 1e9).toFixed(1)} GB` : `${Math.round(count / 1e6)} MB`;
};
const serverFacts = {
  viewers: (server) => server.viewers,
  cpu: (server) => server.cpu_percent ?? "–",
  memory: (server) => bytes(server.memory_bytes),
  lag: (server) => server.loop_lag_ms?.mean ?? "–",
  lag_max: (server) => server.loop_lag_ms?.max ?? "–",
  disk: (server) => bytes(server.data_free_bytes),
  made: (server) => server.renditions.pictures_per_s,
  missed: (server) => server.renditions.missed_per_s,
  note: (server) => server.renditions.note ?? "",
  threads: (server) => server.threads,
  files: (server) => server.open_files ?? "–",
};
const server = new Repetition(async (stop) => {
  const answer = await ask(page.dataset.server, stop);
  if (answer) {
    const facts = await answer.json();
    for (const place of page.querySelectorAll("[data-server-fact]")) write(place, serverFacts[place.dataset.serverFact](facts));
  }
  return SERVER_MS;
});

// The past: drawn by the server, taken over from its page.

let renewedAt = performance.now();
let due = renewedAt + PAST_MS;
const past = new Repetition(async (stop) => {
  if (performance.now() >= due) {
    renewedAt = performance.now();
    due = renewedAt + PAST_MS;
    await renew(stop);
  }
  return Math.max(0, due - performance.now());
});

function renewSoon() {
  due = Math.min(due, Math.max(performance.now() + CHANGE_MS, renewedAt + PAST_MS / 4));
  past.start();
}

async function renew(stop) {
  const answer = await ask(location.href, stop);
  if (!answer) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const row of fresh.querySelectorAll("#rows > .row")) {
    const shown = byId.get(row.dataset.id);
    if (!shown) continue;
    shown.dataset.uptime = row.dataset.uptime;
    write(shown.querySelector("[data-uptime-said]"), row.querySelector("[data-uptime-said]").textContent);
    take(row, shown, "[data-past]");
    for (const item of shown.querySelectorAll("[data-board]")) item.remove();
    shown.querySelector(".figures").append(...row.querySelectorAll("[data-board]"));
    if (shown.querySelector("details").open) await open(shown, stop);
    else take(row, shown, "[data-outages]");
    dress(shown);
  }
}

function take(row, shown, part) {
  const place = shown.querySelector(part);
  if (!place.matches(":hover, :focus-within")) place.replaceChildren(...row.querySelector(part).childNodes);
}

/** What a row says when it is open: on a page of very many cameras its outages come only now. */
async function open(row, stop = new AbortController().signal) {
  await plot(row, stop);
  const here = new URL(location.href);
  here.searchParams.set("camera", row.dataset.id);
  const answer = await ask(here, stop);
  if (!answer) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#rows > .row");
  if (fresh) take(fresh, row, "[data-outages]");
  dress(row);
}

/** What the server says in UTC and without scripts, in local time and with them. */
function dress(root) {
  wireStrips(root);
  for (const time of root.querySelectorAll("time[data-time]")) if (time.getAttribute("datetime")) showTime(time, new Date(time.dateTime));
}

async function plot(row, stop) {
  const id = encodeURIComponent(row.dataset.id);
  const answer = await ask(`${page.dataset.camera}/${id}/history?period=${page.dataset.period}`, stop);
  if (answer) drawPlots(row.querySelector("[data-plots]"), await answer.json());
}

rows.addEventListener("toggle", ({ target }) => target.open && open(target.closest(".row")), true);

dress(document);
for (const details of rows.querySelectorAll("details[open]")) open(details.closest(".row"));
wireFullScreen();
listen({
  d: () => document.getElementById("period-day").click(),
  w: () => document.getElementById("period-week").click(),
  f: () => toggleFullScreen(document.documentElement),
  Escape: () => (document.fullscreenElement ? false : document.querySelector(".brand").click()),
});
attend({
  look() {
    feed.start();
    server.start();
    past.start();
  },
  leave: rest,
  close: rest,
});

function rest() {
  feed.stop();
  server.stop();
  past.stop();
}
