import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OWN_BYTES, PayloadRoom, ROOM_BYTES } from '../../../server/ingest/payload-room.ts';
import { PAYLOAD_BYTES, TIMEOUTS } from '../../../server/ingest/protocol.ts';
import type { Session } from '../../../server/ingest/session.ts';
import { Device, frameBytes, helloBytes } from '../../support/device.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { loadKernels } from '../../support/ingest.ts';
import { IngestFixture } from '../../support/ingest-fixture.ts';
import { OfflineIngest } from '../../support/offline-session.ts';
import { runs } from '../../support/runs.ts';

const HOLDERS = ROOM_BYTES / PAYLOAD_BYTES;

describe('PayloadRoom', () => {
  it('never gives more than there is, and serves guests in the order they came', () => {
    const visit = fc.record({ bytes: fc.integer({ min: 1, max: PAYLOAD_BYTES }), stays: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 80 }), (visits) => {
        const room = new PayloadRoom();
        const inside = new Map<object, { bytes: number; until: number }>();
        const served: number[] = [];
        for (const [now, { bytes, stays }] of visits.entries()) {
          for (const [guest, stay] of [...inside]) {
            if (stay.until > now) continue;
            inside.delete(guest);
            room.leave(guest as never, stay.bytes);
          }
          const guest = {
            granted: () => {
              served.push(now);
              inside.set(guest, { bytes, until: now + stays });
            },
          };
          if (room.take(guest, bytes)) guest.granted();

          const taken = [...inside.values()].reduce((sum, stay) => sum + stay.bytes, 0);
          expect(room.takenBytes).toBe(taken);
          expect(taken).toBeLessThanOrEqual(ROOM_BYTES);
        }
        expect(served).toEqual(served.toSorted((a, b) => a - b));
        expect(served.length + room.waiting).toBe(visits.length);
      }),
      { numRuns: runs(300, 50_000) },
    );
  });

  it('lets a guest that waits go, and takes who is behind it', () => {
    const room = new PayloadRoom();
    const served: string[] = [];
    const guest = (name: string) => ({ granted: () => void served.push(name) });
    const [large, small, first] = [guest('large'), guest('small'), guest('first')];
    room.take(first, ROOM_BYTES - 10);
    expect(room.take(large, 20)).toBe(false);
    expect(room.take(small, 5)).toBe(false); // it would fit, but large came before

    room.leave(large, 20);

    expect(served).toEqual(['small']);
    expect(room.takenBytes).toBe(ROOM_BYTES - 5);
    expect(room.waits).toBe(2);
  });
});

const hello = (channel: string) => ({ 'fenestra:channel': channel, 'fenestra:window': 1024 });
const payload = new Int16Array(PAYLOAD_BYTES / 2).fill(7);
const frame = frameBytes(0, payload, { crc32: crc32(payload) });
const begun = frame.subarray(0, 64 + OWN_BYTES); // has room, and not a byte in it

