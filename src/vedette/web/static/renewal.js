/**
 * A server that comes back may be a newer one, whose words this page does not know: then the page is loaded anew, once.
 */
const TRIED = "vedette-renewed";
const GIVE_UP_MS = 5000;

/** Looks whether the server would give another page here by now; called when it is back. */
export async function renewIfOutdated() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(GIVE_UP_MS) });
    if (!answer.ok) return;
    const now = edition(new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (now === edition(document) || now === sessionStorage.getItem(TRIED)) return;
    sessionStorage.setItem(TRIED, now);
    location.reload();
  } catch {
    // It has gone again, or the browser keeps nothing: the page stays as it is.
  }
}

/** The version, and the scripts and styles that a page is made with. */
function edition(page) {
  const parts = page.head.querySelectorAll("script[src], link[rel=stylesheet], link[rel=modulepreload]");
  return [page.getElementById("version")?.textContent, ...[...parts].map((part) => part.getAttribute("src") ?? part.getAttribute("href"))].join(" ");
}
