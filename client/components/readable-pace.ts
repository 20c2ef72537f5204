// Digits that change more often cannot be read.
const PACE_MS = 200;

/** The pace of figures: at most five changes a second. Charts draw at their own. */
export function readablePace(run: () => void): () => void {
  const timer = setTimeout(run, PACE_MS);
  return () => clearTimeout(timer);
}
