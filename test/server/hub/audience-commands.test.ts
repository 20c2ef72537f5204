import { beforeEach, describe, expect, it } from 'vitest';
import type { Audience } from '../../../server/hub/audience.ts';
import { createAudience, EPOCH } from '../../support/audience.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeViewer } from '../../support/fake-viewer.ts';
import { channelInfo } from '../../support/hub-server.ts';
import { trendWindow } from '../../support/trend-windows.ts';

let clock: FakeClock;
let audience: Audience;

beforeEach(() => {
  clock = new FakeClock();
  audience = createAudience(clock, 10);
  audience.setChannel(channelInfo('PMT-1'));
});

describe('commands', () => {
  it.each([
    ['text that is not JSON', '{', 1007, 'COMMAND_MALFORMED'],
    ['no text', '', 1007, 'COMMAND_MALFORMED'],
    ['JSON of no command', '{"type":"shout"}', 1008, 'COMMAND_INVALID'],
    ['a list', '[]', 1008, 'COMMAND_INVALID'],
    ['null', 'null', 1008, 'COMMAND_INVALID'],
    ['an unknown key', '{"type":"ping","id":1,"more":1}', 1008, 'COMMAND_INVALID'],
    ['an acknowledgement of what was never sent', '{"type":"ack","bytes":1}', 1008, 'ACK_INVALID'],
    ['a channel named twice', subscribeText([{ name: 'a' }, { name: 'a' }]), 1008, 'COMMAND_INVALID'],
    ['a channel with a bad name', subscribeText([{ name: 'a b' }]), 1008, 'COMMAND_INVALID'],
    [
      'too many channels',
      subscribeText(Array.from({ length: 1025 }, (_, i) => ({ name: `c${i}` }))),
      1008,
      'COMMAND_INVALID',
    ],
    ['a resume past the newest window', subscribeText([{ name: 'PMT-1', after: 0 }]), 1008, 'RESUME_INVALID'],
  ])('closes on %s', (_name, text, closeCode, code) => {
    const viewer = new FakeViewer(audience);

    viewer.sayText(text);

    expect(viewer.closeCode).toBe(closeCode);
    expect(viewer.lastEvent('error')).toMatchObject({ code });
  });

  it('closes on binary', () => {
    const viewer = new FakeViewer(audience);

    viewer.sayBinary(Buffer.from('{"type":"ping","id":1}'));

    expect([viewer.closeCode, viewer.lastEvent('error')?.code]).toEqual([1003, 'BINARY_REFUSED']);
  });

  it('closes on an acknowledgement that goes back', () => {
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: 'PMT-1' }]);
    feed(8);
    audience.tick();
    viewer.acknowledgeAll();

    viewer.say({ type: 'ack', bytes: viewer.bytes });

    expect(viewer.lastEvent('error')?.code).toBe('ACK_INVALID');
  });

  it('closes on more acknowledgements than frames', () => {
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: 'PMT-1' }]);
    feed(8);
    audience.tick();

    viewer.say({ type: 'ack', bytes: 1 });
    viewer.say({ type: 'ack', bytes: 2 });

    expect(viewer.lastEvent('error')?.code).toBe('ACK_INVALID');
  });

  it('closes on more commands than allowed, and lets as many through again after a second', () => {
    const viewer = new FakeViewer(audience);
    for (let id = 0; id < 20; id++) viewer.say({ type: 'ping', id });
    clock.advance(1000);
    for (let id = 0; id < 20; id++) viewer.say({ type: 'ping', id });
    expect(viewer.closeCode).toBeUndefined();

    viewer.say({ type: 'ping', id: 20 });

    expect([viewer.closeCode, viewer.lastEvent('error')?.code]).toEqual([1008, 'RATE_LIMIT']);
  });

  it('says nothing more after an error', () => {
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: 'PMT-1' }]);
    viewer.sayText('{');
    const { length } = viewer.events;

    feed(8);
    audience.tick();
    audience.beat();
    viewer.say({ type: 'ping', id: 1 });

    expect([viewer.events.length, viewer.frames.length]).toEqual([length, 0]);
  });
});

function feed(count: number): void {
  for (let index = 0; index < count; index++) audience.sendTrend(trendWindow({ index }));
}

function subscribeText(channels: readonly object[]): string {
  return JSON.stringify({ type: 'subscribe', id: 1, epoch: EPOCH, channels });
}
