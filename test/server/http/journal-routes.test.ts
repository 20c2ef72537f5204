import { once } from 'node:events';
import { type IncomingMessage, request, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { closeServer } from '../../../server/http/http-server.ts';
import type { JournalSource } from '../../../server/http/journal-source.ts';
import { alarmEntry } from '../../support/alarm-entries.ts';
import { journalOf } from '../../support/alarm-records.ts';
import { serveApp } from '../../support/served-app.ts';

const ENTRIES = [
  alarmEntry({ number: 1, tag: 'hot:etch-1', atMs: Date.parse('2026-11-23T00:10Z') }),
  alarmEntry({ number: 2, tag: 'hot:etch-2', priority: 'low', atMs: Date.parse('2026-11-23T00:20Z') }),
  alarmEntry({
    ...{ number: 3, tag: 'hot:etch-1', event: 'acknowledge', state: 'acknowledged', isAnnunciated: false },
    ...{ atMs: Date.parse('2026-11-23T00:30Z'), actor: { name: 'Minji', address: '10.0.0.7' }, comment: '=cmd()' },
  }),
];

let server: Server;
let url: string;

afterEach(() => closeServer(server));

describe('the routes of the journal', () => {
  it('find entries, the newest first', async () => {
    await serve(journalOf(ENTRIES));

    const all = await getJson('/api/alarms/journal');
    const wanted = await getJson('/api/alarms/journal?tag=hot:*&event=raise,clear&priority=low&from=0');
    const paged = await getJson('/api/alarms/journal?limit=1&before=3');
    const person = await getJson('/api/alarms/journal?person=min&search=cmd');

    expect(all).toEqual({ entries: ENTRIES.toReversed(), newest: 3 });
    expect(await getJson('/api/alarms/journal?before=9007199254740991&after=0')).toEqual(all);
    expect(wanted.entries).toEqual([ENTRIES[1]]);
    expect(paged).toMatchObject({ entries: [ENTRIES[1]], before: 2 });
    expect(person.entries).toEqual([ENTRIES[2]]);
  });

  it('count a period of the plant', async () => {
    await serve(journalOf(ENTRIES));

    const hour = await getJson(`/api/alarms/kpi?period=shift&at=${Date.parse('2026-11-23T00:00Z')}`);

    expect(hour).toMatchObject({
      period: 'shift',
      beginMs: Date.parse('2026-11-22T21:00Z'), // 06:00 in Seoul
      annunciated: 2,
      priorities: { critical: 0, high: 1, medium: 0, low: 1 },
      acknowledge: { acknowledged: 1, waiting: 1, medianMs: 1_200_000 },
    });
  });

  it('send the table as a file whose texts no spreadsheet calculates', async () => {
    await serve(journalOf(ENTRIES));

    const reply = await fetch(`${url}/api/alarms/journal.csv?tag=*etch-1`);
    const text = await reply.text();

    expect(reply.headers.get('content-type')).toContain('text/csv');
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename=alarms.csv');
    expect(text.split('\r\n')).toHaveLength(4);
    expect(text).toContain(",Minji,10.0.0.7,'=cmd(),");
  });

  it.each([
    'journal?limit=0',
    'journal?limit=1001',
    'journal?event=raise,none',
    'journal?from=yesterday',
    'journal?tag=',
    'journal?before=9007199254740992',
    'journal?after=-1',
    'journal?limit=1&limit=2',
    'kpi',
    'kpi?period=week',
    'kpi?period=hour&at=9e15',
  ])('refuse %s', async (path) => {
    await serve(journalOf(ENTRIES));

    expect(await (await fetch(`${url}/api/alarms/${path}`)).json()).toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('send one table at a time to an address, no faster than it is read, and end one that nobody reads', async () => {
    let pieces = 0;
    let isEnded = false;
    await serve({
      ...journalOf([]),
      async *csv() {
        try {
          for (; pieces < 10_000; pieces++) yield 'x'.repeat(64 << 10);
        } finally {
          isEnded = true;
        }
      },
    });
    const call = request(`${url}/api/alarms/journal.csv`).end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];

    const second = await fetch(`${url}/api/alarms/journal.csv`);
    const before = await settled(() => pieces);
    response.destroy();
    await expect.poll(() => isEnded).toBe(true);

    expect(second.status).toBe(503);
    expect(second.headers.get('retry-after')).toBe('1');
    expect(await second.json()).toMatchObject({ code: 'JOURNAL_BUSY' });
    expect(before).toBeLessThan(1000);
    await expect.poll(async () => (await fetch(`${url}/api/alarms/journal.csv`, { method: 'HEAD' })).status).toBe(200);
  });

  it('cut a table off that fails on its way', async () => {
    await serve({
      ...journalOf([]),
      async *csv() {
        yield 'heading';
        throw new Error('the disk is gone');
      },
    });

    await expect(fetch(`${url}/api/alarms/journal.csv`).then((reply) => reply.text())).rejects.toThrow();
  });
});

async function serve(journal: JournalSource): Promise<void> {
  const served = await serveApp({ journal });
  server = served.server;
  url = `http://127.0.0.1:${served.port}`;
}

async function getJson(path: string) {
  return (await (await fetch(url + path)).json()) as { entries: unknown[] };
}

/** What a figure is once it stands still. */
async function settled(read: () => number): Promise<number> {
  let last = -1;
  while (last !== read()) {
    last = read();
    await sleep(50);
  }
  return last;
}
