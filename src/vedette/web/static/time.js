/**
 * Times as people read them: "12:03", "3 s ago", and waiting.
 */

/** Resolves after `ms`, or at once when `stop` is aborted. */
export function pause(ms, stop) {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stop.addEventListener("abort", end);
    return undefined;
  });
}

/** "12:03", with the date in front if it is not today's. Local time. */
export function clock(date) {
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (date.toDateString() === new Date().toDateString()) return time;
  return `${date.toLocaleDateString([], { day: "numeric", month: "short" })} ${time}`;
}

/** Fills a <time>: the clock in its text, the exact time in its title. */
export function showTime(element, date) {
  element.dateTime = date.toISOString();
  element.textContent = clock(date);
  element.title = date.toLocaleString([], { dateStyle: "full", timeStyle: "long" });
}

/** "now", "3 s ago", "4 min ago"; "–" for null. */
export function ago(seconds) {
  if (seconds === null) return "–";
  if (seconds < 1.5) return "now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}
