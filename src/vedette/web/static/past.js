/**
 * The last day of one camera on its page: its strip, renewed every five minutes from the page itself while somebody can see it.
 */
import { wireStrips } from "./strip.js";

const RENEW_MS = 300000; // the step in which the server keeps the past
const GIVE_UP_MS = 10000;
const place = document.querySelector("[data-past]");

async function renew() {
  if (document.hidden || place.matches(":hover, :focus-within")) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(GIVE_UP_MS) });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-past]");
    if (!answer.ok || !fresh) return;
    place.replaceChildren(...fresh.childNodes);
    wireStrips(place);
  } catch {
    // The page itself says when the server does not answer.
  }
}

wireStrips(place);
setInterval(renew, RENEW_MS);
