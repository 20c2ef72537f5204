import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHelloRefusal, encodeHelloReply } from '../../../server/ingest/hello.ts';
import { encodeAcknowledgement, encodeError } from '../../../server/ingest/messages.ts';
import { ServerReader } from '../../../server/ingest/server-reader.ts';
import { runs } from '../../support/runs.ts';

const ACCEPTANCE = { channel: 'c', stream: 's', window: 1000, nextSample: 5000, creditBytes: 1 << 20 };

describe('what a device reads from its server', () => {
  it('is the same however it is cut, and unknown messages are skipped', () => {
    const acknowledgement = { nextSample: 2 ** 52 + 1, creditBytes: 3 };
    const bytes = Buffer.concat([
      encodeHelloReply(ACCEPTANCE),
      unknownMessage(0),
      encodeAcknowledgement(acknowledgement),
      unknownMessage(70_000),
      encodeError('SILENT', 'no whole frame'),
    ]);

    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (cuts) => {
        expect(read(bytes, cuts)).toEqual([
          ['answered', { ok: true, ...ACCEPTANCE }],
          ['acknowledged', acknowledgement],
          ['failed', { ok: false, code: 'SILENT', message: 'no whole frame' }],
        ]);
      }),
      { numRuns: runs(30, 3000) },
    );
  });

  it('may be a refusal', () => {
    expect(read(encodeHelloRefusal('CHANNEL_BUSY', 'taken'), [1])).toEqual([
      ['answered', { ok: false, code: 'CHANNEL_BUSY', message: 'taken' }],
    ]);
  });

  it.each([
    ['an empty answer', Buffer.alloc(4)],
    ['a huge answer', Buffer.from('HTTP/1.1 400 Bad Request')],
    ['no JSON', Buffer.from([2, 0, 0, 0, 0x7b, 0x7b])],
    ['a window of text', answer({ ok: true, window: 'wide', next_sample: '0', credit_bytes: '0' })],
    ['a negative sample', answer({ ok: true, window: 10, next_sample: '-1', credit_bytes: '0' })],
  ])('is refused where it is %s', (_name, bytes) => {
    expect(() => read(bytes, [bytes.length])).toThrow();
  });
});

function read(bytes: Buffer, cuts: readonly number[]): [kind: string, value: unknown][] {
  const heard: [string, unknown][] = [];
  const reader = new ServerReader({
    answered: (value) => heard.push(['answered', value]),
    acknowledged: (value) => heard.push(['acknowledged', value]),
    failed: (value) => heard.push(['failed', value]),
  });
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + cuts[i % cuts.length];
    reader.push(bytes.subarray(at, end));
    at = end;
  }
  return heard;
}

function answer(fields: object): Buffer {
  const body = Buffer.from(JSON.stringify(fields));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
}

function unknownMessage(length: number): Buffer {
  const bytes = Buffer.alloc(8 + length);
  bytes.writeUInt32LE(99, 0);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}
