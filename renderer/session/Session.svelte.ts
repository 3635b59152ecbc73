import type { ActiveRun, DoctorReport, RecentProject, StudioEvent } from '../../shared/contract/studio.js';
import type { ImportProgress, ImportRequest, SampleName } from '../../shared/dataset.js';
import { ok } from '../../shared/result.js';
import type { RunState } from '../../shared/run.js';
import { bare } from '../../shared/sentence.js';
import type { Connection, Gateway } from '../gateway/Gateway.js';
import type { Offer } from '../gateway/Shell.js';
import { Commands } from './Commands.svelte.js';
import { ImportSession, type Deliver } from './ImportSession.svelte.js';
import { readLearning } from './learning.js';
import { LessonSession } from './LessonSession.svelte.js';
import { NativeSession } from './NativeSession.svelte.js';
import { Notices } from './Notices.svelte.js';
import { readPlace, type Place } from './place.js';
import { Preferences } from './Preferences.svelte.js';
import { projectName, ProjectSession } from './ProjectSession.svelte.js';
import { answered, reached } from './reached.js';
import { Texts } from './Texts.svelte.js';

/** What the window shows. `opening`: what was looked at before a reload is on its way. */
export type Stage = 'opening' | 'empty' | 'importing' | 'preflight' | 'studio' | 'learn';

/** How long a window that remembers nothing waits to hear whether a run is going on elsewhere. */
const openingMs = 150;
const restingStates: readonly RunState[] = ['stopped', 'finished', 'failed'];

/** Where the images of a fresh project came from: they can be imported once more in another format while it is there. */
interface Origin {
  readonly project: string;
  readonly request: ImportRequest;
  /** Removes what was sent for it. */
  release(): void;
}

/**
 * All that the window knows and does. Made once, handed to every panel by context.
 *
 *     opening -> empty -> importing -> preflight <-> studio
 *
 * An import that fails or is cancelled leads back to what was shown before it. From empty, preflight and studio there is a way to `learn`
 * and back; what is opened or imported meanwhile is what the lesson can be taught with.
 */
export class Session {
  readonly preferences = new Preferences();
  readonly texts = new Texts(this.preferences);
  readonly commands = new Commands();
  readonly notices = new Notices();
  readonly native: NativeSession;
  #connection = $state<Connection>('connecting');
  #isOpening = $state(true);
  #import = $state.raw<ImportSession | null>(null);
  #lesson = $state.raw<LessonSession | null>(null);
  #project = $state.raw<ProjectSession | null>(null);
  #activeRun = $state.raw<ActiveRun | null>(null);
  #machine = $state.raw<DoctorReport | null>(null);
  #origin = $state.raw<Origin | null>(null);
  /** What was shown before the newest import; discarding its images leads back there. */
  #before: Place | null = null;
  #wasLost = false;

