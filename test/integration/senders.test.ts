import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TrendWindow } from '../../server/trend/trend-window.ts';
import { CuttingRelay } from '../support/cutting-relay.ts';
import { startIngest, type TestIngest } from '../support/ingest.ts';
import { hasTool } from '../support/tools.ts';

const run = promisify(execFile);
const PYTHON = fileURLToPath(new URL('../../server/ingest/senders/send.py', import.meta.url));
const C = fileURLToPath(new URL('../../server/ingest/senders/send.c', import.meta.url));
const BREAKS = 3;

let ingest: TestIngest;
beforeEach(async () => {
  ingest = await startIngest();
});
afterEach(() => ingest.close());

describe.skipIf(!hasTool('python3'))('the sender in Python', () => {
  const send = ({ host, port }: Address) => run('python3', [PYTHON, host, String(port), 'py']);

  it('sends a million samples and reads the last acknowledgement', async () => {
    const { stdout } = await send(ingest.address);

    expect(stdout).toBe('acknowledged up to sample 1000000\n');
    expect(ingest.ledger('py')).toMatchObject({ received: 1_000_000, windows: 200, duplicate: 0, missing: 0 });
    expect(ingest.opened[0]).toMatchObject({ unit: 'V', window: 5000 });
  });

  it('resumes each time its connection breaks: nothing is missing and nothing counts twice', async () => {
    await sendThroughBreaks(send);

    expectWhole('py');
  });
});

describe.skipIf(!hasTool('gcc'))('the sender in C', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fenestra-'));
    await run('gcc', ['-Wall', '-Wextra', '-Werror', '-O2', '-o', join(folder, 'send'), C]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const send = ({ host, port }: Address) => run(join(folder, 'send'), [host, String(port), 'c']);

  it('sends a million samples and reads the last acknowledgement', async () => {
    const { stdout } = await send(ingest.address);

    expect(stdout).toBe('acknowledged up to sample 1000000\n');
    expect(ingest.ledger('c')).toMatchObject({ received: 1_000_000, windows: 200, duplicate: 0, missing: 0 });
    expectSawtooth();
  });

  it('resumes each time its connection breaks: nothing is missing and nothing counts twice', async () => {
    await sendThroughBreaks(send);

    expectWhole('c');
    expectSawtooth();
  });
});

interface Address {
  readonly host: string;
  readonly port: number;
}

async function sendThroughBreaks(send: (to: Address) => Promise<{ stdout: string }>): Promise<void> {
  const relay = await CuttingRelay.start(ingest.address, (cuts) => (cuts < BREAKS ? 400_000 : Infinity));
  const { stdout } = await send(relay.address);
  await relay.close();

  expect(stdout).toBe('acknowledged up to sample 1000000\n');
}

function expectWhole(channel: string): void {
  expect(ingest.ledger(channel)).toMatchObject({
    received: 1_000_000,
    reduced: 1_000_000,
    missing: 0,
    gaps: 0,
    late: 0,
    streams: 1,
    connections: BREAKS + 1,
  });
  expect([...lastWindows()].map(([index, { flags, summary }]) => [index, flags, summary.count])).toEqual(
    Array.from({ length: 200 }, (_, i) => [i, 0, 5000]),
  );
}

function expectSawtooth(): void {
  for (const { summary } of lastWindows().values()) {
    expect(summary).toMatchObject({ count: 5000, min: 0, max: 999, mean: 499.5 });
  }
}

// The last word on each: where a break falls between two frames it looks like an end, and the open window comes as partial first.
function lastWindows(): Map<number, TrendWindow> {
  return new Map(ingest.windows.map((window) => [window.index, window]));
}
