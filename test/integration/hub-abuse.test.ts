import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_BYTES } from '../../server/wire/commands.ts';
import { HUB_PATH } from '../../server/wire/events.ts';
import { foreignOrigins } from '../support/foreign-origins.ts';
import { type HubServer, startHub } from '../support/hub-server.ts';
import { abuse, clientFrame, type RawOptions, upgradeRequest } from '../support/raw-socket.ts';
import { TestViewer } from '../support/viewer.ts';

// Abuse of the live socket below what a WebSocket library would ever send.
// Beside every case a viewer watches: it must get every window and an answer.

let server: HubServer;
let witness: TestViewer;
let stop: () => void;

beforeAll(async () => {
  server = await startHub(['PMT-1', 'PMT-2'], { hub: { command_rate: 1000 } });
  witness = await TestViewer.open(server.url);
  await witness.subscribe([{ name: '*' }]);
  stop = server.stream(200);
});

afterAll(async () => {
  stop();
  await witness.close();
  await server.close();
});

const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10];
const OPCODES = { continuation: CONTINUATION, text: TEXT, binary: BINARY, close: CLOSE, ping: PING, pong: PONG };
const ping = '{"type":"ping","id":1}';

describe('a request for the live socket', () => {
  const requests: [string, Record<string, string | undefined>, string?][] = [
    ['by POST', {}, `POST ${HUB_PATH} HTTP/1.1`],
    ['by a method of its own', {}, `BREW ${HUB_PATH} HTTP/1.1`],
    ['by HTTP/1.0', {}, `GET ${HUB_PATH} HTTP/1.0`],
    ['by HTTP/9.9', {}, `GET ${HUB_PATH} HTTP/9.9`],
    ['of no path', {}, 'GET HTTP/1.1'],
    ['of another path', {}, 'GET / HTTP/1.1'],
    ['of a path below', {}, `GET ${HUB_PATH}/ HTTP/1.1`],
    ['of a path in capitals', {}, `GET ${HUB_PATH.toUpperCase()} HTTP/1.1`],
    ['of a doubled slash', {}, `GET /${HUB_PATH} HTTP/1.1`],
    ['of an escaped path', {}, 'GET /api%2flive HTTP/1.1'],
    ['of a path that climbs', {}, 'GET /x/../api/live HTTP/1.1'],
    ['of an absolute address', {}, `GET http://evil.example${HUB_PATH} HTTP/1.1`],
    ['of an endless path', {}, `GET /${'x'.repeat(70_000)} HTTP/1.1`],
    ['with endless headers', { 'X-Long': 'x'.repeat(70_000) }],
    ['with a zero byte in a header', { 'X-Zero': '\0' }],
    ['without Upgrade', { Upgrade: undefined }],
    ['with another Upgrade', { Upgrade: 'h2c' }],
    ['without Connection', { Connection: undefined }],
    ['without a key', { 'Sec-WebSocket-Key': undefined }],
    ['with a short key', { 'Sec-WebSocket-Key': 'c2hvcnQ=' }],
    ['with a long key', { 'Sec-WebSocket-Key': 'x'.repeat(1000) }],
    ['with a key that is not base64', { 'Sec-WebSocket-Key': '!!!!!!!!!!!!!!!!!!!!!!==' }],
    ['without a version', { 'Sec-WebSocket-Version': undefined }],
    ['of version 7', { 'Sec-WebSocket-Version': '7' }],
    ['of version 14', { 'Sec-WebSocket-Version': '14' }],
    ['of a version that is no number', { 'Sec-WebSocket-Version': '13a' }],
    ['without Host', { Host: undefined }],
    ['with an empty Host', { Host: '' }],
    ['with a foreign Host', { Host: 'evil.example' }],
    ['with two Hosts', { Host: '127.0.0.1:1\r\nHost: 127.0.0.1:1' }],
    ['with a subprotocol that is none', { 'Sec-WebSocket-Protocol': ',' }],
    ['with two Origins', { Origin: 'http://evil.example\r\nOrigin: http://evil.example' }],
    ['with a transfer encoding', { 'Transfer-Encoding': 'chunked', 'Content-Length': '5' }],
  ];
  it.each(requests)('%s is refused before it is one', async (_name, headers, line) => {
    const outcome = await abuse(server.port, Buffer.alloc(0), {
      request: upgradeRequest(server.port, headers, line),
      until: 'answered',
    });

    expect(outcome.status).not.toBe(101);
    expect(outcome.isClosed || outcome.status !== undefined).toBe(true);
    await expectUnmoved();
  });

  it('from a foreign origin is refused before it is one, however it is written', async () => {
    const origins = foreignOrigins(server.port);
    expect(origins.length).toBeGreaterThanOrEqual(30);
    for (const origin of origins) {
      // Header values are bytes: a browser would send these as UTF-8.
      const request = upgradeRequest(server.port, { Origin: Buffer.from(origin).toString('latin1') });
      expect([origin, (await abuse(server.port, Buffer.alloc(0), { request })).status]).toEqual([origin, 403]);
    }
    await expectUnmoved();
  });

  it('from its own origin is not', async () => {
    const request = upgradeRequest(server.port, { Origin: `http://127.0.0.1:${server.port}` });

    expect(await abuse(server.port, clientFrame(CLOSE, code(1000)), { request })).toMatchObject({
      status: 101,
      closeCode: 1000,
    });
  });

  it.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['half a line', 'GET /api'],
    ['half a request', upgradeRequest(1).slice(0, 80)],
    ['line ends', '\r\n'.repeat(1000)],
    ['a TLS greeting', Buffer.from('16030100c8010000c40303', 'hex')],
    ['zeros', Buffer.alloc(5000)],
    ['a frame', clientFrame(TEXT, ping)],
  ])('that is %s ends with the connection', async (_name, bytes) => {
    const outcome = await abuse(server.port, Buffer.from(bytes), { request: '', ending: 'end' });

    expect(outcome).toMatchObject({ isClosed: true });
    expect(outcome.status).not.toBe(101);
    await expectUnmoved();
  });
});

