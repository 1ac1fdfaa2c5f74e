/**
 * Moving the focus with the arrows, as a remote control does: between tiles, and among the controls of the header.
 */

/** The one of `all` that stands next to `from` in a direction; undefined at the edge. */
export function neighbour(all, from, direction) {
  if (direction === "left" || direction === "right") return all[all.indexOf(from) + (direction === "left" ? -1 : 1)];
  const middle = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  };
  const here = middle(from);
  const away = (element) => (middle(element).y - here.y) * (direction === "up" ? -1 : 1);
  const cost = (element) => away(element) * 4 + Math.abs(middle(element).x - here.x);
  const beyond = all.filter((element) => away(element) > 8);
  return beyond.sort((one, other) => cost(one) - cost(other))[0];
}

/** Moves the focus among the controls below `root`; false where it cannot go further. */
export function stepAmong(root, direction) {
  const all = [...root.querySelectorAll("a[href], button, input, select")].filter((element) => element.checkVisibility() && !element.disabled);
  const at = all.indexOf(document.activeElement);
  const next = at < 0 ? undefined : all[at + direction];
  next?.focus();
  return Boolean(next);
}
