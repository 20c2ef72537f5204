import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
} from 'playwright-core';
import { findTool } from './tools.ts';

const HELP =
  'The browser tests need Chromium: install it so that `chromium`, `chromium-browser` or `google-chrome` is on the ' +
  'path (Debian: apt-get install chromium).';

const UNPACKED = fileURLToPath(new URL('../../build/browser', import.meta.url));

// The package's own list names folders of the machine it is made for.
const fontList = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${folder}</dir>
  <cachedir>${join(folder, 'cache')}</cachedir>
</fontconfig>
`;

let started: LaunchOptions | undefined; // what started last, so that later launches do not search again

/**
 * Starts Chromium: the system's, else the one inside an npm package, else one
 * that apt-get installs (root on Debian only). Each is tried by starting it,
 * since one that lies there may still miss a library. Throws one sentence that
 * says what to install when none starts. The caller closes the browser.
 */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  if (started) return chromium.launch({ ...started, ...options });

  const reasons: string[] = [];
  for (const find of [findSystem, unpackPackage, installPackage]) {
    try {
      const found = find();
      if (!found) continue;
      const browser = await chromium.launch({ ...found, ...options });
      started = found;
      return browser;
    } catch (error) {
      reasons.push(`${find.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(HELP, { cause: reasons.join('\n') });
}

/** The same with a profile in `folder`, as people have one, and not what a browser takes for a private window. The caller closes it. */
export async function launchProfile(folder: string, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  if (!started) await (await launchBrowser()).close();
  return chromium.launchPersistentContext(folder, { ...started, ...options });
}

function findSystem(): LaunchOptions | undefined {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const path = findTool(name);
    if (path) return { executablePath: path };
  }
  return undefined;
}

/**
 * The Chromium inside `@sparticuz/chromium`, with its libraries and a font.
 * It unpacks into the temporary folder that its environment names, so it runs
 * in a process of its own, and the result is moved in whole.
 */
function unpackPackage(): LaunchOptions {
  if (!existsSync(UNPACKED)) {
    const draft = `${UNPACKED}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    const script = "import('@sparticuz/chromium').then((chromium) => chromium.default.executablePath())";
    execFileSync(process.execPath, ['--eval', script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { ...process.env, TMPDIR: draft, VERCEL: '1' }, // where its libraries are unpacked too
      stdio: 'pipe',
    });
    writeFileSync(join(draft, 'fonts', 'fonts.conf'), fontList(join(UNPACKED, 'fonts')));
    moveInto(draft, UNPACKED);
  }
  return {
    executablePath: join(UNPACKED, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(UNPACKED, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(UNPACKED, 'fonts'),
    },
  };
}

function moveInto(draft: string, target: string): void {
  try {
    renameSync(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error; // otherwise another process was first
    rmSync(draft, { recursive: true, force: true });
  }
}

function installPackage(): LaunchOptions | undefined {
  if (process.getuid?.() !== 0 || !findTool('apt-get')) return undefined;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'pipe', env });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'pipe', env });
  return findSystem();
}
