import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { isEntry, readRecord } from '../../../server/alarms/checkpoint.ts';
import { deadLog } from '../../../server/alarms/journal-log.ts';
import { restoreJournal } from '../../../server/alarms/restore-journal.ts';
import { AppendLog } from '../../../server/durable/append-log.ts';
import type { AlarmEntry } from '../../../server/wire/alarm-journal.ts';
import { alarmEntry } from '../../support/alarm-entries.ts';
import { Folder } from '../../support/folder.ts';
import {
  actionOn,
  clear,
  define,
  type KeptAlarms,
  KIM,
  keepAlarms,
  knownOf,
  raise,
} from '../../support/kept-alarms.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { runs } from '../../support/runs.ts';
import { silentLog } from '../../support/silent-log.ts';
import { WatchedAlarms } from '../../support/watched-alarms.ts';

const TAGS = ['high:lamp', 'low:lamp', 'high:torch'];
const LONG = 'x'.repeat(500);

/** Two records each. */
class FilesOfTwo extends MemoryLog {
  override segments() {
    return this.payloads.flatMap((_, i) =>
      i % 2 === 0 ? { first: i + 1, end: Math.min(i + 3, this.next), records: 2, isSealed: true } : [],
    );
  }
}

const folder = new Folder();
let open: AppendLog | undefined;

afterEach(async () => {
  await open?.close();
  open = undefined;
});

