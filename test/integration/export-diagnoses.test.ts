import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBListValue } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../server/trend/diagnosis.ts';
import type { DiagnosisPage, DiagnosisPageStart } from '../../server/trend/diagnosis-history.ts';
import { runCommand } from '../support/command.ts';
import { startControlled } from '../support/controlled-history.ts';
import { diagnosis } from '../support/diagnoses.ts';
import { Folder } from '../support/folder.ts';
import type { RunningHistory } from '../support/running-history.ts';

const HOUR_MS = 3_600_000;
const SECOND_NS = 1_000_000_000n;
const DAY_NS = 86_400n * SECOND_NS;
const START = BigInt(Date.UTC(2026, 2, 1, 12)) * 1_000_000n;
const folder = new Folder();
let running: RunningHistory;
let close: () => Promise<void>;

beforeEach(async () => {
  ({ running, close } = await startControlled(folder.path('data')));
});
afterEach(() => close());

describe('fenestra export diagnoses', () => {
  it('writes every column as CSV, sealed or not, while the server runs', async () => {
    await store([
      made('PMT-1', 7n, { kind: 'class', label: '1', classIndex: 1, probabilities: [0.25, 0.75], unknownScore: 0.5 }),
      made('PMT-2', SECOND_NS, { kind: 'incomplete', reason: '1 points are missing, "odd"' }),
    ]);
    await running.pass(HOUR_MS);
    await store([made('PMT-1', 2n * SECOND_NS, { kind: 'dropped' })], 2);

    const { status, stderr } = await exportTo('all.csv');

    expect([status, stderr]).toEqual([0, 'fenestra: 3 diagnoses\n']);
    expect(readFileSync(folder.path('all.csv'), 'utf8').trimEnd().split('\n')).toEqual([
      'channel,stream,window,windows,time,end,model,version,outcome,class,class_index,probabilities,unknown,latency_ms,reason',
      'PMT-1,stream-1,0,972,2026-03-01T12:00:00.000000007Z,2026-03-01T12:00:04.860000007Z,plasma,1,class,1,1,0.25 0.75,0.5,12.5,',
      'PMT-1,stream-1,400,972,2026-03-01T12:00:02.000000000Z,2026-03-01T12:00:06.860000000Z,plasma,1,dropped,,,,,12.5,',
      'PMT-2,stream-1,200,972,2026-03-01T12:00:01.000000000Z,2026-03-01T12:00:05.860000000Z,plasma,1,incomplete,,,,,12.5,"1 points are missing, ""odd"""',
    ]);
    expect(readdirSync(folder.path()).sort()).toEqual(['all.csv', 'data']);
  });

  it('writes those of a range and of some channels as Parquet, to the bit', async () => {
    const outcome = {
      kind: 'unknown',
      label: '0',
      classIndex: 0,
      probabilities: [0.1, 0.9],
      unknownScore: 1 / 3,
    } as const;
    await store([
      made('PMT-1', 0n, outcome),
      made('PMT-1', SECOND_NS, outcome),
      made('PMT-1', 2n * SECOND_NS, outcome),
      made('PMT-2', SECOND_NS, outcome),
    ]);

    const range = ['--from', '2026-03-01T12:00:01Z', '--to', '2026-03-01T12:00:02Z'];
    const { status, stderr } = await exportTo('some.parquet', '--channel', 'PMT-1', ...range);

    expect([status, stderr]).toEqual([0, 'fenestra: 1 diagnoses\n']);
    const [[channel, time, unknown, probabilities]] = await rowsOf(
      `SELECT channel, epoch_ns(time), "unknown", probabilities FROM '${folder.path('some.parquet')}'`,
    );
    expect([channel, time, unknown]).toEqual(['PMT-1', START + SECOND_NS, 1 / 3]);
    expect((probabilities as DuckDBListValue).items).toEqual([Math.fround(0.1), Math.fround(0.9)]);
  });

  it('writes what a page of the dashboard downloads, however it is cut', async () => {
    const reason = { kind: 'incomplete', reason: '1 points, "odd"' } as const;
    const answer = { kind: 'class', label: '', classIndex: 1, probabilities: [1e-7, 1], unknownScore: 1 / 3 } as const;
    await store([
      ...[0n, 1n, 2n].map((s) => made('PMT-1', s * SECOND_NS, answer)),
      made('PMT-1', 3n * DAY_NS, reason),
      ...['1', '2', '3', '4', '5'].map((version) => ({ ...made('PMT-1', 3n * DAY_NS + SECOND_NS, answer), version })),
      made('PMT-2', 0n, answer),
    ]);
    await running.pass(HOUR_MS);
    await store([made('PMT-1', 40n * DAY_NS, reason), made('PMT-1', 41n * DAY_NS, reason)], 10);

    await exportTo('all.csv', '--channel', 'PMT-1', '--to', '2026-04-11T12:00:00Z');

    const whole = readFileSync(folder.path('all.csv'), 'utf8');
    expect(whole.split('\n')).toHaveLength(12);
    for (const rows of [2, 3, 1000]) expect(await pages({ rows, toNs: START + 41n * DAY_NS })).toBe(whole);
    expect(await pages({ rows: 2, toNs: START })).toBe(whole.slice(0, whole.indexOf('\n') + 1));
  });

  it('opens no file whose runs all begin after the range', async () => {
    const outcome = { kind: 'dropped' } as const;
    await store([made('PMT-1', 0n, outcome), made('PMT-1', DAY_NS, outcome)]);
    await running.pass(HOUR_MS);
    const sealed = join(folder.path('data/history'), 'sealed');
    const paths = readdirSync(sealed, { recursive: true, encoding: 'utf8' });
    const later = paths.filter((path) => /tier=0.*2026-03-02.*parquet/.test(path));
    for (const path of later) writeFileSync(join(sealed, path), 'damaged');

    const { status, stderr } = await exportTo('first.csv', '--to', '2026-03-02T00:00:00Z');

    expect(later).toHaveLength(1);
    expect([status, stderr]).toEqual([0, 'fenestra: 1 diagnoses\n']);
  });

  it('writes an empty table where there is none, and refuses another ending', async () => {
    const none = await exportTo('none.csv');
    const other = await exportTo('x.arrow');

    expect([none.status, none.stderr]).toEqual([0, 'fenestra: 0 diagnoses\n']);
    expect(readFileSync(folder.path('none.csv'), 'utf8')).toMatch(/^channel,.*,reason\n$/);
    expect([other.status, other.stderr]).toEqual([
      1,
      expect.stringContaining('expected a name ending in .parquet or .csv'),
    ]);
    expect(readdirSync(folder.path()).sort()).toEqual(['data', 'none.csv']);
  });
});

