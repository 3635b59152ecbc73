import { prefersReducedMotion } from 'svelte/motion';
import type { CommandId } from '../../shared/commands.js';
import type { RunSession } from '../session/RunSession.svelte.js';
import type { Session } from '../session/Session.svelte.js';
import { copyText } from '../widgets/copyText.js';

/** Takes over the commands that explore a run: its morph, its inspected latent, and taking back what was done there. Returns the removal. */
export function handleExploration({ commands, notices, texts }: Session, run: RunSession): () => void {
  const { morph, inspector, history } = run;
  const removals: (() => void)[] = [];
  const handle = (id: CommandId, act: () => void, isEnabled: () => boolean): void => void removals.push(commands.handle(id, act, isEnabled));

  handle('undo', () => history.undo(), () => history.canUndo);
  handle('redo', () => history.redo(), () => history.canRedo);
  handle('setA', () => morph.setA(inspector.end), () => inspector.end !== null);
  handle('setB', () => morph.setB(inspector.end), () => inspector.end !== null);
  handle('swap', () => morph.swap(), () => morph.a !== null || morph.b !== null);
  handle('lerp', () => morph.setPath('lerp'), () => true);
  handle('slerp', () => morph.setPath('slerp'), () => true);
  handle('playMorph', () => playOrPause(run), () => morph.morph !== null);
  handle('nextNeighbour', () => inspector.selectNextNeighbour(), () => inspector.neighbours !== null);
  handle('copyLatent', () => void copy(), () => inspector.latent !== null);
  return () => removals.forEach((remove) => remove());

  async function copy(): Promise<void> {
    const latent = inspector.latentAsJson(run.dir);
    if (latent === null) return;
    await copyText(latent);
    notices.tell('inspector', texts.m.inspector.copied);
  }
}

/** Plays or pauses the morph; for those who want no motion, goes on by one frame. */
export function playOrPause({ morph }: RunSession): void {
  if (prefersReducedMotion.current) morph.showNextFrame();
  else if (morph.isPlaying) morph.pause();
  else morph.play();
}
