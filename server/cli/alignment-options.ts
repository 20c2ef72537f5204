import { type Command, Option } from 'commander';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { Alignment } from '../model/manifest.ts';
import { parseFinite } from './source-options.ts';

/** What the options of `addAlignmentOptions` parse to. */
export interface AlignmentFlags {
  readonly alignment?: Alignment['kind'];
  readonly hop?: number;
  readonly threshold?: number;
  readonly hysteresis?: number;
  readonly before?: number;
  readonly rearm?: number;
}

/** Adds how runs are cut from a channel. */
export function addAlignmentOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--alignment <kind>', 'where a run begins; default sliding').choices(['sliding', 'ignition', 'mark']),
    )
    .option('--hop <points>', 'sliding: from run to run; default 100', parseFinite)
    .option('--threshold <value>', 'ignition: the last point below it', parseFinite)
    .option('--hysteresis <value>', 'ignition: how far below the threshold counts as off', parseFinite)
    .option('--before <points>', 'ignition: points of a run before that one; default 0', parseFinite)
    .option('--rearm <points>', 'ignition: points off before the next; default 1', parseFinite);
}

/** The alignment as a manifest has it, where any of it is said. Throws `REQUEST_INVALID` where an option is missing, wrong, or of another kind. */
export function toAlignment({
  alignment,
  hop,
  threshold,
  hysteresis,
  before,
  rearm,
}: AlignmentFlags): Alignment | undefined {
  const figures = { hop, threshold, hysteresis, before, rearmPoints: rearm };
  const said = Object.entries({ kind: alignment, ...figures }).filter(([, value]) => value !== undefined);
  if (said.length === 0) return undefined;
  const parsed = Alignment.safeParse({ kind: 'sliding', ...Object.fromEntries(said) });
  if (parsed.success) return parsed.data;
  throw new AppError('REQUEST_INVALID', `--alignment ${alignment ?? 'sliding'}: ${z.prettifyError(parsed.error)}`);
}