function exportTo(file: string, ...args: string[]) {
  return runCommand(['export', 'diagnoses', '--storage', 'data', '-o', file, ...args], folder.path());
}

/** Of one channel, page after page. */
async function pages({ rows, toNs }: { readonly rows: number; readonly toNs: bigint }): Promise<string> {
  let text = '';
  let next: DiagnosisPageStart | undefined = { fromNs: 0n, after: undefined };
  while (next !== undefined) {
    const request = { channel: 'PMT-1', toNs, rows, ...next };
    const page: DiagnosisPage = await running.history.readDiagnoses((reader) => reader.page(request));
    expect(page.lines.split('\n').length).toBeLessThanOrEqual(rows + 1);
    text = (text === '' ? page.header : text) + page.lines;
    next = page.next;
  }
  return text;
}

/** Of a run that begins so long after the first. */
function made(channel: string, afterNs: bigint, outcome: Diagnosis['outcome']): Diagnosis {
  return diagnosis({ channel, first: Number(afterNs / SECOND_NS) * 200, timeNs: START + afterNs, outcome });
}

async function store(diagnoses: readonly Diagnosis[], before = 0): Promise<void> {
  running.history.takeDiagnoses(diagnoses);
  await expect
    .poll(() => {
      running.clock.advance(1000); // what waits is written every second
      return running.history.status().diagnoses.stored;
    })
    .toBe(before + diagnoses.length);
}

async function rowsOf(sql: string) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRows();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
