/**
 * Adding a camera by its address: a look at what is there first.
 */
import { addForm, boardCard, isCamera, sizeOf } from "./boardcard.js";
import { make, say, tell } from "./elements.js";
import { placeOf } from "./places.js";
import { apiAddress, ask } from "./request.js";

const LOOK_WITHIN_MS = 45000; // a board that is slow to answer, on each of the ports boards use

/**
 * @param {HTMLElement} root the section
 * @param {() => void} added
 */
export function wireAdding(root, added) {
  const form = root.querySelector("form");
  const look = form.querySelector("[type=submit]");
  const said = root.querySelector("[data-part=said]");
  const found = root.querySelector("[data-part=found]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
    typed.address = typed.address.trim();
    look.disabled = true;
    found.replaceChildren();
    say(said, `Looking at ${typed.address}…`);
    const answer = await ask("POST", apiAddress("probe"), { body: typed, patience: LOOK_WITHIN_MS });
    look.disabled = false;
    say(said, answer.ok ? "" : answer.error.message);
    if (!answer.ok) return;
    const board = answer.data;
    const end = board.camera ? isCamera(board.camera, "Already a camera.") : addForm("", cameraOf(typed, board), added);
    found.replaceChildren(make("div", { className: "find" }, ...boardCard(describe(board), end)));
    tell(`${board.title ?? board.address}. ${board.camera ? "Already a camera." : outcome(board)}`);
    end.querySelector("input, a").focus();
  });
}

function describe(board) {
  const { title, address, stream_url: stream, sensor, thumbnail } = board;
  const facts = [["Address", address], ["Stream", stream], ["Picture", sizeOf(board)], ["Sensor", sensor]];
  return { title: title ?? address, thumbnail, facts, said: board.camera ? "" : outcome(board) };
}

/** What came of it, and what to do. */
function outcome({ state, explanation }) {
  if (state === "online") return "Its picture comes, and nobody else holds its stream.";
  return explanation ?? "No picture came. It can be added all the same.";
}

/** The URL of its stream, where that was found; else what was typed. */
function cameraOf({ address, username, password }, { stream_url: url, firmware }) {
  const { host, url: typedUrl } = placeOf(address);
  return JSON.parse(
    JSON.stringify({ url: url ?? typedUrl ?? undefined, host: url ? undefined : (host ?? undefined), firmware: firmware ?? undefined, username, password }),
  );
}
