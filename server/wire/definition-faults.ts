// What is wrong with definitions of alarms, told so that a page can say it beside the field and in its own language.

/**
 * Codes of faults, with what `found` and `expected` hold.
 *
 *     FILE_SYNTAX       a file is no TOML: what its parser says
 *     FIELD_UNKNOWN     there is no such field; the fields there are
 *     FIELD_MISSING     –
 *     FIELD_TYPE        what is there, the type expected
 *     NUMBER_LOW        what is there, the least
 *     NUMBER_HIGH       what is there, the most
 *     TEXT_SHORT        –, the fewest characters
 *     TEXT_LONG         how many characters there are, the most
 *     LIST_SHORT        how many there are, the fewest
 *     LIST_LONG         how many there are, the most
 *     CHOICE            what is there, what may be chosen
 *     FORM              what is there, the form in words
 *     ONE_BOUND         above and below, or neither
 *     N_OF_M            n is more than m
 *     LOW_HIGH          low is not below high
 *     ID_DOUBLE         the identifier that two have
 *     TOO_MANY          how many definitions there are, how many there may be
 *     INHERITS_UNKNOWN  the identifier that none has
 *     INHERITS_CYCLE    the identifiers in the cycle
 *     INHERITS_FAULTY   the identifier of the definition that has faults itself
 *     SYSTEM_CHANNELS   the channels that one of a system figure names
 *     PARENT_UNKNOWN    the identifier that none has
 *     PARENT_TEMPLATE   the identifier of a template, which makes no alarm
 *     PARENT_CYCLE      the identifier of one that it hides itself
 *
 * Of what is sound and may be a mistake, which is told as a warning and refuses nothing:
 *
 *     PARENT_LESS_URGENT  the identifier of what hides it and is less urgent
 *     BAND_NONE           the channels that have no normal band
 */
export const DEFINITION_FAULTS = [
  'FILE_SYNTAX',
  'FIELD_UNKNOWN',
  'FIELD_MISSING',
  'FIELD_TYPE',
  'NUMBER_LOW',
  'NUMBER_HIGH',
  'TEXT_SHORT',
  'TEXT_LONG',
  'LIST_SHORT',
  'LIST_LONG',
  'CHOICE',
  'FORM',
  'ONE_BOUND',
  'N_OF_M',
  'LOW_HIGH',
  'ID_DOUBLE',
  'TOO_MANY',
  'INHERITS_UNKNOWN',
  'INHERITS_CYCLE',
  'INHERITS_FAULTY',
  'SYSTEM_CHANNELS',
  'PARENT_UNKNOWN',
  'PARENT_TEMPLATE',
  'PARENT_CYCLE',
  'PARENT_LESS_URGENT',
  'BAND_NONE',
] as const;
export type DefinitionFaultCode = (typeof DEFINITION_FAULTS)[number];

export interface DefinitionFault {
  readonly code: DefinitionFaultCode;
  /** Identifier of the definition; left out where it has none, and where the fault is of all. */
  readonly id?: string;
  /** Which part of it, such as `condition.above`; empty for the whole of it. */
  readonly path: string;
  /** Of a file: the line, from 1. */
  readonly line?: number;
  readonly found?: string;
  readonly expected?: string;
  /** All of it in a sentence. */
  readonly message: string;
}
