import { describe, expect, it } from 'vitest';
import { Locale } from '../../../client/locale/locale.ts';
import { inDisplayOrder, isWhole, ledgerCells, ledgerColumns } from '../../../client/pages/system-ledger.ts';
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

  it.each(['missing', 'deviceLost', 'reanchored'] as const)('is not whole where a channel has %s', (key) => {
    expect(isWhole([ENTRY, ENTRY])).toBe(true);
    expect(isWhole([ENTRY, { ...ENTRY, [key]: 1 }])).toBe(false);
  });
});
