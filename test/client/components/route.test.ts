import fc from 'fast-check';
import { expect, it } from 'vitest';
import { channelPath, parseRoute } from '../../../client/components/route.ts';

it.each([
  ['/', { kind: 'control' }],
  ['/channels', { kind: 'control' }],
  ['/channels/', { kind: 'control' }],
  ['/system', { kind: 'system' }],
  ['/system/', { kind: 'system' }],
  ['/channels/pmt-1', { kind: 'channel', name: 'pmt-1' }],
  ['/channels/a%20b', { kind: 'channel', name: 'a b' }],
  ['/channels/%E0%A4%A', { kind: 'unknown', path: '/channels/%E0%A4%A' }],
  ['/channels/a/b', { kind: 'unknown', path: '/channels/a/b' }],
  ['/captures', { kind: 'captures' }],
  ['/models', { kind: 'models' }],
  ['/alarms/settings', { kind: 'alarm-settings' }],
  ['/alarms/settings/', { kind: 'alarm-settings' }],
  ['/captures/', { kind: 'captures' }],
  ['/captures/c-1', { kind: 'capture', id: 'c-1' }],
  ['/captures/../x', { kind: 'unknown', path: '/captures/../x' }],
  ['/captures/A', { kind: 'unknown', path: '/captures/A' }], // the server makes no such name
  ['/alarms', { kind: 'unknown', path: '/alarms' }],
])('reads %s', (path, route) => {
  expect(parseRoute(path)).toEqual(route);
});

it('finds every channel again by its own address', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'binary' }), (text) => {
      const name = Buffer.from(text).toString();
      expect(parseRoute(channelPath(name))).toEqual({ kind: 'channel', name });
    }),
  );
});
