import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DatasetSource } from '../../shared/dataset.js';
import { failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import { FakeGateway } from '../gateway/FakeGateway.js';
import type { Offer } from '../gateway/Shell.js';
import type { End, LatentEnd } from './ends.js';
import { writeLearning } from './learning.js';
import { writePlace } from './place.js';
import { Session } from './Session.svelte.js';

const settings = { model: 'dense', latent: 8, epochs: 3, batch: 128, beta: 1, rate: 0.001, seed: 0, executor: 'auto' } as const;

/** What the browser keeps for a tab, so that a reload can be played. */
function memoryStorage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) };
}

function offer(paths: readonly string[], more: Partial<Offer> = {}): Offer & { readonly release: ReturnType<typeof vi.fn<() => void>> } {
  const source: DatasetSource = { kind: 'paths', paths };
  return { name: 'leaves', project: null, entries: paths.length, deliver: () => Promise.resolve(ok(source)), ...more, release: vi.fn<() => void>() };
}

let gateway: FakeGateway;
const sessions: Session[] = [];

beforeEach(() => {
  vi.stubGlobal('sessionStorage', memoryStorage());
  gateway = new FakeGateway({ count: 60, pace: 10 });
});
afterEach(async () => {
  await gateway.studio.stopRun();
  for (const session of sessions.splice(0)) session.closeProject();
  vi.unstubAllGlobals();
});

async function open(): Promise<Session> {
  const session = new Session(gateway);
  sessions.push(session);
  await session.begin();
  return session;
}

/** The window as it is after F5: what it was showing is written down, everything else is new. */
async function reload(session: Session): Promise<Session> {
  writePlace(session.place);
  session.closeProject();
  return open();
}

describe('an import', () => {
  it('goes from the first screen by way of the import to the preflight', async () => {
    const session = await open();
    expect(session.stage).toBe('empty');
    const done = session.importOffer(offer(['/leaves']));
    expect(session.stage).toBe('importing');
    await done;
    expect([session.stage, session.project?.name, session.project?.dataset.count]).toEqual(['preflight', 'leaves', 60]);
    await vi.waitFor(() => expect(session.project?.prediction).not.toBeNull());
  });

  it('of nothing usable leads back to the first screen with a sentence, and what was sent is removed', async () => {
    const session = await open();
    const rubbish = offer(['/notes.txt']);
    await session.importOffer(rubbish);
    expect(session.stage).toBe('empty');
    const { failure: refusal } = session.notices.of('window')!;
    expect(session.texts.sayFailure(refusal!)).toBe('Cannot be used: There is no usable image to train on.');
    session.preferences.setLocale('zh-CN');
    expect(session.texts.sayFailure(refusal!)).toBe('数据无法使用：没有可用于训练的图像。');
    session.preferences.setLocale('en');
    expect(rubbish.release).toHaveBeenCalledOnce();
  });

  it('that is cancelled leads back without a word, whether it was being sent or read', async () => {
    const session = await open();
    let deliver!: () => void;
    const slow = offer(['/leaves'], { deliver: () => new Promise((resolve) => (deliver = () => resolve(ok({ kind: 'paths', paths: ['/leaves'] })))) });
    const sending = session.importOffer(slow);
    session.cancelImport();
    deliver();
    await sending;
    expect([session.stage, session.notices.of('window')]).toEqual(['empty', null]);

    const reading = session.importOffer(offer(['/leaves']));
    await vi.waitFor(() => expect(session.import?.progress).toBeTruthy(), { interval: 2 });
    session.cancelImport();
    await reading;
    expect([session.stage, session.notices.of('window')]).toEqual(['empty', null]);
  });

  it('is one at a time: a second one is refused and removed', async () => {
    const session = await open();
    const first = session.importOffer(offer(['/leaves']));
    const second = offer(['/stones'], { name: 'stones' });
    await session.importOffer(second);
    expect(second.release).toHaveBeenCalledOnce();
    await first;
    expect(session.project?.name).toBe('leaves');
  });

  it('into another project leaves the one before open until it has succeeded', async () => {
    const session = await open();
    await session.importOffer(offer(['/leaves']));
    await session.importOffer(offer(['/notes.txt']));
    expect([session.stage, session.project?.name]).toEqual(['preflight', 'leaves']);
  });

  it('that was going on before a reload is shown again, and its project after it', async () => {
    const first = await open();
    const done = first.importSample('shapes');
    await vi.waitFor(async () => expect((await gateway.studio.status()).importing).not.toBeNull());
    const second = new Session(gateway);
    sessions.push(second);
    const begun = second.begin();
    await vi.waitFor(() => expect(second.stage).toBe('importing'));
    await Promise.all([done, begun]);
    expect([second.stage, second.project?.name]).toEqual(['preflight', 'shapes']);
  });

  it('can be cancelled after a reload too, without a word', async () => {
    const first = await open();
    const done = first.importSample('shapes');
    await vi.waitFor(async () => expect((await gateway.studio.status()).importing).not.toBeNull(), { interval: 2 });
    const second = new Session(gateway);
    sessions.push(second);
    const begun = second.begin();
    await vi.waitFor(() => expect(second.stage).toBe('importing'), { interval: 2 });
    second.cancelImport();
    await Promise.all([done, begun]);
    expect([second.stage, second.notices.of('window')]).toEqual(['empty', null]);
  });
});

