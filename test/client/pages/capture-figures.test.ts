import { expect, it } from 'vitest';
import { Locale } from '../../../client/locale/locale.ts';
import { aboutCapture, selectionFigures } from '../../../client/pages/capture-figures.ts';
import { captureReply, segmentsWithGaps } from '../../support/capture-files.ts';

const en = new Locale('en', 'Asia/Seoul');
const NAMES = [en.text.gaps, en.text.missingAtStart, en.text.missingInside, en.text.missingAtEnd, en.text.overtaken];

it('says how many samples a recording lacks of what was asked for, and where', () => {
  const segments = segmentsWithGaps([4000, 5000], { index: 3000, gap: 500, rateHz: 1000, timeMs: 0 });
  const asked = captureReply({ id: 'c', samples: 9000, segments, from: 1000, to: 20_000, overtaken: 400 });

  expect(missingOf(asked)).toEqual([
    [en.text.gaps, '3'],
    [en.text.missingAtStart, '1,600'],
    [en.text.missingInside, '500'],
    [en.text.missingAtEnd, '7,500'],
    [en.text.overtaken, '400'],
  ]);
});

it('says of a recording that is whole that it has no gap, also where the clock was set in it', () => {
  const segments = segmentsWithGaps([4000, 5000], { index: 3000, gap: 0, rateHz: 1000, timeMs: 0 });

  expect(missingOf(captureReply({ id: 'c', samples: 9000, segments, from: 3000, to: 12_000 }))).toEqual([
    [en.text.gaps, '0'],
  ]);
});

it('guesses no figure of a selection whose samples are too many to read, and says how many are read', () => {
  const capture = captureReply({ id: 'c', samples: 3_000_000 });
  const unknown = { mean: undefined, deviation: undefined, clipped: undefined, nonfinite: undefined };

  const shown = Object.fromEntries(selectionFigures(capture, { samples: 3_000_000, min: -1, max: 2, ...unknown }, en));

  const { text } = en;
  for (const name of [text.mean, text.spread, text.clippedSamples, text.nonfiniteSamples])
    expect(shown[name]).toBe('–');
  expect(shown[text.readLimit]).toBe('1,048,576');
  const known = { mean: 0, deviation: 0.5, clipped: 0, nonfinite: 0 };
  const short = selectionFigures(capture, { samples: 1000, min: -1, max: 2, ...known }, en);
  expect(short.map(([name]) => name)).not.toContain(text.readLimit);
});

function missingOf(capture: ReturnType<typeof captureReply>) {
  return aboutCapture(capture, en).filter(([name]) => NAMES.includes(name));
}
