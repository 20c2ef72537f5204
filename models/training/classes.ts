import type { RunClass } from '../../server/model/manifest.ts';

/** The classes of plasma runs, by the labels of the source table. */
export const PLASMA_CLASSES: readonly RunClass[] = [
  { label: '0', name: { en: 'normal', ko: '정상' }, severity: 'normal', symbol: 'circle' },
  { label: '1', name: { en: 'micro-arcing', ko: '미세 아킹' }, severity: 'high', symbol: 'bolt' },
  { label: '2', name: { en: 'flicker', ko: '깜박임' }, severity: 'medium', symbol: 'wave' },
  { label: '3', name: { en: 'drift', ko: '드리프트' }, severity: 'low', symbol: 'triangle' },
  { label: '4', name: { en: 'drop-out', ko: '순간 소실' }, severity: 'critical', symbol: 'cross' },
  {
    label: '5',
    name: { en: 'late ignition with overshoot', ko: '점화 지연·오버슈트' },
    severity: 'medium',
    symbol: 'diamond',
  },
  { label: '6', name: { en: 'mode jump', ko: '모드 점프' }, severity: 'high', symbol: 'step' },
];

/** Classes that are called what their labels are; the first is taken for normal. */
export function classesOfLabels(labels: readonly string[]): RunClass[] {
  return labels.map((label, place) => ({
    label,
    name: { en: label, ko: label },
    severity: place === 0 ? 'normal' : 'medium',
    symbol: place === 0 ? 'circle' : 'diamond',
  }));
}
