import { beforeEach, describe, expect, it } from 'vitest';
import { Diagnosing, type OpenDiagnosis } from '../../client/diagnosing.ts';
import type { BrowserDiagnosis } from '../../client/inference/browser-diagnosis.ts';
import { Diagnoses } from '../../client/store/diagnoses.ts';
import type { DiagnosisModel, ToldDiagnosis } from '../../server/wire/diagnoses.ts';
import type { Channel } from '../../server/wire/events.ts';

const MODELS: readonly DiagnosisModel[] = [{ name: 'level', state: 'ready' }];
const CHANNEL: Channel = {
  name: 'view.a',
  label: 'view.a',
  unit: 'V',
  rateHz: 20_000,
  window: 100,
  datatype: 'rf32_le',
  description: '',
  hardware: '',
  model: 'level',
};

/** What a page would diagnose with, as far as who is asked to can tell. */
interface Opening {
  readonly hooks: Parameters<OpenDiagnosis>[0];
  readonly come: () => void;
  readonly fail: (why: string) => void;
  closed: number;
}

let diagnoses: Diagnoses;
let diagnosing: Diagnosing;
let openings: Opening[];
let later: (() => void)[];

beforeEach(() => {
  [openings, later] = [[], []];
  diagnoses = new Diagnoses();
  diagnoses.setChannels([CHANNEL]);
  const after = (_: number, run: () => void) => {
    later.push(run);
    return () => later.splice(later.indexOf(run), 1);
  };
  diagnosing = new Diagnosing({ clock: { nowMs: 0 }, diagnoses, after });
  diagnosing.setModels(MODELS);
  diagnosing.setChannels([CHANNEL]);
});

describe('Diagnosing', () => {
  it('shows what is found where it was chosen, and what the server last found when it is asked again', async () => {
    diagnosing.add([found('1')]);
    diagnosing.choose(open);
    expect(shown()).toBeUndefined();
    openings[0].come();
    await turn();

    diagnosing.add([found('2')]);
    expect([shown(), openings[0].hooks.told('view.a')?.outcome]).toEqual([undefined, found('2').outcome]);
    openings[0].hooks.publish([found('3')]);
    expect(shown()).toBe('3');

    diagnosing.choose(undefined);
    expect([shown(), openings[0].closed]).toEqual(['2', 1]);
    openings[0].hooks.publish([found('4')]); // too late
    expect(shown()).toBe('2');
  });

  it('ends what comes after the choice has changed', async () => {
    diagnosing.choose(open);
    diagnosing.close();
    openings[0].come();
    await turn();
    expect(openings[0].closed).toBe(1);

    diagnosing.choose(open);
    diagnosing.choose(undefined);
    diagnosing.choose(open);
    for (const opening of openings.slice(1)) opening.come();
    await turn();
    expect(openings.map(({ closed }) => closed).toSorted()).toEqual([0, 1, 1]); // one of the two is in use
  });

  it('begins once where the same is chosen twice', () => {
    diagnosing.choose(open);
    diagnosing.choose(open);

    expect(openings).toHaveLength(1);
  });

  it('says why its script did not come, calls no model unfit for it, and asks again', async () => {
    diagnosing.choose(open);
    openings[0].fail('no line');
    await turn();
    expect(diagnosing.value).toMatchObject({
      problem: 'no line',
      models: [{ name: 'level', state: 'loading', reason: 'no line' }],
    });

    later[0]();
    openings[1].come();
    await turn();
    expect(diagnosing.value.problem).toBeUndefined();
  });

  it('asks no more once the server is chosen', async () => {
    diagnosing.choose(open);
    openings[0].fail('no line');
    await turn();
    diagnosing.choose(undefined);

    expect(later).toEqual([]);
  });
});

const open: OpenDiagnosis = (hooks) =>
  new Promise((resolve, reject) => {
    const opening: Opening = {
      hooks,
      come: () => resolve(here as Partial<BrowserDiagnosis> as BrowserDiagnosis),
      fail: (why) => reject(new Error(why)),
      closed: 0,
    };
    const here = {
      models: MODELS,
      dropped: 0,
      parity: new Map(),
      setChannels() {},
      setModels() {},
      close: () => opening.closed++,
    };
    openings.push(opening);
  });

function found(label: string): ToldDiagnosis {
  const at = String(Number(label) * 1e9);
  return {
    ...{ channel: 'view.a', stream: '1', first: Number(label), points: 20, model: 'level', version: '1' },
    ...{ fromNs: at, toNs: at, sinceNs: at, latencyMs: 0 },
    outcome: { kind: 'class', index: 0, label, confidence: 1, probabilities: [1] },
  };
}

function shown(): string | undefined {
  const outcome = diagnoses.find('view.a')?.value.newest?.outcome;
  return outcome?.kind === 'class' ? outcome.label : undefined;
}

function turn(): Promise<void> {
  return new Promise(setImmediate);
}
