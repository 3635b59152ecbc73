import type { Commands } from '../../session/Commands.svelte.js';
import type { RunSession } from '../../session/RunSession.svelte.js';

/** Takes over the commands that steer a run; returns the removal. */
export function handleRunCommands(commands: Commands, run: RunSession): () => void {
  const removals = [
    commands.handle('pauseOrContinue', () => void run.pauseOrContinue(), () => run.obstacle('pauseOrContinue') === null),
    commands.handle('step', () => void run.makeStep(), () => run.obstacle('step') === null),
    commands.handle('stop', () => void run.stop(), () => run.obstacle('stop') === null),
  ];
  return () => removals.forEach((remove) => remove());
}
