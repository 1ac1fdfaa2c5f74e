/**
 * Keeping the pictures fresh that do not stream: one request at a time for the whole page, the picture that has waited longest
 * first. Whoever uses it says which pictures want one.
 */
import { Repetition } from "./repetition.js";

const BETWEEN_MS = 200;
const NONE_WANTED_MS = 500;

export class SnapshotRound extends Repetition {
  /** @param {() => import("./pictures.js").Picture[]} wanting the pictures that want a still now */
  constructor(wanting) {
    super(async (stop) => {
      const pictures = wanting();
      if (!pictures.length) return NONE_WANTED_MS;
      const next = pictures.reduce((first, other) => (other.askedAt < first.askedAt ? other : first));
      await next.refresh(stop);
      return BETWEEN_MS;
    });
  }
}
