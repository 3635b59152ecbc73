import { afterEach, beforeEach, expect, test } from 'vitest';
import { StudioInProcess, valueOf } from './testing/StudioInProcess.js';

let on: StudioInProcess;
beforeEach(() => void (on = new StudioInProcess()));
afterEach(() => on.dispose());

const item = { kind: 'item', item: 7 } as const;
const meanSquare = (a: Uint8Array, b: Uint8Array) => a.reduce((sum, value, i) => sum + ((value - b[i]!) / 255) ** 2, 0) / a.length;

test('of a denoising run an image comes with its noisy self, always the same, and with the errors that can be seen', async () => {
  await on.trained({ objective: 'dae', noise: { kind: 'mask', p: 0.3 }, epochs: 20 });
  const { image, reconstruction, denoising } = valueOf(await on.studio.encode(on.project, item));
  const { noisy, restored, errors } = denoising!;
  const masked = noisy.filter((value, i) => value !== image[i]);
  expect(masked.length).toBeGreaterThan(0);
  expect(masked.every((value) => value === 0)).toBe(true);
  expect(errors.identity).toBeCloseTo(meanSquare(noisy, image), 9);
  // The errors are of what the model puts out, the images are rounded to bytes.
  expect(errors.noisy).toBeCloseTo(meanSquare(restored, image), 3);
  expect(errors.clean).toBeCloseTo(meanSquare(reconstruction, image), 3);
  expect(valueOf(await on.studio.encode(on.project, item)).denoising!.noisy).toEqual(noisy);
  expect(valueOf(await on.studio.encode(on.project, { kind: 'item', item: 8 })).denoising!.noisy).not.toEqual(noisy);
});

test('of any other run it does not', async () => {
  await on.trained({ objective: 'ae' });
  expect(valueOf(await on.studio.encode(on.project, item)).denoising).toBeUndefined();
});
