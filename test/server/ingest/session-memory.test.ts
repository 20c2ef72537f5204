import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { FrameReader } from '../../../server/ingest/frame-reader.ts';
import { PayloadRoom } from '../../../server/ingest/payload-room.ts';
import { frameBytes, helloBytes } from '../../support/device.ts';
import { loadKernels } from '../../support/ingest.ts';
import { measureMemory } from '../../support/memory.ts';
import { OfflineIngest } from '../../support/offline-session.ts';

it('leaves acknowledgements out while too many wait, but never the last', async () => {
  const ingest = new OfflineIngest(await loadKernels());
  const written: Buffer[] = [];
  const link = { write: (bytes: Buffer) => void written.push(bytes), finish: () => {}, backlogBytes: 1e6 };
  const session = ingest.connect(link);

  session.push(helloBytes({ 'fenestra:window': 10 }));
  session.push(frameBytes(0, new Int16Array(20)));
  session.tick();
  expect(written.length).toBe(1); // the answer to the hello
  session.end();

  expect(written.length).toBe(2);
  expect(written[1].readBigUInt64LE(8)).toBe(20n);
});

it.each([
  [4_194_304, 4_194_304],
  [65_538, 65_538],
  [65_536, 0],
])(
  'holds nothing after a frame of %i bytes with a checksum, and takes room of %i for it',
  (payloadBytes, roomBytes) => {
    const received: number[] = [];
    const receiver = {
      begin: () => {},
      payload: (_bytes: Buffer, from: number, to: number) => received.push(to - from),
      end: () => {},
      wait: () => {},
      proceed: () => {},
    };
    const room = new PayloadRoom();
    const reader = new FrameReader(2, receiver, room);
    const payload = new Uint8Array(payloadBytes).fill(7);
    const frame = frameBytes(0, payload, { crc32: crc32(payload) });

    reader.push(frame.subarray(0, 64 + 65_535), 0);
    expect([reader.heldBytes, room.takenBytes]).toEqual([65_535, 0]);
    reader.push(frame.subarray(0, frame.length - 1), 64 + 65_535);
    expect([reader.heldBytes, room.takenBytes]).toEqual([payloadBytes - 1, roomBytes]);
    reader.push(frame, frame.length - 1);

    expect(received).toEqual([payloadBytes]);
    expect([reader.heldBytes, room.takenBytes]).toEqual([0, 0]);
  },
);

it('takes no more memory than came, whatever length was promised', async () => {
  const start = frameBytes(0, new Uint8Array(4_194_304), { crc32: 1 }).subarray(0, 1000);
  const before = await measureMemory();

  const readers = Array.from({ length: 100 }, () => new FrameReader(2, DEAF, new PayloadRoom()));
  for (const reader of readers) reader.push(start, 0);

  const after = await measureMemory();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(readers.length * 70_000);
});

const DEAF = { begin: () => {}, payload: () => {}, end: () => {}, wait: () => {}, proceed: () => {} };
