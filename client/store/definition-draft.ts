import type { AlarmDefinition, WholeDefinition } from '../../server/wire/alarm-definitions.ts';

/** Parts of a definition that are taken over or said as one. */
export const DRAFT_FIELDS = [
  'title',
  'cause',
  'consequence',
  'action',
  'priority',
  'timeToRespondSeconds',
  'condition',
  'onDelaySeconds',
  'offDelaySeconds',
  'latch',
  'autoAcknowledgeReturns',
  'capture',
  'suppress',
] as const satisfies readonly (keyof WholeDefinition)[];
export type DraftField = (typeof DRAFT_FIELDS)[number];

const CHANGED_FIELDS = ['inherits', 'channels', ...DRAFT_FIELDS] as const;
/** What one version may say otherwise than another. */
export type ChangedField = (typeof CHANGED_FIELDS)[number];

/** A definition while somebody edits it: what of it is not yet right is so too. */
export type Draft = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly inherits?: string;
  readonly channels: readonly string[];
};

/** Where the value of a field comes from. */
export type FieldSource =
  | { readonly kind: 'own' /** What it would be if it were not said here. */; readonly hides?: string }
  | { readonly kind: 'inherited'; readonly from: string }
  | { readonly kind: 'default' };

const DEFAULTS: Readonly<Partial<Record<DraftField, unknown>>> = {
  onDelaySeconds: 0,
  offDelaySeconds: 0,
  latch: false,
  autoAcknowledgeReturns: false,
};

/** A draft that says nothing. */
export const EMPTY_DRAFT: Draft = { id: '', channels: [] };

/** The draft of a definition as it is kept. */
export function draftOf(definition: AlarmDefinition): Draft {
  return { ...definition };
}

/** A draft with another value of a field; without it where that is undefined. */
export function withField(draft: Draft, field: string, value: unknown): Draft {
  const { [field]: _, ...others } = draft;
  return (value === undefined ? others : { ...others, [field]: value }) as Draft;
}

/** What a field is, with what the draft inherits, and where that is said. Definitions that inherit in a circle end where it closes. */
export function fieldOf(
  draft: Draft,
  field: DraftField,
  definitions: ReadonlyMap<string, AlarmDefinition>,
): { readonly value: unknown; readonly source: FieldSource } {
  const above = inheritedField(draft, field, definitions);
  if (draft[field] !== undefined) return { value: draft[field], source: { kind: 'own', hides: above?.from } };
  if (above !== undefined) return { value: above.value, source: { kind: 'inherited', from: above.from } };
  return { value: DEFAULTS[field], source: { kind: 'default' } };
}

/** Whether two drafts say the same. */
export function isSameDraft(a: Draft, b: Draft): boolean {
  return toText(a) === toText(b);
}

/** The fields in which two definitions differ, channels and inheritance too. */
export function differences(a: Draft, b: Draft): ChangedField[] {
  return CHANGED_FIELDS.filter((field) => toText(a[field]) !== toText(b[field]));
}

/** Definitions that one may inherit from without a circle: all but itself and what inherits from it. */
export function mayInherit(id: string, definitions: ReadonlyMap<string, AlarmDefinition>): string[] {
  return [...definitions.keys()].filter((other) => !lineOf(other, definitions).includes(id));
}

function inheritedField(draft: Draft, field: DraftField, definitions: ReadonlyMap<string, AlarmDefinition>) {
  for (const from of draft.inherits === undefined ? [] : lineOf(draft.inherits, definitions)) {
    const value = definitions.get(from)?.[field];
    if (value !== undefined) return { from, value };
  }
  return undefined;
}

/** A definition's identifier and those it inherits from, the nearest first. */
function lineOf(id: string, definitions: ReadonlyMap<string, AlarmDefinition>): string[] {
  const line: string[] = [];
  for (let at: string | undefined = id; at !== undefined && !line.includes(at); at = definitions.get(at)?.inherits) {
    line.push(at);
  }
  return line;
}

// Members in one order, as those of a draft lie in that in which they were edited.
function toText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
