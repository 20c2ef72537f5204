import { expect, it } from 'vitest';
import { WindowFlag } from '../../../server/trend/trend-window.ts';
import { RowFlag } from '../../../server/wire/row-flag.ts';

it('names the same bits on the wire as in the trends', () => {
  expect(RowFlag).toEqual(WindowFlag);
});
