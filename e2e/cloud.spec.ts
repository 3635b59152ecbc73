import { expect, test as base, type Page } from '@playwright/test';
import { build, type Rolldown } from 'vite';
import type { CameraPose } from '../shared/camera.js';

/** What the page of the playground hands out, as far as it is used here. */
interface CloudPage {
  readonly drawn: number;
  readonly frames: number;
  readonly context: readonly string[];
  readonly camera: CameraPose | null;
  form(formed: number): void;
  readonly scene: {
    isolate(labels: ReadonlySet<number> | null): void;
    home(): void;
    dispose(): void;
    readonly points: { readonly t: number; readonly to: Float32Array };
    readonly picker: { pick(x: number, y: number, reach: number): number | null; screen(): Float32Array };
    readonly stage: {
      setPose(pose: CameraPose | null): void;
      readonly scene: unknown;
      readonly camera: unknown;
      readonly renderer: {
        render(scene: unknown, camera: unknown): void;
        getContext(): WebGL2RenderingContext;
        readonly info: { readonly memory: { readonly geometries: number; readonly textures: number } };
      };
    };
  };
}
declare global {
  interface Window {
    cloudPage: CloudPage;
    scheduled: number;
  }
}

const origin = 'http://playground.test';

/** The playground's cloud, built in memory and served without a server. */
const test = base.extend<{ cloud: Page }, { files: ReadonlyMap<string, string | Uint8Array> }>({
  files: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what a fixture needs
    async ({}, use) => {
      const root = new URL('../renderer/playground/', import.meta.url).pathname;
      const built = (await build({ configFile: false, root, base: './', logLevel: 'error', build: { write: false, rolldownOptions: { input: `${root}cloud.html` } } })) as Rolldown.RolldownOutput;
      await use(new Map(built.output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source])));
    },
    { scope: 'worker' },
  ],
  cloud: async ({ page, files }, use) => {
    const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
    await page.route(`${origin}/**`, (route) => {
      const path = new URL(route.request().url()).pathname;
      const body = files.get(path);
      return route.fulfill(body === undefined ? { status: 404 } : { body: Buffer.from(body), contentType: types[path.split('.').at(-1)!] ?? 'application/octet-stream' });
    });
    // Everything that a page can have run later, counted.
    await page.addInitScript(() => {
      window.scheduled = 0;
      const { requestAnimationFrame, setTimeout, setInterval } = window;
      window.requestAnimationFrame = (callback) => (window.scheduled++, requestAnimationFrame(callback));
      window.setTimeout = ((...given: Parameters<typeof setTimeout>) => (window.scheduled++, setTimeout(...given))) as typeof setTimeout;
      window.setInterval = ((...given: Parameters<typeof setInterval>) => (window.scheduled++, setInterval(...given))) as typeof setInterval;
    });
    await page.setViewportSize({ width: 640, height: 400 });
    await page.goto(`${origin}/cloud.html?count=3000`);
    await page.waitForFunction(() => window.cloudPage?.frames > 0);
    await settled(page);
    await use(page);
  },
});

/** Waits until nothing has been drawn for a while. */
async function settled(page: Page): Promise<void> {
  let before = -1;
  await expect(async () => {
    const frames = await page.evaluate(() => window.cloudPage.frames);
    const isStill = frames === before;
    before = frames;
    expect(isStill).toBe(true);
  }).toPass({ intervals: [250] });
}

/** Draws and reads the canvas, RGBA from the lower left corner. */
async function pixels(page: Page): Promise<Buffer> {
  const text = await page.evaluate(() => {
    const { renderer, scene, camera } = window.cloudPage.scene.stage;
    renderer.render(scene, camera);
    const gl = renderer.getContext();
    const read = new Uint8Array(gl.drawingBufferWidth * gl.drawingBufferHeight * 4);
    gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, read);
    let text = '';
    for (let at = 0; at < read.length; at += 4096) text += String.fromCharCode(...read.subarray(at, at + 4096));
    return btoa(text);
  });
  return Buffer.from(text, 'base64');
}

/** Pixels that are a mixture of the canvas and a class's colour: points of that class near or far, and their edges. Greys are the floor. */
async function countByHue(page: Page): Promise<{ own: number; foreign: number }> {
  const [canvas, own] = await page.evaluate(() => {
    const styles = getComputedStyle(document.documentElement);
    return ['--bg-canvas', '--class-3'].map((token) => {
      const hex = styles.getPropertyValue(token).trim();
      return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
    });
  });
  const read = await pixels(page);
  const count = { own: 0, foreign: 0 };
  for (let at = 0; at < read.length; at += 4) {
    const colour = [0, 1, 2].map((i) => read[at + i]!);
    if (Math.max(...colour) - Math.min(...colour) < 16) continue;
    const part = colour.reduce((sum, value, i) => sum + (value - canvas![i]!) * (own![i]! - canvas![i]!), 0) / own!.reduce((sum, value, i) => sum + (value - canvas![i]!) ** 2, 0);
    const away = Math.hypot(...colour.map((value, i) => value - canvas![i]! - part * (own![i]! - canvas![i]!)));
    if (away < 10) count.own++;
    else count.foreign++;
  }
  return count;
}

test('an isolated class is alone on the screen, and all come back', async ({ cloud }) => {
  const all = await countByHue(cloud);
  expect(all.foreign).toBeGreaterThan(1000);
  await cloud.evaluate(() => window.cloudPage.scene.isolate(new Set([3])));
  await settled(cloud);
  const alone = await countByHue(cloud);
  expect(alone.own).toBeGreaterThan(200);
  expect(alone.foreign).toBe(0);
  expect(await cloud.evaluate(() => window.cloudPage.drawn)).toBeLessThan(3000);
  await cloud.evaluate(() => window.cloudPage.scene.isolate(null));
  await settled(cloud);
  expect(await countByHue(cloud)).toEqual(all);
});

