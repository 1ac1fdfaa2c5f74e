/**
 * Where the pictures of a wall stand: pictures of any shapes on a screen of any shape. Pure arithmetic, in CSS pixels.
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Cell
 * @typedef {{width: number, height: number, cells: Cell[]}} Laid the size of all cells together, and one cell per picture
 * @typedef {{width: number, height: number, gap: number, least: number}} Room `least` is the narrowest tile that can be read
 */

const MOST_STRIP = 0.4; // of the room's width, for the small ones beside a large one
const MOST_UPRIGHT = 0.7; // of the room's height, for a large one with small ones below it
const STRIP_COLUMNS = 3; // below a large one, where the room is upright

/**
 * Best fit: rows that fill the width, each as high as its pictures' shapes make it, as many rows as show the most picture. Where
 * the best fit is narrower than can be read, rows of wider tiles run on below the screen.
 *
 * @param {number[]} shapes width by height of each picture, in order
 * @param {Room} room
 * @returns {Laid}
 */
export function fit(shapes, room) {
  let best = null;
  for (let count = 1; count <= shapes.length; count += 1) {
    const laid = lay(split(shapes, count), room);
    if (!best || laid.area > best.area) best = laid;
  }
  if (best.narrowest >= room.least) return best;
  const columns = Math.max(1, Math.floor((room.width + room.gap) / (room.least * 1.2 + room.gap)));
  return lay(split(shapes, Math.ceil(shapes.length / columns)), { ...room, height: Infinity });
}

/** One below the other, each as wide as the room. */
export function stack(shapes, room) {
  return lay(shapes.map((shape) => [shape]), { ...room, height: Infinity });
}

/** So many columns of cells that are all alike, of the shape that most of the pictures have; rows may run on below the screen. */
export function columns(shapes, room, count) {
  const width = Math.floor((room.width - room.gap * (count - 1)) / count);
  const height = Math.floor(width / median(shapes));
  return grid(shapes.length, count, { width, height, gap: room.gap });
}

/** One picture large, the others small beside it, or below it where the room is upright. */
export function large(shapes, room, chosen) {
  const others = shapes.filter((_, index) => index !== chosen);
  if (!others.length) return alone(shapes[chosen], room);
  const upright = room.height > room.width;
  const [first, strip] = upright ? above(shapes[chosen], others, room) : beside(shapes[chosen], others, room);
  const cells = [...strip.cells];
  cells.splice(chosen, 0, first);
  const edge = (of) => Math.max(...cells.map(of));
  return { width: edge(({ x, width }) => x + width), height: edge(({ y, height }) => y + height), cells };
}

/** One picture, as large as the room lets it be. */
export function alone(shape, room) {
  const [width, height] = within(shape, room);
  return { width, height, cells: [{ x: 0, y: 0, width, height }] };
}

function within(shape, { width, height }) {
  const across = Math.floor(Math.min(width, height * shape));
  return [across, Math.floor(across / shape)];
}

function beside(first, others, room) {
  const shape = median(others);
  let strip = null;
  for (let count = 1; count <= others.length; count += 1) {
    const rows = Math.ceil(others.length / count);
    const most = (room.width * MOST_STRIP - room.gap * (count - 1)) / count;
    const width = Math.floor(Math.min(most, ((room.height - room.gap * (rows - 1)) / rows) * shape));
    if (strip && width <= strip.width) break;
    strip = { count, width };
  }
  if (strip.width < room.least) {
    const count = Math.max(1, Math.floor((room.width * MOST_STRIP + room.gap) / (room.least + room.gap)));
    strip = { count, width: Math.floor((room.width * MOST_STRIP - room.gap * (count - 1)) / count) };
  }
  const small = grid(others.length, strip.count, { width: strip.width, height: Math.floor(strip.width / shape), gap: room.gap });
  const [width, height] = within(first, { width: room.width - small.width - room.gap, height: room.height });
  return [{ x: 0, y: 0, width, height }, move(small, width + room.gap, 0)];
}

function above(shape, others, room) {
  const [across, height] = within(shape, { width: room.width, height: room.height * MOST_UPRIGHT });
  const width = Math.floor((room.width - room.gap * (STRIP_COLUMNS - 1)) / STRIP_COLUMNS);
  const small = grid(others.length, STRIP_COLUMNS, { width, height: Math.floor(width / median(others)), gap: room.gap });
  return [{ x: Math.floor((room.width - across) / 2), y: 0, width: across, height }, move(small, 0, height + room.gap)];
}

function grid(number, count, { width, height, gap }) {
  const place = (index) => ({ x: (index % count) * (width + gap), y: Math.floor(index / count) * (height + gap), width, height });
  const [across, down] = [Math.min(count, number), Math.ceil(number / count)];
  return {
    width: across * (width + gap) - gap,
    height: down * (height + gap) - gap,
    cells: Array.from({ length: number }, (_, index) => place(index)),
  };
}

function move(laid, right, down) {
  return { ...laid, cells: laid.cells.map((cell) => ({ ...cell, x: cell.x + right, y: cell.y + down })) };
}

/** Cuts `shapes` into at most `count` rows of about the same width at the same height. */
function split(shapes, count) {
  const whole = sum(shapes);
  const rows = Array.from({ length: count }, () => []);
  let before = 0;
  for (const shape of shapes) {
    rows[Math.floor(((before + shape / 2) / whole) * count)].push(shape);
    before += shape;
  }
  return rows.filter((row) => row.length);
}

/** Makes every row as wide as the room, or as much narrower as it takes for all of them together to be no higher than it. */
function lay(rows, room) {
  const gaps = (row) => room.gap * (row.length - 1);
  const between = room.gap * (rows.length - 1);
  const fitting = (room.height - between + sum(rows.map((row) => gaps(row) / sum(row)))) / sum(rows.map((row) => 1 / sum(row)));
  const width = Math.floor(Math.min(room.width, fitting));
  let y = 0;
  const cells = rows.flatMap((row) => {
    const placed = place(row, (width - gaps(row)) / sum(row), y, room.gap);
    y += placed[0].height + room.gap;
    return placed;
  });
  return {
    width,
    height: y - room.gap,
    cells,
    area: sum(cells.map((cell) => cell.width * cell.height)),
    narrowest: Math.min(...cells.map((cell) => cell.width)),
  };
}

/** Whole pixels, rounded along the row, so that a row is never wider than it may be. */
function place(row, height, y, gap) {
  let edge = 0;
  return row.map((shape, index) => {
    const start = Math.floor(edge);
    edge += shape * height;
    return { x: start + index * gap, y, width: Math.floor(edge + 0.001) - start, height: Math.floor(height) };
  });
}

function median(numbers) {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
