/**
 * Moving tiles by hand: dragged with a mouse or a pen, held and dragged with a finger. And swiping, where one fills the wall.
 */

const DRAG_PX = 8;
const HOLD_MS = 450;
const SWIPE_PX = 48;

/**
 * @param {HTMLElement} wall
 * @param {object} told
 * @param {() => boolean} told.still whether tiles cannot be moved now, and a finger swipes
 * @param {(id: string, over: string) => void} told.over a tile is held over another one
 * @param {(id: string|null, put: boolean) => void} told.held which tile is held; null when it no longer is: put where it was held, or
 *   given up
 * @param {(direction: -1|1) => void} told.swiped
 */
export function wireReorder(wall, { still, over, held, swiped }) {
  let start = null; // where the pointer went down, and on which tile
  let dragged = null;
  let hold = 0;

  const take = () => {
    dragged = start.id;
    held(dragged, false);
  };
  const release = (put) => {
    clearTimeout(hold);
    start = null;
    if (dragged) held(null, put);
    // The click that follows is none.
    if (dragged) addEventListener("click", swallow, { capture: true, once: true });
    if (dragged) setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
    dragged = null;
  };

  wall.addEventListener("pointerdown", (event) => {
    const tile = event.target.closest(".tile");
    if (!tile || !event.isPrimary || event.button !== 0 || event.target.closest(".actions") || document.fullscreenElement === tile) return;
    start = { id: tile.dataset.id, x: event.clientX, y: event.clientY, touch: event.pointerType === "touch" };
    if (start.touch && !still()) hold = setTimeout(take, HOLD_MS);
  });

  addEventListener("pointermove", (event) => {
    if (!start || !event.isPrimary) return;
    const far = Math.hypot(event.clientX - start.x, event.clientY - start.y) > DRAG_PX;
    if (!dragged && far) {
      clearTimeout(hold);
      if (!start.touch && !still()) take();
    }
    if (!dragged) return;
    const beneath = document.elementFromPoint(event.clientX, event.clientY)?.closest(".tile");
    if (beneath && beneath.dataset.id !== dragged) over(dragged, beneath.dataset.id);
  });

  addEventListener("pointerup", (event) => {
    if (!start || !event.isPrimary) return;
    const [across, down] = [event.clientX - start.x, event.clientY - start.y];
    if (start.touch && still() && Math.abs(across) > Math.max(SWIPE_PX, 2 * Math.abs(down))) swiped(across < 0 ? 1 : -1);
    release(true);
  });
  addEventListener("pointercancel", () => release(false));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !dragged) return;
    event.preventDefault(); // it has done what it is for
    event.stopPropagation();
    release(false);
  }, { capture: true });

  // A finger that holds a tile does not scroll, and a link is not dragged as a link.
  wall.addEventListener("touchmove", (event) => dragged && event.preventDefault(), { passive: false });
  wall.addEventListener("dragstart", (event) => event.preventDefault());
  wall.addEventListener("contextmenu", (event) => start?.touch && event.preventDefault());
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}
