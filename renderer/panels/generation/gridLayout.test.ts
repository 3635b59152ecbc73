import { expect, test } from 'vitest';
import { axes, layOutGrid } from './gridLayout.js';

const across = (tiles: number): number => tiles * 28 + axes.left + axes.right;
const down = (tiles: number): number => tiles * 28 + axes.bottom;

test('a grid is never larger than its room, and never smaller than seven by seven', () => {
  for (const width of [300, 420, 700, 1200]) {
    for (const height of [150, 208, 300, 420]) {
      for (const own of [8, 28, 64, 128]) {
        const { tile, shape } = layOutGrid(own, width, height);
        expect(shape.columns * tile + axes.left + axes.right).toBeLessThanOrEqual(width);
        expect(shape.rows * tile + axes.bottom).toBeLessThanOrEqual(height);
        expect(Math.min(shape.columns, shape.rows)).toBeGreaterThanOrEqual(7);
      }
    }
  }
});

test('where seven rows just fit, what is left beside them is filled with finer steps', () => {
  expect(layOutGrid(28, across(7), down(7))).toEqual({ tile: 28, shape: { columns: 7, rows: 7 } });
  expect(layOutGrid(28, across(13) - 1, down(7)).shape.columns).toBe(7);
  expect(layOutGrid(28, across(13), down(7)).shape.columns).toBe(13);
  expect(layOutGrid(28, across(40), down(13))).toEqual({ tile: 28, shape: { columns: 19, rows: 13 } });
});

test('twice the room shows the images twice as large', () => {
  expect(layOutGrid(28, across(14), down(14))).toEqual({ tile: 56, shape: { columns: 7, rows: 7 } });
});
