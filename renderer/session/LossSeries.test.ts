import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LossTerms } from '../../shared/run.js';
import { LossSeries, type LossColumns } from './LossSeries.js';

const terms = (reconstruction: number, kl = 0): LossTerms => ({ elbo: -(reconstruction + kl), reconstruction, kl });
const value = fc.double({ min: 0, max: 1000, noNaN: true });
const total = (columns: LossColumns, i: number): number => columns.reconstruction[i]! + columns.kl[i]!;

function recorded(values: readonly number[], capacity = 16): LossSeries {
  const series = new LossSeries(capacity);
  values.forEach((each, i) => series.add(i + 1, terms(each, 1)));
  return series;
}

describe('LossSeries', () => {
  it('keeps every value while there is room', () => {
    const { positions, reconstruction, kl, low, high } = recorded([5, 3, 4]).columns(0, 100);
    expect([...positions]).toEqual([1, 2, 3]);
    expect([...reconstruction]).toEqual([5, 3, 4]);
    expect([...kl]).toEqual([1, 1, 1]);
    expect([...low]).toEqual([...high]);
  });

  it('never loses an extreme, however long the run and however few the columns', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 20 }), (values, most) => {
        const { low, high } = recorded(values).columns(0, most);
        expect(low.length).toBeLessThanOrEqual(most);
        expect(Math.min(...low)).toBe(Math.min(...values) + 1);
        expect(Math.max(...high)).toBe(Math.max(...values) + 1);
      }),
    );
  });

  it('keeps the mean within the extremes, and the columns in order', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 20 }), (values, most) => {
        const columns = recorded(values).columns(0, most);
        for (let i = 0; i < columns.positions.length; i++) {
          expect(total(columns, i)).toBeGreaterThanOrEqual(columns.low[i]! - 1e-6);
          expect(total(columns, i)).toBeLessThanOrEqual(columns.high[i]! + 1e-6);
          if (i > 0) expect(columns.positions[i]!).toBeGreaterThan(columns.positions[i - 1]!);
        }
      }),
    );
  });

  it('keeps the mean of everything', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), (values) => {
        const { reconstruction } = recorded(values).columns(0, 1);
        expect(reconstruction[0]!).toBeCloseTo(values.reduce((sum, each) => sum + each, 0) / values.length, 6);
      }),
    );
  });

  it('has as many columns after a million steps as after a thousand', () => {
    const series = new LossSeries(1024);
    const columnsAfter: number[] = [];
    for (let step = 1; step <= 1_000_000; step++) {
      series.add(step, terms(100 + (step % 7)));
      if (step === 1000 || step === 1_000_000) columnsAfter.push(series.columns(0, Infinity).positions.length);
    }
    expect(columnsAfter[1]!).toBeLessThanOrEqual(1024);
    expect(columnsAfter[1]!).toBeGreaterThan(512 - 1);
    expect(columnsAfter[0]).toBe(1000);
  });

  it('reaches back no further than asked, but for the bucket that holds the place', () => {
    const columns = recorded([9, 8, 7, 6, 5]).columns(3, 100);
    expect([...columns.positions]).toEqual([4, 5]);
  });

  it('leaves a gap where the loss is not finite', () => {
    const series = new LossSeries(16);
    [1, NaN, Infinity, 4].forEach((each, i) => series.add(i + 1, terms(each)));
    expect([...series.columns(0, 100).positions]).toEqual([1, 4]);
    expect(series.end).toBe(4);
  });

  it('averages what lies above a place', () => {
    expect(recorded([9, 8, 7, 6, 5]).mean(3)).toEqual({ reconstruction: 5.5, kl: 1 });
    expect(recorded([9]).mean(-5)).toEqual({ reconstruction: 9, kl: 1 });
    expect(recorded([]).mean(0)).toBeNull();
  });

  it('is empty before the first step', () => {
    expect(new LossSeries(16).columns(0, 100).positions).toHaveLength(0);
  });
});
