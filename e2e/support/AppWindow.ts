import type { Page } from '@playwright/test';

/** The window as a person meets it: by roles, names and what is said. */
export class AppWindow {
  constructor(readonly page: Page) {}

  async open(url: string): Promise<void> {
    await this.page.goto(url);
  }
}
