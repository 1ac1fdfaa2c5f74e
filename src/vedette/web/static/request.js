/**
 * Asking the server's API: JSON in, JSON out, and never an exception. What went wrong comes as the sentence to show.
 */

const GIVE_UP_MS = 15000;
const SILENT = { code: "no_answer", message: "The server does not answer. Try again when it is back." };
const UNCLEAR = { code: "unclear", message: "The server answered with something this page does not understand." };
const ADVICE = { configuration_read_only: "Make it writable for the user Vedette runs as, or change it where it is written." };

/**
 * @typedef {{ok: boolean, status: number, data: any, etag: string|null, error: {code: string, message: string}|null}} Answer
 *   `status` is 0 without an answer; `error` is null where `ok`
 */

/**
 * @param {string} method
 * @param {string} address
 * @param {{body?: object, etag?: string|null, patience?: number}} [how] `etag` is that of the configuration this page knows;
 *   `patience` is in milliseconds
 * @returns {Promise<Answer>}
 */
export async function ask(method, address, { body = {}, etag = null, patience = GIVE_UP_MS } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["Content-Type"] = "application/json";
  if (etag) headers["If-Match"] = etag;
  try {
    const answer = await fetch(address, {
      method,
      headers,
      cache: "no-store",
      body: method === "GET" ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
    const data = await answer.json().catch(() => null);
    const { ok, status } = answer;
    return { ok, status, data, etag: answer.headers.get("ETag"), error: ok ? null : advised(data?.error ?? UNCLEAR) };
  } catch {
    return { ok: false, status: 0, data: null, etag: null, error: SILENT };
  }
}

function advised({ code, message }) {
  return { code, message: code in ADVICE ? `${message}. ${ADVICE[code]}` : message };
}

/** Where the API has a camera, or what belongs to it. */
export function cameraAddress(id, ...parts) {
  return [document.body.dataset.api, encodeURIComponent(id), ...parts].join("/");
}

/** Where the API has something else: "probe", "discoveries". */
export function apiAddress(...parts) {
  return [document.body.dataset.api.replace(/\/cameras$/, ""), ...parts].join("/");
}
