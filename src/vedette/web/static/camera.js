/**
 * The page of one camera: its picture, its state, its figures and a minute of them.
 */
import { attend } from "./attention.js";
import "./controls.js";
import { wireCopy } from "./copy.js";
import { Everyone } from "./everyone.js";
import { toggleFullScreen, wireFullScreen } from "./fullscreen.js";
import { listen } from "./keys.js";
import { OwnStream } from "./ownstream.js";
import { renewIfOutdated } from "./renewal.js";
import { Screen } from "./screen.js";
import { Sparkline } from "./sparkline.js";
import { altText, announce, describe, describeStopped, showBanner, showCounts, showFigures, showSentence, showSilence, showWarnings } from "./states.js";
import { Supply } from "./supply.js";

const root = document.getElementById("camera");
const view = document.getElementById("view");
const WATCH_MS = 500;

// Before everything that calls back: a picture that has arrived already does so at once.
let camera = null;
let heardAt = 0;
let spokeAt = null; // the same by the calendar
let silentSince = null;

class View extends Screen {
  changed() {
    show();
  }
}

const everyone = new Everyone(document.getElementById("everyone"), root.dataset.id);
const own = new OwnStream(document.getElementById("own-stream"), root.dataset.id, () => {
  if (own.stoppedAt) screen.picture.expire();
  look();
  show();
});
const screen = new View(view.querySelector(".picture"));
if (own.stoppedAt) {
  screen.picture.expire();
  root.dataset.live = "no";
}
const rate = new Sparkline(document.querySelector("[data-line=rate]"), 5);
const age = new Sparkline(document.querySelector("[data-line=age]"), 1);

function show() {
  if (!camera && !silentSince) return; // what came with the page is still true
  const { arrived, shape } = screen.picture;
  const { stoppedAt } = own;
  const late = stoppedAt ? 0 : screen.drawing?.late(camera?.fps);
  const known = describe(camera, { silentSince, arrived: true, late: arrived ? late : 0 });
  const said = stoppedAt ? describeStopped(stoppedAt, known) : describe(camera, { silentSince, arrived, late });
  const name = root.querySelector("[data-name]");
  if (camera) name.textContent = camera.name;
  root.dataset.state = said.state;
  root.dataset.live = said.live ? "yes" : "no";
  showSentence(view.querySelector(".notice"), said);
  showSentence(document.getElementById("state"), stoppedAt ? said : known);
  screen.picture.alt = altText(name.textContent, said);
  if (!camera) return;
  root.dataset.seen = camera.last_frame_age_s === null ? "no" : "yes";
  showWarnings(document.getElementById("warnings"), camera.warnings);
  document.getElementById("board").textContent = camera.board?.words ?? "";
  showFigures(root, camera, heardAt);
  if (shape) view.style.setProperty("--shape", shape);
}

const supply = new Supply(new Map([[root.dataset.id, screen]]), 1, {
  cameras(cameras) {
    if (silentSince) renewIfOutdated();
    silentSince = null;
    heardAt = performance.now();
    spokeAt = new Date();
    showCounts(cameras);
    announce(cameras);
    const found = cameras.find(({ id }) => id === root.dataset.id);
    if (!found) return gone();
    hear(found);
    return showSilence(false);
  },
  silence() {
    silentSince ??= spokeAt ?? new Date();
    showSilence(true, silentSince);
    screen.picture.expire();
    show();
  },
});

function hear(found) {
  camera = screen.camera = found;
  if (camera.state !== "online") screen.drawing?.expire();
  rate.add(camera.state === "online" ? camera.fps : null);
  age.add(camera.last_frame_age_s);
  everyone.hear(camera);
  look();
  show();
}

/** Its picture, unless there is none, or this visitor does not want it. */
function look() {
  supply.want(own.stoppedAt || camera?.state === "disabled" ? [] : [root.dataset.id]);
}

function gone() {
  screen.picture.expire();
  supply.want([]);
  showSilence(false);
  showBanner("This camera is no longer in the configuration");
  show();
}

attend({
  look() {
    look();
    supply.start();
  },
  leave() {
    supply.stop();
    screen.picture.expire();
    show();
  },
  close() {
    supply.stop();
    screen.picture.close();
  },
  nudge: () => supply.nudge(),
});
setInterval(show, WATCH_MS);

wireCopy();
wireFullScreen();
listen({
  ArrowLeft: () => follow("previous"),
  ArrowRight: () => follow("next"),
  Escape: () => (document.fullscreenElement ? false : follow("back")),
  f: () => toggleFullScreen(view),
  p: () => own.toggle(),
});

function follow(id) {
  const link = document.getElementById(id);
  link?.click();
  return Boolean(link);
}
