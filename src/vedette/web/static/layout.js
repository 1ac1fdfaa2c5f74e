/**
 * Best fit of pictures of any shapes on a screen: rows that fill the width, each row as high as its pictures' shapes make it,
 * as many rows as show the most picture. Pure arithmetic, in CSS pixels.
 */

/**
 * @param {number[]} shapes width by height of each picture, in order
 * @param {{width: number, height: number, gap: number, least: number, column: boolean}} room `least` is the narrowest
 *   tile that can be read; when the best fit is narrower, rows of wider tiles run on below the screen. `column` asks for
 *   one tile a row.
 * @returns {{width: number, cells: {width: number, height: number}[]}} the width of all rows, and one cell per picture
 */
export function fit(shapes, room) {
  const endless = { ...room, height: Infinity };
  if (room.column) return lay(split(shapes, shapes.length), endless);
  let best = null;
  for (let count = 1; count <= shapes.length; count += 1) {
    const laid = lay(split(shapes, count), room);
    if (!best || laid.area > best.area) best = laid;
  }
  if (best.narrowest >= room.least) return best;
  const columns = Math.max(1, Math.floor((room.width + room.gap) / (room.least * 1.2 + room.gap)));
  return lay(split(shapes, Math.ceil(shapes.length / columns)), endless);
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
  const cells = rows.flatMap((row) => place(row, (width - gaps(row)) / sum(row)));
  return {
    width,
    cells,
    area: sum(cells.map((cell) => cell.width * cell.height)),
    narrowest: Math.min(...cells.map((cell) => cell.width)),
  };
}

/** Whole pixels, rounded along the row, so that a row is never wider than it may be. */
function place(row, height) {
  let edge = 0;
  return row.map((shape) => {
    const start = Math.floor(edge);
    edge += shape * height;
    return { width: Math.floor(edge + 0.001) - start, height: Math.floor(height) };
  });
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