describe('devices whose payloads have checksums', () => {
  const fixture = new IngestFixture();

  it('never wait with frames up to 64 KiB, take turns with longer ones, and nothing is lost', async () => {
    const small = await fixture.open(hello('small'), { clock: new FakeClock() });
    await fill();
    const late = await add('late');
    const later = await add('later');
    const part = new Int16Array(OWN_BYTES / 2);

    late.send(frame);
    later.send(frame);
    await fixture.until(() => fixture.ingest.server.counts().waits === 2);
    for (let i = 0; i < 10; i++) small.frame(i * part.length, part, { crc32: crc32(part) });
    await small.until(() => small.acknowledgements.at(-1)?.nextSample === 10 * part.length);
    for (const device of [late, later]) {
      await device.until(() => device.acknowledgements.at(-1)?.nextSample === payload.length);
    }

    const counts = fixture.ingest.server.counts();
    expect(counts).toMatchObject({ waiting: 0, waits: 2 });
    expect([1, 2]).toContain(counts.errors.SILENT); // no more lost their room than waited for some, and not by the clock, which stands
    for (const name of ['late', 'later']) {
      expect(fixture.ingest.ledger(name)).toMatchObject({ received: payload.length, missing: 0, discardedBytes: 0 });
    }
    expect(fixture.ingest.ledger('small')).toMatchObject({ received: 10 * part.length, discardedBytes: 0 });
  });

  it('may be cut while they wait, and the books balance', async () => {
    const gone = await fixture.open(hello('gone'), { clock: new FakeClock() });
    const holders = await fill();
    gone.send(frame);
    await fixture.until(() => fixture.ingest.server.counts().waiting === 1);

    await gone.cut();
    await fixture.until(() => fixture.ingest.server.counts().waiting === 0);
    await Promise.all(holders.map((holder) => holder.cut()));
    await fixture.until(() => fixture.ingest.server.counts().connections === 0);

    expect(fixture.ingest.server.counts().roomBytes).toBe(0);
    expect(fixture.ingest.ledger('gone')).toMatchObject({ received: 0, live: false, discardedBytes: OWN_BYTES });
  });

  async function fill(): Promise<Device[]> {
    const holders: Device[] = [];
    while (holders.length < HOLDERS) holders.push(await add(`holder-${holders.length}`));
    for (const holder of holders) holder.send(begun);
    await fixture.until(() => fixture.ingest.server.counts().roomBytes === ROOM_BYTES);
    return holders;
  }

  async function add(channel: string): Promise<Device> {
    return Device.open(fixture.ingest.address, hello(channel));
  }
});

describe('a payload that has room', () => {
  it('may stall as long as nobody waits, then loses it after ten looks, and those that bring 1 MiB/s keep it', async () => {
    const { ingest, holders } = await fill();
    look(holders, 100);
    expect(ingest.codes).toEqual([]);

    let isGranted = false;
    const late = ingest.connect({ resume: () => (isGranted = true) });
    late.push(helloBytes(hello('late')));
    expect(late.push(frame)).toBe(begun.length); // the rest is not even taken

    const [busy, slow, ...stalled] = holders;
    for (let i = 0, at = begun.length; i < 10; i++, at += 52_429) {
      look(holders, 1);
      busy.push(frame.subarray(at, at + 52_429));
      slow.push(frame.subarray(at - i, at - i + 52_428)); // 10 looks of it are 8 bytes too few
    }
    expect(ingest.codes).toEqual([]);
    look([busy, slow], 1);
    expect([busy.isOpen, slow.isOpen, isGranted]).toEqual([true, false, true]);

    look([...stalled, late], 100);
    expect(ingest.codes).toEqual(['SILENT']); // it was enough
    expect(late.push(frame.subarray(begun.length))).toBe(frame.length - begun.length);
    late.end();
    for (const holder of holders) holder.lost();
    const entry = ingest.ledger().find(({ channel }) => channel === 'late')!;
    expect(entry).toMatchObject({ received: payload.length, reduced: payload.length, missing: 0, offBy: 0 });
  });

  it('is asked for nothing while its own connection is not read, which is not silent either', async () => {
    const clock = new FakeClock();
    const { ingest, holders } = await fill(clock);
    const late = ingest.connect();
    late.push(helloBytes(hello('late')));
    late.push(frame);

    for (const holder of holders) holder.hold();
    clock.advance(TIMEOUTS.silentMs);
    look([...holders, late], 100);

    expect(ingest.codes).toEqual([]);
  });

  async function fill(clock = new FakeClock()) {
    const ingest = new OfflineIngest(await loadKernels(), { clock });
    const holders = Array.from({ length: HOLDERS }, (_, i) => {
      const session = ingest.connect();
      session.push(helloBytes(hello(`h${i}`)));
      session.push(begun);
      return session;
    });
    return { ingest, holders };
  }

  function look(sessions: readonly Session[], times: number): void {
    for (let i = 0; i < times; i++) for (const session of sessions) session.tick();
  }
});
