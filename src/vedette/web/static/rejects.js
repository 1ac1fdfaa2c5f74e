/**
 * The rejected pictures of all cameras, small, by cause: so that one sees what a corrupt frame looks like.
 */
import { showTime } from "./time.js";

const MOST_CAMERAS = 12; // those with the most rejects; the others' pages have theirs
const MOST_OF_A_CAUSE = 12;
const MOST_OF_A_CAMERA = 4; // of one cause: twelve times the same says no more
const WORDS = { truncated: "Truncated", corrupt: "Corrupt", oversize: "Oversize", wrong_size: "Wrong size" };

const total = ({ rejected }) => Object.values(rejected).reduce((sum, count) => sum + count, 0);

/** Fills the section with what the server has kept; it stays hidden where that is nothing. */
export async function showRejects(section, cameras, address) {
  const worst = cameras.filter(total).sort((one, other) => total(other) - total(one)).slice(0, MOST_CAMERAS);
  const lists = await Promise.all(worst.map((camera) => ask(camera, address)));
  const kept = lists.flatMap(few).sort((one, other) => other.time.localeCompare(one.time));
  section.hidden = !kept.length;
  const causes = Object.keys(WORDS).map((cause) => [cause, kept.filter((item) => item.cause === cause)]);
  section.querySelector("#rejected-causes").replaceChildren(...causes.filter(([, items]) => items.length).map(draw));
}

function few(items) {
  const shown = {};
  return items.filter(({ cause }) => (shown[cause] = (shown[cause] ?? 0) + 1) <= MOST_OF_A_CAMERA);
}

async function ask(camera, address) {
  try {
    const answer = await fetch(`${address}/${encodeURIComponent(camera.id)}/rejects`, { cache: "no-store" });
    if (!answer.ok) return [];
    return (await answer.json()).items.map((item) => ({ ...item, name: camera.name }));
  } catch {
    return [];
  }
}

function draw([cause, items]) {
  const block = element("section");
  const list = element("ul", { className: "thumbs" });
  list.append(...items.slice(0, MOST_OF_A_CAUSE).map(thumb));
  block.append(element("h3", { textContent: WORDS[cause] }), list);
  return block;
}

function thumb({ name, time, detail, bytes, width, height, url }) {
  const item = element("li");
  const view = element("div", { className: "thumb" });
  const why = element("span", { textContent: detail ? `, ${detail}` : "" });
  const refuse = () => {
    view.replaceChildren(element("p", { textContent: detail || "no part of it can be drawn" }));
    why.remove();
  };
  if (url) {
    const picture = element("img", { alt: `Rejected picture of ${name}: ${detail || "damaged"}`, loading: "lazy", decoding: "async" });
    picture.onerror = refuse;
    picture.src = url;
    const link = element("a", { href: url, target: "_blank", rel: "noopener" });
    link.append(picture);
    view.append(link);
  } else refuse();
  const caption = element("p", { className: "thumb-words" });
  const when = element("time");
  showTime(when, new Date(time));
  const size = width && height ? `, ${width}×${height}` : "";
  caption.append(element("b", { textContent: name }), " ", when, `, ${Math.round(bytes / 1000)} kB${size}`, why);
  item.append(view, caption);
  return item;
}

const element = (name, properties = {}) => Object.assign(document.createElement(name), properties);
