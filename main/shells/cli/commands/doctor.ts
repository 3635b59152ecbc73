import { command } from '../command.js';
import { figureInWords } from '../figureInWords.js';
import { exitDone } from '../exitStatus.js';

export const doctor = command({
  name: 'doctor',
  summary: 'Say what this machine offers and which executor is used.',
  options: {},
  run: async (_, shell) => {
    const studio = await shell.studio();
    const report = await shell.wait('Examining the machine', studio.doctor());
    const { platform, node, cores, memoryBytes, executors, choice, native, calibrations } = report;
    const lines = [
      `${platform}, Node ${node}, ${cores} cores, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB of memory`,
      ...executors.map(({ name, available, version, detail }) => `${available ? 'works' : 'absent'}  ${name}${version ? ` ${version}` : ''}: ${detail.message}`),
      ...(native.problem === null ? [] : [`Native backend: ${native.problem.message}`]),
      `Used: ${choice.executor}. ${choice.reason}`,
      ...calibrations.map(({ model, measured, executors: figures }) => `Measured ${measured.slice(0, 10)}, ${model}: ${figures.map(figureInWords).join('; ')}`),
    ];
    shell.output.result({ kind: 'doctor', ...report }, lines.join('\n'));
    return exitDone;
  },
});
