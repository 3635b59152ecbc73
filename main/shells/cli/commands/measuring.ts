import type { StudioApi, StudioEvent } from '../../../../shared/contract/studio.js';
import type { Failure } from '../../../../shared/failure.js';
import type { Result } from '../../../../shared/result.js';
import { count, timeLeft } from '../duration.js';
import type { Output } from '../Output.js';
import { valueOf, type Shell } from '../Shell.js';

const doing = { reading: 'Reading images', encoding: 'Encoding images', likelihood: 'Scoring images', comparing: 'Comparing latents' };

/** Shows the progress of measurements. */
export function measuringProgress(output: Output): (event: StudioEvent) => void {
  let phase = '';
  let began = 0;
  return (event) => {
    if (event.kind !== 'measuring') return;
    const { progress } = event;
    if (progress.phase !== phase) [phase, began] = [progress.phase, Date.now()];
    const of = progress.total > 0 ? `: ${count(progress.done)} of ${count(progress.total)}` : '';
    output.progress(`${doing[progress.phase]}${of}${timeLeft(progress.done, progress.total, Date.now() - began)}`);
  };
}

/** What a measurement answers; null when somebody interrupted it. */
export async function measured<T>(shell: Shell, studio: StudioApi, measure: () => Promise<Result<T, Failure>>): Promise<T | null> {
  shell.output.beginProgress();
  shell.interrupts.endWith(() => void studio.cancelMeasuring());
  const result = await measure();
  if (!shell.interrupts.requested) return valueOf(result);
  shell.output.note('Interrupted.');
  return null;
}
