/**
 * The page of cameras: the list of those there are, finding more, and adding one by its address.
 */
import { attend } from "./attention.js";
import { wireAdding } from "./byaddress.js";
import { Finding } from "./finding.js";
import { wireFullScreen, toggleFullScreen } from "./fullscreen.js";
import { listen } from "./keys.js";
import { Poll } from "./poll.js";
import { renewIfOutdated } from "./renewal.js";
import { Roster } from "./roster.js";
import { announce, showCounts, showSilence } from "./states.js";

const find = document.getElementById("find");
const add = document.getElementById("add");

const roster = new Roster(document.getElementById("roster"), () => poll.start());
const finding = new Finding(find, () => poll.start());
wireAdding(add, () => poll.start());

const poll = new Poll({
  async cameras(cameras, { silence }) {
    if (silence) renewIfOutdated();
    showSilence(false);
    showCounts(cameras);
    announce(cameras);
    document.getElementById("none").hidden = cameras.length > 0;
    await roster.hear(cameras);
  },
  silence() {
    const since = new Date();
    showSilence(true, since);
    roster.fallSilent(since);
  },
});

attend({
  look() {
    poll.start();
    roster.start();
  },
  leave: rest,
  close: rest,
  nudge: () => poll.start(),
});

function rest() {
  poll.stop();
  roster.stop();
}

/** The wall's buttons lead to one of the two. */
function goTo(section) {
  section.scrollIntoView({ block: "nearest" });
  section.querySelector("input").focus();
}

function follow() {
  const section = [find, add].find(({ id }) => `#${id}` === location.hash);
  if (section) goTo(section);
}

finding.propose();
wireFullScreen();
listen({
  Escape: () => (document.fullscreenElement ? false : document.querySelector(".brand").click()),
  a: () => goTo(add),
  n: () => goTo(find),
  f: () => toggleFullScreen(document.documentElement),
});
addEventListener("hashchange", follow);
addEventListener("load", () => setTimeout(follow)); // the browser itself goes to the address first, and takes the focus with it
