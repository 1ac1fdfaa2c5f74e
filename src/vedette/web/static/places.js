/**
 * Where a board is, as people write it: a URL, or its name or number.
 */

/** The two keys of the configuration; the other one is null. */
export function placeOf(text) {
  return text.includes("://") ? { url: text, host: null } : { host: text, url: null };
}
