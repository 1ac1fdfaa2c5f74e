/**
 * The wall: which tiles there are, which of them stream, how large they are, and moving between them.
 *
 * Of the six connections a browser has to a server, the wall uses at most: one per streaming tile (four), one for the
 * still pictures of all other tiles, one for the poll.
 */
import { attend } from "./attention.js";
import { wireCopy } from "./copy.js";
import { toggleFullScreen, wireFullScreen } from "./fullscreen.js";
import { listen } from "./keys.js";
import { fit } from "./layout.js";
import { Picture } from "./pictures.js";
import { Poll } from "./poll.js";
import { SnapshotRound } from "./snapshots.js";
import { altText, announce, describe, showCounts, showFigures, showSentence, showSign, showSilence } from "./states.js";

const wall = document.getElementById("wall");
const STREAMS = Number(wall?.dataset.streams ?? 0);
const USUAL_SHAPE = 4 / 3;
const ONE_COLUMN_BELOW = 600;
const LEAST_TILE_REM = 11;
const ASK_IDLE_MS = 10000; // an idle camera has no fresh picture; being asked for one may wake it
const SETTLE_MS = 250; // scrolling past a tile opens no stream

/** @type {Map<string, Tile>} in the order of the page */
const tiles = new Map();
let silentSince = null;
let heardAt = 0;
let looking = false;
let sighted = false; // whether it is known yet which tiles are on the screen

class Tile {
  camera = null;
  visible = false;
  shape = USUAL_SHAPE;
  lonely = 0;

  constructor(element) {
    this.element = element;
    this.link = element.querySelector(".tile-link");
    this.picture = new Picture(element.querySelector(".picture"), () => this.show());
    const { width, height } = element.dataset;
    if (width && height) this.shape = width / height;
    wireFullScreen(element);
  }

  hear(camera) {
    this.camera = camera;
    this.element.querySelector("[data-name]").textContent = camera.name;
    // A stream the server has no viewer for has ended without the browser telling us.
    this.lonely = this.picture.connectedFor > 3 && camera.viewers === 0 ? this.lonely + 1 : 0;
    if (this.lonely >= 2) this.picture.renew();
    this.show();
  }

  show() {
    if (!this.camera) return;
    const said = describe(this.camera, { silentSince, arrived: this.picture.arrived });
    this.element.dataset.state = said.state;
    this.element.dataset.live = said.live ? "yes" : "no";
    this.element.dataset.seen = this.camera.last_frame_age_s === null ? "no" : "yes";
    showSentence(this.element.querySelector(".notice"), said);
    showSign(this.element.querySelector(".name"), said);
    showFigures(this.element, this.camera, heardAt);
    this.picture.alt = altText(this.camera, said);
    if (said.live) this.#reshape();
  }

  #reshape() {
    const { width, height } = this.camera;
    const shape = this.picture.shape ?? (width && height ? width / height : this.shape);
    if (Math.abs(shape - this.shape) < 0.01) return;
    this.shape = shape;
    arrange();
  }

  get wantsStill() {
    if (this.picture.streaming || !this.camera) return false;
    if (this.camera.state === "online") return true;
    return this.camera.state === "idle" && performance.now() - this.picture.askedAt > ASK_IDLE_MS;
  }
}

// Which tiles stream -------------------------------------------------------------------------------------------------

function onScreen() {
  const filled = document.fullscreenElement?.closest(".tile");
  const shown = [...tiles.values()].filter((tile) => (filled ? tile.element === filled : tile.visible));
  return shown.filter((tile) => tile.camera?.state !== "disabled");
}

function share() {
  if (!looking || !sighted) return;
  const chosen = new Set(silentSince ? [] : onScreen().slice(0, STREAMS));
  for (const tile of tiles.values()) if (!chosen.has(tile)) tile.picture.rest();
  for (const tile of chosen) tile.picture.stream();
}

/** Closes all connections; what is on the screen stays there and is not live. */
function restAll() {
  for (const { picture } of tiles.values()) {
    picture.rest();
    picture.expire();
  }
}

let settling = 0;
const sight = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const tile = tiles.get(target.dataset.id);
      if (tile) tile.visible = isIntersecting;
    }
    sighted = true;
    clearTimeout(settling);
    settling = setTimeout(share, SETTLE_MS);
  },
  { threshold: 0.1 },
);

const stills = new SnapshotRound(() => {
  const wanting = silentSince ? [] : onScreen().filter((tile) => tile.wantsStill);
  return wanting.map((tile) => tile.picture);
});

// A still that was not replaced for three rounds is too old to pass for a live picture.
function expireStills() {
  const still = [...tiles.values()].filter((tile) => !tile.picture.streaming);
  const limit = 10000 + 1000 * still.filter((tile) => tile.visible).length;
  for (const { picture } of still) if (picture.arrived && performance.now() - picture.shownAt > limit) picture.expire();
}

// How large they are -------------------------------------------------------------------------------------------------

