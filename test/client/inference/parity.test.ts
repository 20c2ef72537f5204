import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Parity } from '../../../client/inference/parity.ts';
import type { Diagnosis } from '../../../server/trend/diagnosis.ts';
import { PARITY_RUNS, type ParityReply, type ParityRequest } from '../../../server/wire/parity.ts';

const SETTLED_MS = 4000;

let parity: Parity;
let sent: ParityRequest[];
let answer: (request: ParityRequest) => ParityReply;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  answer = ({ runs }) => ({ compared: runs.length, different: 0, greatest: 1e-8 });
  parity = new Parity({
    compare: async (_, request) => {
      sent.push(request);
      return answer(request);
    },
    onChange() {},
  });
  parity.setModel('level', '1');
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
    expect(parity.states.get('level')).toMatchObject({ version: '1', runs: 2, different: 1, greatest: 0.5 });
    await vi.advanceTimersByTimeAsync(10 * SETTLED_MS);
    expect(sent).toHaveLength(2); // nothing is sent twice
  });

  it('keeps the newest where there are more than one request holds', async () => {
    keep(0, 3 * PARITY_RUNS);
    await vi.advanceTimersByTimeAsync(SETTLED_MS);

    expect(sent.map(({ runs }) => runs.map(({ first }) => first))).toEqual([
      Array.from({ length: PARITY_RUNS }, (_, i) => 2 * PARITY_RUNS + i),
    ]);
  });

  it('begins anew with another version, and takes no answer for the one before', async () => {
    let settle = (_: ParityReply) => {};
    const late = new Promise<ParityReply>((resolve) => {
      settle = resolve;
    });
    parity.close();
    parity = new Parity({ compare: () => late, onChange() {} });
    parity.setModel('level', '1');
    keep(0, 1);
    await vi.advanceTimersByTimeAsync(SETTLED_MS);
    parity.setModel('level', '2');
    keep(1, 2); // by the version of before
    settle({ compared: 1, different: 1, greatest: 1 });
    await vi.advanceTimersByTimeAsync(SETTLED_MS);

    expect(parity.states.get('level')).toMatchObject({ version: '2', runs: 0, different: 0, sinceMs: undefined });
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

function keep(from: number, to: number): void {
  for (let first = from; first < to; first++) parity.keep(diagnosis(first));
}

function run(first: number) {
  const { channel, timeNs } = diagnosis(first);
  return { channel, first, fromNs: String(timeNs), probabilities: [0.25, 0.75], unknownScore: 0.5 };
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
