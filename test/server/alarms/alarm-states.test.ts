import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isEntry, readRecord } from '../../../server/alarms/checkpoint.ts';
import type { AlarmAction } from '../../../server/wire/alarm-actions.ts';
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

const TAG = 'light-high:lamp';
const OTHER = 'light-low:lamp';

describe('the states of alarms', () => {
  it('are published at once where something happens by itself, and written behind', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, [TAG]);

    raise(kept, TAG);

    expect(kept.published.map(({ entry, alarm }) => [entry.number, entry.event, alarm.state])).toEqual([
      [1, 'raise', 'unacknowledged'],
    ]);
    expect(entriesOf(log)).toEqual([]);
    await written(kept);
    expect(entriesOf(log)).toEqual(['1 raise unacknowledged']);
  });

  it('are published where somebody acts once that is on the disk, and not before', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, [TAG]);
    raise(kept, TAG);
    await written(kept);
    log.hold();

    const reply = kept.states.act(actionOn([kept.states.find(TAG)]), KIM);
    await setImmediate();
    expect(kept.published).toHaveLength(1);
    expect(kept.states.find(TAG)?.state).toBe('unacknowledged');
    log.letGo();

    expect(await reply).toMatchObject({ results: [{ tag: TAG, alarm: { state: 'acknowledged', version: 2 } }] });
    expect(kept.published.map(({ entry }) => entry.event)).toEqual(['raise', 'acknowledge']);
  });

  it('keep the order of the journal where something happens to an alarm while its action is written', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, [TAG, OTHER]);
    raise(kept, TAG);
    await written(kept);
    log.hold();

    const reply = kept.states.act(actionOn([kept.states.find(TAG)]), KIM);
    await setImmediate();
    clear(kept, TAG);
    raise(kept, OTHER); // nobody acts on it, so it does not wait
    expect(kept.published.map(({ entry }) => entry.tag)).toEqual([TAG, OTHER]);
    log.letGo();
    await reply;
    await written(kept);

    expect(kept.states.find(TAG)?.state).toBe('normal');
    expect(entriesOf(log).sort()).toEqual([
      '1 raise unacknowledged',
      '2 acknowledge acknowledged',
      '3 raise unacknowledged',
      '4 clear normal',
    ]);
  });

  it('do not move where an action cannot be written, which says so', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, [TAG]);
    raise(kept, TAG);
    await written(kept);
    log.failure = 'the disk is full';

    const refused = kept.states.act(actionOn([kept.states.find(TAG)]), KIM);

    await expect(refused).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      message: 'the journal of alarms cannot be written: the disk is full; nothing was done',
    });
    expect(kept.states.find(TAG)).toMatchObject({ state: 'unacknowledged', version: 1 });
    log.failure = undefined;
    await kept.states.act(actionOn([kept.states.find(TAG)]), KIM);
    expect(entriesOf(log)).toEqual(['1 raise unacknowledged', '2 acknowledge acknowledged']);
  });

  it('go on by themselves while nothing can be written, and are written when it can again', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, [TAG, OTHER]);
    log.failure = 'the disk is full';

    raise(kept, TAG);
    await setImmediate();
    raise(kept, OTHER);
    await setImmediate();
    expect(kept.published).toHaveLength(2);
    expect(kept.journal.status()).toMatchObject({
      waiting: 2,
      written: 0,
      problem: 'the journal of alarms cannot be written: the disk is full',
    });
    log.failure = undefined;
    await kept.states.act(actionOn([kept.states.find(TAG)]), KIM); // tries at once

    expect(entriesOf(log)).toEqual(['1 raise unacknowledged', '2 raise unacknowledged', '3 acknowledge acknowledged']);
    expect(kept.journal.status()).toMatchObject({ waiting: 0, written: 3 });
    expect(kept.journal.status().problem).toBeUndefined();
  });

  it('are told with the refusal where somebody acts on another occurrence than there is', async () => {
    const kept = await keepAlarms(new MemoryLog(), [TAG]);
    raise(kept, TAG);
    const seen = kept.states.find(TAG);
    clear(kept, TAG);
    raise(kept, TAG);

    const reply = await kept.states.act(actionOn([seen]), KIM);

    expect(reply.results).toMatchObject([{ tag: TAG, refusal: 'ALARM_NEWER', alarm: { occurrence: 2 } }]);
    expect(kept.states.find(TAG)?.state).toBe('unacknowledged');
  });

  it('know nothing of alarms that no definition makes', async () => {
    const kept = await keepAlarms(new MemoryLog(), [TAG]);
    raise(kept, TAG);
    const seen = kept.states.find(TAG);
    kept.states.retire(TAG);

    const reply = await kept.states.act(actionOn([seen]), KIM);

    expect(reply.results).toEqual([{ tag: TAG, refusal: 'ALARM_UNKNOWN' }]);
    expect(kept.published.at(-1)).toMatchObject({ entry: { event: 'remove' }, alarm: { state: 'normal' } });
  });

  it('do what is told twice once, and answer the same', async () => {
    const kept = await keepAlarms(new MemoryLog(), [TAG, OTHER]);
    raise(kept, TAG);
    const action = actionOn([kept.states.find(TAG), kept.states.find(OTHER)], { action: 'reset' });
    const acknowledge = actionOn([kept.states.find(TAG)]);

    const [first, same] = await Promise.all([kept.states.act(acknowledge, KIM), kept.states.act(acknowledge, KIM)]);
    const refused = await kept.states.act(action, KIM);
    const again = await kept.states.act(acknowledge, KIM);

    expect(same).toEqual(first);
    expect(again).toEqual(first);
    expect(await kept.states.act(action, KIM)).toEqual(refused);
    expect(refused.results.map(({ refusal }) => refusal)).toEqual(['ALARM_STATE', 'ALARM_UNCHANGED']);
    expect(kept.published.map(({ entry }) => entry.event)).toEqual(['raise', 'acknowledge']);
  });

  it('are the same after a restart, with occurrences, shelves, comments and what was done', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, [TAG, OTHER]);
    raise(kept, TAG);
    clear(kept, TAG);
    raise(kept, TAG);
    raise(kept, OTHER);
    await kept.states.act(actionOn([kept.states.find(TAG)], { comment: 'seen' }), KIM);
    const shelve = actionOn([kept.states.find(OTHER)], { action: 'shelve', comment: 'noise', until: { seconds: 900 } });
    const shelved = await kept.states.act(shelve, KIM);
    await kept.journal.close();

    const after = await keepAlarms(log, [TAG, OTHER]);

    expect(knownOf(after)).toEqual(knownOf(kept));
    expect(after.published).toEqual([]);
    expect(await after.states.act(shelve, KIM)).toEqual(shelved);
    expect(after.published).toEqual([]);
    raise(after, TAG); // it is there already
    clear(after, TAG);
    expect(after.published.map(({ entry }) => [entry.number, entry.event, entry.occurrence])).toEqual([
      [7, 'clear', 2],
    ]);
  });

  it('are known again where they were removed, so that occurrences only grow', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, [TAG]);
    raise(kept, TAG);
    kept.states.retire(TAG);
    await kept.journal.close();

    const after = await keepAlarms(log);
    expect(after.states.find(TAG)).toBeUndefined();
    define(after.states, TAG);
    raise(after, TAG);

    expect(after.states.find(TAG)).toMatchObject({ occurrence: 2, version: 3, state: 'unacknowledged' });
  });

  it('are there where a definition goes and comes while an action is written, and begin anew', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, [TAG]);
    raise(kept, TAG);
    await written(kept);
    for (const hold of [1, 100]) {
      log.hold();
      const reply = kept.states.act(actionOn([kept.states.find(TAG)], { action: 'comment', comment: 'lamp' }), KIM);
      await setImmediate();
      for (let i = 0; i < hold; i++) {
        kept.states.retire(TAG);
        define(kept.states, TAG);
      }
      log.letGo();
      await reply;
      const events = kept.published.map(({ entry }) => entry.event);
      expect(new Set(events.slice(events.lastIndexOf('comment')))).toEqual(new Set(['comment', 'remove']));
      expect(kept.states.find(TAG)).toMatchObject({ state: 'normal' });
      raise(kept, TAG);
      expect(kept.states.find(TAG)).toMatchObject({ state: 'unacknowledged' });
    }
  });

  it('say up to which number all entries are told, while actions are written and when they are refused', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, [TAG, OTHER]);
    raise(kept, TAG);
    log.hold();
    const reply = kept.states.act(actionOn([kept.states.find(TAG)], { action: 'comment', comment: 'lamp' }), KIM);
    await setImmediate();
    raise(kept, OTHER);
    log.letGo();
    await reply;
    log.failure = 'the disk is full';
    const refused = kept.states.act(actionOn([TAG, OTHER].map((tag) => kept.states.find(tag))), KIM);
    const refusal = expect(refused).rejects.toThrow('the disk is full');
    await setImmediate();
    clear(kept, OTHER);
    await refusal;
    clear(kept, TAG);

    const told = kept.published.map(({ entry, settled }) => [entry.number, settled]);
    expect(told).toEqual([
      [1, 1],
      [3, 1],
      [2, 3],
      [4, 4],
      [5, 5],
    ]);
  });

  it('refuse an action that cannot be decided, and take the next', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, [TAG]);
    raise(kept, TAG);
    const acknowledge = actionOn([kept.states.find(TAG)]);
    const broken = { ...acknowledge, action: 'shelve', comment: 'noise', until: undefined } as unknown as AlarmAction;

    await expect(kept.states.act(broken, KIM)).rejects.toThrow('seconds');
    expect(kept.states.waiting).toBe(0);
    expect((await kept.states.act(acknowledge, KIM)).results).toMatchObject([{ alarm: { state: 'acknowledged' } }]);
  });

  it('write what many people do at the same time together', async () => {
    const log = new MemoryLog();
    const tags = Array.from({ length: 50 }, (_, i) => `light-high:lamp-${i}`);
    const kept = await keepAlarms(log, tags);
    for (const tag of tags) raise(kept, tag);
    await written(kept);
    log.appends = 0;

    await Promise.all(tags.map((tag) => kept.states.act(actionOn([kept.states.find(tag)]), KIM)));

    expect(log.appends).toBeLessThanOrEqual(2);
    expect([...kept.states.defined()].map(({ state }) => state)).toEqual(tags.map(() => 'acknowledged'));
  });
});

async function written({ journal }: KeptAlarms): Promise<void> {
  while (journal.status().waiting > 0) await setImmediate();
}

function entriesOf(log: MemoryLog): string[] {
  return log.payloads
    .map(readRecord)
    .filter(isEntry)
    .map(({ number, event, state }) => `${number} ${event} ${state}`);
}
