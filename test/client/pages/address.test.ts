import { expect, it } from 'vitest';
import { addressOf } from '../../../client/pages/address.ts';

it.each([
  ['/system', '', '/system'],
  ['/system', '?theme=dark&scale=wall', '/system?theme=dark&scale=wall'],
  ['/system', '?theme=dark&channel=PMT-1&from=1', '/system?theme=dark'], // what the page left held is its own
  ['/captures?channel=PMT-1', '?theme=dark&channel=PMT-2', '/captures?channel=PMT-1&theme=dark'],
  ['/?window=30s', '?window=10m', '/?window=30s'],
  ['/captures?search=a%26b', '', '/captures?search=a%26b'],
])('goes to %s from %j by %s', (path, here, address) => {
  expect(addressOf(path, here)).toBe(address);
});