describe('what is explored in a run', () => {
  it('is there again after a reload: the selected item, its edited latent, both ends, the path, the slider and the camera', async () => {
    const session = await open();
    await session.importOffer(offer(['/leaves']));
    await vi.waitFor(() => expect(session.project?.settings).not.toBeNull());
    await session.project?.train();
    const { cloud, selection, inspector, morph, spec } = session.project!.run!;
    const camera = { target: [0.1, 0, -0.2], azimuth: 2, polar: 1.2, distance: 3 } as const;
    cloud.camera = camera;
    selection.select(4);
    inspector.takeUp(null, new Map([[1, 0.1]]));
    const a: End = { kind: 'latent', latent: new Float32Array(spec.model.latent).fill(0.1), origin: { kind: 'generated', number: 13 } };
    const b: End = { kind: 'item', item: 12 };
    morph.setEnds(a, b);
    morph.setPath('slerp');
    morph.scrub(0.25);
    const { run } = (await reload(session)).project!;
    expect(run!.explored).toMatchObject({ item: 4, place: null, edits: [[1, 0.1]], a, b, path: 'slerp', t: 0.25, camera });
    expect(run!.history.canUndo).toBe(false);
  });

  it('is there again with the place that was looked at; what the run does not have is left out', async () => {
    const session = await open();
    await session.importOffer(offer(['/leaves']));
    await vi.waitFor(() => expect(session.project?.settings).not.toBeNull());
    await session.project?.train();
    const { inspector, morph, spec, project } = session.project!.run!;
    const place: LatentEnd = { kind: 'latent', latent: new Float32Array(spec.model.latent).fill(-0.5), origin: { kind: 'place' } };
    inspector.showPlace(place);
    morph.setEnds({ ...place, latent: new Float32Array(spec.model.latent + 1) }, { kind: 'item', item: project.dataset.count });
    const { run } = (await reload(session)).project!;
    expect(run!.explored).toMatchObject({ item: null, place, edits: [], a: null, b: null });
  });
});

describe('the images of a fresh project', () => {
  it('can be read again in another size, and the settings stay as they were chosen', async () => {
    const session = await open();
    await session.importOffer(offer(['/leaves']));
    await vi.waitFor(() => expect(session.project?.settings).not.toBeNull());
    session.project?.edit({ latent: 5 });
    await session.reimport({ size: 32, channels: 3 });
    await vi.waitFor(() => expect(session.project?.settings?.latent).toBe(5));
    expect(session.request).toMatchObject({ size: 32, channels: 3 });
    expect(session.stage).toBe('preflight');
  });

  it('can be read again after a reload too, and the settings are still as they were chosen', async () => {
    const session = await open();
    await session.importOffer(offer(['/leaves']));
    await vi.waitFor(() => expect(session.project?.settings).not.toBeNull());
    session.project?.edit({ latent: 5 });
    const again = await reload(session);
    expect([again.stage, again.project?.settings?.latent]).toEqual(['preflight', 5]);
    await again.reimport({ size: 32, channels: 3 });
    expect([again.request?.size, again.project?.dataset.format.width]).toEqual([32, 32]);
    await vi.waitFor(() => expect(again.project?.settings?.latent).toBe(5));
  });

  it('come back as they were when reading them again is cancelled', async () => {
    const session = await open();
    await session.importOffer(offer(['/leaves']));
    const again = session.reimport({ size: 64, channels: 1 });
    await vi.waitFor(() => expect(session.import?.progress).toBeTruthy(), { interval: 2 });
    session.cancelImport();
    await again;
    expect([session.stage, session.request?.size]).toEqual(['preflight', 'auto']);
  });

  it('stay, with their settings, when they cannot be read again', async () => {
    const session = await open();
    await session.importOffer(offer(['/leaves']));
    const { project } = session;
    gateway.studio.reimportDataset = async () => err(failure('not-found', '/leaves does not exist.'));
    await session.reimport({ size: 64, channels: 1 });
    expect([session.stage, session.project, session.request?.size]).toEqual(['preflight', project, 'auto']);
    expect(session.notices.of('window')!.sentence.message).toBe('/leaves does not exist.');
  });

  it('are let go by discarding, which leads back to what was open before', async () => {
    const session = await open();
    const project = gateway.studio.addProject('old');
    gateway.studio.addRun(project, settings).complete();
    await session.openProject(project.dir);
    const leaves = offer(['/leaves']);
    await session.importOffer(leaves);
    const { dir } = session.project!;
    await session.discard();
    expect([session.stage, session.project?.name]).toEqual(['studio', 'old']);
    expect(leaves.release).toHaveBeenCalledOnce();
    expect((await gateway.studio.openProject(dir)).ok).toBe(false);
  });
});

