import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { electronInPage } from './electronInPage.js';
import { endAtOnce } from './processes.js';
import { repository } from './StudioServer.js';

/** What the stand-in can be told to do (main/shells/electron/testing/standInProgram.ts). */
type Steering =
  | { readonly kind: 'choose'; readonly paths: readonly string[] | null }
  | { readonly kind: 'menu'; readonly command: string }
  | { readonly kind: 'startAgain'; readonly paths: readonly string[] }
  | { readonly kind: 'killStudio' };

/** The desktop program on the stand-in for Electron, with the real studio behind it, in a process of its own. */
export class DesktopShell {
  readonly #process: ChildProcess;
  /** How often the page has got a port to the studio. */
  #joined = 0;

  private constructor(
    process: ChildProcess,
    readonly url: string,
  ) {
    this.#process = process;
    process.on('message', () => this.#joined++);
  }

  /**
   * @param home the user's projects folder
   * @param cache the user's cache folder
   */
  static async start(home: string, cache: string): Promise<DesktopShell> {
    const program = join(repository, 'dist', 'main', 'shells', 'electron', 'testing', 'standInProgram.js');
    const child = fork(program, { env: { ...process.env, MORPHOSCOPE_HOME: home, MORPHOSCOPE_CACHE: cache, XDG_DATA_HOME: home }, execArgv: [] });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new DesktopShell(child, `http://127.0.0.1:${port}/`);
  }

  /** Lets the page be the window of the program: the built preload runs in it before its own scripts. */
  async prepare(page: Page): Promise<void> {
    const preload = readFileSync(join(repository, 'dist', 'preload', 'preload.cjs'), 'utf8');
    await page.addInitScript({ content: `(${electronInPage.toString()})((require, process) => {\n${preload}\n});` });
  }

  steer(steering: Steering): void {
    this.#process.send(steering);
  }

  /** Ends the studio as a crash would; resolves when the page has a way to the next one. */
  async killStudio(): Promise<void> {
    const joined = this.#joined;
    this.steer({ kind: 'killStudio' });
    while (this.#joined === joined) await once(this.#process, 'message');
  }

  dispose(): Promise<void> {
    return endAtOnce(this.#process);
  }
}
