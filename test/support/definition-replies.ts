import { AlarmDefinition, WholeDefinition } from '../../server/wire/alarm-definitions.ts';
import type { DefinitionPut, DefinitionReply } from '../../server/wire/definition-replies.ts';
import { WHOLE } from './alarm-definitions.ts';

/** Names of so many channels, longer than most. */
export function channelNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `fab2.etch4.chamber-${i}.view-port-upper`);
}

/** As the server answers, of a definition that makes an alarm of each of so many channels. */
export function definitionReply(id: string, alarms: number, more: object = {}): DefinitionReply {
  const definition = AlarmDefinition.parse({ id, channels: ['*'], ...WHOLE, ...more });
  const whole = WholeDefinition.parse(definition);
  return { definition, whole, version: 1, by: '박서연', atMs: Date.UTC(2026, 10, 23), alarms, warnings: [] };
}

/** As long as words may be, without a blank to break at. */
export function longDefinitionReply(alarms: number): DefinitionReply {
  const long = (characters: number) => ({ en: 'long', ko: '광전자증배관'.repeat(200).slice(0, characters) });
  const texts = { title: long(120), cause: long(600), consequence: long(600), action: long(600) };
  return definitionReply('long'.repeat(16), alarms, { ...texts, channels: channelNames(alarms) });
}

export async function readDefinition(url: string, id: string): Promise<DefinitionReply> {
  return (await (await fetch(`${url}/api/alarms/definitions/${id}`)).json()) as DefinitionReply;
}

/** What somebody called Park saves. */
export async function writeDefinition(url: string, id: string, put: DefinitionPut): Promise<void> {
  const answer = await fetch(`${url}/api/alarms/definitions/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'fenestra-person': 'Park' },
    body: JSON.stringify(put),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
