import progressBars from 'cli-progress';

/** A bar on standard error that shows how far something is, 0 to 1. */
export interface Progress {
  update(progress: number): void;
  stop(): void;
}

// Of steps that take now long and now short, so many tell how long the next ones take.
const ETA_STEPS = 50;

/** Draws a bar with the time that is left; nothing where standard error is no terminal. */
export function createProgress(label: string): Progress {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new progressBars.SingleBar(
    {
      stream: process.stderr,
      format: `${label} {bar} {percentage} % · {eta_formatted} left`,
      formatBar: progressBars.Format.BarFormat,
      etaBuffer: ETA_STEPS,
      hideCursor: true,
    },
    progressBars.Presets.shades_classic,
  );
  bar.start(100, 0);
  return { update: (progress) => bar.update(Math.floor(progress * 100)), stop: () => bar.stop() };
}

/** What is done one after the other, each with a bar of its own; a line each where standard error is no terminal. */
export interface Stages {
  /** Ends the stage before; what it returns is called after each of `steps`. */
  begin(label: string, steps: number): () => void;
  stop(): void;
}

export function createStages(): Stages {
  let bar: Progress | undefined;
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    begin: (label, steps) => {
      stop();
      if (!process.stderr.isTTY) console.error(label);
      const own = createProgress(label);
      bar = own;
      let done = 0;
      return () => own.update(++done / steps);
    },
    stop,
  };
}
