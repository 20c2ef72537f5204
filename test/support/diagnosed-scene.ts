import type { ClassSeverity, ClassSymbol, DiagnosisOutcome } from '../../server/wire/diagnoses.ts';
import { diagnosisModel } from './run-diagnoses.ts';
import type { Scene } from './scripted-hub.ts';

const CLASSES: readonly (readonly [en: string, ko: string, ClassSeverity, ClassSymbol])[] = [
  ['Normal', '정상', 'normal', 'circle'],
  ['Micro-arcing', '미세 아크', 'critical', 'bolt'],
  ['Flicker', '깜박임', 'medium', 'wave'],
  ['Drift of the light level', '발광 강도 드리프트', 'low', 'triangle'],
  ['Drop-out', '신호 끊김', 'high', 'square'],
  ['Late ignition with overshoot', '오버슈트를 동반한 점화 지연', 'high', 'diamond'],
  ['Mode jump', '모드 전환', 'medium', 'step'],
];
const { about } = diagnosisModel();

const INCOMPLETE: DiagnosisOutcome = {
  kind: 'incomplete',
  reason: '17 points are missing, 4 points are flagged',
  lack: { missing: 17, flagged: 4, empty: 0, isEnded: false },
};

/** Every answer that a model gives, and that none could be had. */
export const DIAGNOSED: Omit<Scene, 'system'> = {
  models: [
    diagnosisModel({
      about: {
        ...about!,
        classes: CLASSES.map(([en, ko, severity, symbol], label) => ({
          label: String(label),
          name: { en, ko },
          severity,
          symbol,
        })),
      },
    }),
    {
      name: 'broken',
      state: 'quarantined',
      reason: 'a batch of 1 did not return within 100 ms and was cut off',
      fault: { code: 'BATCH_OVER', found: '1', expected: '100' },
    },
  ],
  channels: [
    channel('a', 'Etch 1 · view A', [ran(0, 240_000)]),
    channel('b', 'Etch 1 · view B', [ran(0, 20_000), ran(2, 9000, 0.61), ran(0, 12_000), ran(1, 7500, 0.97)]),
    channel('c', 'Etch 2 · view A', [ran(3, 754_000, 0.83)]),
    channel('d', 'Etch 2 · view B', [ran(0, 30_000), ran(4, 500, 0.9), ran(5, 12_000, 0.74)]),
    channel('e', 'Etch 3 · view A', [ran(0, 22_000), ran(6, 8_000, 0.31)]),
    channel('f', 'Etch 3 · view B', [ran(0, 15_000), { outcome: { ...answer(2, 0.5), kind: 'unknown' }, ms: 9000 }]),
    channel('g', 'Etch 4 · view A', [ran(0, 25_000), { outcome: INCOMPLETE, ms: 6000 }]),
    { name: 'h', label: 'Etch 4 · view B', model: 'broken' },
    channel('i', 'Ash 1 · PMT', []),
    { ...channel('j', 'Ash 2 · PMT', [ran(1, 9000, 0.99)]), silentForMs: 20_000 },
    { name: 'k', label: 'Source · ref' },
  ],
};

function channel(name: string, label: string, diagnoses: Scene['channels'][number]['diagnoses']) {
  return { name, label, model: 'plasma', diagnoses };
}

function ran(index: number, ms: number, confidence = 0.98) {
  return { outcome: answer(index, confidence), ms };
}

function answer(index: number, confidence: number): Extract<DiagnosisOutcome, { kind: 'class' }> {
  const rest = (1 - confidence) / (CLASSES.length - 1);
  const probabilities = CLASSES.map((_, i) => (i === index ? confidence : rest));
  return { kind: 'class', index, label: String(index), confidence, probabilities };
}
