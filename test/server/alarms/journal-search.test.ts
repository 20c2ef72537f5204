import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JournalReader } from '../../../server/alarms/journal-reader.ts';
import { JournalSearch } from '../../../server/alarms/journal-search.ts';
import { ALARM_EVENTS, type AlarmEntry } from '../../../server/wire/alarm-journal.ts';
import type { AlarmEntryFilter } from '../../../server/wire/alarm-search.ts';
import { ALARM_PRIORITIES, BASE_STATES } from '../../../server/wire/alarms.ts';
import { alarmEntry } from '../../support/alarm-entries.ts';
import { MemoryJournal } from '../../support/memory-journal.ts';

const TAGS = ['hot:etch-1', 'hot:etch-2', 'cold:etch-1', 'disk-full', 'light-low:PMT.7'];
const PEOPLE = ['Kim Minji', 'kim', 'Ørsted', undefined];
const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });
const maybe = <T>(values: readonly T[]) => fc.option(pick(values), { nil: undefined });

const journalEntries = fc
  .array(
    fc.record({
      tag: pick(TAGS),
      event: pick(ALARM_EVENTS),
      state: pick(BASE_STATES),
      priority: pick(ALARM_PRIORITIES),
      person: pick(PEOPLE),
      comment: pick(['Valve shut', 'valve OPEN', undefined]),
      stepMs: fc.oneof(fc.nat(100), fc.integer({ min: -500, max: 0 })),
    }),
    { maxLength: 80 },
  )
  .map((drafts) => {
    let atMs = 10_000;
    return drafts.map(({ person, comment, stepMs, ...draft }, i): AlarmEntry => {
      atMs += stepMs;
      const actor = person === undefined ? {} : { actor: { name: person, address: '10.0.0.7' } };
      return alarmEntry({ ...draft, number: i + 1, atMs, ...actor, ...(comment !== undefined && { comment }) });
    });
  });

const filter: fc.Arbitrary<AlarmEntryFilter> = fc
  .record({
    fromMs: fc.option(fc.integer({ min: 9000, max: 14_000 }), { nil: undefined }),
    toMs: fc.option(fc.integer({ min: 9000, max: 14_000 }), { nil: undefined }),
    tag: maybe(['HOT:*', '*etch*1', 'disk-full', '*', 'h*t:*2', 'nothing']),
    channel: maybe(['etch-1', 'pmt*', 'x']),
    definition: maybe(['hot', '*o*']),
    events: some(ALARM_EVENTS),
    states: some(BASE_STATES),
    priorities: some(ALARM_PRIORITIES),
    person: maybe(['KIM', 'min', 'ør']),
    text: maybe(['valve', 'open', 'Etch', 'minji']),
  })
  .chain((whole) => fc.subarray(Object.entries(whole), { maxLength: 3 }))
  .map((parts) => Object.fromEntries(parts.filter(([, value]) => value !== undefined)));