describe('a connection is ended by', () => {
  const reserved = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
    (opcode): Case => [`opcode ${opcode}`, [clientFrame(opcode, 'x')], 1002],
  );
  const bits = Object.entries(OPCODES).flatMap(([name, opcode]) =>
    [1, 2, 3, 4, 7].map(
      (rsv): Case => [`${name} with reserved bits ${rsv}`, [clientFrame(opcode, 'xx', { rsv })], 1002],
    ),
  );
  const unmasked = Object.entries(OPCODES).map(
    ([name, opcode]): Case => [`unmasked ${name}`, [clientFrame(opcode, 'xx', { isMasked: false })], 1002],
  );
  const controls = [CLOSE, PING, PONG].flatMap((opcode): Case[] => [
    [`control ${opcode} in fragments`, [clientFrame(opcode, 'xx', { fin: false })], 1002],
    [`control ${opcode} of 126 bytes`, [clientFrame(opcode, 'x'.repeat(126))], 1002],
    [`control ${opcode} of 70,000 bytes`, [clientFrame(opcode, 'x'.repeat(70_000))], 1002],
  ]);
  const fragments: Case[] = [
    ['a continuation of nothing', [clientFrame(CONTINUATION, 'x')], 1002],
    ['a last continuation of nothing', [clientFrame(CONTINUATION, 'x', { fin: false })], 1002],
    ['text inside text', [clientFrame(TEXT, 'x', { fin: false }), clientFrame(TEXT, 'x')], 1002],
    ['binary inside text', [clientFrame(TEXT, 'x', { fin: false }), clientFrame(BINARY, 'x')], 1002],
    ['text inside binary', [clientFrame(BINARY, 'x', { fin: false }), clientFrame(TEXT, 'x')], 1002],
    [
      'a command in one-byte fragments that is too long',
      Array.from({ length: COMMAND_BYTES + 1 }, (_, i) =>
        clientFrame(i === 0 ? TEXT : CONTINUATION, 'x', { fin: false }),
      ),
      1008,
    ],
    [
      'a hundred thousand empty fragments',
      Array.from({ length: 100_000 }, (_, i) => clientFrame(i === 0 ? TEXT : CONTINUATION, '', { fin: false })),
      1008,
    ],
    [
      'a long message in two fragments',
      [clientFrame(TEXT, 'x'.repeat(COMMAND_BYTES), { fin: false }), clientFrame(CONTINUATION, 'x')],
      1009,
    ],
  ];
  const lengths: Case[] = [
    ['a command of one byte too many', [clientFrame(TEXT, 'x'.repeat(COMMAND_BYTES + 1))], 1009],
    ['a length of 2^31', [clientFrame(TEXT, 'x', { length: 2n ** 31n })], 1009],
    ['a length of 2^32', [clientFrame(TEXT, 'x', { length: 2n ** 32n })], 1009],
    ['a length of 2^53', [clientFrame(TEXT, 'x', { length: 2n ** 53n })], 1009],
    ['a length of 2^63', [clientFrame(TEXT, 'x', { length: 2n ** 63n })], 1009],
    ['the longest length', [clientFrame(TEXT, 'x', { length: 2n ** 64n - 1n })], 1009],
    ['binary of 2^32', [clientFrame(BINARY, 'x', { length: 2n ** 32n })], 1009],
  ];
  const texts = ['ff', 'c080', 'eda080', 'f4908080', 'e282', '80', 'fe', 'f8888080', 'c1bf', '22edb080'].map(
    (hex): Case => [`text of the bytes ${hex}`, [clientFrame(TEXT, Buffer.from(hex, 'hex'))], 1007],
  );
  const closes = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2999, 5000, 65_535].map(
    (number): Case => [`close with code ${number}`, [clientFrame(CLOSE, code(number))], 1002],
  );
  const more: Case[] = [
    ['close with one byte', [clientFrame(CLOSE, 'x')], 1002],
    [
      'close with a reason that is no text',
      [clientFrame(CLOSE, Buffer.concat([code(1000), Buffer.from('ff', 'hex')]))],
      1007,
    ],
    ['binary', [clientFrame(BINARY, ping)], 1003],
    ['empty text', [clientFrame(TEXT, '')], 1007],
    ['empty binary', [clientFrame(BINARY, '')], 1003],
    ['text that is not JSON', [clientFrame(TEXT, 'hello')], 1007],
    ['JSON that is no command', [clientFrame(TEXT, '{}')], 1008],
    ['a flood of pings', Array.from({ length: 3000 }, () => clientFrame(PING, 'x')), 1008],
    ['a flood of pongs', Array.from({ length: 3000 }, () => clientFrame(PONG, 'x')), 1008],
    ['a flood of commands', Array.from({ length: 3000 }, () => clientFrame(TEXT, ping)), 1008],
    [
      'a wrong command in a flood',
      [...Array.from({ length: 100 }, () => clientFrame(TEXT, ping)), clientFrame(TEXT, '{')],
      1007,
    ],
    ['an HTTP request', [Buffer.from(upgradeRequest(1))], 1002],
    ['zeros', [Buffer.alloc(5000)], 1002],
  ];

  it.each([...reserved, ...bits, ...unmasked, ...controls, ...fragments, ...lengths, ...texts, ...closes, ...more])(
    '%s',
    async (_name, frames, closeCode) => {
      const outcome = await abuse(server.port, Buffer.concat(frames));

      expect(outcome).toEqual({ status: 101, closeCode, isClosed: true });
      await expectUnmoved();
    },
  );
});

