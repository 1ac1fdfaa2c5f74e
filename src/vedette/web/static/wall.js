/**
 * The wall: which tiles there are, which of them are shown and where, and moving between them. What a visitor may choose stands in
 * static/choices.js, what a tile says in static/tile.js.
 */
import { attend } from "./attention.js";
import { Choices } from "./choices.js";
import { wireCopy } from "./copy.js";
import { Cycle } from "./cycle.js";
import { tell } from "./elements.js";
import { toggleFullScreen, wireFullScreen } from "./fullscreen.js";
import { listen } from "./keys.js";
import { alone, columns, fit, large, stack } from "./layout.js";
import { neighbour, stepAmong } from "./moving.js";
import { Panel } from "./panel.js";
import { renewIfOutdated } from "./renewal.js";
import { wireReorder } from "./reorder.js";
import { announce, showCounts, showSilence } from "./states.js";
import { Studio } from "./studio.js";
import { Supply } from "./supply.js";
import { Tile } from "./tile.js";

const wall = document.getElementById("wall");
const top = document.getElementById("top");
const NARROW_BELOW = 600;
const MOST_NARROW_COLUMNS = 2;
const LEAST_TILE_PX = 160;
const LEAST_TILE_REM = 8.75; // where letters are larger
const WATCH_MS = 500;
const SETTLE_MS = 250; // a layout that still changes asks for no other pictures

/** @type {Map<string, Tile>} in the server's order */
const tiles = new Map();
let studio = null;
let silentSince = null;
let heardAt = 0;
let spokeAt = null; // the same by the calendar
let looking = false;
let sighted = false; // whether it is known yet which tiles are on the screen

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
  const tellTiles = () => {
    for (const camera of cameras) {
      tiles.get(camera.id)?.hear(camera);
    }
  };
  tellTiles();
  if (cameras.map(({ id }) => id).join() !== [...tiles.keys()].join()) {
    await rebuild();
    tellTiles();
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

// Which are looked at, and how large ---------------------------------------------------------------------------------

let widths = new Map(); // by camera
let settling = 0;

function onScreen() {
  const filled = document.fullscreenElement?.closest(".tile");
  const shown = [...tiles.values()].filter((tile) => (filled ? tile.element === filled : tile.visible));
  return shown.filter((tile) => tile.camera?.state !== "disabled");
}

function share() {
  if (!looking || !sighted) return;
  const shown = onScreen();
  for (const tile of tiles.values()) if (!shown.includes(tile)) tile.picture.expire();
  const ids = shown.map(({ id }) => id);
  supply.want(ids, Object.fromEntries(ids.filter((id) => widths.has(id)).map((id) => [id, widths.get(id)])));
}

function measure() {
  widths = new Map([...tiles.values()].filter(({ room }) => room).map(({ id, room }) => [id, room.width]));
  share();
}

function measureSoon() {
  clearTimeout(settling);
  settling = setTimeout(measure, SETTLE_MS);
}

const sizes = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) tiles.get(target.dataset.id)?.measure(contentRect);
  if (sighted) measureSoon();
  else measure();
});

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

// Where they stand -----------------------------------------------------------------------------------------------------

const choices = wall && new Choices(idsOnPage(), () => apply());
const panel = wall && new Panel(choices, { names: () => new Map([...tiles].map(([id, { name }]) => [id, name])), cycle: startCycle });
let held = null; // a tile that is being moved, and the order it would be in
let passing = null; // the camera that the cycle shows just now

function idsOnPage() {
  return [...wall.querySelectorAll(".tile")].map(({ dataset }) => dataset.id);
}

/** @returns {Tile[]} those that are shown, in order */
function order() {
  return (held?.ids ?? choices.shown).map((id) => tiles.get(id)).filter(Boolean);
}

/** The tile that is shown alone, or large; null without one. */
function focused() {
  return order().find(({ id }) => id === (passing ?? choices.wall.focus)) ?? null;
}

function isAlone() {
  return choices.wall.layout !== "large" && focused() !== null;
}

/** Something was chosen: shows what is shown, in order, and nothing else. */
function apply() {
  const shown = order();
  const focus = focused();
  const seen = isAlone() ? [focus] : shown;
  wall.dataset.view = isAlone() ? "alone" : choices.wall.layout;
  for (const tile of tiles.values()) {
    tile.element.hidden = !seen.includes(tile);
    tile.element.toggleAttribute("data-focus", tile === focus);
    tile.element.toggleAttribute("data-held", tile.id === held?.id);
  }
  if (!held) enlist(shown.map(({ element }) => element));
  panel.show(shown.length);
  arrange();
}

/** The order in which the Tab key goes, without taking the focus from where it is. */
function enlist(elements) {
  const active = document.activeElement;
  elements.forEach((element, index) => {
    if (wall.children[index] !== element) wall.insertBefore(element, wall.children[index] ?? null);
  });
  if (active !== document.activeElement) active.focus({ preventScroll: true });
}

