import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bridgeChannels as channels } from '../../../shared/contract/bridge.js';
import { EventReceiver } from '../../../shared/contract/events.js';
import type { EventListenerApi } from '../../../shared/contract/events.js';
import { connect } from '../../../shared/contract/rpc.js';
import type { Peer } from '../../../shared/contract/rpc.js';
import { studioEvent } from '../../../shared/contract/schemas.js';
import type { StudioEvent } from '../../../shared/contract/studio.js';
import { ElectronProcessHost } from '../../processes/ElectronProcessHost.js';
import type { StudioProcessApi } from '../../processes/StudioClients.js';
import { patience, settings, shapes, valueOf } from '../../processes/testSupport/StudioFixture.js';
import { DesktopApp } from './DesktopApp.js';
import { StudioPorts } from './StudioPorts.js';
import { DesktopStandIn } from './testing/desktopStandIn.js';

/** The real studio, importer and trainer behind the stand-in's ports. */
let electron: DesktopStandIn;
let folder: string;
let project: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'desktop-'));
  project = join(folder, 'a.morphoscope');
  electron = new DesktopStandIn();
  const studio = new StudioPorts(electron, new ElectronProcessHost(electron, { log: () => undefined }));
  const desktop = new DesktopApp(electron, { renderer: folder, preload: '', platform: 'linux', argv: ['electron', '.'], studio });
  const begun = desktop.begin();
  electron.app.becomeReady();
  await begun;
});
afterEach(async () => {
  await quit();
  rmSync(folder, { recursive: true });
});

async function quit(): Promise<void> {
  electron.app.quit();
  await expect.poll(() => electron.app.ended, patience).toMatchObject({ status: 0 });
}

/** What the page does with the port that it asks for. */
async function joinStudio(): Promise<{ peer: Peer<StudioProcessApi>; events: StudioEvent[] }> {
  const { length } = electron.page.ports;
  await electron.invoke(channels.connect);
  await expect.poll(() => electron.page.ports.length, patience).toBe(length + 1);
  const events: StudioEvent[] = [];
  const receiver = new EventReceiver<StudioEvent>(studioEvent, () => peer.send);
  const peer: Peer<StudioProcessApi> = connect<EventListenerApi, StudioProcessApi>(electron.transport, receiver.handlers);
  receiver.listen((event) => void events.push(event));
  return { peer, events };
}

test('a window reaches the studio by a port of its own, and what is dropped by path is imported', async () => {
  const { peer, events } = await joinStudio();
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures);
  for (let i = 0; i < 12; i++) {
    await sharp({ create: { width: 40, height: 30, channels: 3, background: { r: 20 * i, g: 90, b: 40 } } }).png().toFile(join(pictures, `${i}.png`));
  }
  const request = { source: { kind: 'paths', paths: [pictures] }, size: 28, channels: 'auto', seed: 0 } as const;
  expect(valueOf(await peer.calls.importDataset(project, request))).toMatchObject({ count: 12, format: { width: 28, height: 28, channels: 3 } });
  expect(events.some(({ kind }) => kind === 'importing')).toBe(true);
});

test('two windows, or one after a reload, hear of the same run', async () => {
  const [first, second] = [await joinStudio(), await joinStudio()];
  valueOf(await first.peer.calls.importDataset(project, shapes));
  const { dir } = valueOf(await first.peer.calls.startRun(project, { ...settings, epochs: 3 }));
  for (const { events } of [first, second]) {
    await expect.poll(() => events.find(({ kind }) => kind === 'finished'), patience).toMatchObject({ dir, state: 'finished' });
  }
});

// That a run goes on meanwhile is shown with real processes (main/processes/studioService.test.ts): the stand-in's threads share the
// process whose number is in the project's lock.
test('a studio that dies closes the port, and the next one leads to the new studio', async () => {
  const lost = await joinStudio();
  valueOf(await lost.peer.calls.importDataset(project, shapes));
  const gone = new Promise((resolve) => lost.peer.transport.onClose(resolve));
  electron.forked.find(({ name }) => name.startsWith('studio'))!.child.kill();
  expect(await gone).toEqual({ kind: 'gone' });
  await expect(lost.peer.calls.status()).rejects.toMatchObject({ name: 'PeerGone' });
  const found = await joinStudio();
  expect(valueOf(await found.peer.calls.openProject(project)).dir).toBe(project);
  expect(electron.forked.map(({ name }) => name.replace(/-.*/, '')).filter((name) => name === 'studio')).toHaveLength(2);
});

test('a studio that dies again and again is given up, and the person is asked what to do', async () => {
  electron.pressed = 1;
  for (let deaths = 1; deaths <= 3; deaths++) {
    const { peer } = await joinStudio();
    const gone = new Promise((resolve) => peer.transport.onClose(resolve));
    electron.forked.findLast(({ name }) => name.startsWith('studio'))!.child.kill();
    await gone;
  }
  await electron.invoke(channels.connect);
  await expect.poll(() => electron.app.ended, patience).toEqual({ status: 0, relaunch: null });
  expect(electron.asked).toMatchObject([{ message: 'Morphoscope cannot go on.' }]);
});

test('quitting with a run in progress stops it with a checkpoint before the program ends', async () => {
  const { peer, events } = await joinStudio();
  valueOf(await peer.calls.importDataset(project, shapes));
  const { dir } = valueOf(await peer.calls.startRun(project, settings));
  await expect.poll(() => events.some(({ kind }) => kind === 'metrics'), patience).toBe(true);
  await quit();
  const file = JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')) as { state: string; step: number };
  expect(file.state).toBe('stopped');
  expect(file.step).toBeGreaterThan(0);
  expect(readdirSync(join(dir, 'checkpoints'))).not.toEqual([]);
});