describe('JournalSearch', () => {
  it('finds page by page what looking at every entry finds, whatever was read before', async () => {
    const plan = fc.record({
      size: fc.integer({ min: 1, max: 20 }),
      limit: fc.integer({ min: 1, max: 12 }),
      live: fc.nat(30),
    });
    await fc.assert(
      fc.asyncProperty(
        journalEntries,
        fc.array(filter, { minLength: 1, maxLength: 3 }),
        plan,
        async (entries, filters, { size, limit, live }) => {
          const search = searchIn(new MemoryJournal(entries, size));
          for (const entry of entries.slice(entries.length - live)) search.take(entry);

          for (const wanted of filters) {
            const found: AlarmEntry[] = [];
            let before: number | undefined;
            do {
              const reply = await search.search({ ...wanted, limit, ...(before !== undefined && { before }) });
              expect(reply.entries.length).toBeLessThanOrEqual(limit);
              found.push(...reply.entries);
              before = reply.before;
            } while (before !== undefined);

            expect(found).toEqual(entries.filter((entry) => isWanted(entry, wanted)).reverse());
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('gives all, the oldest first, for an export', async () => {
    await fc.assert(
      fc.asyncProperty(journalEntries, filter, async (entries, wanted) => {
        const search = searchIn(new MemoryJournal(entries, 7));

        const pieces: AlarmEntry[] = [];
        for await (const piece of search.all(wanted, new AbortController().signal)) pieces.push(...piece);

        expect(pieces).toEqual(entries.filter((entry) => isWanted(entry, wanted)));
      }),
      { numRuns: 50 },
    );
  });

  it('reads no sealed segment twice that holds nothing of what is wanted', async () => {
    const journal = new MemoryJournal(
      numbered(100, (i) => ({ tag: i === 35 ? 'rare' : 'often' })),
      10,
    );
    const search = searchIn(journal);
    const first = await search.search({ tag: 'rare', limit: 10 });
    const cold = journal.reads.splice(0);

    const second = await search.search({ tag: 'rare', limit: 10 });

    expect([first, second].map(({ entries }) => entries.map(({ number }) => number))).toEqual([[36], [36]]);
    expect(new Set(cold)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(journal.reads).toEqual([3]);
  });

  it('reads nothing for who follows, and tells again of what came in the last seconds', async () => {
    const journal = new MemoryJournal(
      numbered(20, () => ({})),
      10,
    );
    let nowMs = 0;
    const search = new JournalSearch(new JournalReader(journal, () => 0), () => nowMs);
    const { newest } = await search.search({ limit: 10 });
    journal.reads = [];

    search.take(alarmEntry({ number: 22 }));
    const first = await search.search({ after: newest, limit: 10 });
    search.take(alarmEntry({ number: 21 })); // which had waited for the disk
    nowMs = 60_000;
    const second = await search.search({ after: first.newest, limit: 10 });

    expect(first.entries.map(({ number }) => number)).toEqual([22]);
    expect(second.entries.map(({ number }) => number)).toEqual([22, 21]);
    expect([newest, first.newest, second.newest]).toEqual([20, 20, 22]);
    expect(journal.reads).toEqual([]);
  });

  it('says how far it came when its time is over, and goes on from there', async () => {
    const journal = new MemoryJournal(
      numbered(50, (i) => ({ tag: i === 3 ? 'rare' : 'often', atMs: i })),
      10,
    );
    let nowMs = 0;
    const clock = () => (nowMs += 100); // each look at it is a tenth of a second later
    const search = new JournalSearch(new JournalReader(journal, () => 0), clock);

    const first = await search.search({ tag: 'rare', limit: 10 });
    const found = [...first.entries];
    let pages = 1;
    for (let { before } = first; before !== undefined; pages++) {
      const reply = await search.search({ tag: 'rare', limit: 10, before });
      found.push(...reply.entries);
      before = reply.before;
    }

    expect(first).toMatchObject({ entries: [], searchedToMs: (first.before ?? 0) - 1 });
    expect(found.map(({ number }) => number)).toEqual([4]);
    expect(pages).toBeGreaterThan(1);
  });

  it('gives up once nobody waits', async () => {
    const abort = new AbortController();
    let nowMs = 0;
    const search = new JournalSearch(
      new JournalReader(
        new MemoryJournal(
          numbered(500, () => ({})),
          250,
        ),
        () => (nowMs += 10),
      ),
      () => 0,
    );
    abort.abort(new Error('gone'));

    await expect(search.search({ tag: 'none', limit: 10 }, abort.signal)).rejects.toThrow('gone');
  });
});

function searchIn(journal: MemoryJournal): JournalSearch {
  return new JournalSearch(new JournalReader(journal, () => 0), () => 0);
}

function numbered(count: number, given: (i: number) => Partial<AlarmEntry>): AlarmEntry[] {
  return Array.from({ length: count }, (_, i) => alarmEntry({ number: i + 1, atMs: i, ...given(i) }));
}

function isWanted(entry: AlarmEntry, wanted: AlarmEntryFilter): boolean {
  const fits = (pattern: string | undefined, name: string) =>
    pattern === undefined || new RegExp(`^${pattern.replace(/[.]/g, '\\.').replaceAll('*', '.*')}$`, 'i').test(name);
  const has = (part: string | undefined, ...texts: (string | undefined)[]) =>
    part === undefined || texts.some((text) => text?.toLowerCase().includes(part.toLowerCase()));
  const { fromMs = -Infinity, toMs = Infinity, events, states, priorities } = wanted;
  return (
    entry.atMs >= fromMs &&
    entry.atMs < toMs &&
    (events?.includes(entry.event) ?? true) &&
    (states?.includes(entry.state) ?? true) &&
    (priorities?.includes(entry.priority) ?? true) &&
    fits(wanted.tag, entry.tag) &&
    fits(wanted.channel, entry.channel ?? '') &&
    fits(wanted.definition, entry.definition) &&
    has(wanted.person, entry.actor?.name) &&
    has(wanted.text, entry.tag, entry.comment, entry.finding?.text, entry.actor?.name)
  );
}
