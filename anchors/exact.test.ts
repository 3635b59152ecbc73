import { beforeAll, expect, test } from 'vitest';
import { isMet } from './Anchor.js';
import { crossEntropyEnds, toy } from './closedForms.js';
import { linearAutoencoder, linearVae } from './linear.js';
import { readMnist } from './mnist.js';

let mnist: Awaited<ReturnType<typeof readMnist>>;
beforeAll(async () => {
  mnist = await readMnist();
});

test.each([crossEntropyEnds, linearAutoencoder, linearVae, toy])('anchor $name: $setting', { timeout: 180_000 }, async (anchor) => {
  const checks = await anchor.measure(mnist, 'onnx', () => undefined);
  expect(checks.filter((check) => !isMet(check))).toEqual([]);
});
