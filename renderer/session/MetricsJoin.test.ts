import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricsBatch } from '../../shared/contract/MetricsChannel.js';
import { failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import type { Metrics } from '../../shared/run.js';
import { MetricsJoin } from './MetricsJoin.js';

const lines: readonly Metrics[] = Array.from({ length: 40 }, (_, i) => ({
  kind: 'step',
  step: i + 1,
  epoch: 1,
  loss: { elbo: -1, reconstruction: 1, kl: 0 },
  gradientNorm: 1,
  applied: true,
  beta: 1,
  rate: 0.001,
}));

function batch(from: number, to: number): MetricsBatch {
  return { cursor: to, lines: lines.slice(from, to) };
}

describe('MetricsJoin', () => {
  it('gives the same series however the lines are split between file and stream', async () => {
    // Each cut ends a batch; `lost` ones never arrive (but for the last), `repeated` come again from an earlier line, `pauses` let the file be read.
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: lines.length - 1 }), { maxLength: 12 });
    const fates = fc.array(fc.constantFrom('arrives', 'lost', 'repeated'), { minLength: 13, maxLength: 13 });
    const pauses = fc.array(fc.boolean(), { minLength: 13, maxLength: 13 });
    await fc.assert(
      fc.asyncProperty(cuts, fates, pauses, fc.integer({ min: 1, max: 50 }), async (ends, fate, pause, page) => {
        let written = 0;
        const taken: Metrics[] = [];
        const join = new MetricsJoin(
          async (cursor) => {
            const to = Math.min(written, cursor + page);
            await Promise.resolve();
            return ok(batch(cursor, Math.max(cursor, to)));
          },
          (some) => taken.push(...some),
        );
        void join.catchUp();
        let from = 0;
        for (const [i, end] of [...ends.sort((a, b) => a - b), lines.length].entries()) {
          written = end;
          if (fate[i] !== 'lost' || end === lines.length) join.take(batch(fate[i] === 'repeated' ? Math.floor(from / 2) : from, end));
          if (pause[i]) await new Promise((resolve) => setTimeout(resolve));
          from = end;
        }
        await new Promise((resolve) => setTimeout(resolve));
        expect(taken).toEqual(lines);
      }),
      { numRuns: 300 },
    );
  });

  it('reads what lies in a gap before it goes on', async () => {
    const taken: Metrics[] = [];
    const join = new MetricsJoin(async (cursor) => ok(batch(cursor, 20)), (some) => taken.push(...some));
    join.take(batch(0, 5));
    expect(join.take(batch(10, 20))).toBe(false);
    await join.catchUp();
    join.take(batch(20, 25));
    expect(taken).toEqual(lines.slice(0, 25));
  });

  it('says why the file cannot be read, and goes on with what joins', async () => {
    const taken: Metrics[] = [];
    const damage = failure('bad-data', 'A line is damaged.');
    const join = new MetricsJoin(async () => err(damage), (some) => taken.push(...some));
    expect(await join.catchUp()).toEqual(damage);
    join.take(batch(0, 3));
    expect(taken).toEqual(lines.slice(0, 3));
  });

  it('delivers nothing after it was closed', async () => {
    const taken: Metrics[] = [];
    const join = new MetricsJoin(async (cursor) => ok(batch(cursor, 20)), (some) => taken.push(...some));
    const reading = join.catchUp();
    join.close();
    await reading;
    expect(taken).toEqual([]);
  });
});
