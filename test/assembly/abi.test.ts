import { expect, it } from 'vitest';
import { ABI, ABI_VERSION } from '../../server/kernels/abi.ts';

// Imported by address: tsc does not know the types of AssemblyScript.
const assembly: Record<string, number> = await import(new URL('../../assembly/abi.ts', import.meta.url).href);

it('is mirrored by the host, number by number', () => {
  expect({ ABI_VERSION, ...ABI }).toEqual({ ...assembly });
});

it('leaves room between the fields of the records', () => {
  expect(ABI.STATE_LOW).toBe(ABI.STATE_OPEN + ABI.SUMMARY_BYTES);
  expect(ABI.STATE_TAIL).toBeGreaterThanOrEqual(ABI.STATE_RESULT + ABI.SUMMARY_BYTES);
  expect(ABI.STATE_CARRY).toBe(ABI.STATE_TAIL + ABI.TAIL_SAMPLES * 8);
  expect(ABI.STATE_BYTES).toBe(ABI.STATE_CARRY + ABI.BLOCK_SAMPLES * 8);
  expect(ABI.BLOCK_SAMPLES % ABI.TAIL_SAMPLES).toBe(0);
});
