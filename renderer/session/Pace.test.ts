import { describe, expect, it } from 'vitest';
import { Pace } from './Pace.js';

/** A run of `epochs` epochs with 10 batches each of 5 steps of 20 ms, and 500 ms of evaluation at the end of each. */
function run(pace: Pace, epochs: number, from = 0): number {
  let now = from;
  pace.batch(now, 5);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let batch = 0; batch < 10; batch++) pace.batch((now += 100), 5);
    pace.epoch((now += 500));
  }
  return now;
}

describe('Pace', () => {
  it('says nothing before it has seen anything', () => {
    const pace = new Pace();
    pace.batch(0, 5);
    expect(pace.stepMs).toBeNull();
    expect(pace.timeLeft(100, 50)).toBeNull();
  });

  it('knows the time of a step from the batches, whatever evaluation lies between them', () => {
    const pace = new Pace();
    run(pace, 3);
    expect(pace.stepMs).toBeCloseTo(20);
  });

  it('counts evaluation in as soon as it has seen a whole epoch', () => {
    const pace = new Pace();
    run(pace, 1);
    expect(pace.timeLeft(50, 50)).toBeCloseTo(1000);
    run(pace, 3);
    expect(pace.timeLeft(50, 50)).toBeCloseTo(1500);
  });

  it('is not moved by one slow batch', () => {
    const pace = new Pace();
    const now = run(pace, 0);
    for (let i = 1; i <= 8; i++) pace.batch(now + i * 100, 5);
    pace.batch(now + 60_000, 5);
    expect(pace.stepMs).toBeCloseTo(20);
  });

  it('does not count the time of a pause', () => {
    const pace = new Pace();
    let now = run(pace, 3);
    const before = pace.timeLeft(500, 50)!;
    for (let i = 0; i < 20; i++) {
      pace.interrupt();
      pace.batch((now += 3_600_000), 5);
      pace.epoch((now += 100));
    }
    expect(pace.stepMs).toBeCloseTo(20);
    expect(pace.timeLeft(500, 50)).toBeCloseTo(before);
  });

  it('follows when the machine becomes slower for good', () => {
    const pace = new Pace();
    let now = run(pace, 3);
    for (let i = 0; i < 20; i++) pace.batch((now += 1000), 5);
    expect(pace.stepMs).toBeCloseTo(200);
  });
});
