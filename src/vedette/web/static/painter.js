/**
 * A worker that decodes pictures and draws them, so that the page's own thread does neither. static/studio.js speaks with it.
 *
 * Where the browser has ImageDecoder (over https, or on the same machine) a picture is decoded little larger than it is shown: that
 * took half the time for tiles of a third of the pictures' width.
 *
 * The law: what is drawn is never narrower than both what was sent and the room it is shown in.
 */
// A decoder goes down in eighths, to at most what it is asked for. What is sent is at most half as wide again as its room, from 160
// pixels on (the server's ladder of widths): so much more to ask for, and the eighth it takes is none below the room.
const MARGIN = 1.19;
const LEAST_WIDTH = 160;
const canvases = new Map();
const decodes = typeof ImageDecoder === "function";

addEventListener("message", async ({ data }) => {
  const { easel, canvas, bitmap, jpeg, room, end } = data;
  if (canvas) canvases.set(easel, { canvas, context: canvas.getContext("2d", { alpha: false }) });
  else if (bitmap) paint(easel, bitmap, bitmap.width, bitmap.height);
  else if (end) canvases.delete(easel);
  else postMessage({ easel, shape: await draw(easel, jpeg, room).catch(() => null) });
});

/** Width by height of the picture that was drawn; null if there is nothing to draw it on. */
async function draw(easel, jpeg, room) {
  const picture = decodes && room ? await decode(jpeg, room) : await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" }));
  await new Promise(requestAnimationFrame);
  const { displayWidth: width = picture.width, displayHeight: height = picture.height } = picture;
  return paint(easel, picture, width, height) ? width / height : null;
}

async function decode(jpeg, { width, height }) {
  const margin = Math.max(MARGIN, LEAST_WIDTH / width);
  const desired = { desiredWidth: Math.ceil(margin * width), desiredHeight: Math.ceil(margin * height) };
  const decoder = new ImageDecoder({ data: jpeg, type: "image/jpeg", ...desired });
  try {
    const { image } = await decoder.decode();
    return image;
  } finally {
    decoder.close();
  }
}

function paint(easel, picture, width, height) {
  const { canvas, context } = canvases.get(easel) ?? {};
  if (canvas) {
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.drawImage(picture, 0, 0);
  }
  picture.close();
  return Boolean(canvas);
}

postMessage({ ready: typeof requestAnimationFrame === "function" && typeof createImageBitmap === "function" });
