import { isPresent } from '../wire/alarms.ts';
import type { AlarmMessage } from './message.ts';

/**
 * Whether a transition changes what a receiver of incidents shows: it stands and
 * calls for people, somebody has taken it, or it is over or hidden.
 */
export function changesIncident(message: AlarmMessage): boolean {
  const { event, state, hidden, isAnnunciated } = message;
  switch (event) {
    case 'raise':
    case 'unshelve':
    case 'unsuppress':
    case 'in-service':
      return isAnnunciated;
    case 'clear':
      return hidden.length === 0; // one that is hidden is over for the receiver already
    case 'acknowledge':
    case 'redefine':
      return isPresent(state) && hidden.length === 0;
    case 'shelve':
    case 'suppress':
    case 'out-of-service':
      return isPresent(state) && hidden.length === 1;
    case 'remove':
      return true;
    case 'reset':
    case 'comment':
    case 'capture':
      return false;
  }
}

/** Whether people are to read of it: it calls for them, or what called for them is over. */
export function isNews({ event, hidden, isAnnunciated }: AlarmMessage): boolean {
  return isAnnunciated || (event === 'clear' && hidden.length === 0);
}
