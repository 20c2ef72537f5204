import { describe, expect, it } from 'vitest';
import { Command } from '../../../server/wire/commands.ts';

describe('command', () => {
  it.each<[string, object]>([
    ['subscribe to all', { type: 'subscribe', id: 0, channels: [{ name: '*' }] }],
    ['subscribe to nothing', { type: 'subscribe', id: 1, channels: [] }],
    [
      'subscribe with everything',
      {
        type: 'subscribe',
        id: 1,
        epoch: 'e',
        channels: [{ name: 'A.b_c-9', rate: 0.1, after: 0, lastSeconds: 3600 }],
      },
    ],
    ['fill', fill([range(0, 1), range(1, 9)])],
    ['fill at a rate', fill([{ from: 5, to: 6, rate: 1000 }])],
    ['acknowledge', { type: 'ack', bytes: 2 ** 53 - 1 }],
    ['ping', { type: 'ping', id: 7 }],
  ])('may be: %s', (_name, command) => {
    expect(Command.parse(command)).toEqual(command);
  });

  it.each<[string, unknown]>([
    ['no object', 'ping'],
    ['no type', { id: 1 }],
    ['a fraction of a byte', { type: 'ack', bytes: 0.5 }],
    ['negative bytes', { type: 'ack', bytes: -1 }],
    ['bytes past 2^53', { type: 'ack', bytes: 2 ** 53 }],
    ['bytes as text', { type: 'ack', bytes: '1' }],
    ['no id', { type: 'subscribe', channels: [] }],
    ['no channels', { type: 'subscribe', id: 1 }],
    ['an empty name', channel({ name: '' })],
    ['a name of 65', channel({ name: 'x'.repeat(65) })],
    ['a name with a line end', channel({ name: 'x\n' })],
    ['rate 0', channel({ name: 'x', rate: 0 })],
    ['a rate past 1000', channel({ name: 'x', rate: 1001 })],
    ['a negative number to resume after', channel({ name: 'x', after: -1 })],
    ['more than an hour', channel({ name: 'x', lastSeconds: 3601 })],
    ['a channel twice', { type: 'subscribe', id: 1, channels: [{ name: 'x' }, { name: 'x', rate: 1 }] }],
    ['nothing to fill', { type: 'fill', id: 1, channels: [] }],
    ['no ranges', fill([])],
    ['65 ranges', fill(Array.from({ length: 65 }, (_, i) => range(i, i + 1)))],
    ['an empty range', fill([range(4, 4)])],
    ['more than 1024 ranges', { type: 'fill', id: 2, channels: manyChannels(17, 61) }],
    ['ranges that fall', fill([range(5, 6), range(0, 1)])],
    ['ranges that overlap', fill([range(0, 3), range(2, 4)])],
    ['everything to fill', { type: 'fill', id: 1, channels: [{ name: '*', ranges: [range(0, 1)] }] }],
    ['an epoch of 65', { type: 'subscribe', id: 1, epoch: 'x'.repeat(65), channels: [] }],
  ])('may not have: %s', (_name, command) => {
    expect(Command.safeParse(command).success).toBe(false);
  });
});

function channel(request: object): object {
  return { type: 'subscribe', id: 1, channels: [request] };
}

/** `count` channels with `ranges` ranges each. */
function manyChannels(count: number, ranges: number): object[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `x${i}`,
    ranges: Array.from({ length: ranges }, (_, at) => range(at, at + 1)),
  }));
}

function fill(ranges: readonly object[]): object {
  return { type: 'fill', id: 2, channels: [{ name: 'x', ranges }] };
}

function range(from: number, to: number): object {
  return { from, to };
}
