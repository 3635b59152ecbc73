import { expect, type Locator, type Page } from '@playwright/test';
import { catalogues } from '../../shared/messages/catalogues.js';
import type { Catalogue } from '../../shared/messages/catalogue.js';
import { Format } from '../../shared/messages/format.js';

export type Region = keyof Catalogue['frame']['regions'];

/** The window as a person meets it: by roles, names and what is said, in English. */
export class AppWindow {
  readonly m: Catalogue = catalogues.en;
  readonly f = new Format('en');

  constructor(readonly page: Page) {}

  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await expect(this.page.getByRole('contentinfo')).toBeVisible();
  }

  button(name: string, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name, exact: true });
  }

  region(name: Region): Locator {
    return this.page.getByRole('region', { name: this.m.frame.regions[name], exact: true });
  }

  /** Chooses a folder by the browser's dialog; a drop of a folder takes the same way from there on. */
  async chooseFolder(folder: string): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.button(this.m.empty.choose).click();
    await (await chooser).setFiles(folder);
  }

  /** Opens the preflight of a folder and starts to train. */
  async train(folder: string): Promise<void> {
    await this.chooseFolder(folder);
    await this.button(this.m.preflight.train).click({ timeout: 60_000 });
    await expect(this.anyDrawn).toBeVisible({ timeout: 60_000 });
  }

  /** Opens the dialog of the native backend by the window's own menu. */
  async openNative(): Promise<Locator> {
    await this.page.getByRole('menuitem', { name: this.m.menus.run, exact: true }).click();
    await this.page.getByRole('menuitem', { name: this.m.commands.native }).click();
    const dialog = this.page.getByRole('dialog', { name: this.m.native.title });
    await expect(dialog).toBeVisible();
    return dialog;
  }

  /** "n of N drawn", as soon as anything is. */
  get anyDrawn(): Locator {
    return this.region('cloud').getByText(/^[\d,]*[1-9][\d,]* of [\d,]+ drawn$/);
  }

  drawn(count: number, of: number): Locator {
    return this.region('cloud').getByText(`${this.m.cloud.drawnOf(this.f, count, of)} ${this.m.cloud.drawn}`);
  }

  /** Where the points are drawn. */
  get canvas(): Locator {
    return this.region('cloud').getByRole('application');
  }

  /** How the cloud is turned: where its axes lead on the screen. */
  turn(): Promise<readonly (string | null)[]> {
    return this.region('cloud').locator('svg line').evaluateAll((lines) => lines.map((line) => line.getAttribute('x2')));
  }

  /** The epoch that the cloud shows. */
  async epoch(): Promise<number> {
    return this.#number(this.region('cloud').getByText(/^Epoch [\d,]+$/), /([\d,]+)/);
  }

  /** Total loss of the newest epoch, as the chart is read out. */
  async loss(): Promise<number> {
    const chart = this.region('left').getByRole('img', { name: /^Loss by epoch, stacked/ });
    return Number(/total ([\d.]+)/.exec((await chart.getAttribute('aria-label')) ?? '')?.[1]);
  }

  /** Selects an item by its number, through the search. */
  async select(item: number): Promise<void> {
    await this.page.keyboard.press('/');
    await this.page.getByRole('combobox').fill(String(item));
    await this.page.getByRole('option').filter({ hasText: this.m.frame.item(this.f, item) }).click();
    await expect(this.page.getByRole('dialog')).toBeHidden();
  }

  /** The slider of the latent dimension that is used most. */
  get latentSlider(): Locator {
    return this.region('right').getByRole('slider').first();
  }

  get morphSlider(): Locator {
    return this.region('bench').getByRole('slider', { name: this.m.morph.slider });
  }

  /** The large image of the morph. */
  get morphImage(): Locator {
    return this.region('bench').getByRole('img', { name: /^Decoded image at/ });
  }

  async #number(locator: Locator, pattern: RegExp): Promise<number> {
    const text = (await locator.first().textContent()) ?? '';
    return Number(pattern.exec(text)![1]!.replaceAll(',', ''));
  }
}

/** The values of an image that the window has drawn: one byte a pixel, its red. */
export async function pixelsOf(image: Locator): Promise<Uint8Array> {
  const values = await image.evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return Array.from({ length: data.length / 4 }, (_, pixel) => data[4 * pixel]!);
  });
  return Uint8Array.from(values);
}

/** Mean difference of two images, in parts of the whole range. */
export function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length / 255;
}
