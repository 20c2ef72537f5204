import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { promptPace } from '../../../client/components/readable-pace.ts';
import { Current } from '../../../client/store/store.ts';
import { StoreController } from '../../../client/store/store-controller.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('requestAnimationFrame', () => 0); // as in a page that nobody sees
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('follows a store in a page that has no frames', () => {
  const store = new Current(0);
  const shown: number[] = [];
  const host = { addController() {}, removeController() {}, requestUpdate: () => shown.push(store.value) };
  const controller = new StoreController({ ...host, updateComplete: Promise.resolve(true) }, () => store, promptPace);
  controller.hostConnected();

  store.set(1);
  store.set(2);
  vi.advanceTimersByTime(20);

  expect(shown).toEqual([2]);
});
