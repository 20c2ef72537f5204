import { expect, it } from 'vitest';
import { orderOf } from '../../../server/capture/capture-order.ts';

it('is of a person, or on account of a diagnosis where one is looked at', () => {
  const range = { channel: 'c', fromMs: 1000.5, toMs: 2000 };
  const span = { kind: 'between', fromNs: 1_000_500_000n, toNs: 2_000_000_000n };

  expect(orderOf({ ...range, comment: 'mine' }, {})).toEqual({
    ...{ channel: 'c', span },
    cause: { kind: 'person', comment: 'mine' },
  });
  expect(orderOf({ ...range, diagnosis: 'Micro-arcing' }, {})).toEqual({
    ...{ channel: 'c', span },
    cause: { kind: 'diagnosis', text: 'Micro-arcing' },
  });
});
