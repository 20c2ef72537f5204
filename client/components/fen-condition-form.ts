import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { AlarmConditionKind } from '../../server/wire/alarm-definitions.ts';
import { SYSTEM_FIGURES, type SystemFigure } from '../../server/wire/alarms.ts';
import { DEFINITION_TEXTS } from '../locale/definition-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { formFields } from '../styles/form-fields.ts';
import { shared } from '../styles/shared.ts';
import {
  CONDITION_FIELDS,
  type ConditionField,
  FIRST_CONDITIONS,
  typedNames,
  typedNumber,
} from './definition-fields.ts';

type Condition = Readonly<Record<string, unknown>> & { readonly kind: AlarmConditionKind };
type Side = 'above' | 'below';

/** Somebody said something else of the condition. */
export class ConditionEvent extends Event {
  readonly condition: Condition | undefined;

  constructor(condition: Condition | undefined) {
    super('fen-condition', { bubbles: true, composed: true });
    this.condition = condition;
  }
}

const KINDS = Object.keys(CONDITION_FIELDS) as AlarmConditionKind[];
const FIGURES = ['min', 'max', 'mean', 'deviation'] as const;

/** The condition of an alarm, as a form of its kind. Fires `fen-condition`. */
@customElement('fen-condition-form')
export class FenConditionForm extends LitElement {
  static override styles = [shared, formFields];

