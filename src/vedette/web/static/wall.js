/**
 * The wall: which tiles there are, what they say, how large they are, and moving between them.
 */
import { attend } from "./attention.js";
import { wireCopy } from "./copy.js";
import { toggleFullScreen, wireFullScreen } from "./fullscreen.js";
import { listen } from "./keys.js";
import { fit } from "./layout.js";
import { renewIfOutdated } from "./renewal.js";
import { Screen } from "./screen.js";
import { altText, announce, describe, showCounts, showFigures, showSentence, showSign, showSilence } from "./states.js";
import { Supply } from "./supply.js";

const wall = document.getElementById("wall");
const USUAL_SHAPE = 4 / 3;
const ONE_COLUMN_BELOW = 600;
const LEAST_TILE_REM = 11;
const WATCH_MS = 500;

/** @type {Map<string, Tile>} in the order of the page */
const tiles = new Map();
let silentSince = null;
let heardAt = 0;
let spokeAt = null; // the same by the calendar
let looking = false;
let sighted = false; // whether it is known yet which tiles are on the screen

class Tile extends Screen {
  visible = false;
  shape = USUAL_SHAPE;

  constructor(element) {
    super(element.querySelector(".picture"));
    this.element = element;
    const { width, height } = element.dataset;
    if (width && height) this.shape = width / height;
    wireFullScreen(element);
  }

  hear(camera) {
    this.camera = camera;
    this.element.querySelector("[data-name]").textContent = camera.name;
    if (camera.state !== "online") this.drawing?.expire();
    this.show();
  }

  changed() {
    this.show();
  }

  drawn() {
    this.element.dataset.drawn = this.drawing.drawn;
    if (this.element.dataset.live === "yes") this.#reshape();
    else this.show();
  }

  show() {
    if (!this.camera && !silentSince) return;
    const { arrived } = this.picture;
    const said = describe(this.camera, { silentSince, arrived, late: this.drawing?.late(this.camera?.fps) });
    this.element.dataset.state = said.state;
    this.element.dataset.live = said.live ? "yes" : "no";
    showSentence(this.element.querySelector(".notice"), said);
    showSign(this.element.querySelector(".name"), said);
    this.picture.alt = altText(this.element.querySelector("[data-name]").textContent, said);
    if (!this.camera) return;
    this.element.dataset.seen = this.camera.last_frame_age_s === null ? "no" : "yes";
    showFigures(this.element, this.camera, heardAt);
    if (said.live) this.#reshape();
  }

  #reshape() {
    const { width, height } = this.camera;
    const shape = this.picture.shape ?? (width && height ? width / height : this.shape);
    if (Math.abs(shape - this.shape) < 0.01) return;
    this.shape = shape;
    arrange();
  }
}

// What is known of them ----------------------------------------------------------------------------------------------

const supply = new Supply(tiles, Number(wall?.dataset.streams ?? 0), { cameras: hear, silence: fallSilent });

/** What the server says of all cameras. */
async function hear(cameras) {
  if (silentSince) renewIfOutdated();
  silentSince = null;
  heardAt = performance.now();
  spokeAt = new Date();
  showSilence(false);
  showCounts(cameras);
  announce(cameras);
  const tell = () => {
    for (const camera of cameras) {
      tiles.get(camera.id)?.hear(camera);
    }
  };
  tell();
  if (cameras.map(({ id }) => id).join() !== [...tiles.keys()].join()) {
    await rebuild();
    tell();
  }
  share();
}

function fallSilent() {
  silentSince ??= spokeAt ?? new Date();
  showSilence(true, silentSince);
  for (const tile of tiles.values()) {
    tile.picture.expire();
    tile.show();
  }
}

// Which are looked at ------------------------------------------------------------------------------------------------

function onScreen() {
  const filled = document.fullscreenElement?.closest(".tile");
  const shown = [...tiles.values()].filter((tile) => (filled ? tile.element === filled : tile.visible));
  return shown.filter((tile) => tile.camera?.state !== "disabled");
}

function share() {
  if (!looking || !sighted) return;
  const shown = onScreen();
  for (const tile of tiles.values()) if (!shown.includes(tile)) tile.picture.expire();
  supply.want(shown.map(({ element }) => element.dataset.id));
}

const sight = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const tile = tiles.get(target.dataset.id);
      if (tile) tile.visible = isIntersecting;
    }
    sighted = true;
    share();
  },
  { threshold: 0.1 },
);

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

let rebuilding = false;

/** Cameras were added, removed or moved: takes the tiles from a fresh copy of the page, keeping those it has. */
async function rebuild() {
  if (rebuilding) return;
  rebuilding = true;
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(5000), cache: "no-store" });
    if (answer.ok) replaceTiles(await answer.text());
  } catch {
    // It will be tried again with what the server says next.
  } finally {
    rebuilding = false;
  }
}

function replaceTiles(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
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
    for (const tile of tiles.values()) if (tile.visible) tile.show();
  }, WATCH_MS);
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

function stop() {
  looking = false;
  supply.stop();
}

attend({
  look() {
    looking = true;
    share();
    supply.start();
  },
  nudge: () => supply.nudge(),
  leave() {
    stop();
    for (const tile of tiles.values()) {
      tile.picture.expire();
      tile.show();
    }
  },
  close() {
    stop();
    for (const tile of tiles.values()) tile.picture.close();
  },
});
