import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppendLog } from '../../../server/durable/append-log.ts';
import { Refused } from '../../../server/notify/destination.ts';
import { type AlarmMessage, messageId } from '../../../server/notify/message.ts';
import { Folder } from '../../support/folder.ts';
import { openLog } from '../../support/logs.ts';
import { alarmMessage, FakeDestination, handledBy, offer, openOutbox } from '../../support/outputs.ts';
import { runs } from '../../support/runs.ts';
import { silentLog } from '../../support/silent-log.ts';

const folder = new Folder();
const HOUR_MS = 3_600_000;

describe('an outbox', () => {
  it('tells a destination that was away for an hour everything in order, in few tries, and holds up no other', async () => {
    const [down, up] = [new FakeDestination('down', 64), new FakeDestination('up', 64)];
    const { outbox, clock } = await openOutbox({ store: await openLog(folder.path()), destinations: [down, up] });
    down.answer = async () => {
      if (clock.monotonicMs() < HOUR_MS) throw new Error('it is down');
    };

    const ids = offer(outbox, 200, 20);
    await expect.poll(() => up.taken).toEqual(ids);
    await expect.poll(() => handledBy(outbox)).toBe(400);

    expect(down.taken).toEqual(ids);
    expect(outbox.status().destinations.map(({ failed }) => failed)).toEqual([down.tries.length - 10, 0]);
    // 1 s to 5 min, three quarters of it: 8.5 min of growing pauses, then 51 of 3.75 min.
    expect(outbox.status().destinations[0]!.failed).toBeLessThan(30);
    await outbox.close();
  });

  it('says that a destination fails after three tries and 30 s, until it takes something', async () => {
    const down = new FakeDestination();
    const { outbox, clock } = await openOutbox({ store: undefined, destinations: [down] });
    const failing: [number, number, boolean][] = [];
    down.answer = async () => {
      failing.push([down.tries.length - 1, clock.monotonicMs(), outbox.failing === 1]);
      if (clock.monotonicMs() < 100_000) throw new Error('it is down');
    };
    expect(outbox.failing).toBe(0);
    offer(outbox, 1, 1);
    await expect.poll(() => handledBy(outbox)).toBe(1);

    expect(failing.length).toBeGreaterThan(6);
    expect(failing.filter(([tries, ms, isFailing]) => isFailing !== (tries >= 3 && ms >= 30_000))).toEqual([]);
    expect(failing.at(-1)![2]).toBe(true);
    expect([outbox.failing, outbox.status().destinations[0]]).toEqual([
      0,
      expect.not.objectContaining({ problem: '' }),
    ]);
    down.outage = { sinceMs: clock.monotonicMs() - 30_000, problem: 'not connected' };
    expect([outbox.failing, outbox.status().destinations[0]!.problem]).toEqual([1, 'not connected']);
    await outbox.close();
  });

  it('goes on while the disk refuses, and counts what a kill would lose', async () => {
    const store = await openLog(folder.path());
    await store.close(); // every append is refused from now on
    const ops = new FakeDestination();
    const { outbox } = await openOutbox({ store, destinations: [ops] });
    const ids = offer(outbox, 5, 2);

    await expect.poll(() => ops.taken).toEqual(ids);
    expect(outbox.status()).toMatchObject({ unstored: 5, problem: expect.stringContaining('closed') });
    await outbox.close();
  });

  it('begins with what stands for a destination that it has not known', async () => {
    const [first, second] = [new FakeDestination('first'), new FakeDestination('second')];
    first.answer = () => new Promise(() => undefined);
    const { outbox } = await openOutbox({ store: await openLog(folder.path()), destinations: [first] });
    const before = offer(outbox, 3, 1);
    await expect.poll(() => first.tries.length).toBe(1);
    await outbox.close();

    first.answer = () => Promise.resolve();
    const { outbox: again } = await openOutbox({ store: await openLog(folder.path()), destinations: [first, second] });
    await expect.poll(() => first.taken).toEqual(before);
    const standing = alarmMessage({ tag: 'standing:c' });
    again.greet(standing, 2);
    const after = offer(again, 2, 1, 3);
    await expect.poll(() => handledBy(again)).toBe(8);

    expect(first.taken).toEqual([...before, ...after]);
    expect(second.taken).toEqual([messageId(standing), ...after]);
    await again.close();
    const { outbox: last } = await openOutbox({ store: await openLog(folder.path()), destinations: [first, second] });
    last.greet(standing, 4); // it is known by now
    offer(last, 1, 1, 5);
    await expect.poll(() => handledBy(last)).toBe(2);
    await last.close();
  });

  it('gives the disk back what it delivered, also while an old message waits', async () => {
    const stuck = new FakeDestination('stuck', 1, ({ tag }) => tag === 'a0:c');
    const ops = new FakeDestination('ops', 64);
    stuck.answer = () => new Promise(() => undefined);
    const open = () => AppendLog.open({ folder: folder.path(), log: silentLog(), segmentBytes: 2 << 20 });
    const { outbox } = await openOutbox({ store: await open(), destinations: [stuck, ops] });
    const first = offer(outbox, 1, 1);
    for (let i = 1; i < 20; i++) {
      for (let j = 0; j < 200; j++) outbox.offer(wide(200 * i + j), 200 * i + j);
      await expect.poll(() => ops.taken.length, { interval: 2 }).toBe(1 + 200 * i);
    }
    const written = outbox.status().destinations[1]!.delivered * 5000;
    expect(written).toBeGreaterThan(15 << 20);
    await expect.poll(() => outbox.status().bytes).toBeLessThan(11 << 20);
    await outbox.close();

    stuck.answer = () => Promise.resolve();
    const { outbox: again } = await openOutbox({ store: await open(), destinations: [stuck, ops] });
    await expect.poll(() => stuck.taken).toEqual(first);
    await again.close();
  });

  it('delivers everything at least once, in order for each alarm, whatever fails and however often it is killed', async () => {
    let run = 0;
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ offer: fc.integer({ min: 1, max: 5 }), alarm: fc.nat(3) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          failures: fc.constantFrom(0, 1, 4, Number.POSITIVE_INFINITY),
          ...{ to: fc.nat(1), how: fc.constantFrom('fails', 'is taken and fails', 'is refused') },
        }),
      },
      { weight: 4, arbitrary: fc.record({ turns: fc.nat(20), isSettled: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ diskFailures: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 1, arbitrary: fc.record({ kill: fc.constant(true) }) },
    );
    const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const path = folder.path(`outbox-${run++}`);
      const journal: AlarmMessage[] = []; // entry `i` has number `i`
      const told: string[][] = [[], []]; // what each destination heard, a kill as ''
      const failures = [0, 0];
      const refusals = [0, 0]; // in a row
      const hows = ['fails', 'fails'];
      let diskFailures = 0;
      let session = await start();
      const versions = [0, 0, 0, 0];

      async function start() {
        const real = await openLog(path);
        let isDead = false;
        const writes: Promise<unknown>[] = [];
        const store = new Proxy(real, {
          get(target, key) {
            if (key !== 'append') {
              const value = Reflect.get(target, key, target) as unknown;
              return typeof value === 'function' ? value.bind(target) : value;
            }
            return (payloads: Uint8Array[]) => {
              if (isDead) return new Promise(() => undefined);
              if (diskFailures-- > 0) return Promise.reject(new Error('the disk is full'));
              const written = target.append(payloads);
              writes.push(written);
              return written.then((at) => (isDead ? new Promise(() => undefined) : at));
            };
          },
        });
        const destinations = told.map((heard, i) => {
          const to = new FakeDestination(String(i), 1 + 2 * i);
          to.answer = async (messages) => {
            await new Promise(setImmediate);
            if (isDead) return new Promise(() => undefined);
            const isRefused = hows[i] === 'is refused';
            // What is refused five times in a row is put aside, and a newer one takes its place.
            const fails = failures[i]! > 0 && !(isRefused && refusals[i] === 4);
            refusals[i] = fails && isRefused ? refusals[i]! + 1 : 0;
            if (fails) failures[i]!--;
            if (!fails || hows[i] === 'is taken and fails') heard.push(...messages.map(messageId));
            if (fails) throw isRefused ? new Refused('it is refused') : new Error('it fails');
          };
          return to;
        });
        const { outbox } = await openOutbox({ store, destinations });
        const { taken = -1 } = outbox;
        for (const [number, message] of journal.entries()) if (number > taken) outbox.offer(message, number);
        const kill = async () => {
          isDead = true;
          await Promise.allSettled(writes);
          await real.close();
          for (const heard of told) heard.push('');
        };
        const settle = () => Promise.allSettled(writes);
        return { outbox, kill, settle };
      }

      for (const one of steps) {
        if ('offer' in one) {
          for (let i = 0; i < one.offer; i++) {
            const message = alarmMessage({ tag: `a${one.alarm}:c`, version: ++versions[one.alarm]! });
            journal.push(message);
            session.outbox.offer(message, journal.length - 1);
          }
        } else if ('failures' in one) {
          failures[one.to] = one.failures;
          hows[one.to] = one.how;
        } else if ('diskFailures' in one) {
          ({ diskFailures } = one);
        } else if ('turns' in one) {
          if (one.isSettled) await session.settle();
          for (let i = 0; i < one.turns; i++) await new Promise(setImmediate);
        } else {
          await session.kill();
          failures.fill(0);
          session = await start();
        }
      }
      failures.fill(0);
      const unheard = () =>
        told.filter((heard) => !journal.every((message) => heard.includes(messageId(message)))).length;
      await expect.poll(unheard, { interval: 1, timeout: 5000 }).toBe(0);
      await session.outbox.close();

      for (const heard of told) {
        expect(heard.filter((id) => id !== '' && !journal.some((message) => messageId(message) === id))).toEqual([]);
        for (const lived of heard.join(' ').split('  ')) {
          for (const alarm of [0, 1, 2, 3]) {
            const order = lived
              .split(' ')
              .filter((id) => id.startsWith(`a${alarm}:c/`))
              .map((id) => Number(id.split('/')[2]));
            expect(order).toEqual([...order].sort((a, b) => a - b));
          }
        }
      }
    });
    await fc.assert(property, { numRuns: runs(60, 5000) });
  });
});

/** A message of 5 kB. */
function wide(version: number): AlarmMessage {
  return { ...alarmMessage({ tag: `w${version % 100}:c`, version }), comment: 'x'.repeat(5000) };
}
