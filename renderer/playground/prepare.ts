import type { RunSettings } from '../../shared/contract/studio.js';
import type { FakeGateway } from '../gateway/FakeGateway.js';

/**
 * Brings the fake studio to the stage of that name.
 *
 * @param stage `empty` (with a recent project), `preflight`, `training`, `finished` or `failed`
 * @returns the project to open, null for none
 */
export function prepare({ studio }: FakeGateway, stage: string, epochs: number, latent: number): string | null {
  const settings: RunSettings = { model: 'dense', latent, epochs, batch: 128, beta: 1, rate: 0.001, seed: 7, executor: 'auto' };
  const project = studio.addProject(stage === 'empty' ? 'pressed leaves' : 'shapes');
  switch (stage) {
    case 'empty':
      studio.addRun(project, settings).complete();
      return null;
    case 'preflight':
      return project.dir;
    case 'training':
      void studio.addRun(project, settings).start();
      return project.dir;
    case 'finished':
      studio.addRun(project, settings).complete();
      return project.dir;
    case 'failed': {
      const run = studio.addRun(project, settings);
      run.complete();
      run.fail('The trainer ended unexpectedly. Its last checkpoint is kept.');
      return project.dir;
    }
    default:
      throw new Error(`There is no stage called ${stage}.`);
  }
}