let arranging = 0;
function arrange() {
  cancelAnimationFrame(arranging);
  arranging = requestAnimationFrame(() => {
    const shown = isAlone() ? [focused()] : order();
    if (!shown.length) return;
    const laid = lay(shown, room());
    wall.style.setProperty("--across", `${laid.width}px`);
    wall.style.setProperty("--down", `${laid.height}px`);
    shown.forEach((tile, index) => tile.place(laid.cells[index]));
    wall.dataset.fitted = "";
  });
}

/** A picture has another shape, and so perhaps another width in a tile of the same size. */
function reshaped() {
  arrange();
  measureSoon();
}

function room() {
  const style = getComputedStyle(wall);
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const gap = parseFloat(style.columnGap);
  const above = wall.getBoundingClientRect().top + scrollY + parseFloat(style.paddingTop);
  return { width: document.documentElement.clientWidth - 2 * gap, height: innerHeight - above - gap, gap, least: Math.max(LEAST_TILE_PX, LEAST_TILE_REM * rem) };
}

function lay(shown, space) {
  const shapes = shown.map(({ shape }) => shape);
  const narrow = innerWidth < NARROW_BELOW;
  if (isAlone()) return alone(shapes[0], space);
  if (choices.wall.layout === "large") return large(shapes, space, Math.max(0, shown.indexOf(focused())));
  if (choices.wall.layout === "columns") {
    return columns(shapes, space, narrow ? Math.min(MOST_NARROW_COLUMNS, choices.wall.columns) : choices.wall.columns);
  }
  return narrow ? stack(shapes, space) : fit(shapes, space);
}

// Which there are ----------------------------------------------------------------------------------------------------

function adopt(element) {
  const tile = new Tile(element, { told: () => ({ silentSince, heardAt }), studio: () => studio, reshaped });
  tiles.set(tile.id, tile);
  sight.observe(element);
  sizes.observe(element);
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
      wall.append(adopt(document.adoptNode(element)).element);
    }
  }
  for (const tile of kept.values()) {
    tile.giveBack();
    tile.picture.close();
    sight.unobserve(tile.element);
    sizes.unobserve(tile.element);
    tile.element.remove();
  }
  choices.know([...tiles.keys()]);
  apply();
}

// Moving between them ------------------------------------------------------------------------------------------------

function current() {
  const element = document.activeElement?.closest?.(".tile") ?? wall?.querySelector(".tile:hover");
  return tiles.get(element?.dataset.id) ?? focused();
}

let leaving = false;

/** Shows one camera alone, or large; null shows them all. To enlarge one is a step that the browser's "back" takes back. */
function focus(id) {
  passing = null;
  if (!id && history.state?.entered) return turnBack();
  choices.set({ focus: id }, { enters: id !== null && choices.wall.layout !== "large" && !choices.wall.focus });
  return tiles.get(id)?.link.focus({ preventScroll: true });
}

function turnBack() {
  if (!leaving) history.back(); // twice would leave the page
  leaving = true;
}

function follow() {
  leaving = false;
  passing = null;
  choices.follow();
}

/** The next camera, or the one before, round and round. */
function following(direction) {
  const able = order().filter(({ camera }) => camera?.state !== "disabled");
  const at = able.indexOf(focused());
  return able[(at < 0 && direction < 0 ? at : at + direction + able.length) % able.length];
}

function go(direction) {
  const next = following(direction);
  if (next) focus(next.id);
  if (next) tell(next.name);
}

function step(event) {
  if (!wall || document.fullscreenElement?.closest(".tile")) return false;
  const direction = event.key.slice("Arrow".length).toLowerCase();
  if (top.contains(document.activeElement)) return stepInHeader(direction);
  if (panel.bar.contains(document.activeElement)) return stepAbove(direction);
  if (isAlone() && ["left", "right"].includes(direction)) return go(direction === "left" ? -1 : 1);
  const all = order().filter(({ element }) => !element.hidden);
  const from = document.activeElement?.closest?.(".tile");
  const elements = all.map(({ element }) => element);
  const next = from ? neighbour(elements, from, direction) : elements[0];
  if (event.shiftKey && from) return next && swap(from.dataset.id, next.dataset.id);
  if (!next && direction === "up" && from) return (panel.chip ?? panel.button).focus();
  next?.querySelector(".tile-link").focus();
  next?.scrollIntoView({ block: "nearest" });
  return true;
}

function stepInHeader(direction) {
  if (direction === "up") return false;
  if (direction === "down") return panel.chip ? panel.chip.focus() : focusFirst();
  return stepAmong(top, direction === "left" ? -1 : 1);
}

/** Among the groups, between the header and the tiles. */
function stepAbove(direction) {
  if (direction === "up") return panel.button.focus();
  if (direction === "down") return focusFirst();
  return stepAmong(panel.bar, direction === "left" ? -1 : 1);
}

function focusFirst() {
  return (isAlone() ? focused() : order()[0])?.link.focus();
}

function swap(id, other) {
  const place = choices.shown.indexOf(other);
  choices.place(id, place);
  tell(`${tiles.get(id).name} is now ${place + 1} of ${choices.shown.length}`);
  tiles.get(id).element.scrollIntoView({ block: "nearest" });
}