describe('a project', () => {
  it('that is dropped is opened, not imported', async () => {
    const session = await open();
    const { dir } = gateway.studio.addProject('old');
    await session.importOffer(offer([dir], { project: dir }));
    expect([session.stage, session.project?.dir]).toEqual(['preflight', dir]);
  });

  it('that cannot be opened leaves the one that is open', async () => {
    const session = await open();
    const { dir } = gateway.studio.addProject('old');
    await session.openProject(dir);
    await session.openProject('/nowhere.morphoscope');
    expect([session.project?.dir, session.notices.of('window')?.kind]).toEqual([dir, 'error']);
  });

  it('keeps its run when a new one is prepared, and shows it again when that is given up', async () => {
    const session = await open();
    const project = gateway.studio.addProject('old');
    const run = gateway.studio.addRun(project, settings);
    run.complete();
    await session.openProject(project.dir);
    await session.project?.prepare();
    expect(session.stage).toBe('preflight');
    await session.discard();
    expect([session.stage, session.project?.run?.dir]).toEqual(['studio', run.dir]);
  });
});

describe('a run', () => {
  it('is shown as soon as it is started, and is the active one until it ends', async () => {
    const session = await open();
    await session.importOffer(offer(['/leaves']));
    await vi.waitFor(() => expect(session.project?.settings).not.toBeNull());
    await session.project?.train();
    expect(session.stage).toBe('studio');
    await vi.waitFor(() => expect(session.activeRun?.dir).toBe(session.project?.run?.dir));
    await gateway.studio.stopRun();
    await vi.waitFor(() => expect(session.activeRun).toBeNull());
    expect(session.stage).toBe('studio');
  });

  it('that cannot be started leaves the settings with a sentence', async () => {
    const busy = gateway.studio.addProject('old');
    void gateway.studio.addRun(busy, { ...settings, epochs: 1000 }).start();
    const { dir } = gateway.studio.addProject('new');
    const session = await open();
    await session.openProject(dir);
    await vi.waitFor(() => expect(session.project?.settings).not.toBeNull());
    await session.project?.train();
    expect([session.stage, session.notices.of('training')?.failure?.code]).toEqual(['preflight', 'busy']);
  });

  it('is found again by a window that is reloaded, and by one that was not there when it began', async () => {
    const project = gateway.studio.addProject('old');
    gateway.studio.addRun(project, settings).complete();
    const first = await open();
    await first.openProject(project.dir);
    const run = gateway.studio.addRun(project, { ...settings, epochs: 1000 });
    void run.start();
    expect((await reload(first)).project?.run?.dir).toBe(project.runs[0]?.dir);
    writePlace(null);
    expect((await open()).project?.run?.dir).toBe(run.dir);
  });

  it('that is started in another window is opened by one that shows nothing else', async () => {
    const session = await open();
    const run = gateway.studio.addRun(gateway.studio.addProject('old'), { ...settings, epochs: 1000 });
    void run.start();
    await vi.waitFor(() => expect(session.project?.run?.dir).toBe(run.dir));
  });
});

