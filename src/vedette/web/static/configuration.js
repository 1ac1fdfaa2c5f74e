/**
 * What stands about a camera in the configuration: reading it, and changing it without overwriting what somebody else has written.
 */
import { ask, cameraAddress } from "./request.js";

const MOST_ATTEMPTS = 5; // each 412 says that somebody else was quicker, mostly at another camera

/** @returns {Promise<import("./request.js").Answer>} */
export function readConfiguration(id) {
  return ask("GET", cameraAddress(id, "configuration"));
}

/**
 * @param {string} id
 * @param {object} wanted keys and their values; null takes a key away
 * @param {import("./request.js").Answer} seen the configuration as whoever changes it has seen it
 * @returns {Promise<import("./request.js").Answer & {now?: object}>} `now` is the configuration as read anew, where somebody else has
 *   changed one of these keys: then nothing was written
 */
export async function changeConfiguration(id, wanted, seen) {
  let { etag } = seen;
  let answer = null;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    answer = await ask("PATCH", cameraAddress(id), { body: wanted, etag });
    if (answer.status !== 412) return answer;
    const now = await readConfiguration(id);
    if (!now.ok) return now;
    const theirs = Object.keys(wanted).filter((key) => now.data[key] !== seen.data[key] && now.data[key] !== wanted[key]);
    if (theirs.length) return { ...answer, now, error: { code: answer.error.code, message: sentence(theirs, now.data) } };
    etag = now.etag;
  }
  return answer;
}

function sentence(keys, now) {
  const list = keys.map((key) => `${key.replaceAll("_", " ")} to “${now[key] ?? ""}”`).join(", ");
  return `Changed elsewhere meanwhile: ${list}. Save again to set what stands here.`;
}
