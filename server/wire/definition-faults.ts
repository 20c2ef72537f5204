// What is wrong with definitions of alarms, told so that a page can say it beside the field and in its own language.

/**
 * Codes of faults, with what `found` and `expected` hold:
 *
 *     ID_DOUBLE         the identifier that two have
 *     TOO_MANY          how many there are, how many there may be
 *     INHERITS_UNKNOWN  the identifier that none has
 *     INHERITS_CYCLE    the identifiers in the cycle
 *     INHERITS_FAULTY   the identifier of the definition that has faults itself
 *     FIELD_MISSING     –
 *     SYSTEM_CHANNELS   the channels that one of a system figure names
 *     PARENT_UNKNOWN    the identifier that none has
 *     PARENT_TEMPLATE   the identifier of a template, which makes no alarm
 *     PARENT_CYCLE      the identifiers of those that would hide each other
 */
export type DefinitionFaultCode =
  | 'ID_DOUBLE'
  | 'TOO_MANY'
  | 'INHERITS_UNKNOWN'
  | 'INHERITS_CYCLE'
  | 'INHERITS_FAULTY'
  | 'FIELD_MISSING'
  | 'SYSTEM_CHANNELS'
  | 'PARENT_UNKNOWN'
  | 'PARENT_TEMPLATE'
  | 'PARENT_CYCLE';

export interface DefinitionFault {
  readonly code: DefinitionFaultCode;
  /** Identifier of the definition; left out where it has none, and where the fault is of all. */
  readonly id?: string;
  /** Which part of it, such as `condition.above`; empty for the whole of it. */
  readonly path: string;
  readonly found?: string;
  readonly expected?: string;
  /** All of it in a sentence. */
  readonly message: string;
}
