// Digits that change more often cannot be read.
const PACE_MS = 200;

/** The pace of figures: at most five changes a second. Charts draw at their own. */
export function readablePace(run: () => void): () => void {
  const timer = setTimeout(run, PACE_MS);
  return () => clearTimeout(timer);
}

// As a frame.
const PROMPT_MS = 16;

/** The pace of what calls people: as fast as frames, and also in a page that nobody sees, where frames stand still. */
export function promptPace(run: () => void): () => void {
  const timer = setTimeout(run, PROMPT_MS);
  return () => clearTimeout(timer);
}
