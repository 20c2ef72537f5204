import { beforeEach, expect, it } from 'vitest';
import { Health } from '../../../server/http/health.ts';
import { BALANCED } from '../../support/system-source.ts';

let monotonicMs: number;
let droppedWindows: number;
let health: Health;

beforeEach(() => {
  monotonicMs = 1000;
  droppedWindows = 0;
  health = new Health({ clock: { monotonicMs: () => monotonicMs }, droppedWindows: () => droppedWindows });
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

it('tells for a minute that windows were dropped', () => {
  droppedWindows = 5;
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
