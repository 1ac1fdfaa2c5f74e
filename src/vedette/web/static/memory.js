/**
 * What this browser, or this tab of it, remembers for its visitor; the server never knows. Keys begin with "vedette.".
 */

const shelf = (tab) => (tab ? sessionStorage : localStorage);

/** What was remembered; null where that is nothing, or where the browser keeps nothing. */
export function recall(key, { tab = false } = {}) {
  try {
    return JSON.parse(shelf(tab).getItem(`vedette.${key}`));
  } catch {
    return null;
  }
}

/** Remembers a value; null forgets it. */
export function remember(key, value, { tab = false } = {}) {
  try {
    if (value === null) shelf(tab).removeItem(`vedette.${key}`);
    else shelf(tab).setItem(`vedette.${key}`, JSON.stringify(value));
  } catch {
    // Storage can be forbidden; it then lasts as long as the page.
  }
}
