import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import * as v from 'valibot';
import { FailureError } from '../../shared/failure.js';
import type { RecentProject } from '../../shared/contract/studio.js';
import { openDataset } from '../datasets/packedDataset.js';
import { projectEnding } from '../projects/home.js';
import { listRuns, openProject } from '../projects/projectFolder.js';
import { readValidated, writeValidated } from '../projects/validatedFile.js';
import { readImages } from './ItemService.js';
import { mendRuns } from './mendRuns.js';

/** Projects remembered. */
const most = 12;
/** Images in the small picture of a project. */
const previewImages = 6;

const schema = v.object({
  format: v.literal('morphoscope-recent'),
  version: v.literal(1),
  /** Newest first. */
  projects: v.array(v.object({ dir: v.pipe(v.string(), v.nonEmpty()), opened: v.pipe(v.string(), v.isoTimestamp()) })),
});
type Entry = v.InferOutput<typeof schema>['projects'][number];

/** Remembers which projects were opened lately, in a file of the projects folder. A file that is damaged counts as none. */
export class RecentProjects {
  /** Changes follow one another: each reads what the one before has written. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly home: string) {}

  /** Puts a project first. A list that cannot be written is no reason to refuse the project. */
  remember(dir: string): Promise<void> {
    const path = resolve(dir);
    return this.#change((entries) => [{ dir: path, opened: new Date().toISOString() }, ...entries.filter((entry) => entry.dir !== path)]);
  }

  /** Takes one project out: it was discarded. */
  drop(dir: string): Promise<void> {
    const path = resolve(dir);
    return this.#change((entries) => entries.filter((entry) => entry.dir !== path));
  }

  forget(): Promise<void> {
    return this.#change(() => []);
  }

  /** Newest first. Projects that have vanished, or hold no dataset that can be read, are left out. */
  async list(): Promise<RecentProject[]> {
    await this.#last;
    const projects: RecentProject[] = [];
    for (const entry of await this.#read()) {
      const project = await describe(entry);
      if (project) projects.push(project);
    }
    return projects;
  }

  #change(change: (entries: readonly Entry[]) => readonly Entry[]): Promise<void> {
    const changed = this.#last.then(async () => {
      const projects = change(await this.#read()).slice(0, most);
      try {
        await mkdir(this.home, { recursive: true });
        await writeValidated(this.#path, { format: 'morphoscope-recent', version: 1, projects });
      } catch (error) {
        if (!(error instanceof FailureError) && !(error instanceof Error && 'syscall' in error)) throw error;
      }
    });
    this.#last = changed;
    return changed;
  }

  async #read(): Promise<readonly Entry[]> {
    const file = await readValidated(this.#path, schema);
    return file.ok ? file.value.projects : [];
  }

  get #path(): string {
    return join(this.home, '.recent.json');
  }
}

async function describe({ dir, opened }: Entry): Promise<RecentProject | null> {
  const project = await openProject(dir);
  if (!project.ok) return null;
  const dataset = openDataset(project.value.datasetDir);
  if (!dataset.ok) return null;
  try {
    await mendRuns(dir);
    const runs = await listRuns(dir);
    const newest = runs.at(-1);
    const first = Array.from({ length: Math.min(previewImages, dataset.value.count) }, (_, item) => item);
    return {
      dir,
      name: basename(dir, projectEnding),
      opened,
      images: dataset.value.count,
      runs: runs.length,
      last: newest ? { epoch: newest.last?.epoch ?? 0, state: newest.file.state } : null,
      preview: readImages(dataset.value, first),
    };
  } finally {
    dataset.value.dispose();
  }
}
