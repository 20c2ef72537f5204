import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../../server/base/log.ts';
import { workerEnd } from '../../../server/base/worker-end.ts';

const LISTENS = `const { parentPort } = require('node:worker_threads');
  parentPort.once('message', () => parentPort.close())`;
const HANGS = 'for (;;);';

describe('the end of a worker', () => {
  it('is waited for', async () => {
    const worker = await start(LISTENS);
    worker.postMessage('close');
    expect(await end(worker, 60_000)).toEqual([]);
  });

  it('is brought about where it hangs, and the log says so', async () => {
    const worker = await start(HANGS);
    expect(await end(worker, 50)).toEqual(['the odd thread has not stopped in 50 ms and is ended']);
  });

  it('may have come before', async () => {
    const worker = new Worker('', { eval: true });
    await once(worker, 'exit');
    expect(await end(worker, 60_000)).toEqual([]);
  });
});

async function start(code: string): Promise<Worker> {
  const worker = new Worker(code, { eval: true });
  await once(worker, 'online');
  return worker;
}

/** What the log said until it had ended. */
async function end(worker: Worker, limitMs: number): Promise<string[]> {
  const lines: string[] = [];
  const log = createLog('test', 'warn', { write: (line) => lines.push(line) });
  await workerEnd(worker, limitMs, { name: 'odd', log });
  expect(worker.threadId).toBe(-1);
  return lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
}
