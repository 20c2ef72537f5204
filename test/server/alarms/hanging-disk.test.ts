import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isEntry, readRecord } from '../../../server/alarms/checkpoint.ts';
import { actionOn, clear, type KeptAlarms, KIM, keepAlarms, knownOf, raise } from '../../support/kept-alarms.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { runs } from '../../support/runs.ts';

const TAG = 'light-high:lamp';
const OTHER = 'light-low:lamp';

/** One that hangs, fails or works from now on. */
class HangingLog extends MemoryLog {
  #isHeld = false;

  turn(what: 'hang' | 'fail' | 'work'): void {
    this.failure = what === 'fail' ? 'the disk is full' : undefined;
    if (what === 'hang' && !this.#isHeld) this.hold();
    else if (what !== 'hang') this.letGo();
    this.#isHeld = what === 'hang';
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('the states of alarms on a disk that hangs', () => {
  it('are told of an alarm whose action the disk hangs with, and that is answered once it is written', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, [TAG]);
    raise(kept, TAG);
    await written(kept);
    log.hold();
    const acknowledge = actionOn([kept.states.find(TAG)]);
    let isAnswered = false;
    const reply = kept.states.act(acknowledge, KIM).finally(() => {
      isAnswered = true;
    });
    await setImmediate();
    clear(kept, TAG);
    raise(kept, TAG);
    expect(kept.published).toHaveLength(1);

    await passed(2000);
    expect(kept.published.map(({ entry }) => entry.event)).toEqual(['raise', 'acknowledge', 'clear', 'raise']);
    expect(kept.journal.status().problem).toContain('longer than 2 s');
    const other = kept.states.act(actionOn([kept.states.find(TAG)]), KIM);
    await expect(other).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      message: expect.stringContaining('nothing is done'),
    });
    const again = kept.states.act(acknowledge, KIM);
    log.failure = 'the disk is full';
    log.letGo();
    await passed(1000);
    expect([isAnswered, kept.states.waiting]).toEqual([false, 1]);
    log.failure = undefined;
    await passed(1000);

    expect((await reply).results).toMatchObject([{ tag: TAG, alarm: { occurrence: 2, state: 'unacknowledged' } }]);
    expect(await again).toEqual(await reply);
    const told = kept.published.map(({ entry }) => `${entry.number} ${entry.event} ${entry.state}`);
    expect(entriesOf(log)).toEqual(told);
    expect(knownOf(await keepAlarms(log))).toEqual(knownOf(kept));
    expect((await kept.states.act(actionOn([kept.states.find(TAG)]), KIM)).results).toMatchObject([
      { alarm: { state: 'acknowledged' } },
    ]);
  });

  it('are told of an alarm whose action waits behind what the disk hangs with, and that is refused', async () => {
    const log = new MemoryLog();
    const kept = await keepAlarms(log, [TAG, OTHER]);
    raise(kept, TAG);
    await written(kept);
    log.hold();
    raise(kept, OTHER);
    await setImmediate();
    const refused = expect(kept.states.act(actionOn([kept.states.find(TAG)]), KIM)).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      message: expect.stringMatching(/longer than 2 s; nothing was done/),
    });
    await setImmediate();
    clear(kept, TAG);

    await passed(2000);
    await refused;
    expect(kept.published.map(({ entry }) => entry.event)).toEqual(['raise', 'raise', 'clear']);
    log.letGo();
    await written(kept);

    expect(kept.states.find(TAG)?.state).toBe('rtn-unacknowledged');
    expect(entriesOf(log).map((entry) => entry.split(' ')[1])).toEqual(['raise', 'raise', 'clear']);
    expect(kept.journal.status().problem).toBeUndefined();
  });

  it('have the order of the journal, and are of just the actions that were answered, however it hangs and fails', async () => {
    const what = fc.constantFrom('raise', 'clear', 'acknowledge', 'comment', 'hang', 'fail', 'work', 'wait');
    const steps = fc.array(fc.record({ what, tag: fc.constantFrom(TAG, OTHER) }), { maxLength: 60, size: 'max' });
    let late = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const log = new HangingLog();
        const kept = await keepAlarms(log, [TAG, OTHER]);
        const done = new Set<string>();
        const refused = new Set<string>();
        for (const { what, tag } of steps) {
          if (what === 'raise') raise(kept, tag);
          else if (what === 'clear') clear(kept, tag);
          else if (what === 'acknowledge' || what === 'comment') {
            const action = actionOn([kept.states.find(tag)], { action: what, comment: 'seen' });
            kept.states.act(action, KIM).then(
              ({ results }) => (results[0]!.refusal === undefined ? done : refused).add(action.id),
              () => refused.add(action.id),
            );
          } else if (what === 'wait') await passed(2000);
          else log.turn(what);
          await setImmediate();
          late += Number(kept.states.waiting > 0 && kept.published.at(-1)?.entry.action !== undefined);
        }
        log.turn('work');
        while (kept.states.waiting + kept.journal.status().waiting > 0) await passed(2000);

        const written = log.payloads.map(readRecord).filter(isEntry);
        for (const tag of [TAG, OTHER]) {
          const told = kept.published.map(({ entry }) => entry).filter((entry) => entry.tag === tag);
          expect(written.filter((entry) => entry.tag === tag)).toEqual(told);
        }
        const actions = written.flatMap(({ action }) => action ?? []);
        expect([actions.length, new Set(actions)]).toEqual([done.size, done]);
        expect(actions.filter((id) => refused.has(id))).toEqual([]);
        expect(knownOf(await keepAlarms(log))).toEqual(knownOf(kept));
      }),
      { numRuns: runs(200, 10_000) },
    );
    expect(late).toBeGreaterThan(0);
  });
});

async function passed(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}

async function written({ journal }: KeptAlarms): Promise<void> {
  while (journal.status().waiting > 0) await setImmediate();
}

function entriesOf(log: MemoryLog): string[] {
  return log.payloads
    .map(readRecord)
    .filter(isEntry)
    .map(({ number, event, state }) => `${number} ${event} ${state}`);
}
