import { describe, expect, it } from 'vitest';
import { AppendLog } from '../../../server/durable/append-log.ts';
import { Refused } from '../../../server/notify/destination.ts';
import { Folder } from '../../support/folder.ts';
import { openLog } from '../../support/logs.ts';
import { alarmMessage, FakeDestination, offer, openOutbox } from '../../support/outputs.ts';
import { silentLog } from '../../support/silent-log.ts';

const folder = new Folder();

describe('an outbox', () => {
  it('puts aside what is refused alone five times, delivers those around it, and tells the newest again until it is taken', async () => {
    const strict = new FakeDestination('strict', 10);
    const { outbox, clock } = await openOutbox({ store: undefined, destinations: [strict] });
    let isStrict = true;
    const refusedMs: number[] = [];
    strict.answer = async (messages) => {
      if (!isStrict || !messages.some(({ tag }) => tag === 'a3:c')) return;
      refusedMs.push(clock.monotonicMs());
      throw new Refused('400');
    };
    const ids = offer(outbox, 20, 10);
    const figures = () => outbox.status().destinations[0]!;
    await expect.poll(() => figures().failed).toBeGreaterThan(20);

    expect(strict.taken).toEqual(ids.filter((id) => !id.startsWith('a3:c/')));
    expect(figures()).toMatchObject({ delivered: 18, refused: 1, givenUp: 1, waiting: 0, dropped: 0, problem: '400' });
    expect(strict.tries.slice(0, 9)).toEqual([10, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(refusedMs.at(-1)! - refusedMs.at(-2)!).toBeGreaterThanOrEqual(300_000);
    isStrict = false;
    await expect.poll(() => strict.taken.at(-1)).toBe('a3:c/1/14'); // the newest, and not the older one
    expect(strict.taken).not.toContain('a3:c/1/4');
    expect(figures()).toMatchObject({ delivered: 19, refused: 0, givenUp: 1, isFailing: false });
    expect(figures()).not.toHaveProperty('problem');
    await outbox.close();
  });

  it('leaves what is refused when a newer one of the same alarm is taken', async () => {
    const strict = new FakeDestination('strict', 10);
    const { outbox } = await openOutbox({ store: undefined, destinations: [strict] });
    strict.answer = async ([message]) => {
      if (message!.version === 1) throw new Refused('400');
    };
    const figures = () => outbox.status().destinations[0]!;
    offer(outbox, 1, 1);
    await expect.poll(() => figures().refused).toBe(1);
    offer(outbox, 1, 1, 1);
    await expect.poll(() => figures().refused).toBe(0);

    expect(strict.taken).toEqual(['a0:c/1/2']);
    expect(figures()).toMatchObject({ delivered: 1, givenUp: 1 });
    await outbox.close();
  });

  it('tells what is refused again after a restart, and nothing that came after it', async () => {
    const strict = new FakeDestination('strict', 10);
    strict.answer = async (messages) => {
      if (messages.some(({ tag }) => tag === 'a0:c')) throw new Refused('400');
    };
    const { outbox } = await openOutbox({ store: await openLog(folder.path()), destinations: [strict] });
    const ids = offer(outbox, 4, 4);
    await expect.poll(() => outbox.status().destinations[0]).toMatchObject({ refused: 1, delivered: 3 });
    await outbox.close();

    strict.answer = () => Promise.resolve();
    const { outbox: again } = await openOutbox({ store: await openLog(folder.path()), destinations: [strict] });
    await expect.poll(() => strict.taken).toEqual([...ids.slice(1), ids[0]]);
    await again.close();
  });

  it('writes what it could not when the disk works again, and leaves the rest to the journal after a kill', async () => {
    const down = new FakeDestination();
    down.answer = () => new Promise(() => undefined);
    const disk = { room: 0 };
    const store = await openDisk(disk);
    const { outbox } = await openOutbox({ store, destinations: [down] });
    const ids = offer(outbox, 5, 5);
    await expect.poll(() => outbox.status()).toMatchObject({ unstored: 5, problem: 'the disk is full' });
    disk.room = Number.POSITIVE_INFINITY;
    await expect.poll(() => outbox.status().problem).toBeUndefined();
    disk.room = 0;
    offer(outbox, 2, 2, 5);
    await expect.poll(() => outbox.status().unstored).toBe(7);
    await store.close(); // as after a kill

    const ops = new FakeDestination();
    const { outbox: again } = await openOutbox({ store: await openRoomy(), destinations: [ops] });
    await expect.poll(() => ops.taken).toEqual(ids);
    expect(again.taken).toBe(4);
    await again.close();
    await outbox.close();
  });

  it('says of no entry of the journal that it was taken before its message is on the disk', async () => {
    const down = new FakeDestination();
    down.answer = () => new Promise(() => undefined);
    const store = await openDisk({ room: 2 }); // what is known at the start, and what is written first
    const { outbox } = await openOutbox({ store, destinations: [down] });
    const message = { ...alarmMessage(), comment: 'x'.repeat(5000) };
    for (let i = 0; i < 300; i++) outbox.offer({ ...message, tag: `a${i}:c` }, i);
    await expect.poll(() => outbox.status().unstored).toBeGreaterThan(0);
    await store.close(); // as after a kill

    const ops = new FakeDestination();
    const { outbox: again } = await openOutbox({ store: await openRoomy(), destinations: [ops] });
    await expect.poll(() => ops.taken.length, { timeout: 3000 }).toBeGreaterThan(100);
    await again.close();
    expect(again.taken).toBe(ops.taken.length - 1);
    expect(again.taken).toBeLessThan(299);
    await outbox.close();
  });

  it('says so also where entries are offered after others with larger numbers', async () => {
    const down = new FakeDestination();
    down.answer = () => new Promise(() => undefined);
    const store = await openDisk({ room: 2 });
    const { outbox } = await openOutbox({ store, destinations: [down] });
    const message = { ...alarmMessage(), comment: 'x'.repeat(600_000) };
    outbox.offer({ ...message, tag: 'third:c' }, 1); // the second is being written to the journal
    outbox.offer({ ...message, tag: 'second:c' }, 3);
    await expect.poll(() => outbox.status().unstored).toBe(1);
    await store.close(); // as after a kill

    const { outbox: again } = await openOutbox({ store: await openRoomy(), destinations: [new FakeDestination()] });
    expect(again.taken).toBe(1);
    await again.close();
    await outbox.close();
  });
});

function openRoomy() {
  return AppendLog.open({ folder: folder.path(), log: silentLog(), segmentBytes: 2 << 20 });
}

/** A log on a disk with room for so many appends. */
async function openDisk(disk: { room: number }) {
  return new Proxy(await openRoomy(), {
    get(target, key) {
      const value = Reflect.get(target, key, target) as unknown;
      if (key === 'append' && disk.room-- <= 0) return () => Promise.reject(new Error('the disk is full'));
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
