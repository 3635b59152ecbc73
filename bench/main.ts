import { parseArgs } from 'node:util';
import { executorNames, type ExecutorName } from '../shared/model.js';
import { benchEpoch } from './epoch.js';
import type { Report } from './figure.js';
import { benchImport } from './importing.js';
import { installPeers } from './installPeers.js';
import { benchNative } from './native.js';
import { benchReady } from './ready.js';
import { benchGrowth, benchStep } from './step.js';
import { benchWindow } from './window.js';

const usage = 'usage: npm run bench -- peers | step|growth [--model dense|conv] [--executor onnx|tensorflow] | epoch | native | ready | import | window | all   [--json]';

/** Runs one benchmark or all. Returns the exit status: 0, or 2 for a call that makes no sense. */
export async function main(argv: readonly string[]): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        model: { type: 'string' },
        executor: { type: 'string', default: 'onnx' },
      },
    });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}\n`);
    return 2;
  }
  const { values, positionals } = parsed;
  const name = positionals[0] ?? 'all';
  const executor = executorNames.find((known): known is ExecutorName => known === values.executor);
  const models = (['dense', 'conv'] as const).filter((kind) => values.model === undefined || values.model === kind);
  if (!executor || models.length === 0 || positionals.length > 1) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const report: Report = (figure, sentence) => process.stdout.write(`${values.json ? JSON.stringify(figure) : sentence}\n`);
  const benches: Record<string, () => Promise<void>> = {
    step: async () => {
      for (const model of models) await benchStep(model, executor, report);
    },
    growth: async () => {
      for (const model of models) await benchGrowth(model, executor, report);
    },
    epoch: () => benchEpoch(report),
    native: () => benchNative(report),
    ready: () => benchReady(report),
    import: () => benchImport(report),
    window: () => benchWindow(report),
  };
  if (name === 'peers') return installPeers(report);
  const chosen = name === 'all' ? Object.values(benches) : [benches[name]];
  for (const bench of chosen) {
    if (!bench) {
      process.stderr.write(`${usage}\n`);
      return 2;
    }
    await bench();
  }
  return 0;
}
