import { Random } from '../../server/ingest/simulator/random.ts';

/** Runs as CSV, labelled 0, 2 and 3 of the plasma classes in turn: level, flickering and drifting, hard to tell. */
export function labelledTable(runs: number, length: number): string {
  const random = new Random('models page');
  const rows = Array.from({ length: runs }, (_, run) => {
    const kind = run % 3;
    const level = random.between(0.9, 1.1);
    const points = Array.from({ length: length }, (_, i) => {
      const shape = [0, 0.12 * Math.sin(i), (0.25 * i) / length][kind]!;
      return (level + shape + 0.1 * random.normal()).toFixed(5);
    });
    return [...points, [0, 2, 3][kind]].join();
  });
  return [[...Array.from({ length: length }, (_, i) => i), 'target'].join(), ...rows].join('\n');
}
