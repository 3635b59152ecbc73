import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Frame, RunSettings, StudioEvent } from '../../shared/contract/studio.js';
import type { Result } from '../../shared/result.js';
import { lossOf, type Metrics } from '../../shared/run.js';
import { FakeGateway } from './FakeGateway.js';

const settings: RunSettings = { model: 'dense', latent: 6, epochs: 40, batch: 32, beta: 1, rate: 0.001, seed: 0, executor: 'auto' };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function value<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function startedRun(): Promise<{ gateway: FakeGateway; dir: string; project: string; events: StudioEvent[] }> {
  const gateway = new FakeGateway({ count: 300 });
  const events: StudioEvent[] = [];
  gateway.onEvent((event) => events.push(event));
  const project = gateway.studio.addProject('shapes').dir;
  const started = gateway.studio.startRun(project, settings);
  await vi.advanceTimersByTimeAsync(200);
  return { gateway, dir: value(await started).dir, project, events };
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, byte, i) => sum + Math.abs(byte - b[i]!), 0) / a.length;
}

describe('a run of the fake studio', () => {
  it('finishes, and its loss falls', async () => {
    const { gateway, dir, events } = await startedRun();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(events.at(-1)).toMatchObject({ kind: 'finished', state: 'finished' });
    const { lines } = value(await gateway.studio.metrics(dir, 0));
    const epochs = lines.filter((line) => line.kind === 'epoch').map(({ train }) => lossOf(train));
    expect(epochs).toHaveLength(40);
    expect(epochs.at(-1)!).toBeLessThan(epochs[0]! - 20);
  });

  it('says by events what lies in its metrics, without gap or double', async () => {
    const { gateway, dir, events } = await startedRun();
    await vi.advanceTimersByTimeAsync(10_000);
    const heard = events.flatMap((event): readonly Metrics[] => (event.kind === 'metrics' ? event.lines : []));
    expect(heard).toEqual(value(await gateway.studio.metrics(dir, 0)).lines);
  });

  it('does nothing while it is paused', async () => {
    const { gateway } = await startedRun();
    await gateway.studio.pauseRun();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives frames whose places are the projected means of the items that it has seen', async () => {
    const { gateway, dir } = await startedRun();
    await vi.advanceTimersByTimeAsync(2000);
    const frame = value(await gateway.studio.frame(dir, null))!;
    const { means } = value(await gateway.studio.embed(dir));
    expect(frame.drawn).toBe(300);
    for (const item of [0, 123, 299]) expect(place(frame, item)).toEqual(projected(frame, means, item));
  });

  it('gives a new frame for each number asked for, and null when it is over', async () => {
    const { gateway, dir } = await startedRun();
    await vi.advanceTimersByTimeAsync(500);
    const first = value(await gateway.studio.frame(dir, null))!;
    const second = gateway.studio.frame(dir, first.number);
    await vi.advanceTimersByTimeAsync(2000);
    expect(value(await second)!.number).toBeGreaterThan(first.number);
    await vi.advanceTimersByTimeAsync(10_000);
    const last = value(await gateway.studio.frame(dir, first.number))!;
    expect(last.epoch).toBe(40);
    expect(value(await gateway.studio.frame(dir, last.number))).toBeNull();
  });
});

describe('a finished run of the fake studio', () => {
  it('decodes the mean of an item to a picture like the item, and unlike one of another class', async () => {
    const { gateway, dir } = await startedRun();
    await vi.advanceTimersByTimeAsync(10_000);
    for (const item of [3, 77, 150, 271]) {
      const own = value(await gateway.studio.encode(dir, { kind: 'item', item }));
      const other = value(await gateway.studio.encode(dir, { kind: 'item', item: (item + 60) % 300 }));
      const decoded = value(await gateway.studio.decode(dir, own.mean)).images;
      expect(decoded).toEqual(own.reconstruction);
      expect(meanDifference(decoded, own.image)).toBeLessThan(0.6 * meanDifference(decoded, other.image));
    }
  });

  it('morphs from the reconstruction of A to that of B', async () => {
    const { gateway, dir } = await startedRun();
    await vi.advanceTimersByTimeAsync(10_000);
    const [a, b] = [{ kind: 'item', item: 10 }, { kind: 'item', item: 200 }] as const;
    const morph = value(await gateway.studio.morph(dir, a, b, 7, 'slerp'));
    const size = morph.images.length / 7;
    expect(morph.images.slice(0, size)).toEqual(value(await gateway.studio.encode(dir, a)).reconstruction);
    expect(morph.images.slice(-size)).toEqual(value(await gateway.studio.encode(dir, b)).reconstruction);
  });

  it('finds an item nearest to its own mean', async () => {
    const { gateway, dir } = await startedRun();
    await vi.advanceTimersByTimeAsync(10_000);
    const { mean } = value(await gateway.studio.encode(dir, { kind: 'item', item: 42 }));
    const { items, distances } = value(await gateway.studio.neighbours(dir, mean, 5));
    expect(items[0]).toBe(42);
    expect([...distances]).toEqual([...distances].sort((x, y) => x - y));
  });
});

function place({ positions }: Frame, item: number): number[] {
  return [...positions.subarray(item * 3, item * 3 + 3)];
}

function projected({ axes, center, latent }: Frame, means: Float32Array, item: number): number[] {
  return [0, 1, 2].map((axis) => {
    let sum = 0;
    for (let i = 0; i < latent; i++) sum += axes[axis * latent + i]! * (means[item * latent + i]! - center[i]!);
    return sum;
  });
}
