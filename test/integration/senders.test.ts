import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TIMEOUTS } from '../../server/ingest/protocol.ts';
import type { TrendWindow } from '../../server/trend/trend-window.ts';
import { CuttingRelay } from '../support/cutting-relay.ts';
import { FakeClock } from '../support/fake-clock.ts';
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

  it('gives up at once where trying again cannot help', async () => {
    await expect(run('python3', [PYTHON, '127.0.0.1', String(ingest.address.port), 'no name'])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('HELLO_INVALID'),
    });
    expect(ingest.server.counts().errors).toEqual({ HELLO_INVALID: 1 });
  });

  it('resumes each time its connection breaks: nothing is missing and nothing counts twice', async () => {
    await sendThroughBreaks(send);

    expectWhole('py');
  });

  it('comes back from a line that went dead, though its channel is busy with what the server still believes', async () => {
    await sendOnDeadLine(send);
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

  it('comes back from a line that went dead, though its channel is busy with what the server still believes', async () => {
    await sendOnDeadLine(send);

    expectSawtooth();
  });

  it('gives up at once where trying again cannot help', async () => {
    await expect(
      run(join(folder, 'send'), ['127.0.0.1', String(ingest.address.port), 'no name']),
    ).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('HELLO_INVALID'),
    });
    expect(ingest.server.counts().errors).toEqual({ HELLO_INVALID: 1 });
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

// The server's clock stands until the sender was refused twice, so it cannot have ended the dead connection by then.
async function sendOnDeadLine(send: (to: Address) => Promise<{ stdout: string }>): Promise<void> {
  const clock = new FakeClock();
  await ingest.close();
  ingest = await startIngest({ clock });
  let isDead = false;
  const relay = await CuttingRelay.start(ingest.address, () => {
    if (!isDead && relay.forwarded > 400_000) {
      isDead = true;
      relay.die();
    }
    return Infinity;
  });

  const sent = send(relay.address);
  while ((ingest.server.counts().errors.CHANNEL_BUSY ?? 0) < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  await ingest.pass(clock, TIMEOUTS.silentMs);
  const { stdout } = await sent;
  await relay.close();

  expect(stdout).toBe('acknowledged up to sample 1000000\n');
  expect(ingest.server.counts().errors.SILENT).toBe(1);
  const [entry] = ingest.server.ledger();
  expect(entry).toMatchObject({ received: 1_000_000, missing: 0, gaps: 0, late: 0, streams: 1, connections: 2 });
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
