import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bridgeChannels as channels } from '../../../shared/contract/bridge.js';
import { failure, FailureError } from '../../../shared/failure.js';
import { CancellableStandIn, ContentsStandIn, DesktopStandIn } from './testing/desktopStandIn.js';
import { DesktopApp } from './DesktopApp.js';
import type { DesktopOptions, StudioAccess } from './DesktopApp.js';

let folder: string;
let electron: DesktopStandIn;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'desktop-'));
  electron = new DesktopStandIn();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** A studio that is there at once and hands out ports that lead nowhere. */
function studio(changes: Partial<StudioAccess> = {}): StudioAccess {
  return { begin: () => Promise.resolve(), open: () => Promise.resolve(new electron.MessageChannelMain().port1), end: () => Promise.resolve(), ...changes };
}

function app(changes: Partial<DesktopOptions> = {}): DesktopApp {
  return new DesktopApp(electron, { renderer: folder, preload: '/p/preload.cjs', platform: 'linux', argv: ['electron', '.'], studio: studio(), ...changes });
}

async function ready(changes: Partial<DesktopOptions> = {}): Promise<DesktopApp> {
  const desktop = app(changes);
  const begun = desktop.begin();
  electron.app.becomeReady();
  await begun;
  return desktop;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('its scheme is privileged before Electron is ready, its window opens after that and is shown when there is something to see', async () => {
  const desktop = app();
  const begun = desktop.begin();
  expect(electron.schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
  expect([desktop.state, electron.windows.length]).toEqual(['starting', 0]);
  electron.app.becomeReady();
  await begun;
  expect([desktop.state, electron.window.url, electron.window.isShown]).toEqual(['ready', 'app://morphoscope/', false]);
  electron.window.emit('ready-to-show');
  expect(electron.window.isShown).toBe(true);
});

test('the window has no Node, is sandboxed and isolated, and remembers its place', async () => {
  await ready();
  const { webPreferences, ...options } = electron.window.options;
  expect(webPreferences).toMatchObject({
    preload: '/p/preload.cjs', sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false,
    webSecurity: true, webviewTag: false, navigateOnDragDrop: false, spellcheck: false,
  });
  expect(options).toMatchObject({ name: 'main', windowStatePersistence: true });
});

test('developer tools are not part of a packaged program', async () => {
  electron.app.isPackaged = true;
  await ready({ argv: ['morphoscope'] });
  expect(electron.window.options.webPreferences?.devTools).toBe(false);
  expect(electron.menu?.items.some(({ role }) => role === 'toggleDevTools')).toBe(false);
});

test('permissions, devices, new windows, web views and every other page are denied; copying is not', async () => {
  await ready();
  const { session, openHandler } = electron.page;
  for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fileSystem', 'hid']) {
    const answer = vi.fn();
    session.request!(electron.page, permission, answer);
    expect(answer).toHaveBeenCalledWith(false);
    expect(session.check!(electron.page, permission)).toBe(false);
  }
  expect(session.check!(electron.page, 'clipboard-sanitized-write')).toBe(true);
  expect(session.device!()).toBe(false);
  expect(openHandler!()).toEqual({ action: 'deny' });
  for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
    for (const url of ['https://example.org/', 'file:///etc/passwd', 'app://other/', 'app://morphoscope/assets/a.js', 'javascript:0']) {
      const attempt = new CancellableStandIn(url);
      electron.page.emit(event, attempt);
      expect(attempt.prevented, `${event} ${url}`).toBe(true);
    }
    const itself = new CancellableStandIn('app://morphoscope/');
    electron.page.emit(event, itself);
    expect(itself.prevented).toBe(false);
  }
  const view = new CancellableStandIn();
  electron.page.emit('will-attach-webview', view);
  expect(view.prevented).toBe(true);
});

test('only the page of the present window is answered, and only when it says what it means', async () => {
  await ready();
  const stranger = { senderFrame: { url: 'https://example.org/', parent: null } };
  const frame = { senderFrame: { url: 'app://morphoscope/', parent: {} } };
  for (const event of [stranger, frame, { senderFrame: null }, { sender: new ContentsStandIn() }]) {
    await expect(electron.invoke(channels.chooseImages, [], event)).rejects.toThrow('stranger');
  }
  await expect(electron.invoke(channels.setAppearance, [{ locale: 'xx', theme: 'dark' }])).rejects.toThrow();
  await expect(electron.invoke(channels.setAppearance, [{ locale: 'en', theme: 'dark', more: 1 }])).rejects.toThrow();
  await expect(electron.invoke(channels.setEnabledCommands, [['train', 'format disk']])).rejects.toThrow();
  await expect(electron.invoke(channels.editText, ['paste'])).rejects.toThrow();
  await expect(electron.invoke(channels.connect, [1])).rejects.toThrow();
  expect([electron.asked, electron.page.done]).toEqual([[], []]);
});