test('newer frames are written into the buffers that are there', async ({ cloud }) => {
  const calls = await cloud.evaluate(async () => {
    const gl = window.cloudPage.scene.stage.renderer.getContext();
    const calls = { made: 0, written: 0 };
    const { bufferData, bufferSubData } = gl;
    gl.bufferData = (...given: unknown[]) => (calls.made++, Reflect.apply(bufferData, gl, given));
    gl.bufferSubData = (...given: unknown[]) => (calls.written++, Reflect.apply(bufferSubData, gl, given));
    for (const formed of [0.2, 0.5, 0.8]) {
      window.cloudPage.form(formed);
      await new Promise((resolve) => setTimeout(resolve, 800));
    }
    return calls;
  });
  // One buffer of positions a frame; nothing else has changed.
  expect(calls).toEqual({ made: 0, written: 3 });
});

test('of the frames that come while the points are moving the last is shown', async ({ cloud }) => {
  const places = (): Promise<number[]> => cloud.evaluate(() => Array.from(window.cloudPage.scene.points.to.subarray(0, 300)));
  await cloud.evaluate(() => [0.1, 0.3, 0.6, 0].forEach((formed) => window.cloudPage.form(formed)));
  await settled(cloud);
  const reached = await places();
  expect(await cloud.evaluate(() => window.cloudPage.scene.points.t)).toBe(1);
  // Moving there once more changes nothing.
  await cloud.evaluate(() => window.cloudPage.form(0));
  await settled(cloud);
  expect(await places()).toEqual(reached);
});

test('nothing is drawn and nothing is waited for while nothing happens', async ({ cloud }) => {
  const before = await cloud.evaluate(() => ({ scheduled: window.scheduled, frames: window.cloudPage.frames }));
  await cloud.waitForTimeout(1500);
  expect(await cloud.evaluate(() => ({ scheduled: window.scheduled, frames: window.cloudPage.frames }))).toEqual(before);
});

test('a drag turns the camera, which comes to rest; the home view is the one it began with, and where it was is found again', async ({ cloud }) => {
  const first = await pixels(cloud);
  /** What part of the values differs from those of a picture, by more than an edge that fell elsewhere. */
  const awayFrom = async (picture: Buffer): Promise<number> => (await pixels(cloud)).filter((value, at) => Math.abs(value - picture[at]!) > 32).length / picture.length;
  const frames = await cloud.evaluate(() => window.cloudPage.frames);
  await cloud.mouse.move(200, 200);
  await cloud.mouse.down();
  await cloud.mouse.move(300, 220, { steps: 5 });
  await cloud.mouse.up();
  await settled(cloud);
  expect(await cloud.evaluate(() => window.cloudPage.frames)).toBeGreaterThan(frames);
  const turned = await pixels(cloud);
  const pose = await cloud.evaluate(() => window.cloudPage.camera);
  expect(await awayFrom(first)).toBeGreaterThan(0.01);
  expect(pose).not.toBeNull();
  await cloud.evaluate(() => window.cloudPage.scene.home());
  await settled(cloud);
  expect(await cloud.evaluate(() => window.cloudPage.camera)).toBeNull();
  expect(await awayFrom(first)).toBeLessThan(0.01);
  await cloud.evaluate((pose) => window.cloudPage.scene.stage.setPose(pose), pose);
  await settled(cloud);
  expect(await awayFrom(turned)).toBeLessThan(0.01);
});

test('the point under the pointer is found where it is drawn', async ({ cloud }) => {
  const found = await cloud.evaluate(() => {
    const { picker } = window.cloudPage.scene;
    const screen = picker.screen();
    let agreed = 0;
    for (let item = 0; item < 3000; item += 30) {
      const other = picker.pick(screen[item * 3]!, screen[item * 3 + 1]!, 8);
      // Another point may stand before it.
      if (other === item || (other !== null && screen[other * 3 + 2]! < screen[item * 3 + 2]!)) agreed++;
    }
    return agreed;
  });
  expect(found).toBe(100);
  expect(await cloud.evaluate(() => window.cloudPage.scene.picker.pick(2, 2, 8))).toBeNull();
});

test('a lost context is survived: the same picture is drawn once it is back', async ({ cloud }) => {
  const before = await pixels(cloud);
  await cloud.evaluate(async () => {
    const loser = window.cloudPage.scene.stage.renderer.getContext().getExtension('WEBGL_lose_context')!;
    loser.loseContext();
    await new Promise((resolve) => setTimeout(resolve, 100));
    loser.restoreContext();
  });
  await expect.poll(() => cloud.evaluate(() => window.cloudPage.context)).toEqual(['lost', 'restored']);
  await settled(cloud);
  expect((await pixels(cloud)).equals(before)).toBe(true);
});

test('what the graphics card held is let go with the scene, and nothing is drawn any more', async ({ cloud }) => {
  const memory = (): Promise<{ geometries: number; textures: number }> => cloud.evaluate(() => ({ ...window.cloudPage.scene.stage.renderer.info.memory }));
  expect((await memory()).geometries).toBeGreaterThan(0);
  await cloud.evaluate(() => window.cloudPage.scene.dispose());
  expect(await memory()).toEqual({ geometries: 0, textures: 0 });
  const frames = await cloud.evaluate(() => window.cloudPage.frames);
  await cloud.mouse.move(200, 200);
  await cloud.mouse.down();
  await cloud.mouse.move(300, 220, { steps: 3 });
  await cloud.mouse.up();
  expect(await cloud.evaluate(() => window.cloudPage.frames)).toBe(frames);
});