describe('a connection may', () => {
  const cut = clientFrame(TEXT, ping);
  const cuts = Array.from(cut, (_, length) => length).filter((length) => length % 3 === 0);
  const ends = cuts.flatMap((length) =>
    (['end', 'reset'] as const).map(
      (ending) => [`${ending} after ${length} bytes of a command`, cut.subarray(0, length), { ending }] as const,
    ),
  );
  const oddities: readonly (readonly [string, Buffer, RawOptions])[] = [
    ['write after its close', Buffer.concat([clientFrame(CLOSE, code(1000)), clientFrame(TEXT, '{')]), {}],
    ['close without a code', clientFrame(CLOSE, ''), {}],
    ['close with a code of its own', clientFrame(CLOSE, code(4999)), {}],
    ['close twice', Buffer.concat([clientFrame(CLOSE, code(1000)), clientFrame(CLOSE, code(1000))]), {}],
    ['stop inside a long frame', clientFrame(TEXT, 'x', { length: 60_000n }), { ending: 'end' }],
    ['stop inside a fragment', clientFrame(TEXT, 'x', { fin: false }), { ending: 'reset' }],
  ];
  it.each([...ends, ...oddities])('%s', async (_name, bytes, options) => {
    const outcome = await abuse(server.port, bytes, options);

    expect(outcome.isClosed).toBe(true);
    await expectUnmoved();
  });

  it('write its lengths longer than needed, and commands in fragments', async () => {
    const bytes = Buffer.concat([
      clientFrame(TEXT, ping, { lengthBits: 16 }),
      clientFrame(TEXT, ping, { lengthBits: 64 }),
      clientFrame(TEXT, ping.slice(0, 5), { fin: false }),
      clientFrame(PING, ''),
      clientFrame(CONTINUATION, ping.slice(5)),
      clientFrame(CLOSE, code(1000)),
    ]);

    expect(await abuse(server.port, bytes)).toMatchObject({ closeCode: 1000 });
    await expectUnmoved();
  });

  it('leave the close frame unanswered for a while, and is then cut off', async () => {
    const outcome = await abuse(server.port, clientFrame(TEXT, '{'), { answersClose: false });

    expect(outcome).toEqual({ status: 101, closeCode: 1007, isClosed: true });
    await expectUnmoved();
  });

  it('be noise of any kind', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { isClosed } = await abuse(server.port, noise(seed, 200), { ending: 'end' });
      expect([seed, isClosed]).toEqual([seed, true]);
    }
    await expectUnmoved();
  });
});

it('leaves nobody behind who was refused or ended', async () => {
  await expect.poll(() => server.hub.status().system.viewers).toBe(1);
});

type Case = [name: string, frames: Buffer[], closeCode: number];

function code(number: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(number);
  return bytes;
}

function noise(seed: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (state * 48_271) % 2_147_483_647;
    bytes[i] = state & 255;
  }
  return bytes;
}

let asked = 0;

/** The server answers the witness, and the witness misses nothing. */
async function expectUnmoved(): Promise<void> {
  const id = ++asked;
  witness.send({ type: 'ping', id });
  await witness.event((event) => event.type === 'pong' && event.id === id);
  expect([witness.missing, witness.doubled, witness.errors().length]).toEqual([0, 0, 0]);
}
