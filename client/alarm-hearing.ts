import type { AlarmDefinitions } from '../server/wire/alarm-definitions.ts';
import type { AlarmFlood, AlarmReply, AlarmSignature, Alarms, Hiding } from '../server/wire/alarms.ts';
import { toPlainText } from './locale/plain-text.ts';
import type { AlarmStore, ToldDefinition } from './store/alarms.ts';

/** Gives the store what the hub says of alarms, in words that can be shown anywhere. */
export function takeAlarms(store: AlarmStore, event: AlarmDefinitions | Alarms | AlarmFlood): void {
  switch (event.type) {
    case 'alarm-definitions':
      store.setDefinitions(event.definitions.map(readableDefinition));
      return;
    case 'alarms':
      store.take({ ...event, alarms: event.alarms.map(readableAlarm) });
      return;
    case 'alarm-flood':
      store.setFlood(event);
      return;
  }
}

/** An alarm in words that can be shown anywhere. */
export function readableAlarm(alarm: AlarmReply): AlarmReply {
  const { finding, acknowledged, comment, hidden } = alarm;
  return {
    ...alarm,
    hidden: hidden.map((hiding) => readableHiding(hiding)),
    ...(finding?.text !== undefined && { finding: { ...finding, text: toPlainText(finding.text) } }),
    ...(acknowledged && { acknowledged: readableSignature(acknowledged) }),
    ...(comment && { comment: readableSignature(comment) }),
  };
}

function readableDefinition(definition: ToldDefinition): ToldDefinition {
  const { id, title, cause, consequence, action } = definition;
  const { en, ko } = readableTexts(title);
  return {
    ...definition,
    title: { en: en || id, ...(ko && { ko }) },
    cause: readableTexts(cause),
    consequence: readableTexts(consequence),
    action: readableTexts(action),
  };
}

function readableTexts({ en, ko }: ToldDefinition['title']): ToldDefinition['title'] {
  return { en: toPlainText(en), ...(ko !== undefined && { ko: toPlainText(ko) }) };
}

function readableHiding({ by, comment, ...hiding }: Hiding): Hiding {
  return {
    ...hiding,
    ...(by !== undefined && { by: toPlainText(by) }),
    ...(comment !== undefined && { comment: toPlainText(comment) }),
  };
}

function readableSignature({ by, atMs, comment }: AlarmSignature): AlarmSignature {
  return { by: toPlainText(by), atMs, ...(comment !== undefined && { comment: toPlainText(comment) }) };
}
