import { describe, expect, it } from 'vitest';
import { CLASS_SIGNS } from '../../../client/components/class-symbol.ts';
import { drawLane, type LaneCanvas, type LaneLook, type LaneStretch } from '../../../client/components/lane-picture.ts';
import { CLASS_SEVERITIES } from '../../../server/model/manifest.ts';

const HEIGHT = 30;
const PLANE = { fromMs: 1000, toMs: 2000, left: 50, width: 100 };
const LOOK: LaneLook = {
  severities: { normal: 'band', low: 'blue', medium: 'yellow', high: 'orange', critical: 'red' },
  ink: 'ink',
  quiet: 'quiet',
  line: 'line',
  font: '20px x',
  fontPx: 20,
  hairPx: 1,
};

describe('the picture of a lane', () => {
  it('has each stretch where its time is, the higher the graver, and in its colour', () => {
    const bars = CLASS_SEVERITIES.map((severity, i) => {
      const [bar] = draw({ severity, fromMs: 1000 + 100 * i, toMs: 1100 + 100 * i }).filter(
        ({ fill }) => fill !== 'line',
      );
      return bar!;
    });

    expect(bars.map(({ fill, left, width }) => [fill, left, width])).toEqual([
      ['band', 50, 10],
      ['blue', 60, 10],
      ['yellow', 70, 10],
      ['orange', 80, 10],
      ['red', 90, 10],
    ]);
    const heights = bars.map(({ height }) => height);
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    expect(new Set(heights).size).toBe(5);
    for (const { top, height } of bars) expect(top + height).toBeCloseTo(HEIGHT);
  });

  it('ends at the edges of the trend, and shows what is grave however short it was', () => {
    expect(draw({ severity: 'normal', fromMs: 0, toMs: 9000 }, 1000)[1]).toMatchObject({ left: 50, width: 100 });
    expect(draw({ severity: 'critical', fromMs: 1500, toMs: 1500.1 })[1]).toMatchObject({ left: 100, width: 2 });
  });

  it('has no bar where nobody looked, and none filled where nobody can say how grave it was', () => {
    expect(draw({ kind: 'unavailable' })).toMatchObject([{ fill: 'line' }]);
    expect(draw({ kind: 'unknown' })).toMatchObject([{ fill: 'line' }, { fill: 'none', left: 50.5 }]);
  });

  it('has a suspicion hollow in its colour, higher than what is normal and lower than any fault that is sure', () => {
    const [, suspicion, ...more] = draw({ severity: 'critical', isUnsure: true });
    const bar = (severity: 'normal' | 'low') => draw({ severity })[1]!.height;

    expect(more).toEqual([]);
    expect(suspicion).toMatchObject({ fill: 'none', stroke: 'red' });
    expect(suspicion!.height + 1).toBeGreaterThan(bar('normal')); // the outline is 1 wide
    expect(suspicion!.height + 1).toBeLessThan(bar('low'));
    expect(draw({ kind: 'unknown', severity: undefined })[1]).toMatchObject({ fill: 'none', stroke: 'quiet' });
  });

  it('has what was sure in part hollow, as high as what was sure', () => {
    const [, sure] = draw({ severity: 'critical' });
    const [, above, mixed, ...more] = draw({ severity: 'critical', isMixed: true });

    expect(more).toEqual([]);
    expect(above).toMatchObject({ fill: 'red', top: 0, height: sure!.top });
    expect(mixed).toMatchObject({ fill: 'none', stroke: 'red', height: sure!.height - 1 });
    expect(draw({ severity: 'normal', isMixed: true })).toEqual(draw({ severity: 'normal' }));
  });

  it('has of many runs the gravest as its bar, and over it each as high as it was frequent, on whole pixels', () => {
    const shares = [
      { severity: 'critical', isUnsure: false, share: 0.0001 },
      { severity: undefined, isUnsure: false, share: 0.5 },
    ] as const;
    const [, critical, unknown, bar] = draw({ severity: 'critical', shares, fromMs: 1004, toMs: 1096 });

    expect(bar).toMatchObject({ fill: 'red', left: 50, width: 10 });
    expect(critical).toMatchObject({ fill: 'red', left: 50, width: 10, height: 2, top: bar!.top - 2 });
    expect(unknown).toMatchObject({ fill: 'quiet', height: bar!.top / 2, top: bar!.top / 2 - 2 });
  });
});

interface Rect {
  readonly fill: string;
  readonly stroke?: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The rectangles that are drawn; no stretch is so wide that it is named. */
function draw(stretch: Partial<LaneStretch>, signPx = 0): Rect[] {
  const rects: Rect[] = [];
  const canvas = {
    fillStyle: '',
    strokeStyle: '',
    fillRect: (left: number, top: number, width: number, height: number) =>
      rects.push({ fill: canvas.fillStyle, left, top, width, height }),
    strokeRect: (left: number, top: number, width: number, height: number) =>
      rects.push({ fill: 'none', stroke: canvas.strokeStyle, left, top, width, height }),
    ...Object.fromEntries(
      ['save', 'restore', 'beginPath', 'rect', 'clip', 'setLineDash', 'moveTo', 'lineTo', 'stroke'].map((name) => [
        name,
        () => undefined,
      ]),
    ),
  };
  const whole = {
    kind: 'class',
    severity: undefined,
    isUnsure: false,
    name: '',
    sign: CLASS_SIGNS.circle,
    fromMs: 1000,
    toMs: 1100,
  } as const;
  const look = { ...LOOK, fontPx: Math.max(LOOK.fontPx, signPx) };
  drawLane(canvas as unknown as LaneCanvas, [{ ...whole, ...stretch }], { plane: PLANE, look, height: HEIGHT });
  return rects;
}
