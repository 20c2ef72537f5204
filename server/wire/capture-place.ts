import type { CaptureReply } from './captures.ts';

/** Where a recording stands on the list; no two stand at the same place. */
export type CapturePlace = Pick<CaptureReply, 'triggerMs' | 'createdMs' | 'id'>;

const NUMBER = '(-?\\d{1,16}(?:\\.\\d{1,30})?(?:e-\\d{1,3})?)';
/** How a place is written: times of the trigger and of the making, and the identifier. */
export const CAPTURE_PLACE = new RegExp(`^${NUMBER}_${NUMBER}_([a-z0-9-]{1,64})$`);

/** Negative where `a` stands above `b`: the newest trigger first, of one trigger what was made last. */
export function comparePlaces(a: CapturePlace, b: CapturePlace): number {
  return b.triggerMs - a.triggerMs || b.createdMs - a.createdMs || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

export function writePlace({ triggerMs, createdMs, id }: CapturePlace): string {
  return `${triggerMs}_${createdMs}_${id}`;
}

/** Reads what `CAPTURE_PLACE` matches. */
export function readPlace(text: string): CapturePlace {
  const [, triggerMs, createdMs, id] = CAPTURE_PLACE.exec(text) as unknown as readonly string[];
  return { triggerMs: Number(triggerMs), createdMs: Number(createdMs), id: id as string };
}
