import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startIngest, type TestIngest } from '../support/ingest.ts';
import { hasTool } from '../support/tools.ts';

const run = promisify(execFile);
const PYTHON = fileURLToPath(new URL('../../server/ingest/senders/send.py', import.meta.url));
const C = fileURLToPath(new URL('../../server/ingest/senders/send.c', import.meta.url));

let ingest: TestIngest;
beforeEach(async () => {
  ingest = await startIngest();
});
afterEach(() => ingest.close());

describe.skipIf(!hasTool('python3'))('the sender in Python', () => {
  it('sends a million samples and reads the last acknowledgement', async () => {
    const { stdout } = await run('python3', [PYTHON, ingest.address.host, String(ingest.address.port), 'py']);

    expect(stdout).toBe('acknowledged up to sample 1000000\n');
    expect(ingest.ledger('py')).toMatchObject({ received: 1_000_000, windows: 200, duplicate: 0, missing: 0 });
    expect(ingest.opened[0]).toMatchObject({ unit: 'V', window: 5000 });
  });

  it('resumes after its connection broke, and nothing is lost', async () => {
    const fragile = await breakOnce(ingest.address, 700_000);
    const { stdout } = await run('python3', [PYTHON, fragile.host, String(fragile.port), 'py']);
    fragile.server.close();

    expect(stdout).toBe('acknowledged up to sample 1000000\n');
    expect(ingest.ledger('py')).toMatchObject({ received: 1_000_000, windows: 200, missing: 0, connections: 2 });
  });
});

describe.skipIf(!hasTool('gcc'))('the sender in C', () => {
  it('sends a million samples and reads the last acknowledgement', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fenestra-'));
    const program = join(folder, 'send');
    await run('gcc', ['-Wall', '-Werror', '-O2', '-o', program, C]);
    const { stdout } = await run(program, [ingest.address.host, String(ingest.address.port), 'c']);
    rmSync(folder, { recursive: true });

    expect(stdout).toBe('acknowledged up to sample 1000000\n');
    expect(ingest.ledger('c')).toMatchObject({ received: 1_000_000, windows: 200, missing: 0 });
    expect(ingest.windows[0].summary).toMatchObject({ count: 5000, min: 0, max: 999, mean: 499.5 });
  });
});

/** A relay that resets its first connection after `bytes`; later ones pass. */
async function breakOnce(to: { host: string; port: number }, bytes: number) {
  let connections = 0;
  const server: Server = createServer({ allowHalfOpen: true }, (device) => {
    const isFragile = connections++ === 0;
    const upstream = connect({ ...to, allowHalfOpen: true });
    let passed = 0;
    device.on('data', (chunk) => {
      passed += chunk.length;
      if (isFragile && passed > bytes) {
        device.resetAndDestroy();
        upstream.resetAndDestroy();
      } else upstream.write(chunk);
    });
    upstream.on('data', (chunk) => device.write(chunk));
    device.on('end', () => upstream.end());
    upstream.on('end', () => device.end());
    for (const socket of [device, upstream]) socket.on('error', () => {}); // the break itself
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as { port: number };
  return { server, host: '127.0.0.1', port: address.port };
}
