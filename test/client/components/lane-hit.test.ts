import { describe, expect, it } from 'vitest';
import { runIn, spanAt } from '../../../client/components/lane-hit.ts';
import type { DiagnosisSpan } from '../../../client/store/diagnosis-span.ts';
import { diagnosisModel } from '../../support/run-diagnoses.ts';

const [NORMAL, ARCING] = diagnosisModel().about!.classes;
// A pixel is a second.
const PLANE = { fromMs: 0, toMs: 100_000, left: 10, width: 100 };

describe('a hand on a lane', () => {
  const spans = [span(0, 50, NORMAL!), span(50, 51, ARCING!), span(51, 80, NORMAL!), span(80, 95, ARCING!)];
  const at = (x: number) => spanAt(spans, PLANE, { x, slackPx: 4 });

  it('means what is under it, and what is grave and too narrow for it also beside it', () => {
    expect(at(10 + 20)).toBe(spans[0]);
    expect(at(10 + 47.5)).toBe(spans[1]);
    expect(at(10 + 54)).toBe(spans[1]);
    expect(at(10 + 60)).toBe(spans[2]);
  });

  it('means what it lies on where that is wide enough, and nothing where there is none', () => {
    expect(at(10 + 79)).toBe(spans[2]);
    expect(at(10 + 81)).toBe(spans[3]);
    expect(at(10 + 97)).toBeUndefined();
  });

  it('means what is sure, however little, before what is suspected, and that before what is normal', () => {
    const of = (severity: 'normal' | 'low' | 'critical') => ({ ...ARCING!, severity });
    const near = [
      span(50, 51, of('normal')),
      { ...span(51, 52, of('critical')), isUnsure: true },
      span(52, 53, of('low')),
    ];

    expect(spanAt(near, PLANE, { x: 10 + 50.5, slackPx: 4 })).toBe(near[2]);
    expect(spanAt(near.slice(0, 2), PLANE, { x: 10 + 50.5, slackPx: 4 })).toBe(near[1]);
  });

  it('means the run of its moment, kept inside, and of many runs one of the gravest', () => {
    expect(runIn(spans[0]!, 20_000)).toEqual({ kind: 'at', timeMs: 20_000 });
    expect(runIn(spans[1]!, 47_000)).toEqual({ kind: 'at', timeMs: 50_001 });
    expect(runIn(spans[1]!, 99_000)).toEqual({ kind: 'at', timeMs: 50_999 });
    const parts = [1, 0].map((share) => ({ ...spans[0]!, share }));
    expect(runIn({ ...spans[0]!, parts }, 20_000)).toEqual({ kind: 'gravest', fromMs: 0, toMs: 50_000 });
  });
});

function span(from: number, to: number, ofClass: DiagnosisSpan['ofClass']): DiagnosisSpan {
  return { kind: 'class', label: ofClass?.label, ofClass, isUnsure: false, fromMs: from * 1000, toMs: to * 1000 };
}
