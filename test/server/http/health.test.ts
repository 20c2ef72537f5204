import { beforeEach, expect, it } from 'vitest';
import { Health } from '../../../server/http/health.ts';
import type { WindowAccount } from '../../../server/trend/window-account.ts';
import { BALANCED } from '../../support/system-source.ts';

let monotonicMs: number;
let windows: WindowAccount;
let health: Health;

beforeEach(() => {
  monotonicMs = 1000;
  windows = { made: 0, taken: 0, waiting: 0, dropped: 0 };
  health = new Health({ clock: { monotonicMs: () => monotonicMs }, windows: () => windows });
});

it('is well while the thread accounts and the books balance', () => {
  monotonicMs += 3000;
  expect(health.problems()).toEqual([]);
  health.setLedger([BALANCED]);
  monotonicMs += 3000;
  expect(health.problems()).toEqual([]);
});

it('tells that the thread is silent, until it speaks again', () => {
  monotonicMs += 3001;
  expect(health.problems()).toEqual(['the ingest thread has been silent for 3 s']);
  health.setLedger([]);
  expect(health.problems()).toEqual([]);
});

it('counts silence from when the thread listens, however long the start took', () => {
  monotonicMs += 60_000;
  health.hear();
  monotonicMs += 3000;
  expect(health.problems()).toEqual([]);
  monotonicMs++;
  expect(health.problems()).toEqual(['the ingest thread has been silent for 3 s']);
});

it('tells for a minute that windows were dropped', () => {
  windows = { made: 5, taken: 0, waiting: 0, dropped: 5 };
  health.setLedger([]);
  monotonicMs += 60_000;
  health.setLedger([]);
  expect(health.problems()).toEqual(['windows were dropped within the last minute']);
  monotonicMs++;
  expect(health.problems()).toEqual([]);
});

it('names the channels whose books do not balance, while they do not', () => {
  health.setLedger([BALANCED, { ...BALANCED, channel: 'etch-2', pending: 0 }]);
  expect(health.problems()).toEqual(['the ledger does not balance: etch-2']);
  health.setLedger([BALANCED]);
  expect(health.problems()).toEqual([]);
});

it('tells that windows were lost on their way, until they balance', () => {
  windows = { made: 5, taken: 4, waiting: 0, dropped: 0 };
  health.setLedger([BALANCED]);
  expect(health.problems()).toEqual(['the ledger does not balance: windows']);
  windows = { ...windows, waiting: 1 };
  health.setLedger([BALANCED]);
  expect(health.problems()).toEqual([]);
});