  constructor(readonly gateway: Gateway) {
    this.native = new NativeSession(gateway.studio, () => this.#adaptToNative());
  }

  get connection(): Connection {
    return this.#connection;
  }
  get project(): ProjectSession | null {
    return this.#project;
  }
  /** The import that is going on. */
  get import(): ImportSession | null {
    return this.#import;
  }
  /** The lesson that is looked at; null outside of it. */
  get lesson(): LessonSession | null {
    return this.#lesson;
  }
  /** The run that the studio is busy with, of whichever project; null while it is idle. */
  get activeRun(): ActiveRun | null {
    return this.#activeRun;
  }
  /** What this machine offers; null until it has been examined. */
  get machine(): DoctorReport | null {
    return this.#machine;
  }
  /** The request that the open project was imported by; null when its images cannot be had again. */
  get request(): ImportRequest | null {
    return this.#origin?.project === this.#project?.dir ? (this.#origin?.request ?? null) : null;
  }
  get stage(): Stage {
    if (this.#isOpening) return 'opening';
    if (this.#import) return 'importing';
    if (this.#lesson) return 'learn';
    if (!this.#project) return 'empty';
    return this.#project.run ? 'studio' : 'preflight';
  }
  /** What a reload comes back to. */
  get place(): Place | null {
    const project = this.#project;
    if (!project) return null;
    const request = this.request?.source.kind === 'bytes' ? null : this.request;
    return { project: project.dir, run: project.run?.dir ?? null, settings: project.settings, request, explored: project.run?.explored ?? null };
  }

  /** Takes up what is going on in the studio and what was looked at before a reload. */
  async begin(): Promise<void> {
    const { gateway } = this;
    gateway.onEvent((event) => void this.#hear(event));
    gateway.onConnection((connection) => this.#connect(connection));
    gateway.shell.onCommand((command) => this.commands.run(command));
    gateway.shell.onOffer((offer) => void this.importOffer(offer));
    const place = readPlace();
    const wasLearning = readLearning();
    // A studio that is still starting must not hold up the first screen; one that runs answers sooner.
    if (!place) setTimeout(() => (this.#isOpening = false), openingMs);
    await this.#takeUp(place);
    if (wasLearning) this.learn();
    // Last: examining the machine takes longer than anything that a person waits for here.
    await Promise.all([this.native.refresh(), this.examineMachine()]);
  }

  /** Asks once more what this machine offers: what was measured on it, and what is there to compute with. */
  async examineMachine(): Promise<void> {
    const machine = await answered(this.gateway.studio.doctor());
    if (machine.ok) this.#machine = machine.value;
  }

  /** Imports what was dropped, pasted or chosen into a new project, or opens it when it is one. */
  async importOffer(offer: Offer): Promise<void> {
    if (offer.project !== null) return this.openProject(offer.project);
    const { size, channels, seed } = freshChoice;
    await this.#bring(offer.name, (onProgress, signal) => offer.deliver(onProgress, signal), { size, channels, seed }, () => offer.release());
  }

  /** Imports one of the collections that come with the studio. */
  async importSample(sample: SampleName): Promise<void> {
    await this.#bring(sampleProjects[sample], async () => ok({ kind: 'sample', sample }), freshChoice, () => undefined);
  }

  /** Imports the images of the fresh project once more in another size or colour. */
  async reimport(change: Pick<ImportRequest, 'size' | 'channels'>): Promise<void> {
    const origin = this.#origin;
    if (!origin || this.#import || origin.project !== this.#project?.dir) return;
    const { settings } = this.#project;
    this.notices.clear('window');
    const dir = origin.project;
    this.#import = new ImportSession(this.gateway.studio, projectName(dir));
    const imported = await this.#import.again(dir, { ...origin.request, ...change });
    if (imported.ok) {
      this.#origin = { ...origin, request: imported.value.request };
      await this.#show(dir, { settings });
    } else this.notices.fail('window', imported.error);
    this.#import = null;
  }

  /** Gives up the import that is going on; what was shown before it is shown again. */
  cancelImport(): void {
    this.#import?.cancel();
  }

  /** Leaves the preflight: to the newest run where there is one, else the images are let go and what was shown before comes back. */
  async discard(): Promise<void> {
    const project = this.#project;
    if (!project || project.run) return;
    const newest = project.runs.at(-1);
    if (newest) return project.openRun(newest.dir);
    const discarded = await reached(this.gateway.studio.discardProject(project.dir));
    if (!discarded.ok) return this.notices.fail('window', discarded.error);
    const before = this.#before;
    this.closeProject();
    // What was sent for it has been removed by now: it cannot be read again.
    if (before) await this.#show(before.project, { ...before, request: null });
  }

  /** @param run folder of the run to look at; null: the active one, else the newest */
  async openProject(dir: string, run: string | null = null): Promise<void> {
    if (this.#import) return this.notices.tell('window', this.texts.m.importing.oneAtATime);
    this.notices.clear('window');
    await this.#show(dir, { run });
  }

  /** Projects opened lately, newest first; none when they cannot be had. */
  async recentProjects(): Promise<readonly RecentProject[]> {
    const recent = await answered(this.gateway.studio.recentProjects());
    return recent.ok ? recent.value : [];
  }

  /** Forgets all recent projects; their folders stay. */
  async forgetRecentProjects(): Promise<void> {
    await answered(this.gateway.studio.forgetRecentProjects());
  }

  /** Goes to the lesson, and joins one that is on. A run goes on. */
  learn(): void {
    void this.#lesson?.stop();
    this.notices.clear('lesson');
    this.#lesson = new LessonSession(this.gateway.studio, this.notices, this.#project);
    void this.#lesson.join();
  }

  /** Ends the lesson and goes back to what was shown before it. */
  async leaveLesson(): Promise<void> {
    const lesson = this.#lesson;
    this.#lesson = null;
    await lesson?.stop();
    // Its prediction has made way for the lesson.
    if (this.#project && !this.#project.run) await this.#project.prepare();
  }

  /** Goes back to the first screen. A run of the project goes on. */
  closeProject(): void {
    this.#origin?.release();
    this.#origin = null;
    this.#before = null;
    this.#project?.dispose();
    this.#project = null;
  }

  async #bring(name: string, deliver: Deliver, choice: Omit<ImportRequest, 'source'>, release: () => void): Promise<void> {
    if (this.#import) {
      release();
      return this.notices.tell('window', this.texts.m.importing.oneAtATime);
    }
    this.notices.clear('window');
    const before = this.place;
    const arriving = new ImportSession(this.gateway.studio, name);
    this.#import = arriving;
    const imported = await arriving.run(deliver, choice);
    if (imported.ok) {
      await this.#show(imported.value.dir);
      this.#origin = { project: imported.value.dir, request: imported.value.request, release };
      this.#before = before;
    } else {
      release();
      this.notices.fail('window', imported.error);
    }
    this.#import = null;
  }

  /** Opens a project in place of the one that is open, which stays when it fails. */
  async #show(dir: string, { run = null, settings = null, request = null, explored = null }: Partial<Place> = {}): Promise<void> {
    const opened = await ProjectSession.open(this.gateway, this.notices, dir);
    if (!opened.ok) return this.notices.fail('window', opened.error);
    const project = opened.value;
    const active = this.#activeRun?.project === project.dir ? this.#activeRun.dir : null;
    const wanted = [run, active, project.runs.at(-1)?.dir].find((dir) => project.runs.some((run) => run.dir === dir));
    if (wanted) await project.openRun(wanted);
    else void project.prepare(settings);
    if (explored && wanted === run) project.run?.takeUp(explored);
    if (this.#origin && this.#origin.project !== project.dir) {
      this.#origin.release();
      this.#origin = null;
    }
    // What was sent before a reload stays with the studio until that ends.
    if (request) this.#origin ??= { project: project.dir, request, release: () => undefined };
    this.#project?.dispose();
    this.#project = project;
    // A lesson is about the images that are open.
    if (this.#lesson) this.learn();
  }

  async #takeUp(place: Place | null): Promise<void> {
    const status = await answered(this.gateway.studio.status());
    if (!status.ok) return;
    const { importing, run } = status.value;
    this.#activeRun = run;
    if (importing && !this.#import) await this.#joinImport(importing);
    else if (place) await this.#show(place.project, place);
    else if (run && !this.#project) await this.#show(run.project, { run: run.dir });
    this.#isOpening = false;
  }

  async #joinImport({ project, progress }: { readonly project: string; readonly progress: ImportProgress }): Promise<void> {
    const arriving = new ImportSession(this.gateway.studio, projectName(project));
    this.#import = arriving;
    this.#isOpening = false;
    if (await arriving.join(progress)) await this.#show(project);
    this.#import = null;
  }

  #connect(connection: Connection): void {
    this.#connection = connection;
    if (connection === 'lost') this.#wasLost = true;
    if (connection !== 'connected' || !this.#wasLost) return;
    this.#wasLost = false;
    void this.#takeUp(this.#isOpening ? readPlace() : null);
    void this.native.refresh();
    // A preflight that was waiting for its settings or its prediction asks again.
    if (this.#project && !this.#project.run) void this.#project.prepare();
  }

  #adaptToNative(): void {
    this.#project?.adapt(this.native.status?.installed != null);
    void this.examineMachine();
  }

  async #hear(event: StudioEvent): Promise<void> {
    if (event.kind === 'native') this.native.hear(event.progress);
    if (event.kind === 'importing') this.#import?.hear(event.progress);
    if (event.kind === 'notice' && event.about === 'studio') this.notices.tell('window', bare(event));
    if (event.kind !== 'run' && event.kind !== 'executor' && event.kind !== 'finished' && event.kind !== 'failed') return;
    const known = this.#activeRun?.dir === event.dir ? this.#activeRun : null;
    if (event.kind === 'executor') {
      if (known) this.#activeRun = { ...known, executor: event.executor };
      return;
    }
    if (event.kind === 'run' && !restingStates.includes(event.state)) {
      if (known) this.#activeRun = { ...known, state: event.state, step: event.step, epoch: event.epoch };
      else await this.#meet();
    } else if (known) this.#activeRun = null;
  }

  /** A run has begun, here or in another window. */
  async #meet(): Promise<void> {
    const status = await answered(this.gateway.studio.status());
    const run = status.ok ? status.value.run : null;
    const isNew = run !== null && run.dir !== this.#activeRun?.dir;
    this.#activeRun = run;
    if (!isNew || this.#isOpening || this.#import || this.#project?.isStarting) return;
    if (!this.#project) await this.#show(run.project, { run: run.dir });
    else if (this.#project.dir === run.project && !this.#project.run) await this.#project.openRun(run.dir);
  }
}

const freshChoice = { size: 'auto', channels: 'auto', seed: 0 } as const;
/** Names of the projects that the samples are imported into. */
const sampleProjects: Readonly<Record<SampleName, string>> = { mnist: 'digits', shapes: 'shapes', emoji: 'emoji' };
