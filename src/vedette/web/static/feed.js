/**
 * The server's news (`GET /api/stream`): all cameras first, then each that has changed.
 *
 * Read with fetch and not as an EventSource, which hides the heartbeats: a line on which nothing comes for longer than they take is
 * dead, however open it looks.
 */
import { Repetition } from "./repetition.js";

const SILENT_MS = 20000; // the server says something every fifteen seconds
const RETRY_MS = [500, 1000, 2000, 5000];

export class Feed extends Repetition {
  /**
   * @param {string} address
   * @param {object} heard
   * @param {(cameras: object[], changed: object[]) => void} heard.cameras all there are, in the server's order, and those of them
   *   that are told anew
   * @param {() => void} heard.silence the line was lost, or cannot be had; said once until it is back
   */
  constructor(address, heard) {
    let failures = 0;
    super(async (stop) => {
      await read(address, stop, (cameras, changed) => {
        failures = 0;
        heard.cameras(cameras, changed);
      });
      if (stop.aborted) return 0;
      if (!failures) heard.silence();
      failures += 1;
      return RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] * (0.8 + 0.4 * Math.random());
    });
  }
}

/** One connection, to its end, whichever side that comes from. */
async function read(address, stop, tell) {
  const line = new AbortController();
  const end = () => line.abort();
  let watch = setTimeout(end, SILENT_MS);
  stop.addEventListener("abort", end);
  try {
    const answer = await fetch(address, { cache: "no-store", headers: { Accept: "text/event-stream" }, signal: line.signal });
    if (!answer.ok) return;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const cameras = new Map();
    let text = "";
    for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
      clearTimeout(watch);
      watch = setTimeout(end, SILENT_MS);
      const blocks = (text + value).split("\n\n");
      text = blocks.pop();
      if (blocks.some((block) => block.startsWith("event: cameras\n"))) cameras.clear(); // others, or in another order
      const changed = blocks.flatMap(camerasOf);
      for (const camera of changed) cameras.set(camera.id, camera);
      if (changed.length) tell([...cameras.values()], changed);
    }
  } catch {
    // It has ended: what follows is the same.
  } finally {
    clearTimeout(watch);
    stop.removeEventListener("abort", end);
  }
}

/** What an event says; heartbeats, and whatever else may come, say nothing. */
function camerasOf(block) {
  const lines = Object.fromEntries(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
  if (lines.event === "cameras") return JSON.parse(lines.data);
  return lines.event === "camera" ? [JSON.parse(lines.data)] : [];
}
