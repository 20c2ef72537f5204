import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node';

/**
 * Says what was skipped, what passed only when it was tried again, how long each project took, and, as the last line of
 * the process, `N passed, N failed, N skipped`.
 *
 * A file that cannot be collected, a hook that throws and an error outside
 * every test are each one failure: otherwise their tests would just be absent.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0 };
    const skipped: string[] = [];
    const retried: string[] = [];
    const seconds = new Map<string, number>();

    for (const module of modules) {
      count.failed += module.errors().length + brokenSuites(module);
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed' || result.state === 'failed') {
          count[result.state]++;
          if (test.diagnostic()?.flaky) retried.push(`${nameOf(module, test)}: ${result.errors?.[0]?.message}`);
          continue;
        }
        count.skipped++;
        const note = result.state === 'skipped' && result.note ? `: ${result.note}` : '';
        skipped.push(`${nameOf(module, test)}${note}`);
      }
      const project = module.project.name;
      const { collectDuration, duration, setupDuration } = module.diagnostic();
      seconds.set(project, (seconds.get(project) ?? 0) + (collectDuration + duration + setupDuration) / 1000);
    }

    const lines = [
      ...skipped.map((name) => `SKIPPED ${name}`),
      ...retried.map((name) => `PASSED ONLY AT THE SECOND TRY ${name}`),
      ...[...seconds].map(([project, spent]) => `${project}: ${spent.toFixed(1)} s of tests`),
      `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`,
    ];
    process.once('exit', () => writeAll(`${lines.join('\n')}\n`)); // after everything that others still print
  }
}

function nameOf(module: TestModule, test: TestCase): string {
  return `${module.relativeModuleId} > ${test.fullName}`;
}

function brokenSuites(module: TestModule): number {
  return [...module.children.allSuites()].filter((suite: TestSuite) => suite.errors().length > 0).length;
}

// A pipe that is full for the moment answers EAGAIN, and at exit nothing can be awaited.
function writeAll(text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(1, bytes));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}
