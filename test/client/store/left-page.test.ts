import { beforeAll, expect, it } from 'vitest';
import type { PastQuery } from '../../../client/store/channel-past.ts';
import type { FleetStore } from '../../../client/store/fleet-store.ts';
import { HistoryStore } from '../../../client/store/history-store.ts';
import { LookingBack } from '../../../client/store/looking-back.ts';
import { DecimateKernel } from '../../../server/kernels/decimate-kernel.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { loadKernels } from '../../support/kernels.ts';

const RANGE = { fromMs: 0, columnMs: 100, columns: 100 };

let kernels: KernelModule;

beforeAll(async () => {
  kernels = await loadKernels();
});

it('a page that is left gives up all it has asked of the past', () => {
  const { looking, underWay } = start(['b']);
  for (const name of looking.names) looking.line(name).decimate(RANGE);
  looking.overview.decimate(RANGE);
  expect(underWay()).toEqual(['a', 'b', 'a']);

  looking.close();

  expect(underWay()).toEqual([]);
});

it('a channel that is compared no more is asked for no more', () => {
  const { looking, underWay } = start(['b', 'c']);
  for (const name of looking.names) looking.line(name).decimate(RANGE);

  looking.compare({ others: ['c'] });

  expect(underWay()).toEqual(['a', 'c']);
});

/** The page of channel a, and others beside it, whose questions to the history are never answered. */
function start(others: readonly string[]) {
  const asked: { query: PastQuery; signal: AbortSignal }[] = [];
  const history = new HistoryStore({
    load: (query, signal) => {
      asked.push({ query, signal });
      return new Promise(() => undefined);
    },
    list: () => new Promise(() => undefined),
    diagnoses: () => new Promise(() => undefined),
    createKernel: (capacity) => new DecimateKernel(kernels, { capacity, maxColumns: 100 }),
    after: (_delayMs, run) => {
      run();
      return () => undefined;
    },
  });
  const fleet = { find: () => undefined } as unknown as FleetStore;
  const view = { kind: 'past', fromMs: 0, toMs: 10_000 } as const;
  const looking = new LookingBack('a', {
    fleet,
    history,
    look: { view, cursorMs: undefined, others, layout: 'overlay' },
  });
  const underWay = () => asked.filter(({ signal }) => !signal.aborted).map(({ query }) => query.channel);
  return { looking, underWay };
}
