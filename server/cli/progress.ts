import progressBars from 'cli-progress';

/** A bar on standard error that shows how far something is, 0 to 1. */
export interface Progress {
  update(progress: number): void;
  stop(): void;
}

/** Draws a bar with the time that is left; nothing where standard error is no terminal. */
export function createProgress(label: string): Progress {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new progressBars.SingleBar(
    {
      stream: process.stderr,
      format: `${label} {bar} {percentage} % · {eta_formatted} left`,
      formatBar: progressBars.Format.BarFormat,
      hideCursor: true,
    },
    progressBars.Presets.shades_classic,
  );
  bar.start(100, 0);
  return { update: (progress) => bar.update(Math.floor(progress * 100)), stop: () => bar.stop() };
}
