import { Command } from '../wire/commands.ts';
import type { CloseReason } from '../wire/events.ts';

/** What a message of a viewer came to. */
export type ReadCommand =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'invalid'; readonly reason: CloseReason; readonly message: string };

const MESSAGE_CHARS = 200;

/** Parses the text of one message. Never throws, whatever the text. */
export function readCommand(text: string): ReadCommand {
  const json = parseJson(text);
  if (json.kind === 'invalid') return json;

  const result = Command.safeParse(json.value);
  if (result.success) return { kind: 'command', command: result.data };

  const [issue] = result.error.issues;
  const field = issue.path.join('.') || 'message';
  return { kind: 'invalid', reason: 'COMMAND_INVALID', message: `${field}: ${issue.message}`.slice(0, MESSAGE_CHARS) };
}

type ParsedJson =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'invalid'; readonly reason: CloseReason; readonly message: string };

function parseJson(text: string): ParsedJson {
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch (error) {
    const message = String(error instanceof Error ? error.message : error).slice(0, MESSAGE_CHARS);
    return { kind: 'invalid', reason: 'COMMAND_MALFORMED', message };
  }
}
