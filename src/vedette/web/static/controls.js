/**
 * The controls of a camera's page: what the board can, in groups that open, and what is done with all settings at once.
 */
import { attend } from "./attention.js";
import { Control } from "./control.js";
import { button, make, say, tell } from "./elements.js";
import { recall, remember } from "./memory.js";
import { Repetition } from "./repetition.js";
import { ask, cameraAddress } from "./request.js";
import { same, Settings } from "./settings.js";

const GROUPS = { picture: "Picture", colour: "Colour", orientation: "Orientation", light: "Light", expert: "Expert" };
const OPEN = ["picture", "orientation"]; // until somebody opens or closes one
const FAMILIAR = ["resolution", "quality", "ae_level", "wb_mode", "bpc"]; // on top of Picture, whatever their group
const SOON_MS = 200;
const PENDING_MS = 2000;
const QUIET_MS = 10000;
const SPEAK_MS = 700; // a slider that moves is told of when it rests

const root = document.getElementById("controls");
const camera = document.getElementById("camera").dataset;
const parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));

/** @type {Map<string, Control>} */
const controls = new Map();
let drawnFor = null;
let hurry = 0; // how often it has been asked since the last change from here

const settings = new Settings(cameraAddress(camera.id, "settings"), {
  report: show,
  failed(changes, error) {
    for (const name of Object.keys(changes)) controls.get(name)?.fail(error);
    if (Object.keys(changes).length !== 1) say(parts.said, error.message);
  },
  elsewhere: (name, theirs, mine) => controls.get(name)?.yield(theirs, mine),
});

// What is there -------------------------------------------------------------------------------------------------------------

function show() {
  const { report, unsent } = settings;
  if (!report) return;
  const kinds = JSON.stringify([report.controls, report.presets, report.commands, report.note]);
  if (kinds !== drawnFor) build(report);
  drawnFor = kinds;
  const news = [...controls.values()].map((control) => control.show(report, unsent)).filter(Boolean);
  if (news.length) speak(news.join(" "));
  for (const preset of parts.presets.querySelectorAll("[data-preset]")) {
    const { settings: meant } = report.presets.find(({ name }) => name === preset.dataset.preset);
    const inForce = Object.entries(meant).every(([name, value]) => same(report.wanted[name] ?? report.reported[name], value));
    if (inForce) preset.setAttribute("aria-current", "true");
    else preset.removeAttribute("aria-current");
  }
}

function build(report) {
  const offered = report.note ? [] : report.controls;
  say(parts.note, report.note ?? (offered.length ? "" : "This camera has no controls."));
  controls.clear();
  for (const control of offered) controls.set(control.name, new Control(control, want));
  parts.groups.replaceChildren(...Object.keys(GROUPS).map((group) => makeGroup(group, offered)).filter(Boolean));
  const presets = offered.length ? report.presets : [];
  parts.presets.hidden = !presets.length;
  parts.presets.querySelector("div").replaceChildren(
    ...presets.map(({ name, title, settings: meant }) => button(title, () => want(meant), { data: { preset: name } })),
  );
  parts.all.hidden = !offered.length;
  for (const command of root.querySelectorAll("[data-command]")) command.hidden = !report.commands.includes(command.dataset.command);
}

function makeGroup(group, offered) {
  const familiar = group === "picture" ? FAMILIAR.map((name) => offered.find((control) => control.name === name)).filter(Boolean) : [];
  const others = offered.filter((control) => control.group === group && !FAMILIAR.includes(control.name));
  const members = [...familiar, ...others].map(({ name }) => controls.get(name).element);
  if (!members.length) return null;
  const open = new Set(recall("groups") ?? OPEN);
  const inside = make("div", { className: "group" }, ...members);
  const made = make("details", { data: { group }, open: open.has(group) }, make("summary", { textContent: GROUPS[group] }), inside);
  made.addEventListener("toggle", () => {
    const now = new Set(recall("groups") ?? OPEN);
    now[made.open ? "add" : "delete"](group);
    remember("groups", [...now]);
  });
  return made;
}

// What becomes of it --------------------------------------------------------------------------------------------------------

function want(changes) {
  say(parts.said, "");
  for (const name of Object.keys(changes)) controls.get(name)?.begin();
  settings.want(changes);
  askSoon();
}

let speaking = 0;
function speak(sentence) {
  clearTimeout(speaking);
  speaking = setTimeout(() => tell(sentence), SPEAK_MS);
}

const watch = new Repetition(async () => {
  const error = await settings.refresh();
  if (error && !settings.report) say(parts.note, error.message);
  const { report, unsent } = settings;
  // A board that nobody has met yet has no controls; it may be met any moment.
  const waiting = !report?.controls.length || report.pending.length > 0 || Object.keys(unsent).length > 0;
  hurry += 1;
  return waiting ? Math.min(SOON_MS * hurry, PENDING_MS) : QUIET_MS;
});

function askSoon() {
  hurry = 0;
  watch.start();
}

attend({ look: askSoon, leave: () => watch.stop(), close: () => watch.stop(), nudge: askSoon });

// All at once ---------------------------------------------------------------------------------------------------------------

const COMMANDS = {
  save: { done: "The board keeps its settings from now on, as far as its firmware does." },
  clear: {
    done: "The board was told to forget what it keeps.",
    question: { title: "Clear what the board keeps?", text: "It forgets the settings saved on itself. What is wanted here stays.", verb: "Clear" },
  },
  reboot: {
    done: "The board was told to reboot. Its settings are put back when it is there again.",
    question: { title: "Reboot the board?", text: "Its picture is away for some seconds, for everyone.", verb: "Reboot" },
  },
};

// Dialogs are fetched when they are asked for: most who look at a camera ask for none.
const confirmed = async (question) => (await import("./dialogs.js")).confirmed(question);
const copy = async () => (await import("./copysettings.js")).copySettings(camera.id, settings.report.wanted);

async function command(name) {
  const { done, question } = COMMANDS[name];
  if (question && !(await confirmed(question))) return;
  say(parts.said, "");
  const answer = await ask("POST", cameraAddress(camera.id, name));
  say(parts.said, answer.ok ? done : answer.error.message);
  askSoon();
}

async function reset() {
  const text = "Every setting goes back to what the firmware begins with, the size apart, for everyone.";
  if (!(await confirmed({ title: "Reset to defaults?", text, verb: "Reset" }))) return;
  for (const control of controls.values()) control.begin();
  const error = await settings.reset();
  say(parts.said, error ? error.message : "Reset to defaults.");
  askSoon();
}

for (const button of root.querySelectorAll("[data-command]")) button.addEventListener("click", () => command(button.dataset.command));
parts.reset.addEventListener("click", reset);
parts.copy.addEventListener("click", copy);
