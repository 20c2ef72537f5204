import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBytes } from '../../../server/base/ip-address.ts';

describe('addressBytes', () => {
  it.each<[string, number[] | undefined]>([
    ['127.0.0.1', [127, 0, 0, 1]],
    ['255.254.0.9', [255, 254, 0, 9]],
    ['::', new Array(16).fill(0)],
    ['::1', [...new Array(15).fill(0), 1]],
    ['1::', [0, 1, ...new Array(14).fill(0)]],
    ['2001:db8::ff:1%eth0', [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0, 1]],
    ['::ffff:10.1.2.3', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 2, 3]],
    ['', undefined],
    ['plant.example', undefined],
    ['127.1', undefined],
    ['1:2:3', undefined],
  ])('of %j are %j', (address, bytes) => {
    expect(addressBytes(address)).toEqual(bytes && Uint8Array.from(bytes));
  });

  it('are the same however the address is written', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const [shortest] = /[^[\]]+/.exec(new URL(`http://[${address}]`).hostname)!;
        expect(addressBytes(address)).toEqual(addressBytes(shortest!));
        expect(addressBytes(address)).toHaveLength(16);
      }),
    );
  });
});
