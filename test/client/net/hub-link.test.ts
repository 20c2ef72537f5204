import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../../client/net/back-off.ts';
import { HubLink, type LinkReceiver } from '../../../client/net/hub-link.ts';
import { ACK_DELAY_MS } from '../../../server/wire/events.ts';
import { HEADER_BYTES } from '../../../server/wire/frame.ts';
import { BLOCK_BYTES, ROW_BYTES } from '../../../server/wire/trend-frame.ts';
import { FakeHub } from '../../support/fake-hub.ts';
import { FakeTimers } from '../../support/fake-timers.ts';

const frameBytes = (rows: number) => HEADER_BYTES + BLOCK_BYTES + rows * ROW_BYTES;

describe('hub link', () => {
  it('acknowledges what it took in, at 16 KiB or after half a second', () => {
    const { hub, timers } = connect();
    const acks = () => hub.commands.filter((command) => command.type === 'ack').map(({ bytes }) => bytes);

    hub.produce(10);
    expect(acks()).toEqual([]);
    timers.advance(ACK_DELAY_MS);
    expect(acks()).toEqual([frameBytes(10)]);

    hub.produce(400); // four frames of 100 rows: 4,888 bytes each
    expect(acks()).toEqual([frameBytes(10), frameBytes(10) + 4 * frameBytes(100)]);
    timers.advance(ACK_DELAY_MS);
    expect(acks()).toHaveLength(2);
  });

  it('measures the round trip every two seconds', () => {
    const { timers, heard } = connect();
    const before = heard.measured;

    timers.advance(2100);

    expect(before).toBe(1);
    expect(heard.measured).toBe(2);
  });

  it('waits longer after each attempt that fails, up to five seconds', () => {
    const { hub, timers } = connect();
    hub.drop();
    const waits: number[] = [];
    let connections = hub.connections;
    let waitedMs = 0;

    while (waits.length < 8) {
      timers.advance(10);
      waitedMs += 10;
      if (hub.connections === connections) continue;
      connections = hub.connections;
      waits.push(waitedMs);
      waitedMs = 0;
      hub.drop();
    }

    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
  });

  it('asks for no trends where none are shown, and still pings', () => {
    const { hub, timers } = connect({ hasTrends: false });
    timers.advance(2000);

    expect(hub.commands.map(({ type }) => type)).not.toContain('subscribe');
    expect(hub.commands.map(({ type }) => type)).toContain('ping');
  });

  it('stays closed', () => {
    const { hub, timers, link } = connect();

    link.close();
    timers.advance(60_000);

    expect(hub.connections).toBe(1);
    expect(timers.pending).toBe(0);
  });

  it('takes blocks of a channel that it does not know for none', () => {
    const { hub, heard, link } = connect();
    const before = heard.blocks;

    link.wish([{ name: 'another', lastSeconds: 0 }]);
    hub.produce(10);

    expect(heard.blocks).toBe(before + 1); // the fake goes on with the old subscription, under its old number
    hub.sayRaw(JSON.stringify({ type: 'subscribed', coarseness: 1, channels: [] }));
    hub.produce(10);
    expect(heard.blocks).toBe(before + 1);
    expect(heard.refused).toBe(0);
  });

  it.each([
    ['text that is not JSON', '{'],
    ['text that is no message', 'null'],
    ['a wire version it does not speak', '{"type":"welcome","wire":99}'],
    ['an empty frame', new ArrayBuffer(0)],
  ])('ends the connection on %s, and makes another', (_name, data) => {
    const { hub, timers, heard } = connect();
    const before = heard.times;

    hub.sayRaw(data);
    timers.advance(250);

    expect(heard).toMatchObject({ times: before, refused: 1 });
    expect(hub.closings).toEqual([{ code: 4000 }]);
    expect(hub.connections).toBe(2);
  });
});

describe('back-off', () => {
  it('takes off up to half at random', () => {
    expect(backOffMs(3, 0)).toBe(2000);
    expect(backOffMs(3, 0.5)).toBe(1500);
    expect(backOffMs(1000, 0)).toBe(5000);
  });
});

function connect({ hasTrends = true } = {}) {
  const hub = new FakeHub();
  const timers = new FakeTimers();
  const heard = { times: 0, measured: 0, refused: 0, blocks: 0 };
  const receiver: LinkReceiver = {
    hear: () => void heard.times++,
    receive() {},
    receiveFrame() {},
    heldOf: () => undefined,
    setLoading() {},
    receiveBlock: () => void heard.blocks++,
    measure: () => void heard.measured++,
    lose() {},
    refuse: () => void heard.refused++,
  };
  const link = new HubLink({ open: hub.open, timers, receiver, hasTrends });
  link.wish([{ name: '*', lastSeconds: 1 }]);
  link.start();
  hub.welcome();
  return { hub, timers, link, heard };
}
