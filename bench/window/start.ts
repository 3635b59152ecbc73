import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from '@playwright/test';
import { AppWindow } from '../../e2e/support/AppWindow.js';
import { median, type Report } from '../figure.js';
import { repository } from '../peer.js';

const rounds = 5;

/** `npm start -- --web` of a built clone, until the first screen can be used; the browser itself is open already. */
export async function benchStart(browser: Browser, report: Report): Promise<void> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const home = mkdtempSync(join(tmpdir(), 'morphoscope-bench-'));
    const page = await browser.newPage();
    const started = performance.now();
    const child = spawn(process.execPath, ['scripts/start.mjs', '--web'], {
      cwd: repository,
      // Without a display nothing opens a browser of its own.
      env: { ...process.env, MORPHOSCOPE_HOME: home, DISPLAY: '', WAYLAND_DISPLAY: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      const hear = (text: string): void => {
        said += text;
        const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+(?=\s)/.exec(said);
        if (found) resolve(found[0]);
      };
      child.stdout.setEncoding('utf8').on('data', hear);
      child.stderr.setEncoding('utf8').on('data', hear);
      child.once('exit', () => reject(new Error(`npm start ended: ${said}`)));
    });
    const app = new AppWindow(page);
    await app.open(url);
    await app.button(app.m.empty.choose).click({ trial: true });
    seconds.push((performance.now() - started) / 1000);
    await page.close();
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    await ended;
    rmSync(home, { recursive: true, force: true });
  }
  const value = median(seconds);
  report({ bench: 'window-start', seconds: value, atMost: 2 }, `npm start of a built clone to the first screen: ${value.toFixed(2)} s (at most 2)`);
}

/** Everything that the window may load, compressed as a server would. */
export function benchBundle(report: Report): void {
  const folder = join(repository, 'dist', 'renderer');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /\.(js|css|html)$/.test(entry.name));
  const bytes = files.reduce((sum, { parentPath, name }) => sum + gzipSync(readFileSync(join(parentPath, name))).byteLength, 0);
  report({ bench: 'window-bundle', kilobytes: bytes / 1000, atMost: 600 }, `Renderer bundle, gzip: ${Math.round(bytes / 1000)} kB (at most 600)`);
}
