import { defineConfig } from 'vitest/config';

// One project a kind of test. `npm test` runs all but bench and soak, which
// judge times and run alone, and screenshots, which draws the pictures of the README.
// What a test polls for may need a process, a browser or a busy machine; no test waits for it to fail.
const patient = { expect: { poll: { timeout: 60_000 } } };
const slow = { testTimeout: 120_000, hookTimeout: 120_000, ...patient };
const alone = { ...slow, fileParallelism: false };
// They assert no times: two at once, whatever the machine. All are in one group, in which no core waits for the last
// file of a project, and pages, which last longest, come first.
const paired = { ...slow, maxWorkers: 2 };
// A page in a browser is tried once more where it fails, and named at the end where it then passes: there is a race to be
// mended. Nothing else is: what is lost once in many runs is lost.
const retried = { ...paired, retry: 1 };

const IS_SOAK = process.env.FENESTRA_SOAK !== undefined;
const DAY_MS = 86_400_000;

export default defineConfig({
  test: {
    reporters: ['default', './test/support/summary-reporter.ts'],
    allowOnly: false,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{architecture,assembly,server,client,models}/**/*.test.ts'],
          ...paired,
          ...(IS_SOAK && { testTimeout: DAY_MS }), // properties try a million cases there
        },
      },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...paired } },
      { test: { name: 'real', include: ['test/real/**/*.test.ts'], ...paired } },
      { test: { name: 'browser', include: ['test/browser/**/*.test.ts'], ...retried } },
      { test: { name: 'screenshots', include: ['test/browser/**/*.shots.ts'], ...alone } },
      { test: { name: 'bench', include: ['test/bench/**/*.bench.ts'], ...alone, testTimeout: 1_800_000 } },
      {
        test: {
          name: 'soak',
          // The others are those of `npm test`, for hours and in their full counts.
          include: [
            'test/soak/**/*.soak.ts',
            'test/browser/{endurance,long-capture,strip}.test.ts',
            'test/integration/{acknowledgement,alarms,failing-disk,history-load,kill,killed-diagnoses,refill,start}.test.ts',
            'test/real/**/*.test.ts',
          ],
          ...alone,
          testTimeout: DAY_MS,
        },
      },
    ],
  },
});
