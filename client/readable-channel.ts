import type { Channel } from '../server/wire/events.ts';
import { toPlainText } from './locale/plain-text.ts';

/** A channel in words that can be shown anywhere; called by its name where nothing of its label can be seen. */
export function readableChannel(channel: Channel): Channel {
  const { name, label, unit, datatype, description, hardware } = channel;
  return {
    ...channel,
    label: toPlainText(label) || name,
    unit: toPlainText(unit),
    datatype: toPlainText(datatype),
    description: toPlainText(description),
    hardware: toPlainText(hardware),
  };
}
