import { describe, expect, it } from 'vitest';
import { exportCommand } from '../../../server/cli/export.ts';

describe('fenestra export', () => {
  it('says so where a range ends before it begins', async () => {
    const range = ['--from', '2026-11-22', '--to', '2026-11-21'];

    await expect(
      exportCommand().parseAsync(['node', 'export', '--channel', 'A', '-o', 'never-written.csv', ...range]),
    ).rejects.toThrow(
      '--to 2026-11-21T00:00:00.000000000Z, expected a time after --from 2026-11-22T00:00:00.000000000Z',
    );
  });
});
