import { expect, it } from 'vitest';
import { ProtocolError } from '../../../server/ingest/protocol.ts';
import { TokenGuard } from '../../../server/ingest/token-guard.ts';
import { Device } from '../../support/device.ts';
import { startIngest } from '../../support/ingest.ts';

it('looks at no token from an address that sent ten wrong ones, until a minute has passed', () => {
  let monotonicMs = 0;
  const guard = new TokenGuard({ monotonicMs: () => monotonicMs });
  const attempt = (token: string | undefined, channel = 'a', address = 'x') => {
    try {
      guard.check('secret', token, channel, address);
      return 'in';
    } catch (error) {
      return (error as Error).message.split(':')[0];
    }
  };

  expect(Array.from({ length: 10 }, () => attempt('guess'))).toEqual(Array(10).fill('wrong token'));
  expect(attempt('secret')).toBe('too many wrong tokens from this address');
  expect(attempt(undefined)).toBe('the channel asks for a token');
  expect([attempt('secret', 'b'), attempt('secret', 'a', 'y')]).toEqual(['in', 'in']);
  expect(guard.refused).toBe(1);

  monotonicMs += 59_999;
  expect(attempt('secret')).toBe('too many wrong tokens from this address');
  monotonicMs += 1;
  expect(attempt('secret')).toBe('in');
  expect(attempt('guess')).toBe('wrong token');
  expect(attempt('secret')).toBe('too many wrong tokens from this address');

  monotonicMs += 10 * 60_000;
  expect(Array.from({ length: 11 }, () => attempt('guess')).filter((it) => it === 'wrong token').length).toBe(10);
});

it('forgets who guessed longest ago past 10,000 addresses', () => {
  const guard = new TokenGuard({ monotonicMs: () => 0 });
  const guess = (address: number) => {
    try {
      guard.check('secret', 'guess', 'a', `${address}`);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  };
  for (let i = 0; i < 10; i++) guess(0);
  for (let i = 1; i < 10_000; i++) guess(i);
  guess(0);
  expect(guard.refused).toBe(1);

  guess(10_000);

  expect(() => guard.check('secret', 'secret', 'a', '0')).not.toThrow();
});

it('answers TOKEN_INVALID and counts, and lets a device at another address in', async () => {
  const ingest = await startIngest({ listed: { test: { token: 'secret' } } });
  const answers: (string | undefined)[] = [];
  for (let i = 0; i < 12; i++) {
    const device = await Device.open(ingest.address, { 'fenestra:token': i < 10 ? `guess ${i}` : 'secret' });
    answers.push(device.answer?.code);
    device.socket.destroy();
  }
  const owner = await Device.open(ingest.address, { 'fenestra:token': 'secret' }, { localAddress: '127.0.0.2' });

  expect(answers).toEqual(Array(12).fill('TOKEN_INVALID'));
  expect(owner.answer?.ok).toBe(true);
  expect(ingest.server.counts()).toMatchObject({ guessesRefused: 2, errors: { TOKEN_INVALID: 12 } });
  owner.socket.destroy();
  await ingest.close();
});