  /** What it is now; undefined where nothing is chosen. */
  @property({ attribute: false }) condition?: Condition;
  /** What is wrong, by the part of the condition, such as `above`. */
  @property({ attribute: false }) problems: ReadonlyMap<string, string> = new Map();
  @property({ type: Boolean }) disabled = false;
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const { condition } = this;
    return html`
      <div class="fields">
        ${this.renderKind()} ${condition ? CONDITION_FIELDS[condition.kind].map((field) => this.renderField(field, condition)) : nothing}
      </div>
    `;
  }

  private renderKind() {
    const text = DEFINITION_TEXTS[this.locale.language];
    const chosen = this.condition?.kind ?? '';
    return html`
      <label class="wide">
        <span>${text.kind}</span>
        <select ?disabled=${this.disabled} .value=${live(chosen)} @change=${(event: Event) => this.choose((event.target as HTMLSelectElement).value)}>
          ${chosen === '' ? html`<option value="" selected>${text.kindNone}</option>` : nothing}
          ${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === chosen}>${text.kinds[kind]}</option>`)}
        </select>
        ${this.renderProblem('')}
      </label>
    `;
  }

  private renderField(field: ConditionField, condition: Condition) {
    const text = DEFINITION_TEXTS[this.locale.language];
    const { key, kind, unit } = field;
    switch (kind) {
      case 'number':
        return this.renderNumber(key, condition[key], (value) => this.set({ [key]: value }), {
          unit,
          hint: field.hint,
        });
      case 'figure':
        return this.renderSelect(
          'figure',
          FIGURES.map((figure) => [figure, text.figures[figure]] as const),
        );
      case 'system-figure':
        return this.renderSelect(
          'figure',
          (Object.keys(SYSTEM_FIGURES) as SystemFigure[]).map(
            (figure) => [figure, text.systemFigures[figure]] as const,
          ),
        );
      case 'labels':
        return this.renderLabels(condition);
      case 'bound':
        return this.renderBound(condition, unit);
      case 'of-last':
        return this.renderOfLast(condition);
    }
  }

  private renderNumber(
    key: string,
    value: unknown,
    set: (value: unknown) => void,
    { unit, hint }: Pick<ConditionField, 'unit' | 'hint'> = {},
  ) {
    const text = DEFINITION_TEXTS[this.locale.language];
    const name = text.conditionFields[key as keyof typeof text.conditionFields];
    return html`
      <label>
        <span>${name}</span>
        <span class="measure">
          <input
            inputmode="decimal"
            ?disabled=${this.disabled}
            aria-invalid=${this.problems.has(key) ? 'true' : 'false'}
            .value=${live(value === undefined ? '' : String(value))}
            @change=${(event: Event) => set(typedNumber((event.target as HTMLInputElement).value))}
          />
          ${unit ? html`<small>${text.units[unit]}</small>` : nothing}
        </span>
        ${hint ? html`<small>${text.hints[hint]}</small>` : nothing} ${this.renderProblem(key)}
      </label>
    `;
  }

  private renderSelect(key: 'figure', options: readonly (readonly [string, string])[]) {
    const text = DEFINITION_TEXTS[this.locale.language];
    const chosen = String(this.condition?.[key] ?? '');
    return html`
      <label>
        <span>${text.conditionFields[key]}</span>
        <select ?disabled=${this.disabled} .value=${live(chosen)} @change=${(event: Event) => this.set({ [key]: (event.target as HTMLSelectElement).value })}>
          ${options.map(([value, name]) => html`<option value=${value} ?selected=${value === chosen}>${name}</option>`)}
        </select>
        ${this.renderProblem(key)}
      </label>
    `;
  }

  private renderLabels({ labels }: Condition) {
    const text = DEFINITION_TEXTS[this.locale.language];
    return html`
      <label>
        <span>${text.conditionFields.labels}</span>
        <input
          ?disabled=${this.disabled}
          aria-invalid=${this.problems.has('labels') ? 'true' : 'false'}
          .value=${live(Array.isArray(labels) ? labels.join(', ') : '')}
          @change=${(event: Event) => this.set({ labels: typedNames((event.target as HTMLInputElement).value) })}
        />
        <small>${text.hints.labels}</small> ${this.renderProblem('labels')}
      </label>
    `;
  }

  /** Above or below, and of what: one limit. */
  private renderBound(condition: Condition, unit: ConditionField['unit']) {
    const text = DEFINITION_TEXTS[this.locale.language];
    const side: Side = condition.below === undefined ? 'above' : 'below';
    const other: Side = side === 'above' ? 'below' : 'above';
    const turn = () => this.set({ [other]: condition[side], [side]: undefined });
    return html`
      <label>
        <span>${text.conditionFields.side}</span>
        <select ?disabled=${this.disabled} .value=${live(side)} @change=${turn}>
          ${(['above', 'below'] as const).map((one) => html`<option value=${one} ?selected=${one === side}>${text.conditionFields[one]}</option>`)}
        </select>
      </label>
      ${this.renderNumber(side, condition[side], (value) => this.set({ [side]: value }), { unit })}
    `;
  }

  private renderOfLast({ ofLast }: Condition) {
    const { n, m } = (ofLast ?? {}) as { readonly n?: unknown; readonly m?: unknown };
    const set = (part: object) => {
      const next = { n, m, ...part };
      this.set({ ofLast: next.n === undefined && next.m === undefined ? undefined : next });
    };
    return html`
      ${this.renderNumber('n', n, (value) => set({ n: value }), { hint: 'ofLast' })}
      ${this.renderNumber('m', m, (value) => set({ m: value }))} ${this.renderProblem('ofLast')}
    `;
  }

  private renderProblem(key: string) {
    const problem = this.problems.get(key) ?? this.problems.get(`ofLast.${key}`);
    return problem === undefined ? nothing : html`<strong class="problem">${problem}</strong>`;
  }

  private choose(kind: string): void {
    if (kind in FIRST_CONDITIONS) this.tell(FIRST_CONDITIONS[kind as AlarmConditionKind] as Condition);
  }

  private set(part: Readonly<Record<string, unknown>>): void {
    if (this.condition === undefined) return;
    const entries = Object.entries({ ...this.condition, ...part }).filter(([, value]) => value !== undefined);
    this.tell(Object.fromEntries(entries) as Condition);
  }

  private tell(condition: Condition): void {
    this.dispatchEvent(new ConditionEvent(condition));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-condition-form': FenConditionForm;
  }
}
