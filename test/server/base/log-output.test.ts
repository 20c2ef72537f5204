import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogOutput, WAITING_BYTES } from '../../../server/base/log-output.ts';
import { Fifo } from '../../support/fifo.ts';
import { Folder } from '../../support/folder.ts';
import { hasTool } from '../../support/tools.ts';

const LINE_BYTES = 1024;
/** More than a pipe and the bound hold. */
const MANY = 3 * (WAITING_BYTES / LINE_BYTES);

const folder = new Folder();

describe.skipIf(!hasTool('mkfifo'))('the output of a log', () => {
  let fifo: Fifo;
  let output: LogOutput;

  beforeEach(() => {
    fifo = new Fifo(folder.path('log'));
    output = new LogOutput(fifo.openWriter(constants.O_NONBLOCK));
  });

  afterEach(async () => {
    await output.close(0);
    fifo.close();
  });

  it('brings every line in order to a reader that is slow', async () => {
    const lines = Array.from({ length: 500 }, (_, i) => lineOf(i));

    for (const line of lines) output.write(`${line}\n`);
    await expect.poll(() => fifo.read().length).toBe(500);

    expect(fifo.read()).toEqual(lines);
    await expect.poll(() => output.status()).toEqual({ lost: 0, waitingBytes: 0 });
  });

  it('keeps the oldest lines for a reader that stands still, counts the others, and tells how many they were', async () => {
    for (let i = 0; i < MANY; i++) output.write(`${lineOf(i)}\n`);
    await pause(100);
    expect(output.status().waitingBytes).toBeLessThanOrEqual(WAITING_BYTES);
    const { lost } = output.status();
    const kept = MANY - lost;

    await expect.poll(() => fifo.read().length).toBe(kept + 1);
    output.write('again\n');
    await expect.poll(() => fifo.read().length).toBe(kept + 2);
    await expect.poll(() => output.status()).toEqual({ lost, waitingBytes: 0 });

    expect(lost).toBeGreaterThan(MANY / 2);
    const lines = fifo.read();
    const at = lines.findIndex((line) => line.startsWith('{'));
    expect(JSON.parse(lines[at]!)).toMatchObject({ name: 'log', level: 40, lost });
    expect(lines.toSpliced(at, 1)).toEqual([...Array.from({ length: kept }, (_, i) => lineOf(i)), 'again']);
  });

  it('tells of lines that were lost on their way to it', async () => {
    output.lose(7);

    await expect.poll(() => fifo.read().length).toBe(1);
    expect(JSON.parse(fifo.read()[0]!)).toMatchObject({ lost: 7 });
    expect(output.status().lost).toBe(7);
  });

  it('is closed when its last line is written', async () => {
    for (let i = 0; i < 100; i++) output.write(`${lineOf(i)}\n`); // more than the pipe holds
    let isClosed = false;
    const closed = output.close(60_000).then(() => {
      isClosed = true;
    });
    await pause(100);
    expect(isClosed).toBe(false);

    await expect.poll(() => fifo.read().length).toBe(100);
    await closed;
  });

  it('is closed without a reader too', async () => {
    for (let i = 0; i < 100; i++) output.write(`${lineOf(i)}\n`);

    await output.close(50);

    expect(output.status().waitingBytes).toBeGreaterThan(0);
  });
});

it.skipIf(!existsSync('/dev/full'))('the output of a log goes on while the disk is full', async () => {
  const full = openSync('/dev/full', 'w');
  const output = new LogOutput(full);

  for (let i = 0; i < MANY; i++) output.write(`${lineOf(i)}\n`);
  await pause(100);
  await output.close(50);
  closeSync(full);

  expect(output.status()).toEqual({ lost: MANY - WAITING_BYTES / LINE_BYTES, waitingBytes: WAITING_BYTES });
});

/** A kilobyte with its newline. */
function lineOf(index: number): string {
  return `${index} `.padEnd(LINE_BYTES - 1, 'x');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
