/**
 * Whether somebody can see this page. A page nobody sees holds no stream and asks for nothing.
 */

const ASLEEP_MS = 10000;

/**
 * Calls `look` when the page can be seen and `leave` when it cannot (another tab, minimised); `close` when it is left, perhaps to
 * come back to. A machine that slept, or changed its network, has lost its connections without noticing: that counts as having
 * left and come back. `nudge` is called when somebody turns to the page: what it waits for may be there by now.
 *
 * @param {{look: () => void, leave: () => void, close: () => void, nudge?: () => void}} page
 */
export function attend({ look, leave, close, nudge = () => {} }) {
  let seen = false;
  let awake = Date.now();
  const set = (value, change) => {
    awake = Date.now();
    if (value === seen) return;
    seen = value;
    change();
  };
  const renew = () => {
    if (!seen) return;
    leave();
    look();
  };
  const notice = () => set(!document.hidden, document.hidden ? leave : look);
  document.addEventListener("visibilitychange", notice);
  addEventListener("pageshow", notice);
  addEventListener("pagehide", () => {
    seen = false;
    close();
  });
  setInterval(() => {
    const slept = Date.now() - awake > ASLEEP_MS;
    awake = Date.now();
    if (slept) renew();
  }, 1000);
  addEventListener("online", renew);
  document.addEventListener("resume", renew);
  addEventListener("focus", () => seen && nudge());
  notice();
}