describe('the journal of alarms', () => {
  it('brings back the same alarms whatever happened, wherever its checkpoints lie', async () => {
    const step = fc.record({
      tag: fc.constantFrom(...TAGS),
      what: fc.constantFrom(
        'raise',
        'clear',
        'acknowledge',
        'shelve',
        'retire',
        'define',
        'make anew',
        'wait',
        'set the clock back',
      ),
      isAwaited: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), fc.nat(60), async (steps, cut) => {
        const log = new MemoryLog();
        let kept = await keepAlarms(log, TAGS);
        const acts: Promise<void>[] = [];
        const defined = new Set(TAGS);
        for (const [i, { tag, what, isAwaited }] of steps.entries()) {
          if (i === cut) {
            await Promise.all(acts);
            await written(kept);
            for (const tag of TAGS) defined.add(tag);
            kept = await keepAlarms(log, TAGS, kept.clock);
          }
          if (what === 'retire') defined.delete(tag);
          if (what === 'define' || what === 'make anew') defined.add(tag);
          acts.push(happen(kept, tag, what));
          if (isAwaited) await acts.at(-1);
        }
        await Promise.all(acts);
        await written(kept);
        expect(new Set([...kept.states.defined()].map(({ tag }) => tag))).toEqual(defined);
        const after = await keepAlarms(log, [], kept.clock);
        expect(knownOf(after)).toEqual(knownOf(kept));
      }),
      { numRuns: runs(100, 10_000) },
    );
  });

  it('numbers entries in their order, and leaves a number out only where an action was refused', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, TAGS);
    raise(kept, TAGS[0]!);
    log.failure = 'the disk is full';
    const refused = kept.states.act(actionOn([kept.states.find(TAGS[0]!)]), KIM);
    raise(kept, TAGS[1]!);
    await expect(refused).rejects.toThrow('nothing was done');
    const last = kept.states.act(actionOn([kept.states.find(TAGS[0]!)]), KIM);
    await expect(last).rejects.toThrow('nothing was done');
    log.failure = undefined;
    await kept.states.act(actionOn([kept.states.find(TAGS[0]!)]), KIM);

    expect(entriesOf(log).map(({ number, event }) => [number, event])).toEqual([
      [1, 'raise'],
      [3, 'raise'],
      [4, 'acknowledge'],
    ]);
  });

  it('has a checkpoint from time to time, so that a start reads what follows it', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, TAGS);
    for (let i = 0; i < 2500; i++) {
      raise(kept, TAGS[0]!);
      await kept.states.act(actionOn([kept.states.find(TAGS[0]!)], { comment: LONG }), KIM);
      clear(kept, TAGS[0]!);
    }
    await written(kept);

    const records = log.payloads.map(readRecord);
    const at = records.findLastIndex((record) => record !== undefined && !isEntry(record));
    expect(at).toBeGreaterThan(100);
    log.payloads.fill(Buffer.from('damaged'), 0, at - 10); // nobody looks at it
    const after = await keepAlarms(log, TAGS, kept.clock);
    expect(knownOf(after)).toEqual(knownOf(kept));
    expect(after.states.find(TAGS[0]!)).toMatchObject({ occurrence: 2500, version: 7500 });
  });

  it('is read behind its newest checkpoint for what was not told, and not for ever', async () => {
    const records = Array.from({ length: 7 }, (_, i) => JSON.stringify(alarmEntry({ number: i + 1, version: i + 1 })));
    records.splice(6, 0, '{"checkpoint":6,"part":0,"parts":1,"alarms":[],"actions":[]}');
    const log = new FilesOfTwo();
    log.payloads.push(...records.map((record) => Buffer.from(record)));
    const read = async (told: number) => (await restoreJournal(log, told)).entries.map(({ number }) => number);

    expect(await read(0)).toEqual([7]); // no other store
    expect(await read(7)).toEqual([7]);
    expect(await read(5)).toEqual([5, 6, 7]);
    expect(await read(4)).toEqual([5, 6, 7]);
    expect(await read(3)).toEqual([3, 4, 5, 6, 7]);
    expect(await read(1)).toEqual([3, 4, 5, 6, 7]);
    expect((await restoreJournal(log, 1)).bytes).toBe((await restoreJournal(log, 0)).bytes);
  });

  it('gives entries up where too many wait, and tells what they came to once it can', async () => {
    const log = new MemoryLog();
    const tags = Array.from({ length: 30_000 }, (_, i) => `high:lamp-${i}`);
    const kept = await keepAlarms(log, tags);
    log.failure = 'the disk is full';
    for (const tag of tags) raise(kept, tag);
    for (const tag of tags) clear(kept, tag);
    await setImmediate();
    expect(kept.journal.status()).toMatchObject({ waiting: 50_000, lost: 10_000 });
    log.failure = undefined;
    await kept.states.act(actionOn([kept.states.find(tags[0]!)]), KIM);
    await written(kept);
    for (let i = 0; i < 20; i++) await setImmediate();

    const after = await keepAlarms(log, tags, kept.clock);

    expect(after.states.find(tags[29_999]!)).toMatchObject({ state: 'rtn-unacknowledged', version: 2 });
    expect(knownOf(after)).toEqual(knownOf(kept));
  });

  it('refuses actions and lets alarms go on where it cannot be opened', async () => {
    const kept = await keepAlarms(deadLog('there is no folder'), TAGS);
    raise(kept, TAGS[0]!);

    const refused = kept.states.act(actionOn([kept.states.find(TAGS[0]!)]), KIM);

    await expect(refused).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    expect(kept.states.find(TAGS[0]!)?.state).toBe('unacknowledged');
    expect(kept.journal.status().problem).toMatch('there is no folder');
  });

  it('starts with what is left where a file is damaged, and tells how much is gone', async () => {
    const kept = await keepAlarms(await openLog(), TAGS);
    for (const tag of TAGS) raise(kept, tag);
    await kept.states.act(actionOn([kept.states.find(TAGS[0]!)]), KIM);
    await kept.journal.close();
    flip('"event":"raise","tag":"low:lamp"');

    const after = await keepAlarms(await openLog(), TAGS, kept.clock);

    expect(after.states.find(TAGS[0]!)).toMatchObject({ state: 'acknowledged', version: 2 });
    expect(after.states.find(TAGS[1]!)).toMatchObject({ state: 'normal', version: 0 });
    expect(after.journal.status()).toMatchObject({ damaged: 1 });
    raise(after, TAGS[1]!);
    await after.states.act(actionOn([after.states.find(TAGS[1]!)]), KIM);
    await after.journal.close();
    const last = await keepAlarms(await openLog(), TAGS, kept.clock);
    expect(last.states.find(TAGS[1]!)).toMatchObject({ state: 'acknowledged' });
  });

  it('B8: holds 10,000 alarms of one second, each once', async () => {
    const channels = Array.from({ length: 100 }, (_, i) => `lamp-${i}`);
    const definitions = Object.fromEntries(
      channels.map((_, i) => [
        `high-${i}`,
        { channels: ['lamp-*'], condition: { kind: 'limit', figure: 'mean', above: i / 100 } },
      ]),
    );
    const log = await openLog();
    const watched = await WatchedAlarms.start(log, definitions, { listed: channels });
    for (const channel of channels) watched.window(channel, -1);

    const startMs = performance.now();
    for (let i = 0; i < 100; i++) for (const channel of channels.slice(i, i + 1)) watched.window(channel, 1);
    const raisedMs = performance.now() - startMs;
    await written(watched.kept);
    const writtenMs = performance.now() - startMs;
    console.info(`10,000 alarms raised in ${raisedMs.toFixed(0)} ms, on the disk after ${writtenMs.toFixed(0)} ms`);

    const { published } = watched.kept;
    expect(new Set(published.map(({ entry }) => entry.tag)).size).toBe(10_000);
    expect(published).toHaveLength(10_000);
    await watched.kept.journal.close();
    const after = await keepAlarms(await openLog());
    const raised: AlarmEntry[] = [];
    for (const { first, end } of after.journal.segments())
      for await (const entry of after.journal.read(first, end)) raised.push(entry);
    expect(raised.map(({ number }) => number)).toEqual(published.map(({ entry }) => entry.number));
    expect(raised.map(({ tag }) => tag).sort()).toEqual(published.map(({ entry }) => entry.tag).sort());
    expect(knownOf(after).map(({ state, occurrence }) => `${state} ${occurrence}`)).toEqual(
      published.map(() => 'unacknowledged 1'),
    );
  });
});

