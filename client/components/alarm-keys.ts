import type { AlarmActionKind } from '../../server/wire/alarms.ts';

/** What a key means in the list of alarms. */
export type AlarmKey =
  | { readonly kind: 'move'; readonly by: number; readonly isSelecting: boolean }
  | { readonly kind: 'select'; readonly isRange: boolean }
  | { readonly kind: 'open' }
  | { readonly kind: 'fold' }
  | { readonly kind: 'unfold' }
  | { readonly kind: 'act'; readonly action: AlarmActionKind }
  | { readonly kind: 'leave' };

const ACTIONS: Readonly<Partial<Record<string, AlarmActionKind>>> = {
  a: 'acknowledge',
  r: 'reset',
  c: 'comment',
  s: 'shelve',
  u: 'unshelve',
  o: 'out-of-service',
  i: 'in-service',
};

/** Of a key pressed in a list of which `page` lines are in view; undefined where it means nothing here. */
export function alarmKey(
  {
    key,
    shiftKey,
    ctrlKey,
    metaKey,
    altKey,
  }: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  page: number,
): AlarmKey | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  const move = (by: number): AlarmKey => ({ kind: 'move', by, isSelecting: shiftKey });
  switch (key) {
    case 'ArrowDown':
      return move(1);
    case 'ArrowUp':
      return move(-1);
    case 'PageDown':
      return move(page);
    case 'PageUp':
      return move(-page);
    case 'Home':
      return move(-Infinity);
    case 'End':
      return move(Infinity);
    case 'ArrowLeft':
      return { kind: 'fold' };
    case 'ArrowRight':
      return { kind: 'unfold' };
    case ' ':
      return { kind: 'select', isRange: shiftKey };
    case 'Enter':
      return { kind: 'open' };
    case 'Escape':
      return { kind: 'leave' };
    default:
      return ACTIONS[key] && { kind: 'act', action: ACTIONS[key] };
  }
}