test('each request for a connection is answered with a port of its own', async () => {
  await ready();
  await electron.invoke(channels.connect);
  await electron.invoke(channels.connect);
  await expect.poll(() => new Set(electron.page.ports).size).toBe(2);
  for (const port of electron.page.ports) port.close();
});

test('a chosen command reaches the window, and the menu follows what it can do and its language', async () => {
  await ready();
  const item = (id: string) => electron.menu!.getMenuItemById(id)!;
  expect([item('train').label, item('train').enabled]).toEqual(['Train', false]);
  await electron.invoke(channels.setEnabledCommands, [['train', 'keys']]);
  expect([item('train').enabled, item('stop').enabled, item('keys').enabled]).toEqual([true, false, true]);
  item('train').click!({} as never, undefined, {} as never);
  expect(electron.page.sent).toEqual([{ channel: channels.command, args: ['train'] }]);
  await electron.invoke(channels.setAppearance, [{ locale: 'zh-CN', theme: 'light' }]);
  expect(electron.menu!.template.map(({ label }) => label)).toContain('文件');
  expect([item('train').enabled, item('stop').enabled, electron.nativeTheme.themeSource]).toEqual([true, false, 'light']);
});

test('a text field is edited by the window itself', async () => {
  await ready();
  for (const edit of ['undo', 'redo', 'copy']) await electron.invoke(channels.editText, [edit]);
  expect(electron.page.done).toEqual(['undo', 'redo', 'copy']);
});

test('dialogs open where the last one ended, and cancelling chooses nothing', async () => {
  await ready();
  expect(await electron.invoke(channels.chooseImages)).toEqual([]);
  expect(await electron.invoke(channels.chooseProject)).toBeNull();
  electron.chosen = ['/photos/summer', '/photos/winter'];
  expect(await electron.invoke(channels.chooseImages)).toEqual(electron.chosen);
  electron.chosen = ['/home/ada/a.morphoscope'];
  expect(await electron.invoke(channels.chooseProject)).toBe('/home/ada/a.morphoscope');
  await electron.invoke(channels.chooseImages);
  await electron.invoke(channels.chooseProject);
  expect(electron.asked.map((options) => ('defaultPath' in options ? options.defaultPath : null))).toEqual(['/pictures', '/home', '/pictures', '/home', '/photos', '/home/ada']);
});

test('what a start names is told to the window once it listens, and nothing but what is there', async () => {
  const project = join(folder, 'digits.morphoscope');
  mkdirSync(project);
  await ready({ argv: ['electron', '.', '--no-sandbox', project, join(folder, 'missing')] });
  expect(electron.page.sent).toEqual([]);
  await electron.invoke(channels.listensToOpen);
  expect(electron.page.sent).toEqual([{ channel: channels.open, args: [[project]] }]);
  electron.app.emit('second-instance', {}, ['electron', '.', 'digits.morphoscope'], folder);
  const event = new CancellableStandIn();
  electron.app.emit('open-file', event, project);
  expect(event.prevented).toBe(true);
  expect(electron.page.sent.slice(1)).toEqual([{ channel: channels.open, args: [[project]] }, { channel: channels.open, args: [[project]] }]);
});

test('a second start ends at once, and brings the window of the first forward', async () => {
  electron.app.isFirst = false;
  await app().begin();
  expect([electron.app.ended, electron.windows]).toMatchObject([{ status: 0 }, []]);
  electron = new DesktopStandIn();
  await ready();
  electron.window.minimized = true;
  electron.app.emit('second-instance', {}, ['electron', '.'], '/');
  expect([electron.window.minimized, electron.window.isFocused]).toEqual([false, true]);
});

test('a page whose process dies is loaded again; one that does so again and again only when the person wants it', async () => {
  await ready();
  const crash = (reason = 'crashed'): boolean => electron.page.emit('render-process-gone', {}, { reason, exitCode: 5 });
  crash('clean-exit');
  expect(electron.page.done).toEqual([]);
  crash();
  crash('oom');
  expect([electron.page.done.length, electron.asked.length]).toEqual([2, 0]);
  crash();
  await settled();
  expect([electron.page.done.length, electron.asked.length]).toEqual([3, 1]);
  electron.pressed = 1;
  for (let i = 0; i < 3; i++) crash();
  await expect.poll(() => electron.app.ended).not.toBeNull();
});

