import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHello } from '../../../server/ingest/hello.ts';
import { HelloReader } from '../../../server/ingest/hello-reader.ts';
import { ProtocolError } from '../../../server/ingest/protocol.ts';
import { helloBytes } from '../../support/device.ts';
import { runs } from '../../support/runs.ts';

const whole = {
  'fenestra:version': 1,
  'fenestra:channel': 'pmt.1_A-b',
  'core:datatype': 'rf32_le',
  'core:sample_rate': 1e7,
  'fenestra:stream': 'run 1',
  'fenestra:scale': -0.5,
  'fenestra:offset': 3,
  'fenestra:unit': 'µV',
  'fenestra:full_scale': [-100, 100],
  'fenestra:framing': 'none',
  'fenestra:epoch_ns': '1700000000000000001',
  'fenestra:epoch_sample': 7,
  'fenestra:window': 100,
  'fenestra:token': 'secret',
  'core:hw': 'a digitizer',
  'core:description': 'light',
  'core:recorder': 'a program',
};

describe('parseHello', () => {
  it('reads every key', () => {
    expect(parse(whole)).toEqual({
      channel: 'pmt.1_A-b',
      datatype: 'rf32_le',
      sample: { type: 'f32', bytes: 4 },
      rateHz: 1e7,
      stream: 'run 1',
      scale: -0.5,
      offset: 3,
      unit: 'µV',
      fullScale: [-100, 100],
      framing: 'none',
      epochNs: 1_700_000_000_000_000_001n,
      epochSample: 7,
      window: 100,
      token: 'secret',
      hardware: 'a digitizer',
      description: 'light',
      recorder: 'a program',
    });
  });

  it('has a default for every key that is not required', () => {
    expect(parse({})).toMatchObject({
      stream: undefined,
      scale: 1,
      offset: 0,
      unit: '',
      fullScale: undefined,
      framing: 'frames',
      epochNs: undefined,
      epochSample: 0,
      window: undefined,
      token: undefined,
      hardware: '',
    });
  });

  it('ignores keys it does not know', () => {
    expect(parse({ 'core:geolocation': { deep: [1] }, __proto__: 1 }).channel).toBe('test');
  });

  it.each([
    ['no version', { 'fenestra:version': undefined }, 'HELLO_INVALID'],
    ['a version as text', { 'fenestra:version': '1' }, 'HELLO_INVALID'],
    ['a newer version', { 'fenestra:version': 2 }, 'VERSION_UNKNOWN'],
    ['a broken version', { 'fenestra:version': 1.5 }, 'VERSION_UNKNOWN'],
    ['no channel', { 'fenestra:channel': undefined }, 'HELLO_INVALID'],
    ['an empty channel', { 'fenestra:channel': '' }, 'HELLO_INVALID'],
    ['a channel of 65', { 'fenestra:channel': 'a'.repeat(65) }, 'HELLO_INVALID'],
    ['a channel with a space', { 'fenestra:channel': 'a b' }, 'HELLO_INVALID'],
    ['a channel with a line end', { 'fenestra:channel': 'a\n' }, 'HELLO_INVALID'],
    ['a channel with a slash', { 'fenestra:channel': '../a' }, 'HELLO_INVALID'],
    ['a channel in Greek', { 'fenestra:channel': 'α' }, 'HELLO_INVALID'],
    ['a channel as number', { 'fenestra:channel': 7 }, 'HELLO_INVALID'],
    ['no datatype', { 'core:datatype': undefined }, 'HELLO_INVALID'],
    ['a complex datatype', { 'core:datatype': 'ci16_le' }, 'HELLO_INVALID'],
    ['a big-endian datatype', { 'core:datatype': 'ri16_be' }, 'HELLO_INVALID'],
    ['a datatype of every object', { 'core:datatype': 'constructor' }, 'HELLO_INVALID'],
    ['no rate', { 'core:sample_rate': undefined }, 'HELLO_INVALID'],
    ['rate 0', { 'core:sample_rate': 0 }, 'HELLO_INVALID'],
    ['a negative rate', { 'core:sample_rate': -1 }, 'HELLO_INVALID'],
    ['a rate that never ends', { 'core:sample_rate': 1e300 }, 'HELLO_INVALID'],
    ['a rate that never begins', { 'core:sample_rate': 5e-324 }, 'HELLO_INVALID'],
    ['a rate as text', { 'core:sample_rate': '1000' }, 'HELLO_INVALID'],
    ['a stream of 65', { 'fenestra:stream': 's'.repeat(65) }, 'HELLO_INVALID'],
    ['a stream as number', { 'fenestra:stream': 1 }, 'HELLO_INVALID'],
    ['a stream of half a character', { 'fenestra:stream': '\ud800' }, 'HELLO_INVALID'],
    ['a stream with U+0000', { 'fenestra:stream': 'a\0b' }, 'HELLO_INVALID'],
    ['hardware with U+0000', { 'core:hw': '\0' }, 'HELLO_INVALID'],
    ['a recorder of half a character', { 'core:recorder': '\udc00' }, 'HELLO_INVALID'],
    ['an epoch before the first sample', { 'fenestra:epoch_sample': -1 }, 'HELLO_INVALID'],
    ['no epoch sample', { 'fenestra:epoch_sample': null }, 'HELLO_INVALID'],
    ['an epoch of half a sample', { 'fenestra:epoch_sample': 0.5 }, 'HELLO_INVALID'],
    ['an epoch sample as text', { 'fenestra:epoch_sample': '7' }, 'HELLO_INVALID'],
    ['scale 0', { 'fenestra:scale': 0 }, 'HELLO_INVALID'],
    ['a scale as text', { 'fenestra:scale': '2' }, 'HELLO_INVALID'],
    ['an offset of null', { 'fenestra:offset': null }, 'HELLO_INVALID'],
    ['a unit of 17', { 'fenestra:unit': 'm'.repeat(17) }, 'HELLO_INVALID'],
    ['full scale upside down', { 'fenestra:full_scale': [1, -1] }, 'HELLO_INVALID'],
    ['full scale of one number', { 'fenestra:full_scale': [1] }, 'HELLO_INVALID'],
    ['full scale of three', { 'fenestra:full_scale': [1, 2, 3] }, 'HELLO_INVALID'],
    ['full scale of text', { 'fenestra:full_scale': ['1', '2'] }, 'HELLO_INVALID'],
    ['full scale as object', { 'fenestra:full_scale': { low: 1, high: 2 } }, 'HELLO_INVALID'],
    ['framing of its own', { 'fenestra:framing': 'bytes' }, 'HELLO_INVALID'],
    ['framing of null', { 'fenestra:framing': null }, 'HELLO_INVALID'],
    ['an epoch as number', { 'fenestra:epoch_ns': 1 }, 'HELLO_INVALID'],
    ['an epoch in hex', { 'fenestra:epoch_ns': '0x10' }, 'HELLO_INVALID'],
    ['an empty epoch', { 'fenestra:epoch_ns': '' }, 'HELLO_INVALID'],
    ['an epoch beyond 64 bits', { 'fenestra:epoch_ns': '9223372036854775808' }, 'HELLO_INVALID'],
    ['an epoch before 1970', { 'fenestra:epoch_ns': '-1' }, 'HELLO_INVALID'],
    ['an epoch in 2261', { 'fenestra:epoch_ns': '9183110400000000000' }, 'HELLO_INVALID'],
    ['a window of 9', { 'fenestra:window': 9 }, 'HELLO_INVALID'],
    ['a window of 10,000,001', { 'fenestra:window': 10_000_001 }, 'HELLO_INVALID'],
    ['a broken window', { 'fenestra:window': 10.5 }, 'HELLO_INVALID'],
    ['a window as text', { 'fenestra:window': '100' }, 'HELLO_INVALID'],
    ['a token as number', { 'fenestra:token': 1 }, 'HELLO_INVALID'],
    ['hardware of 257', { 'core:hw': 'h'.repeat(257) }, 'HELLO_INVALID'],
    ['a description as list', { 'core:description': [] }, 'HELLO_INVALID'],
    ['a recorder of null', { 'core:recorder': null }, 'HELLO_INVALID'],
  ])('refuses %s', (_name, fields, code) => {
    expect(() => parse(fields)).toThrow(expect.objectContaining({ name: 'ProtocolError', code }));
  });

  it.each([
    ['nothing', ''],
    ['a number', '1'],
    ['null', 'null'],
    ['a list', '[]'],
    ['cut JSON', '{"fenestra:version":1'],
    ['no UTF-8', '{"\xff\xfe":1}'],
    ['deep nesting', `${'['.repeat(60_000)}`],
    ['deep nesting in a key', `{"fenestra:version":1,"fenestra:channel":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
  ])('refuses %s instead of an object', (_name, text) => {
    expect(() => parseHello(Buffer.from(text, 'latin1'))).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'HELLO_INVALID' }),
    );
  });

  it('takes a description of several lines', () => {
    expect(parse({ 'core:description': 'one\n\ttwo' }).description).toBe('one\n\ttwo');
  });

  it('says what it found in a text, and never a token', () => {
    expect(() => parse({ 'fenestra:stream': 'a\0b' })).toThrow(
      'fenestra:stream is "a\\u0000b", expected a string without U+0000 and halves of surrogate pairs',
    );
    expect(parse({ 'fenestra:token': 'a\0b' }).token).toBe('a\0b');
  });

  it('never fails in any other way, whatever a key holds', () => {
    const keys = fc.constantFrom(...Object.keys(whole));
    fc.assert(
      fc.property(keys, fc.jsonValue(), (key, value) => {
        try {
          parse({ ...whole, [key]: value });
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          expect((error as Error).message.length).toBeLessThan(300);
        }
      }),
      { numRuns: runs(500, 100_000) },
    );
  });
});

describe('HelloReader', () => {
  it('puts a hello together from chunks of any size and leaves what follows', () => {
    const bytes = Buffer.concat([helloBytes(whole), Buffer.from('samples')]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const reader = new HelloReader();
        let taken = 0;
        for (const chunk of cut(bytes, cuts)) {
          const used = reader.push(chunk);
          taken += used;
          if (used < chunk.length) break;
        }

        expect(reader.body).toEqual(bytes.subarray(4, -7));
        expect(taken).toBe(bytes.length - 7);
      }),
    );
  });

  it.each([0, 65_537, 0xffff_ffff, Buffer.from('GET ').readUInt32LE()])('refuses a length of %i', (length) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(length);

    expect(() => new HelloReader().push(bytes)).toThrow(expect.objectContaining({ code: 'HELLO_INVALID' }));
  });
});

function parse(fields: Readonly<Record<string, unknown>>) {
  return parseHello(helloBytes(fields).subarray(4));
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const ends = [...at, bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
}
