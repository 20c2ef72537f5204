import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CSV_HEAD, csvLines } from '../../../server/alarms/journal-csv.ts';
import { PlantClock } from '../../../server/alarms/shifts.ts';
import type { AlarmEntry } from '../../../server/wire/alarm-journal.ts';
import { alarmEntry } from '../../support/alarm-entries.ts';

const CLOCK = new PlantClock({ timeZone: 'Asia/Seoul', shifts: ['06:00'] });

describe('csvLines', () => {
  it('writes an entry with its times in UTC, by the plant and of the sample to the ns', () => {
    const entry = alarmEntry({
      ...{ number: 7, atMs: Date.parse('2026-11-23T01:02:03.004Z'), atNs: '1795396923004005006', hidden: ['shelved'] },
      ...{ finding: { value: -0.25, limit: 1e-7, text: 'arc' }, actor: { name: '김민지', address: '10.0.0.7' } },
      ...{ comment: 'said "no", twice\nthen went' },
    });

    const [row] = rowsOf([entry]);

    expect(row).toEqual({
      ...{ number: '7', time_utc: '2026-11-23T01:02:03.004Z', time_plant: '2026-11-23T10:02:03.004+09:00' },
      ...{ at_ms: '1795395723004', sample_time_utc: '2026-11-23T01:22:03.004005006Z', event: 'raise' },
      ...{ tag: 'hot:etch-1', definition: 'hot', channel: 'etch-1', priority: 'high', state: 'unacknowledged' },
      ...{ hidden: 'shelved', occurrence: '1', version: '1', annunciated: '1', began_utc: '', value: '-0.25' },
      ...{
        limit: '1e-7',
        finding: 'arc',
        person: '김민지',
        address: '10.0.0.7',
        until_utc: '',
        capture: '',
        action: '',
      },
      ...{ comment: 'said "no", twice\nthen went' },
    });
  });

  it.each([
    '=1+1',
    '+1',
    '-2',
    '@SUM(A1)',
    '\tx',
    '\rx',
    '＝1',
    '\u200b=1',
    '\u202e \ufeff=1',
    ' =1',
    '\u00a0＝1',
    '""=1',
  ])('marks %j so that no spreadsheet calculates it', (comment) => {
    const [row] = rowsOf([alarmEntry({ comment, actor: { name: comment, address: '' } })]);

    expect(row?.comment).toBe(`'${comment}`);
    expect(row?.person).toBe(`'${comment}`);
  });

  it.each([
    ['was 2;=1+1', "was 2;'=1+1"],
    ['a; \u200b@b;c', "a;' \u200b@b;c"],
    ['a\t=1', "a\t'=1"],
    ['\n=1', "'\n'=1"],
    ['a\r\n""-1', `a\r\n'""-1`],
    ['a;b = c-d', 'a;b = c-d'],
  ])('marks %j also for one that splits at semicolons: %j', (comment, expected) => {
    expect(rowsOf([alarmEntry({ comment })])[0]?.comment).toBe(expected);
  });

  it('leaves numbers as they are', () => {
    const [row] = rowsOf([alarmEntry({ finding: { value: -1e21 } })]);

    expect(row?.value).toBe('-1e+21');
  });

  it('is read again as it was written, whatever people write', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .filter((one) => !/^[\t\r\n]|[=+\-@＝＋－＠\0]/u.test(one));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }), (texts) => {
        const entries = texts.map(([comment, name]) => alarmEntry({ comment, actor: { name, address: '' } }));

        expect(rowsOf(entries).map((row) => [row.comment, row.person])).toEqual(texts);
      }),
    );
  });

  it('begins with the mark that tells spreadsheets of UTF-8', () => {
    expect(CSV_HEAD.startsWith('\uFEFFnumber,time_utc,')).toBe(true);
    expect(CSV_HEAD.endsWith('\r\n')).toBe(true);
  });
});

function rowsOf(entries: readonly AlarmEntry[]): Record<string, string>[] {
  return parse(CSV_HEAD + csvLines(entries, CLOCK), { bom: true, columns: true });
}