function wireTiles() {
  let touched = false;
  wall.addEventListener("click", (event) => {
    const tile = tiles.get(event.target.closest(".tile")?.dataset.id);
    if (event.target.closest("[data-back]")) {
      focus(null);
      return tile.link.focus({ preventScroll: true });
    }
    if (!tile || !event.target.closest(".tile-link")) return undefined;
    if (event.ctrlKey || event.metaKey || event.shiftKey || document.fullscreenElement === tile.element) return undefined;
    touched = event.pointerType === "touch";
    const byKey = event.detail === 0;
    if (byKey && tile === focused()) return undefined; // the link leads to the camera's page
    event.preventDefault();
    if (byKey || (touched && tile !== focused())) return focus(tile.id);
    return tile.link.focus({ preventScroll: true });
  });
  wall.addEventListener("dblclick", (event) => {
    const tile = tiles.get(event.target.closest(".tile")?.dataset.id);
    if (!tile || touched || event.target.closest(".actions") || document.fullscreenElement === tile.element) return;
    focus(tile === focused() ? null : tile.id);
  });
  wireReorder(wall, {
    still: isAlone,
    held(id, put) {
      const ids = held?.ids;
      const dropped = held?.id;
      held = id && { id, ids: choices.shown };
      if (dropped && put) choices.place(dropped, ids.indexOf(dropped));
      else apply();
    },
    over(id, other) {
      const place = held.ids.indexOf(other);
      held.ids = held.ids.filter((one) => one !== id);
      held.ids.splice(place, 0, id);
      arrange();
    },
    swiped: go,
  });
}

// Going on by itself ---------------------------------------------------------------------------------------------------

const cycle = wall && new Cycle(advance, endCycle);

function startCycle() {
  choices.set({}, { cycle: choices.pace });
  runCycle();
}

function runCycle() {
  cycle.run(choices.cycle);
  panel.showCycle(cycle.running ? choices.cycle : 0);
}

/** What is on the screen stays there; Escape goes back to where it was. */
function endCycle(key) {
  const stays = key === "Escape" ? choices.wall.focus : passing ?? choices.wall.focus;
  passing = null;
  choices.set({ focus: stays }, { cycle: 0 });
  panel.showCycle(0);
}

function advance() {
  const many = choices.wall.layout !== "large" && !focused();
  if (many && document.documentElement.scrollHeight > innerHeight + 8) return turnPage();
  passing = following(1)?.id ?? null;
  return apply();
}

/** As far as the first tile that is not wholly on the screen; from the end, to the beginning. */
function turnPage() {
  const under = document.fullscreenElement ? 0 : top.offsetHeight;
  const boxes = order().map(({ element }) => element.getBoundingClientRect());
  const next = boxes.find((box) => box.bottom > innerHeight + 1 && box.top > under + box.height / 4);
  const ended = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const way = next ? next.top - under - parseFloat(getComputedStyle(wall).columnGap) : innerHeight - under;
  scrollTo({ top: ended ? 0 : scrollY + way, behavior: calm ? "instant" : "smooth" });
}

// ---------------------------------------------------------------------------------------------------------------------

/** Enter, where no control has it: as on the tile that fills the wall. */
function enter() {
  if (document.activeElement !== document.body || !isAlone()) return false;
  return focused().link.click();
}

function escape() {
  if (!choices?.wall.focus || choices.wall.layout === "large") return false;
  return focus(null);
}

const layoutKeys = wall && {
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((count) => [count, () => choices.set({ layout: "columns", columns: count, focus: null })])),
  0: () => choices.set({ layout: "fit", focus: null }),
  l: () => choices.set({ layout: "large", focus: current()?.id ?? null }),
  g: () => panel.nextGroup(),
  m: () => panel.open(),
  c: startCycle,
  Enter: enter,
  Escape: escape,
};

if (wall) {
  for (const element of wall.querySelectorAll(".tile")) adopt(element);
  for (const element of [top, panel.bar]) new ResizeObserver(arrange).observe(element);
  addEventListener("resize", arrange);
  addEventListener("popstate", follow);
  addEventListener("pageshow", () => (leaving = false));
  document.addEventListener("fullscreenchange", () => {
    arrange();
    share();
  });
  setInterval(() => {
    for (const tile of tiles.values()) if (tile.visible) tile.show();
  }, WATCH_MS);
  wireTiles();
  apply();
  runCycle();
}
wireFullScreen(top);
wireCopy();
listen({
  ArrowLeft: step,
  ArrowRight: step,
  ArrowUp: step,
  ArrowDown: step,
  f: () => toggleFullScreen(current()?.element ?? document.documentElement),
  ...layoutKeys,
});

function stop() {
  looking = false;
  supply.stop();
}

const opened = wall && Studio.open(loseStudio).then((made) => (studio = made));

/** The worker draws no more: each tile gets an easel of the page's own with what the server says next. */
function loseStudio() {
  studio = null;
  for (const tile of tiles.values()) tile.giveBack();
}

attend({
  async look() {
    looking = true;
    await opened;
    if (!looking) return;
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