describe('the native backend', () => {
  it('is predicted with once it is there, and not asked for once it is gone', async () => {
    const session = await open();
    await session.openProject(gateway.studio.addProject('new').dir);
    await vi.waitFor(() => expect(session.project?.prediction?.spec.executor).toBe('onnx'));
    await session.native.install();
    await vi.waitFor(() => expect(session.project?.prediction?.executors.map(({ executor }) => executor)).toEqual(['tensorflow', 'onnx']));
    await vi.waitFor(() => expect(session.machine?.native.installed).not.toBeNull());
    session.project?.edit({ executor: 'tensorflow' });
    await session.native.remove();
    expect(session.project?.settings?.executor).toBe('auto');
    await vi.waitFor(() => expect(session.project?.prediction?.spec.executor).toBe('onnx'));
  });

  it('is no longer in use by a run that has fallen back from it', async () => {
    gateway.studio.native.complete();
    const run = gateway.studio.addRun(gateway.studio.addProject('old'), { ...settings, epochs: 1000 });
    void run.start();
    const session = await open();
    await vi.waitFor(() => expect(session.activeRun?.executor).toBe('tensorflow'));
    run.fallBack('The executor tensorflow has failed.');
    expect(session.activeRun?.executor).toBe('onnx');
  });
});

describe('a run that did not fit into memory', () => {
  it('is trained again with fewer images a step and all else as it was', async () => {
    const project = gateway.studio.addProject('old');
    const run = gateway.studio.addRun(project, { ...settings, epochs: 1000, beta: 2, seed: 5 });
    void run.start();
    const session = await open();
    await vi.waitFor(() => expect(session.project?.run?.state).toBe('running'));
    run.runOutOfMemory();
    await session.project!.trainAgain(session.project!.run!, session.project!.run!.remedy!.batch);
    expect(session.project?.run?.dir).not.toBe(run.dir);
    expect(session.project?.run?.spec).toEqual({ ...run.spec, batch: 64 });
  });
});

describe('a lost connection', () => {
  it('keeps what is shown, and asks for what goes on when the studio is back', async () => {
    const session = await open();
    const { dir } = gateway.studio.addProject('old');
    await session.openProject(dir);
    gateway.setConnection('lost');
    expect([session.connection, session.stage]).toEqual(['lost', 'preflight']);
    const asked = vi.spyOn(gateway.studio, 'status');
    gateway.setConnection('connected');
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    expect([session.connection, session.project?.dir]).toEqual(['connected', dir]);
  });
});

describe('the lesson', () => {
  it('is gone to from any stage and left to where one was', async () => {
    const session = await open();
    session.learn();
    expect(session.stage).toBe('learn');
    await session.leaveLesson();
    expect(session.stage).toBe('empty');
    await session.importOffer(offer(['/leaves']));
    session.learn();
    const { lesson, project } = session;
    void lesson!.start(0);
    await vi.waitFor(() => expect(lesson!.frame).not.toBeNull());
    await session.leaveLesson();
    expect([session.stage, session.lesson, session.project]).toEqual(['preflight', null, project]);
    // The studio is rid of it, and measures what the next run would take.
    expect((await gateway.studio.pauseLesson()).ok).toBe(false);
    await vi.waitFor(() => expect(session.project?.prediction).not.toBeNull());
  });

  it('does not disturb the run that is looked at, which is there again after it', async () => {
    const session = await open();
    await session.importOffer(offer(['/leaves']));
    await vi.waitFor(() => expect(session.project?.settings).not.toBeNull());
    await session.project!.train();
    const { run } = session.project!;
    session.learn();
    expect([session.stage, session.project!.run]).toEqual(['learn', run]);
    await session.leaveLesson();
    expect([session.stage, session.project!.run]).toEqual(['studio', run]);
  });

  it('is joined again after a reload, and where none is on the lesson is shown at rest', async () => {
    const first = await open();
    first.learn();
    void first.lesson!.start(4);
    await vi.waitFor(() => expect(first.lesson!.frame).not.toBeNull());
    writeLearning(true);
    const second = await open();
    await vi.waitFor(() => expect(second.lesson?.frame).toBeTruthy());
    expect([second.stage, second.lesson!.stage, second.lesson!.seed]).toEqual(['learn', 'running', 4]);
    await second.leaveLesson();
    expect((await open()).lesson?.stage).toBe('resting');
  });

  it('is about the images that are open: others begin another', async () => {
    const session = await open();
    session.learn();
    const first = session.lesson;
    const done = session.importSample('mnist');
    expect(session.stage).toBe('importing');
    await done;
    expect([session.stage, session.project !== null, session.lesson !== first]).toEqual(['learn', true, true]);
    await session.leaveLesson();
  });
});
