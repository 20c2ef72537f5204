import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channelName } from '../../server/ingest/simulator/plant.ts';
import { PlasmaLight } from '../../server/ingest/simulator/plasma-light.ts';
import { createNoiseTables, VOLTS_PER_COUNT } from '../../server/ingest/simulator/shot-noise.ts';
import { COMMAND } from '../support/command.ts';
import { startIngest, type TestIngest } from '../support/ingest.ts';

let ingest: TestIngest;
let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fenestra-test-'));
  ingest = await startIngest({ window: 500 });
});

afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  await ingest.close();
  rmSync(folder, { recursive: true });
});

describe('fenestra simulate', () => {
  it('sends over TCP exactly the samples of its seed, and logs what really happened', async () => {
    const truth = join(folder, 'truth.jsonl');

    const { code, output } = await simulate(['--rate', '100000', '--duration', '2', '--seed', '7', '--truth', truth]);

    expect([code, output]).toEqual([0, expect.stringContaining('samples sent and 0 lost')]);
    expect(new Set(ingest.opened.map(({ channel }) => channel))).toEqual(
      new Set(Array.from({ length: 8 }, (_, i) => channelName(i))),
    );
    const channel = channelName(1);
    const whole = ingest.windows.filter((window) => window.channel === channel && window.summary.count === 500);
    expect(whole.length).toBeGreaterThan(200);
    expect(whole.map(({ summary: { min, max } }) => [min, max])).toEqual(extremes(channel, whole.length));
    expect(ingest.ledger(channel)).toMatchObject({ missing: 0, gaps: 0, duplicate: 0, connections: 1, streams: 1 });
    const runs = readFileSync(truth, 'utf8').trim().split('\n');
    expect(runs.map((line) => JSON.parse(line).channel).sort()).toEqual(expect.arrayContaining([channel]));
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends its streams cleanly on %s', async (signal) => {
    const ended = simulate(['--rate', '100000', '--channels', '2']);
    while (ingest.windows.length < 20) await new Promise((resolve) => setTimeout(resolve, 10));

    child?.kill(signal);
    const { code, output } = await ended;

    expect(code).toBe(0);
    const sent = Number(/(\d+) samples sent/.exec(output)?.[1]);
    expect(ingest.server.ledger().reduce((sum, { received }) => sum + received, 0)).toBe(sent);
    expect(ingest.server.counts().errors).toEqual({});
  });

  it('goes on with a server that was away, and leaves without waiting for one that is gone', async () => {
    const ended = simulate(['--rate', '100000', '--channels', '2']);
    while (ingest.windows.length < 20) await new Promise((resolve) => setTimeout(resolve, 10));

    const { port } = ingest.address;
    await ingest.close();
    ingest = await startIngest({ window: 500, port });
    while (ingest.windows.length < 20) await new Promise((resolve) => setTimeout(resolve, 10));
    await ingest.close();
    child?.kill('SIGTERM');

    expect((await ended).code).toBe(0);
    ingest = await startIngest();
  });

  it('says in one sentence that nobody listens', async () => {
    const { port } = ingest.address;
    await ingest.close();

    const { code, output } = await simulate([], port);

    expect(code).toBe(1);
    expect(output.trim().split('\n')).toEqual([
      expect.stringMatching(/^fenestra: 127\.0\.0\.1:\d+: connect ECONNREFUSED/),
    ]);
    ingest = await startIngest();
  });

  it.each([
    ['--truth', '/dev/full', 'ENOSPC'],
    ['--truth', '/nowhere/truth.jsonl', 'ENOENT'],
  ])('ends with a sentence where it cannot write what really happened: %s %s', async (option, path, reason) => {
    const { code, output } = await simulate(['--rate', '100000', '--duration', '3600', option, path]);

    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`^fenestra: cannot write ${path}: ${reason}.*\\n$`, 'm'));
    expect(output).not.toContain('    at '); // no stack
  });

  it.each([
    ['--rate', '10'],
    ['--channels', '2.5'],
    ['--port', 'ninety'],
  ])('refuses %s %s', async (option, value) => {
    const { code, output } = await simulate([option, value]);

    expect(code).toBe(1);
    expect(output).toContain(`'${option} `);
  });
});

async function simulate(
  options: readonly string[],
  port = ingest.address.port,
): Promise<{ code: number; output: string }> {
  child = spawn(process.execPath, [COMMAND, 'simulate', '--port', String(port), ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr?.on('data', (text: Buffer) => {
    output += text.toString();
  });
  const [code] = await once(child, 'close');
  return { code, output };
}

// Least and greatest value of each window, V, as the light says without any network.
function extremes(channel: string, windows: number): [min: number, max: number][] {
  const light = new PlasmaLight({
    seed: `7/${channel}`,
    rateHz: 100_000,
    anomaliesPerMinute: 1,
    firstRunMs: 550,
    noise: createNoiseTables('7'),
    onTruth: () => undefined,
  });
  const samples = new Int16Array(500);
  return Array.from({ length: windows }, () => {
    light.render(samples);
    return [Math.min(...samples) * VOLTS_PER_COUNT, Math.max(...samples) * VOLTS_PER_COUNT];
  });
}