async function happen(kept: KeptAlarms, tag: string, what: string): Promise<void> {
  const { states, clock } = kept;
  const alarm = states.find(tag);
  clock.advance(1000);
  if (what === 'raise') raise(kept, tag);
  else if (what === 'clear') clear(kept, tag);
  else if (what === 'retire') states.retire(tag);
  else if (what === 'define') define(states, tag);
  else if (what === 'make anew') {
    states.retire(tag);
    define(states, tag);
  } else if (what === 'set the clock back') clock.set(-10_000);
  else if (what === 'wait') {
    const untilMs = alarm?.hidden.find((hiding) => hiding.untilMs !== undefined)?.untilMs ?? Number.POSITIVE_INFINITY;
    if (untilMs <= clock.nowMs()) states.change(tag, { event: 'unshelve', atMs: clock.nowMs(), untilMs });
  } else if (alarm !== undefined) {
    const shelve = { action: 'shelve', comment: 'noise', until: { seconds: 60 } } as const;
    await states.act(actionOn([alarm], what === 'shelve' ? shelve : {}), KIM);
  }
}

async function written({ journal }: KeptAlarms): Promise<void> {
  while (journal.status().waiting > 0) await setImmediate();
}

function entriesOf(log: MemoryLog): AlarmEntry[] {
  return log.payloads.map(readRecord).filter(isEntry);
}

async function openLog(): Promise<AppendLog> {
  open = await AppendLog.open({ folder: folder.path('journal'), log: silentLog() });
  return open;
}

/** Damages the file that holds these words, within them. */
function flip(words: string): void {
  const at = folder.path('journal');
  for (const name of readdirSync(at)) {
    const path = join(at, name);
    if (!existsSync(path) || !name.endsWith('.log')) continue;
    const bytes = readFileSync(path);
    const place = bytes.indexOf(words);
    if (place < 0) continue;
    bytes[place + 3] = bytes[place + 3]! ^ 1;
    writeFileSync(path, bytes);
    return;
  }
  throw new Error(`no file holds ${words}`);
}
