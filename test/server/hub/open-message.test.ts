import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OpenMessage } from '../../../server/hub/open-message.ts';
import { clientFrame } from '../../support/raw-socket.ts';
import { runs } from '../../support/runs.ts';

const [CONTINUATION, TEXT, PONG] = [0, 1, 10];

describe('an open message', () => {
  it('is told from its first byte to its last', () => {
    const message = new OpenMessage();
    const frame = clientFrame(TEXT, 'x'.repeat(1000));

    message.take(frame.subarray(0, 1), 5);
    message.take(frame.subarray(1, -1), 6);
    expect(message.sinceMs).toBe(5);

    message.take(frame.subarray(-1), 7);
    expect(message.sinceMs).toBeUndefined();
  });

  it('lasts from fragment to fragment, whatever pongs lie between', () => {
    const message = new OpenMessage();

    message.take(clientFrame(TEXT, 'x', { fin: false }), 1);
    message.take(clientFrame(PONG, ''), 2);
    message.take(clientFrame(CONTINUATION, '', { fin: false }), 3);
    expect(message.sinceMs).toBe(1);

    message.take(clientFrame(CONTINUATION, ''), 4);
    expect(message.sinceMs).toBeUndefined();
  });

  it('begins with the part that came behind a whole message', () => {
    const message = new OpenMessage();
    message.take(clientFrame(TEXT, 'first').subarray(0, 3), 1);

    message.take(Buffer.concat([clientFrame(TEXT, 'first').subarray(3), clientFrame(TEXT, 'x', { fin: false })]), 2);

    expect(message.sinceMs).toBe(2);
  });

  it('is told as by one who sees where frames begin, wherever they are cut', () => {
    const control = fc.record({ opcode: fc.constantFrom(8, 9, 10), length: fc.nat(125), fin: fc.constant(true) });
    const data = fc.record({
      opcode: fc.constantFrom(0, 1, 2),
      length: fc.oneof(fc.nat(130), fc.constantFrom(125, 126, 65_535, 65_536)),
      fin: fc.boolean(),
    });
    const lengthBits = fc.constantFrom(16 as const, 64 as const, undefined);
    const frames = fc.array(fc.tuple(fc.oneof(control, data), lengthBits), { minLength: 1, maxLength: 8 });
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 10 });
    fc.assert(
      fc.property(frames, cuts, (made, shares) => {
        const bytes: Buffer[] = [];
        const idleAt = new Set([0]); // ends of frames with no message open
        let isFragmented = false;
        let end = 0;
        for (const [{ opcode, length, fin }, bits] of made) {
          const header = { fin, ...(bits !== undefined && (length < 65_536 || bits === 64) && { lengthBits: bits }) };
          bytes.push(clientFrame(opcode, Buffer.alloc(length), header));
          end += bytes[bytes.length - 1].byteLength;
          if (opcode < 8) isFragmented = !fin;
          if (!isFragmented) idleAt.add(end);
        }
        const message = new OpenMessage();
        const all = Buffer.concat(bytes);
        const ends = [...shares.map((share) => Math.floor(share * end)), end].sort((a, b) => a - b);

        for (const [i, to] of ends.entries()) {
          message.take(all.subarray(ends[i - 1] ?? 0, to), i);
          expect([to, message.sinceMs === undefined]).toEqual([to, idleAt.has(to)]);
        }
      }),
      { numRuns: runs(300, 20_000) },
    );
  });
});
