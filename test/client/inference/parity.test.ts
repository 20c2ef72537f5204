import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Parity } from '../../../client/inference/parity.ts';
import type { Diagnosis } from '../../../server/trend/diagnosis.ts';
import { PARITY_RUNS, type ParityReply, type ParityRequest } from '../../../server/wire/parity.ts';
import { testModel } from '../../support/test-models.ts';

const SETTLED_MS = 4000;
const CLOCK = { nowMs: 5000 };

let parity: Parity;
let sent: ParityRequest[];
let answer: (request: ParityRequest) => ParityReply;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  answer = ({ runs }) => ({ compared: runs.length, different: 0, greatest: 1e-8 });
  parity = new Parity({
    clock: CLOCK,
    compare: async (_, request) => {
      sent.push(request);
      return answer(request);
    },
    onChange() {},
  });
  parity.setModel(manifest('1'));
});
afterEach(() => {
  parity.close();
  vi.useRealTimers();
});

describe('Parity', () => {
  it('sends a run once the server has looked at it, too, and adds up what it is answered', async () => {
    keep(0, 1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(SETTLED_MS);
    expect(sent).toEqual([{ version: '1', runs: [run(0)] }]);

    answer = () => ({ compared: 1, different: 1, greatest: 0.5 });
    keep(1, 3);
    await vi.advanceTimersByTimeAsync(SETTLED_MS);
    expect(parity.states.get('level')).toMatchObject({ sent: 3, runs: 2, different: 1, greatest: 0.5 });
    await vi.advanceTimersByTimeAsync(10 * SETTLED_MS);
    expect(sent).toHaveLength(2); // nothing is sent twice
  });

  it('sends of 200 runs a second as many as a request holds, evenly spread, every time', async () => {
    const perSecond = 200;
    for (let i = 0; i < 20 * perSecond; i++) {
      keep(i, i + 1);
      await vi.advanceTimersByTimeAsync(1000 / perSecond);
    }

    expect(sent).toHaveLength(10); // one every two seconds
    for (const { runs } of sent.slice(1)) {
      expect(runs).toHaveLength(PARITY_RUNS);
      const steps = runs.slice(1).map(({ first }, i) => first - runs[i].first);
      expect(Math.min(...steps)).toBeGreaterThanOrEqual(Math.floor((2 * perSecond) / PARITY_RUNS));
      expect(Math.max(...steps)).toBeLessThanOrEqual(Math.ceil((2 * perSecond) / PARITY_RUNS));
    }
  });

  it('sends a run that the model here gave no answer to, and none that was not looked at', async () => {
    parity.keep({ ...diagnosis(0), outcome: { kind: 'unavailable', reason: 'a probability is NaN; expected 0 to 1' } });
    parity.keep({ ...diagnosis(1), outcome: { kind: 'dropped' } });
    await vi.advanceTimersByTimeAsync(SETTLED_MS);

    const { channel, first, fromNs } = run(0);
    expect(sent).toEqual([
      { version: '1', runs: [{ channel, first, fromNs, kind: 'unavailable', probabilities: [] }] },
    ]);
  });

  it('says when it last compared any, and when nothing of what it sends is known for ten seconds', async () => {
    keep(0, 1);
    await vi.advanceTimersByTimeAsync(SETTLED_MS);
    const matched = parity.states.get('level');
    expect(matched).toMatchObject({ sent: 1, runs: 1, isUnmatched: false, sinceMs: 5000, lastMs: 5000 });

    answer = () => ({ compared: 0, different: 0, greatest: 0 });
    for (let i = 1; i <= 10; i++) {
      keep(i, i + 1);
      await vi.advanceTimersByTimeAsync(2000);
      if (i === 3) expect(parity.states.get('level')?.isUnmatched).toBe(false);
    }
    expect(parity.states.get('level')).toMatchObject({ runs: 1, lastMs: 5000, isUnmatched: true });
    expect(parity.states.get('level')?.sent).toBeGreaterThan(5);

    answer = () => ({ compared: 1, different: 0, greatest: 0 });
    keep(20, 21);
    await vi.advanceTimersByTimeAsync(SETTLED_MS);
    expect(parity.states.get('level')?.isUnmatched).toBe(false);
  });

  it('begins anew with other weights of the same version, and with another life of the server', async () => {
    for (const renew of [() => parity.setModel(manifest('1')), () => parity.restart()]) {
      keep(0, 1);
      await vi.advanceTimersByTimeAsync(SETTLED_MS);
      expect(parity.states.get('level')).toMatchObject({ runs: 1 });
      renew();
      expect(parity.states.get('level')).toMatchObject({ sent: 0, runs: 0, sinceMs: undefined });
    }
  });

  it('begins anew with another version, and takes no answer for the one before', async () => {
    let settle = (_: ParityReply) => {};
    const late = new Promise<ParityReply>((resolve) => {
      settle = resolve;
    });
    parity.close();
    parity = new Parity({ clock: CLOCK, compare: () => late, onChange() {} });
    parity.setModel(manifest('1'));
    keep(0, 1);
    await vi.advanceTimersByTimeAsync(SETTLED_MS);
    parity.setModel(manifest('2'));
    keep(1, 2); // by the version of before
    settle({ compared: 1, different: 1, greatest: 1 });
    await vi.advanceTimersByTimeAsync(SETTLED_MS);

    expect(parity.states.get('level')).toMatchObject({ runs: 0, different: 0, sinceMs: undefined });
  });

  it('says why nothing was compared, until something is', async () => {
    answer = () => {
      throw new Error('more than 200 requests in 10 s');
    };
    keep(0, 1);
    await vi.advanceTimersByTimeAsync(SETTLED_MS);
    expect(parity.states.get('level')).toMatchObject({ runs: 0, problem: 'more than 200 requests in 10 s' });

    answer = () => ({ compared: 1, different: 0, greatest: 0 });
    keep(1, 2);
    await vi.advanceTimersByTimeAsync(SETTLED_MS);
    expect(parity.states.get('level')).toMatchObject({ runs: 1, problem: undefined });
  });
});

function manifest(version: string) {
  return testModel(new Uint8Array(), { version }).manifest;
}

function keep(from: number, to: number): void {
  for (let first = from; first < to; first++) parity.keep(diagnosis(first));
}

function run(first: number) {
  const { channel, timeNs } = diagnosis(first);
  const answered = { kind: 'class', label: '1', probabilities: [0.25, 0.75], unknownScore: 0.5 };
  return { channel, first, fromNs: String(timeNs), ...answered };
}

function diagnosis(first: number): Diagnosis {
  return {
    channel: 'view.a',
    stream: '3',
    first,
    points: 20,
    timeNs: BigInt(first) * 5_000_000n,
    endNs: BigInt(first + 20) * 5_000_000n,
    model: 'level',
    version: '1',
    outcome: { kind: 'class', classIndex: 1, label: '1', probabilities: [0.25, 0.75], unknownScore: 0.5 },
    latencyMs: 1,
  };
}
