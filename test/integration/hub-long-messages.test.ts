import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/base/clock.ts';
import { COMMAND_BYTES, COMMAND_FRAGMENTS, COMMAND_PIECES } from '../../server/wire/commands.ts';
import { type HubServer, startHub } from '../support/hub-server.ts';
import { abuse, clientFrame } from '../support/raw-socket.ts';

// Messages in many parts, or without an end: what the hub keeps of them.

const [CONTINUATION, TEXT, CLOSE, PONG] = [0, 1, 8, 10];
const PING = '{"type":"ping","id":1}';
const GOODBYE = clientFrame(CLOSE, Buffer.from([1000 >> 8, 1000 & 255]));
const SEGMENT_BYTES = 536;
/** A clock so many times as fast lets a test wait for seconds. */
const HASTE = 10;

let server: HubServer;

beforeEach(async () => {
  server = await startHub([], {}, { ...systemClock, monotonicMs: () => systemClock.monotonicMs() * HASTE });
});

afterEach(() => server.close());

describe('a command is taken', () => {
  it('in as many fragments as there may be, each time anew', async () => {
    const fragments = fragmentsOf(PING, COMMAND_FRAGMENTS);

    const outcome = await abuse(server.port, Buffer.concat([...fragments, ...fragments, GOODBYE]));

    expect(outcome).toEqual({ status: 101, closeCode: 1000, isClosed: true });
  });

  it.each([
    ['in as many pieces as there may be', 4096, COMMAND_PIECES],
    ['in the shortest segments when it is the longest', COMMAND_BYTES, Math.ceil((COMMAND_BYTES + 8) / SEGMENT_BYTES)],
  ])('%s', async (_name, bytes, pieces) => {
    const frame = clientFrame(TEXT, PING.padEnd(bytes));

    const outcome = await abuse(server.port, [...piecesOf(frame, pieces), GOODBYE]);

    expect(outcome).toEqual({ status: 101, closeCode: 1000, isClosed: true });
  });
});

describe('a connection ends with', () => {
  it('one fragment too many, though none of them is the last', async () => {
    const fragments = fragmentsOf(PING, COMMAND_FRAGMENTS + 2).slice(0, -1);

    const outcome = await abuse(server.port, Buffer.concat(fragments));

    expect(outcome).toEqual({ status: 101, closeCode: 1008, isClosed: true });
    expect(server.hub.status().broken).toBe(1);
  });

  it('one piece too many', async () => {
    const pieces = piecesOf(clientFrame(TEXT, PING.padEnd(4096)), COMMAND_PIECES + 1);

    expect(await abuse(server.port, pieces)).toEqual({ status: 101, closeCode: 1008, isClosed: true });
    expect(server.hub.status().broken).toBe(1);
  });

  it('a message that is begun and never ended, though pongs come all the while', async () => {
    const begun = clientFrame(TEXT, 'x', { fin: false });

    const outcome = await abuse(server.port, begun, { repeats: clientFrame(PONG, '') });

    expect(outcome).toEqual({ status: 101, closeCode: 1008, isClosed: true });
    expect(server.hub.status()).toMatchObject({ ended: { COMMAND_UNFINISHED: 1, RATE_LIMIT: 0 }, dead: 0 });
  });

  it('half a frame and silence', async () => {
    const half = clientFrame(TEXT, 'x'.repeat(1000)).subarray(0, 500);

    const outcome = await abuse(server.port, half);

    expect(outcome).toMatchObject({ status: 101, isClosed: true });
    expect(server.hub.status()).toMatchObject({ dead: 1, ended: { COMMAND_UNFINISHED: 0 } });
  });
});

/** `text` in `count` fragments; all but the first are empty. */
function fragmentsOf(text: string, count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) =>
    clientFrame(i === 0 ? TEXT : CONTINUATION, i === 0 ? text : '', { fin: i === count - 1 }),
  );
}

/** `bytes` cut into `count` pieces of about the same length. */
function piecesOf(bytes: Buffer, count: number): Buffer[] {
  const cut = (i: number) => Math.round((i * bytes.byteLength) / count);
  return Array.from({ length: count }, (_, i) => bytes.subarray(cut(i), cut(i + 1)));
}
