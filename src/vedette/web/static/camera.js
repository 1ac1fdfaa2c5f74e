/**
 * The page of one camera: its picture by MJPEG, its state, its figures and a minute of them.
 */
import { attend } from "./attention.js";
import { wireCopy } from "./copy.js";
import { toggleFullScreen, wireFullScreen } from "./fullscreen.js";
import { listen } from "./keys.js";
import { Picture } from "./pictures.js";
import { Poll } from "./poll.js";
import { Sparkline } from "./sparkline.js";
import { ageOf, altText, announce, describe, showBanner, showCounts, showFigures, showSentence, showSilence } from "./states.js";

const root = document.getElementById("camera");
const view = document.getElementById("view");

// Before everything that calls back: a picture that has arrived already does so at once.
let camera = null;
let heardAt = 0;
let silentSince = null;

const picture = new Picture(view.querySelector(".picture"), show);
const rate = new Sparkline(document.querySelector("[data-line=rate]"), 5);
const age = new Sparkline(document.querySelector("[data-line=age]"), 1);

function show() {
  if (!camera) return;
  const said = describe(camera, { silentSince, arrived: picture.arrived });
  root.dataset.state = said.state;
  root.dataset.live = said.live ? "yes" : "no";
  root.dataset.seen = camera.last_frame_age_s === null ? "no" : "yes";
  showSentence(view.querySelector(".notice"), said);
  showSentence(document.getElementById("state"), describe(camera, { silentSince, arrived: true }));
  showFigures(root, camera, heardAt);
  root.querySelector("[data-name]").textContent = camera.name;
  picture.alt = altText(camera.name, said);
  if (picture.shape) view.style.setProperty("--shape", picture.shape);
}

function stream() {
  if (camera && (silentSince || camera.state === "disabled")) picture.rest();
  else picture.stream();
}

const poll = new Poll({
  cameras(cameras, { silence }) {
    silentSince = null;
    heardAt = performance.now();
    showCounts(cameras);
    announce(cameras);
    const found = cameras.find(({ id }) => id === root.dataset.id);
    if (!found) return gone();
    camera = found;
    showSilence(false);
    rate.add(camera.state === "online" ? camera.fps : null);
    age.add(camera.last_frame_age_s);
    picture.check(camera.viewers, silence);
    stream();
    return show();
  },
  silence() {
    silentSince = new Date();
    showSilence(true);
    picture.rest();
    show();
  },
});

function gone() {
  picture.rest();
  silentSince = null;
  showBanner("This camera is no longer in the configuration");
}

attend({
  look() {
    stream();
    poll.start();
  },
  leave() {
    poll.stop();
    picture.rest();
  },
  close() {
    poll.stop();
    picture.close();
  },
});
setInterval(show, 1000);

wireCopy();
wireFullScreen();
listen({
  ArrowLeft: () => follow("previous"),
  ArrowRight: () => follow("next"),
  Escape: () => (document.fullscreenElement ? false : follow("back")),
  f: () => toggleFullScreen(view),
});

function follow(id) {
  const link = document.getElementById(id);
  link?.click();
  return Boolean(link);
}
