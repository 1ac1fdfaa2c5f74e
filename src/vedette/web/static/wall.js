/**
 * The wall: which tiles there are, what they say, how large they are, and moving between them. Their pictures and states come by
 * one WebSocket, or else by the fallback.
 */
import { attend } from "./attention.js";
import { wireCopy } from "./copy.js";
import { Drawing } from "./drawing.js";
import { Fallback } from "./fallback.js";
import { toggleFullScreen, wireFullScreen } from "./fullscreen.js";
import { listen } from "./keys.js";
import { fit } from "./layout.js";
import { Picture } from "./pictures.js";
import { altText, announce, describe, showCounts, showFigures, showSentence, showSign, showSilence } from "./states.js";
import { WallSocket } from "./wallsocket.js";

const wall = document.getElementById("wall");
const USUAL_SHAPE = 4 / 3;
const ONE_COLUMN_BELOW = 600;
const LEAST_TILE_REM = 11;
const WATCH_MS = 500;

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
  /** @type {Picture|Drawing} the <img> it came with, until the socket has it */
  picture;

  constructor(element) {
    this.element = element;
    this.picture = new Picture(element.querySelector(".picture"), () => this.show());
    const { width, height } = element.dataset;
    if (width && height) this.shape = width / height;
    wireFullScreen(element);
  }

  get drawing() {
    return this.picture instanceof Drawing ? this.picture : null;
  }

  hear(camera) {
    this.camera = camera;
    this.element.querySelector("[data-name]").textContent = camera.name;
    if (camera.state !== "online") this.drawing?.expire();
    this.show();
  }

  /** From now on its pictures come by the socket. */
  takeOver() {
    if (!this.drawing) this.picture = new Drawing(this.element.querySelector(".picture"), this.picture);
  }

  async draw(jpeg) {
    if (!(await this.drawing?.draw(jpeg, this.camera.state === "online"))) return;
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

const socket = new WallSocket({
  cameras: (cameras) => hear(cameras, (tile) => tile.takeOver()),
  picture: async (id, jpeg) => tiles.get(id)?.draw(jpeg),
  silence: fallSilent,
  refused() {
    if ([...tiles.values()].some((tile) => tile.drawing)) return location.reload();
    source = fallback;
    if (looking) source.start();
    return share();
  },
});
const fallback = new Fallback(tiles, Number(wall?.dataset.streams ?? 0), { cameras: hear, silence: fallSilent });
let source = socket;

/** What the server says of all cameras; `prepare` is called with each tile before it hears of its own. */
async function hear(cameras, prepare = () => {}) {
  silentSince = null;
  heardAt = performance.now();
  showSilence(false);
  showCounts(cameras);
  announce(cameras);
  const tell = () => {
    for (const camera of cameras) {
      const tile = tiles.get(camera.id);
      if (!tile) continue;
      prepare(tile);
      tile.hear(camera);
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
  silentSince ??= new Date();
  showSilence(true);
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
  source.want(shown.map(({ element }) => element.dataset.id));
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
  source.stop();
}

attend({
  look() {
    looking = true;
    share();
    source.start();
  },
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