let arranging = 0;
function arrange() {
  cancelAnimationFrame(arranging);
  arranging = requestAnimationFrame(() => {
    const style = getComputedStyle(wall);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const gap = parseFloat(style.columnGap);
    const above = wall.getBoundingClientRect().top + scrollY + parseFloat(style.paddingTop);
    const fitted = fit(
      [...tiles.values()].map((tile) => tile.shape),
      {
        width: document.documentElement.clientWidth - 2 * gap,
        height: innerHeight - above - gap,
        gap,
        least: LEAST_TILE_REM * rem,
        column: innerWidth < ONE_COLUMN_BELOW,
      },
    );
    wall.style.setProperty("--rows", `${fitted.width}px`);
    [...tiles.values()].forEach(({ element }, index) => {
      element.style.setProperty("--width", `${fitted.cells[index].width}px`);
      element.style.setProperty("--height", `${fitted.cells[index].height}px`);
    });
    wall.dataset.fitted = "";
  });
}

// Which there are ----------------------------------------------------------------------------------------------------

function adopt(element) {
  const tile = new Tile(element);
  tiles.set(element.dataset.id, tile);
  sight.observe(element);
  return tile;
}

/** Cameras were added, removed or moved: takes the tiles from a fresh copy of the page, keeping those it has. */
async function rebuild() {
  const answer = await fetch(location.href, { signal: AbortSignal.timeout(5000), cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = [...page.querySelectorAll(".tile")];
  if (!wall || !fresh.length) return location.reload();
  const kept = new Map(tiles);
  tiles.clear();
  for (const element of fresh) {
    const old = kept.get(element.dataset.id);
    kept.delete(element.dataset.id);
    if (old) tiles.set(element.dataset.id, old);
    else {
      const img = element.querySelector("img");
      img.removeAttribute("src");
      img.dataset.mode = "none";
      adopt(document.adoptNode(element));
    }
    wall.append(tiles.get(element.dataset.id).element);
  }
  for (const tile of kept.values()) {
    tile.picture.close();
    sight.unobserve(tile.element);
    tile.element.remove();
  }
  arrange();
}

const poll = new Poll({
  async cameras(cameras, { silence }) {
    silentSince = null;
    heardAt = performance.now();
    showSilence(false);
    showCounts(cameras);
    announce(cameras);
    if (cameras.map(({ id }) => id).join() !== [...tiles.keys()].join()) await rebuild().catch(() => {});
    if (silence) for (const tile of tiles.values()) tile.picture.renew();
    for (const camera of cameras) tiles.get(camera.id)?.hear(camera);
    share();
  },
  silence() {
    silentSince = new Date();
    showSilence(true);
    restAll();
  },
});

// Moving between them ------------------------------------------------------------------------------------------------

function current() {
  return document.activeElement?.closest?.(".tile") ?? wall?.querySelector(".tile:hover") ?? null;
}

function step(direction) {
  if (!wall || document.fullscreenElement?.closest(".tile")) return false;
  const all = [...tiles.values()].map((tile) => tile.element);
  const from = document.activeElement?.closest?.(".tile");
  const next = from ? neighbour(all, from, direction) : all[0];
  next?.querySelector(".tile-link").focus();
  next?.scrollIntoView({ block: "nearest" });
  return true;
}

function neighbour(all, from, direction) {
  if (direction === "left" || direction === "right") return all[all.indexOf(from) + (direction === "left" ? -1 : 1)];
  const middle = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  };
  const here = middle(from);
  const away = (element) => (middle(element).y - here.y) * (direction === "up" ? -1 : 1);
  const cost = (element) => away(element) * 4 + Math.abs(middle(element).x - here.x);
  const beyond = all.filter((element) => away(element) > 8);
  return beyond.sort((one, other) => cost(one) - cost(other))[0];
}

// ---------------------------------------------------------------------------------------------------------------------

if (wall) {
  for (const element of wall.querySelectorAll(".tile")) adopt(element);
  new ResizeObserver(arrange).observe(document.getElementById("top"));
  addEventListener("resize", arrange);
  document.addEventListener("fullscreenchange", () => {
    arrange();
    share();
  });
  setInterval(() => {
    expireStills();
    for (const tile of tiles.values()) if (tile.visible) tile.show();
  }, 1000);
}
wireFullScreen(document.getElementById("top"));
wireCopy();
listen({
  ArrowLeft: () => step("left"),
  ArrowRight: () => step("right"),
  ArrowUp: () => step("up"),
  ArrowDown: () => step("down"),
  f: () => toggleFullScreen(current() ?? document.documentElement),
});
function stopAsking() {
  looking = false;
  poll.stop();
  stills.stop();
}

attend({
  look() {
    looking = true;
    expireStills();
    share();
    poll.start();
    stills.start();
  },
  leave() {
    stopAsking();
    restAll();
  },
  close() {
    stopAsking();
    for (const tile of tiles.values()) tile.picture.close();
  },
});
