import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Metrics } from '../run.js';
import { MetricsChannel, metricsIntervalMs, mostWaitingLines } from './MetricsChannel.js';
import type { MetricsBatch, Schedule } from './MetricsChannel.js';

const line = (step: number): Metrics => ({
  kind: 'step', step, epoch: 1, loss: { elbo: -1, reconstruction: 1, kl: 0 }, gradientNorm: 1, applied: true, beta: 1, rate: 0.001,
});
const stepsOf = (batch: MetricsBatch): number[] => batch.lines.map((each) => (each.kind === 'step' ? each.step : -1));

/** Time that stands still until it is moved. */
class Clock {
  now = 0;
  #due: { at: number; action: () => void }[] = [];
  readonly schedule: Schedule = (action, ms) => {
    const entry = { at: this.now + ms, action };
    this.#due.push(entry);
    return { dispose: () => (this.#due = this.#due.filter((other) => other !== entry)) };
  };

  advance(ms: number): void {
    this.now += ms;
    for (let next = this.#due.find(({ at }) => at <= this.now); next; next = this.#due.find(({ at }) => at <= this.now)) {
      const { action } = next;
      this.#due = this.#due.filter((other) => other !== next);
      action();
    }
  }
}

function channelOf() {
  const clock = new Clock();
  const sent: (MetricsBatch & { at: number })[] = [];
  const channel = new MetricsChannel((batch) => sent.push({ ...batch, at: clock.now }), clock.schedule);
  return { clock, sent, channel };
}

test('the first lines go at once, those of the next interval together at its end', () => {
  const { clock, sent, channel } = channelOf();
  channel.push({ cursor: 1, lines: [line(1)] });
  channel.acknowledge(1);
  channel.push({ cursor: 2, lines: [line(2)] });
  channel.push({ cursor: 3, lines: [line(3)] });
  expect(sent.map(stepsOf)).toEqual([[1]]);
  clock.advance(metricsIntervalMs);
  expect(sent.map(stepsOf)).toEqual([[1], [2, 3]]);
  expect(sent.map(({ cursor }) => cursor)).toEqual([1, 3]);
});

test('a consumer that does not acknowledge gets nothing more, and one large batch when it does', () => {
  const { clock, sent, channel } = channelOf();
  for (let step = 1; step <= 50; step++) {
    channel.push({ cursor: step, lines: [line(step)] });
    clock.advance(metricsIntervalMs);
  }
  expect(sent).toHaveLength(1);
  channel.acknowledge(1);
  expect(sent.flatMap(stepsOf)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  expect(sent).toHaveLength(2);
});

test('flush sends what waits whatever the pace', () => {
  const { sent, channel } = channelOf();
  channel.push({ cursor: 1, lines: [line(1)] });
  channel.push({ cursor: 2, lines: [line(2)] });
  channel.flush();
  channel.flush();
  expect(sent.map(stepsOf)).toEqual([[1], [2]]);
});

test('nothing is kept for a consumer that has fallen far behind but the newest lines, with a gap that its cursor shows', () => {
  const { clock, sent, channel } = channelOf();
  const count = mostWaitingLines + 10;
  for (let step = 1; step <= count; step++) channel.push({ cursor: step, lines: [line(step)] });
  clock.advance(metricsIntervalMs);
  channel.acknowledge(1);
  const last = sent.at(-1)!;
  expect(last.cursor).toBe(count);
  expect(last.lines).toHaveLength(mostWaitingLines);
  expect(last.cursor - last.lines.length).toBeGreaterThan(1);
});

test('lines that do not follow those waiting replace them, so that a batch is never a mixture', () => {
  const { clock, sent, channel } = channelOf();
  channel.push({ cursor: 9, lines: [line(9)] });
  channel.acknowledge(9);
  channel.push({ cursor: 10, lines: [line(10)] });
  channel.push({ cursor: 5, lines: [line(4), line(5)] });
  clock.advance(metricsIntervalMs);
  expect(sent.at(-1)).toMatchObject({ cursor: 5 });
  expect(stepsOf(sent.at(-1)!)).toEqual([4, 5]);
});

test('whatever the pace of both ends: in order, none twice, none lost, at most ten batches a second', () => {
  const turn = fc.oneof(fc.nat(30).map((lines) => ({ lines })), fc.nat(250).map((ms) => ({ ms })), fc.constant('acknowledge' as const));
  fc.assert(fc.property(fc.array(turn, { maxLength: 60 }), (turns) => {
    const { clock, sent, channel } = channelOf();
    let step = 0;
    const acknowledge = (): void => channel.acknowledge(sent.at(-1)?.cursor ?? 0);
    for (const each of turns) {
      if (each === 'acknowledge') acknowledge();
      else if ('ms' in each) clock.advance(each.ms);
      else {
        const lines = Array.from({ length: each.lines }, () => line(++step));
        channel.push({ cursor: step, lines });
      }
    }
    acknowledge();
    clock.advance(metricsIntervalMs);
    acknowledge();
    expect(sent.flatMap(stepsOf)).toEqual(Array.from({ length: step }, (_, i) => i + 1));
    for (let i = 1; i < sent.length; i++) expect(sent[i]!.at - sent[i - 1]!.at).toBeGreaterThanOrEqual(metricsIntervalMs);
  }), { seed: 3 });
});
