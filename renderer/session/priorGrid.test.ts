import { expect, test } from 'vitest';
import { normalCdf } from '../../shared/latent/normal.js';
import { gridLatents, isWritten, marksThatFit, quantileOf, quantilesAt } from './priorGrid.js';

test('a grid puts two dimensions at the quantiles of the prior, upwards and to the right, and leaves the others', () => {
  const shape = { columns: 13, rows: 7 };
  const latents = gridLatents(Float32Array.of(7, 8, 9), [2, 0], shape);
  expect(latents).toHaveLength(13 * 7 * 3);
  for (const [row, column] of [[0, 0], [0, 12], [6, 2]] as const) {
    const [down, kept, across] = latents.subarray((row * 13 + column) * 3);
    expect(normalCdf(across!)).toBeCloseTo(quantileOf(column, 13), 5);
    expect(normalCdf(down!)).toBeCloseTo(quantileOf(6 - row, 7), 5);
    expect(kept).toBe(8);
    expect(quantilesAt(row * 13 + column, shape)).toEqual({ across: quantileOf(column, 13), down: quantileOf(6 - row, 7) });
  }
});

test('whatever fits, the same percentages are written from end to end', () => {
  for (const room of [1, 7, 12.9, 13, 18, 19, 100]) {
    const marks = marksThatFit(room);
    const written = Array.from({ length: marks }, (_, mark) => mark).filter((mark) => isWritten(mark, marks));
    expect(written.map((mark) => Math.round(100 * quantileOf(mark, marks)))).toEqual([5, 20, 35, 50, 65, 80, 95]);
    if (room >= 7) expect(marks).toBeLessThanOrEqual(room);
  }
});
