import { type Command, Option } from 'commander';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { Alignment } from '../inference/manifest.ts';
import { parseFinite } from './source-options.ts';

/** What the options of `addAlignmentOptions` parse to. */
export interface AlignmentFlags {
  readonly alignment: Alignment['kind'];
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
      new Option('--alignment <kind>', 'where a run begins')
        .choices(['sliding', 'ignition', 'mark'])
        .default('sliding'),
    )
    .option('--hop <points>', 'sliding: from run to run; default 100', parseFinite)
    .option('--threshold <value>', 'ignition: the last point below it', parseFinite)
    .option('--hysteresis <value>', 'ignition: how far below the threshold counts as off', parseFinite)
    .option('--before <points>', 'ignition: points of a run before that one; default 0', parseFinite)
    .option('--rearm <points>', 'ignition: points off before the next; default 1', parseFinite);
}

/** The alignment as a manifest has it. Throws `REQUEST_INVALID` where an option is missing, wrong, or of another kind. */
export function toAlignment({ alignment: kind, hop, threshold, hysteresis, before, rearm }: AlignmentFlags): Alignment {
  const given = { hop, threshold, hysteresis, before, rearmPoints: rearm };
  const parsed = Alignment.safeParse(
    Object.fromEntries(Object.entries({ kind, ...given }).filter(([, value]) => value !== undefined)),
  );
  if (parsed.success) return parsed.data;
  throw new AppError('REQUEST_INVALID', `--alignment ${kind}: ${z.prettifyError(parsed.error)}`);
}
