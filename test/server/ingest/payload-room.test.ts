import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PayloadRoom, ROOM_BYTES } from '../../../server/ingest/payload-room.ts';
import { PAYLOAD_BYTES, TIMEOUTS } from '../../../server/ingest/protocol.ts';
import { Device, frameBytes } from '../../support/device.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { IngestFixture } from '../../support/ingest-fixture.ts';
import { runs } from '../../support/runs.ts';

const SILENT_MS = 60_000;

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

describe('devices whose payloads have checksums', () => {
  const fixture = new IngestFixture();
  const timeouts = { helloMs: 5000, silentMs: SILENT_MS, lingerMs: 50 };
  const hello = (channel: string) => ({ 'fenestra:channel': channel, 'fenestra:window': 1024 });
  const payload = new Int16Array(PAYLOAD_BYTES / 2).fill(7);
  const frame = frameBytes(0, payload, { crc32: crc32(payload) });
  const begun = frame.subarray(0, 64 + 1);

  it('wait for their turn where all the room is taken, others do not, and nothing is lost', async () => {
    const plain = await fixture.open(hello('plain'), { timeouts });
    const holders = await fill();
    const late = await add('late');
    const later = await add('later');

    late.send(frame);
    await fixture.until(() => fixture.ingest.server.counts().waiting === 1);
    later.send(frame.subarray(0, 64)); // a header, and nothing behind it yet
    await fixture.until(() => fixture.ingest.server.counts().waiting === 2);
    plain.frame(0, new Int16Array(1024));
    await plain.until(() => plain.acknowledgements.at(-1)?.nextSample === 1024);

    expect(fixture.ingest.server.counts()).toMatchObject({ roomBytes: ROOM_BYTES, waits: 2 });
    expect(fixture.ingest.ledger('late')).toMatchObject({ received: 0, pending: 0 });
    expect(fixture.ingest.server.counts().bytes).toBeLessThan(70_000); // the rest is not even read

    holders[0].send(frame.subarray(begun.length));
    await holders[0].until(() => holders[0].acknowledgements.at(-1)?.nextSample === payload.length);
    await late.until(() => late.acknowledgements.at(-1)?.nextSample === payload.length);
    await holders[1].cut();
    later.send(frame.subarray(64));
    await later.until(() => later.acknowledgements.at(-1)?.nextSample === payload.length);

    for (const name of ['late', 'later', 'holder-0']) {
      expect(fixture.ingest.ledger(name)).toMatchObject({ received: payload.length, missing: 0, discardedBytes: 0 });
    }
    await fixture.until(() => fixture.ingest.server.counts().roomBytes === 14 * PAYLOAD_BYTES);
    expect(fixture.ingest.ledger('holder-1')).toMatchObject({ received: 0, discardedBytes: 1 });
    expect(fixture.ingest.server.counts()).toMatchObject({ waiting: 0, waits: 2, errors: {} });
  });

  it('are not silent while they wait, and the books balance where one is cut', async () => {
    const clock = new FakeClock();
    const late = await fixture.open(hello('late'), { clock }); // looked at before those that make room
    const gone = await add('gone');
    await fill();
    gone.send(frame);
    await fixture.until(() => fixture.ingest.server.counts().waiting === 1);
    late.send(frame);
    await fixture.until(() => fixture.ingest.server.counts().waiting === 2);
    await gone.cut();

    await fixture.ingest.pass(clock, TIMEOUTS.silentMs); // so the holders make room
    await late.until(() => late.acknowledgements.at(-1)?.nextSample === payload.length);
    await late.finish();
    await fixture.until(() => fixture.ingest.server.counts().connections === 0);

    expect(fixture.ingest.server.counts()).toMatchObject({
      waiting: 0,
      roomBytes: 0,
      waits: 2,
      errors: { SILENT: 16 },
    });
    expect(fixture.ingest.ledger('gone')).toMatchObject({ received: 0, live: false });
    expect(fixture.ingest.ledger('late')).toMatchObject({ received: payload.length });
  });

  async function fill(): Promise<Device[]> {
    const holders: Device[] = [];
    while (holders.length < ROOM_BYTES / PAYLOAD_BYTES) holders.push(await add(`holder-${holders.length}`));
    for (const holder of holders) holder.send(begun);
    await fixture.until(() => fixture.ingest.server.counts().roomBytes === ROOM_BYTES);
    return holders;
  }

  async function add(channel: string): Promise<Device> {
    return Device.open(fixture.ingest.address, hello(channel));
  }
});
