import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Config } from '../../server/config.ts';
import { launchBrowser } from './browser.ts';
import { LevelDevice } from './level-device.ts';
import { startServer, type TestServer } from './server.ts';

/** The classes of a level model as pages show them: of a low level, and of a high one. */
export const LEVEL_CLASSES = [
  { label: '0', name: { en: 'Normal', ko: '정상' }, severity: 'normal', symbol: 'circle' },
  { label: '1', name: { en: 'Micro-arcing', ko: '미세 아크' }, severity: 'critical', symbol: 'bolt' },
];

export interface LitPlantOptions {
  /** Writes the models, each into a folder of its name. */
  readonly write: (folder: (name: string) => string) => void;
  readonly channels: Readonly<Record<string, Partial<Config['channels'][string]>>>;
  /** Those of the channels that have a device. */
  readonly lit: readonly string[];
}

/** A server with models, devices whose level a test sets, and a browser. */
export class LitPlant {
  readonly server: TestServer;
  readonly browser: Browser;
  /** In the order of `lit`. */
  readonly lights: readonly LevelDevice[];
  readonly #undo: readonly (() => unknown)[];

  /** Rejects with all undone. */
  static async start({ write, channels, lit }: LitPlantOptions): Promise<LitPlant> {
    const models = mkdtempSync(join(tmpdir(), 'fenestra-models-'));
    const undo: (() => unknown)[] = [() => rmSync(models, { recursive: true })];
    try {
      write((name) => join(models, name));
      const browser = await launchBrowser();
      undo.push(() => browser.close());
      const server = await startServer({ diagnosis: { directory: models }, channels });
      undo.push(() => server.close());
      const lights: LevelDevice[] = [];
      for (const channel of lit) {
        const light = await LevelDevice.open(server.ingest, channel);
        lights.push(light);
        undo.push(() => light.close());
      }
      return new LitPlant(server, browser, lights, undo);
    } catch (error) {
      await undoAll(undo);
      throw error;
    }
  }

  private constructor(
    server: TestServer,
    browser: Browser,
    lights: readonly LevelDevice[],
    undo: readonly (() => unknown)[],
  ) {
    this.server = server;
    this.browser = browser;
    this.lights = lights;
    this.#undo = undo;
  }

  /** A page of the server, once it is live; the caller closes it. `prepare` has it before anything is asked for. */
  async open(path: string, locale = 'en', prepare: (page: Page) => unknown = () => undefined): Promise<Page> {
    const page = await this.browser.newPage({ locale, viewport: { width: 1400, height: 900 } });
    await prepare(page);
    await page.goto(this.server.url + path);
    await page.locator('fen-life-strip .live').waitFor();
    return page;
  }

  close(): Promise<void> {
    return undoAll(this.#undo);
  }
}

async function undoAll(undo: readonly (() => unknown)[]): Promise<void> {
  for (const one of undo.toReversed()) await one();
}
