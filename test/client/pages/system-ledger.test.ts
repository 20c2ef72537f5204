import { describe, expect, it } from 'vitest';
import { Locale } from '../../../client/locale/locale.ts';
import {
  clockStepRows,
  inDisplayOrder,
  isWhole,
  ledgerCells,
  ledgerColumns,
} from '../../../client/pages/system-ledger.ts';
import { scene } from '../../support/scenes.ts';

const [ENTRY] = scene('one').system!.ledger;

describe('ledger of the system page', () => {
  it('is in the order of the control room, what that does not know last', () => {
    const ledger = ['PMT-10', 'new', 'PMT-2', 'Zeta'].map((channel) => ({ ...ENTRY, channel }));

    const ordered = inDisplayOrder(ledger, ['Zeta', 'PMT-2', 'gone', 'PMT-10']);

    expect(ordered.map(({ channel }) => channel)).toEqual(['Zeta', 'PMT-2', 'PMT-10', 'new']);
  });

  it('has a cell for every column, with how often the clock was set anew', () => {
    const locale = new Locale('en', 'Asia/Seoul');
    const columns = ledgerColumns(locale);
    const cells = ledgerCells({ ...ENTRY, reanchored: 17, deviceLost: 23 }, 'Etch', locale);

    expect(cells).toHaveLength(columns.length);
    expect(cells[columns.indexOf(locale.text.reanchored)]).toBe('17');
    expect(cells[columns.indexOf(locale.text.deviceLost)]).toBe('23');
  });

  it('tells when clocks were set, newest first, and by how much which way', () => {
    const locale = new Locale('en', 'UTC');
    const step = (timeMs: number, stepMs: number) => ({ stream: 's', from: 5000, timeMs, stepMs });
    const ledger = [
      { ...ENTRY, channel: 'a', clockSteps: [step(1000, 250), step(9000, -3_600_000)] },
      { ...ENTRY, channel: 'b', clockSteps: [step(5000, -40)] },
    ];

    const rows = clockStepRows(ledger, (channel) => channel.toUpperCase(), locale);

    expect(rows.map(([label, , from, by]) => [label, from, by.replace(/\s/g, ' ')])).toEqual([
      ['A', '5,000', '\u22121 h 0 min'],
      ['B', '5,000', '\u221240 ms'],
      ['A', '5,000', '+250 ms'],
    ]);
  });

  it.each(['missing', 'deviceLost', 'reanchored'] as const)('is not whole where a channel has %s', (key) => {
    expect(isWhole([ENTRY, ENTRY])).toBe(true);
    expect(isWhole([ENTRY, { ...ENTRY, [key]: 1 }])).toBe(false);
  });
});
