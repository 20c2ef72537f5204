import type { CaptureCause } from '../wire/captures.ts';

/** Why a recording was made, for people. */
export function causeInWords(cause: CaptureCause, unit: string): string {
  switch (cause.kind) {
    case 'person':
      return cause.comment;
    case 'alarm':
    case 'diagnosis':
      return cause.text;
    case 'threshold':
      return `${cause.value} ${unit} is beyond the limit of ${cause.limit} ${unit}`.replaceAll('  ', ' ');
  }
}
