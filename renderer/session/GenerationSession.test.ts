import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ok } from '../../shared/result.js';
import type { Objective } from '../../shared/objective.js';
import { GenerationSession } from './GenerationSession.svelte.js';
import { History } from './History.svelte.js';
import { InspectorSession } from './InspectorSession.svelte.js';
import { Notices } from './Notices.svelte.js';
import { exploredGateway, latent, settled } from './testing/exploredGateway.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function generating(objective: Objective = 'vae', classes: readonly string[] = ['disc', 'ring', 'bar']) {
  const explored = exploredGateway();
  const asked: unknown[] = [];
  explored.gateway.studio.sample = async (_, request) => {
    asked.push(request);
    const latents = Float32Array.from({ length: request.count * latent }, (_, i) => i + request.seed);
    const decoded = await explored.gateway.studio.decode('run', latents);
    if (!decoded.ok) return decoded;
    return ok({ ...decoded.value, count: request.count, latent, latents, typicality: new Float32Array(request.count).fill(0.5), step: 1 });
  };
  const { decode } = explored.gateway.studio;
  explored.gateway.studio.decode = async (dir, latents) => {
    const answer = await decode(dir, latents);
    return answer.ok ? ok({ ...answer.value, count: latents.length / latent }) : answer;
  };
  const notices = new Notices();
  const inspector = new InspectorSession(explored.gateway, notices, new History(), 'run', (item) => inspector.show(item));
  const spec = { objective, model: { kind: 'dense', format: { width: 2, height: 4, channels: 1 }, latent, hidden: [4] } } as const;
  const generation = new GenerationSession(explored.gateway, notices, inspector, { dir: 'run', spec, classes }, () => [0.1, 2]);
  return { asked, inspector, generation };
}

test('nothing is generated before the first weights, nor before anybody looks', async () => {
  const { asked, inspector, generation } = generating();
  generation.ask(generation.wanted);
  await settled();
  expect(generation.obstacle).toBe('noWeights');
  inspector.renew();
  await settled();
  expect(asked).toEqual([]);
  generation.ask(generation.wanted);
  await settled();
  expect(asked).toEqual([{ count: 24, seed: 0 }]);
  expect(generation.generated!.images).toHaveLength(24);
  expect([...generation.typicality!]).toEqual(Array<number>(24).fill(0.5));
});

test('a chosen image is the place that is inspected, until others take its place', async () => {
  const { inspector, generation } = generating();
  inspector.renew();
  generation.ask(generation.wanted);
  await settled();
  generation.choose(5);
  expect(generation.chosen).toBe(5);
  expect(inspector.latent).toEqual(Float32Array.of(10, 11));
  expect(inspector.end).toMatchObject({ origin: { kind: 'generated', number: 6 } });
  generation.drawAgain();
  generation.ask(generation.wanted);
  await settled();
  expect(generation.chosen).toBe(null);
});

test('a grid begins with the dimensions of most KL, keeps those that were chosen, and learns its typicality afterwards', async () => {
  const { asked, inspector, generation } = generating();
  inspector.renew();
  generation.change({ mode: 'grid' });
  expect(generation.settings.dimensions).toEqual([1, 0]);
  generation.ask(generation.wanted);
  await settled();
  expect(asked).toEqual([]);
  expect(generation.generated!.images).toHaveLength(49);
  expect(generation.typicality).toHaveLength(49);
  generation.change({ dimensions: [0, 1] });
  generation.change({ mode: 'prior' });
  generation.change({ mode: 'grid' });
  expect(generation.settings.dimensions).toEqual([0, 1]);
});

test('a grid has as many columns and rows as there is room for, and each image its typicality', async () => {
  const { inspector, generation } = generating();
  inspector.renew();
  generation.change({ mode: 'grid' });
  generation.setRoom({ columns: 19, rows: 7 });
  generation.ask(generation.wanted);
  await settled();
  expect([generation.generated!.images.length, generation.typicality!.length, generation.generated!.grid]).toEqual([133, 133, { columns: 19, rows: 7 }]);
  generation.setRoom({ columns: 7, rows: 7 });
  expect(generation.generated!.grid).toEqual({ columns: 19, rows: 7 });
});

test('between two classes the images go from the centroid of the one to that of the other', async () => {
  const { asked, inspector, generation } = generating();
  inspector.renew();
  generation.change({ mode: 'between', count: 6 });
  generation.ask(generation.wanted);
  await settled();
  expect(asked).toEqual([{ count: 4, seed: 0, between: ['disc', 'ring'], spread: 0.5 }, { count: 2, seed: 0, between: ['disc', 'ring'], spread: 0 }]);
  const { images } = generation.generated!;
  expect(images.map(({ end }) => end.origin)).toEqual([
    { kind: 'centroid', of: 'disc' },
    ...[1, 2, 3, 4].map((number) => ({ kind: 'generated', number })),
    { kind: 'centroid', of: 'ring' },
  ]);
  expect(images.at(-1)!.end.latent).toEqual(Float32Array.of(2, 3));
  expect([...images[2]!.bytes]).toEqual([...new Uint8Array(images[2]!.end.latent.slice().buffer)]);
  expect(generation.typicality).toHaveLength(6);
});

test('the other dimensions are those of the item that is inspected, where they shall be', async () => {
  const { inspector, generation } = generating();
  inspector.renew();
  generation.change({ mode: 'grid', rest: 'selected' });
  expect(generation.obstacle).toBe('noItem');
  inspector.show(3);
  await settled();
  expect(generation.obstacle).toBe(null);
});

test('an autoencoder has nothing but classes to sample between, and images without classes not even those', () => {
  const { generation } = generating('ae');
  expect(generation.settings.mode).toBe('between');
  generation.change({ mode: 'prior' });
  expect(generation.obstacle).toBe('noPrior');
  expect(generating('dae', []).generation.obstacle).toBe('noClasses');
});

test('images of another mode are not shown under this one', async () => {
  const { inspector, generation } = generating();
  inspector.renew();
  generation.ask(generation.wanted);
  await settled();
  generation.change({ mode: 'between' });
  expect(generation.generated).toBe(null);
  expect(generation.wanted!.sample).toEqual({ count: 22, seed: 0, between: ['disc', 'ring'], spread: 0.5 });
});
