import { expect, test } from 'vitest';
import { say } from '../../../shared/sentence.js';
import { judge, probeWebGpu, wrongProducts } from './probe.js';

const line = (vendor: string, type: number, metadata: string) =>
  `2026-11-23 [I:onnxruntime:onnxruntime-node, device_discovery_common.cc:34 operator()] Discovered OrtHardwareDevice ` +
  `{vendor_id:0x1, device_id:0x2, vendor:${vendor}, type:${String(type)}, metadata: [${metadata}]}\n`;
const processor = line('AMD', 0, '');

test('a GPU has the name that the system gives it, else that of its maker', () => {
  const output = 'libEGL says hello\n\ngflops 400\n';
  expect(judge(output, processor + line('NVIDIA', 1, 'Description=NVIDIA GeForce RTX 3060, Discrete=1, '))).toEqual({
    usable: true,
    name: 'NVIDIA GeForce RTX 3060',
    software: false,
    gflops: 400,
  });
  expect(judge(output, line('Intel', 1, 'Discrete=0, ') + processor)).toMatchObject({ name: 'Intel' });
  expect(judge(output, processor)).toMatchObject({ name: 'GPU', software: false });
});

test('what is slower than any GPU is software, whatever else the machine has', () => {
  expect(judge('\ngflops 0.6\n', processor + line('VMware', 1, ''))).toEqual({
    usable: true,
    name: 'software',
    software: true,
    gflops: 0.6,
  });
});

test('without a GPU, or with one that computes wrong, the reason is told', () => {
  const reason = 'Error: webgpu_context.cc:136 Failed to get a WebGPU adapter: No supported adapters';
  expect(judge(`\nreason ${reason}\n`, processor)).toEqual({ usable: false, reason: say('executors.noGpuFound') });
  expect(judge(`\nreason ${wrongProducts}\n`, '')).toEqual({ usable: false, reason: say('executors.wrongProducts') });
  expect(judge('\nreason Error: odd\n', '')).toEqual({ usable: false, reason: { message: 'Error: odd' } });
  expect(judge('', '')).toEqual({ usable: false, reason: say('executors.driverSilent') });
});

test('a machine is judged once, and the answer is one or the other', async () => {
  const probe = await probeWebGpu();
  if (probe.usable) expect(probe.gflops).toBeGreaterThan(0);
  else expect(probe.reason.message).not.toBe('');
  expect(await probeWebGpu()).toBe(probe);
}, 120_000);