test('crashes that lie far apart do not add up', async () => {
  vi.useFakeTimers();
  const desktop = app();
  const begun = desktop.begin();
  electron.app.becomeReady();
  await begun;
  for (let i = 0; i < 6; i++) {
    electron.page.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    vi.advanceTimersByTime(31_000);
  }
  expect([electron.page.done.length, electron.asked.length]).toEqual([6, 0]);
});

test('after a reload, what is opened waits for the new page to listen', async () => {
  await ready();
  await electron.invoke(channels.listensToOpen);
  electron.page.reload();
  electron.app.emit('open-file', new CancellableStandIn(), '/a.morphoscope');
  expect(electron.page.sent).toEqual([]);
  await electron.invoke(channels.listensToOpen);
  expect(electron.page.sent).toEqual([{ channel: channels.open, args: [['/a.morphoscope']] }]);
});

test('a studio that does not come up is told once, and the person starts again or quits', async () => {
  const lost = (): Promise<never> => Promise.reject(new FailureError(failure('crashed', 'It was the disk.')));
  await ready({ studio: studio({ begin: lost, open: lost }) });
  await electron.invoke(channels.connect);
  await expect.poll(() => electron.app.ended).toEqual({ status: 0, relaunch: ['.'] });
  expect(electron.asked).toMatchObject([{ type: 'error', detail: 'It was the disk.', buttons: ['Start again', 'Quit Morphoscope'] }]);
});

test('quitting waits for the studio with the window out of sight, and a start meanwhile is made up for', async () => {
  let end!: () => void;
  const desktop = await ready({ studio: studio({ end: () => new Promise<void>((resolve) => (end = resolve)) }) });
  electron.window.emit('ready-to-show');
  electron.app.quit();
  electron.app.quit();
  electron.app.emit('second-instance', {}, ['electron', '.', folder], '/');
  await settled();
  expect([desktop.state, electron.window.isShown, electron.app.ended]).toEqual(['quitting', false, null]);
  end();
  await expect.poll(() => electron.app.ended).toEqual({ status: 0, relaunch: ['.', folder] });
});

test('quitting before Electron is ready opens no window', async () => {
  const desktop = app();
  const begun = desktop.begin();
  electron.app.quit();
  electron.app.becomeReady();
  await begun;
  expect([desktop.state, electron.windows]).toEqual(['quitting', []]);
});

test('closing the window quits, but not on a Mac, where it opens again with what was opened meanwhile', async () => {
  await ready();
  electron.window.emit('closed');
  electron.app.emit('window-all-closed');
  await expect.poll(() => electron.app.ended).not.toBeNull();

  electron = new DesktopStandIn();
  await ready({ platform: 'darwin' });
  await electron.invoke(channels.setEnabledCommands, [['train']]);
  electron.window.emit('closed');
  electron.app.emit('window-all-closed');
  expect([electron.app.ended, electron.menu!.getMenuItemById('train')!.enabled]).toEqual([null, false]);
  electron.app.emit('open-file', new CancellableStandIn(), '/a.morphoscope');
  expect(electron.windows).toHaveLength(2);
  await electron.invoke(channels.listensToOpen);
  expect(electron.page.sent).toEqual([{ channel: channels.open, args: [['/a.morphoscope']] }]);
  electron.app.emit('activate');
  expect(electron.windows).toHaveLength(2);
});

test('the window\'s files come with the policy, and nothing else comes', async () => {
  mkdirSync(join(folder, 'window', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'window', 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'window', 'assets', 'a.js'), 'export {}');
  writeFileSync(join(folder, 'secret.js'), 'secret');
  await ready({ renderer: join(folder, 'window') });
  const page = await electron.fetch('app://morphoscope/');
  expect([page.status, await page.text()]).toEqual([200, '<!doctype html>']);
  const headers = Object.fromEntries(page.headers);
  expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  const policy = headers['content-security-policy']!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  for (const weak of ['unsafe-eval', "script-src 'unsafe-inline'", '*', 'http:']) expect(policy).not.toContain(weak);
  const script = await electron.fetch('app://morphoscope/assets/a.js');
  expect([script.headers.get('content-type'), await script.text()]).toEqual(['text/javascript; charset=utf-8', 'export {}']);
  const refused = ['app://other/', 'app://morphoscope/../secret.js', 'app://morphoscope/%2e%2e/secret.js', 'app://morphoscope/..%2fsecret.js', 'app://morphoscope/..%5csecret.js', 'app://morphoscope/assets/', 'app://morphoscope/missing.js'];
  for (const url of refused) expect((await electron.fetch(url)).status, url).toBe(404);
  expect((await electron.fetch('app://morphoscope/', { method: 'POST' })).status).toBe(405);
  expect(readFileSync(join(folder, 'secret.js'), 'utf8')).toBe('secret');
});
