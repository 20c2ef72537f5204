import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { AlarmDefinition } from '../../server/wire/alarm-definitions.ts';
import { ALARM_PRIORITIES } from '../../server/wire/alarms.ts';
import type { DefinitionFault } from '../../server/wire/definition-faults.ts';
import { DEFINITION_TEXTS } from '../locale/definition-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { type Draft, type DraftField, fieldOf, withField } from '../store/definition-draft.ts';
import { formFields } from '../styles/form-fields.ts';
import { shared } from '../styles/shared.ts';
import { typed, typedNumber } from './definition-fields.ts';
import { DraftEvent } from './draft-event.ts';
import './fen-condition-form.ts';
import type { ConditionEvent, FenConditionForm } from './fen-condition-form.ts';
import { styles } from './fen-definition-form.styles.ts';
import './fen-definition-place.ts';

type Texts = { readonly en?: string; readonly ko?: string };
type Part = Readonly<Record<string, unknown>>;

const TEXT_FIELDS = ['title', 'cause', 'consequence', 'action'] as const;
const OPTIONAL: ReadonlySet<DraftField> = new Set([
  'onDelaySeconds',
  'offDelaySeconds',
  'latch',
  'autoAcknowledgeReturns',
  'capture',
  'suppress',
]);

/** A definition of alarms as a form: what it says itself, and in grey what it inherits. Fires `fen-draft`. */
@customElement('fen-definition-form')
export class FenDefinitionForm extends LitElement {
  static override styles = [shared, formFields, styles];

  @property({ attribute: false }) draft!: Draft;
  /** Whether its name may still be chosen. */
  @property({ type: Boolean }) isNew = false;
  @property({ attribute: false }) definitions!: ReadonlyMap<string, AlarmDefinition>;
  /** Names of the channels there are. */
  @property({ attribute: false }) channels: readonly string[] = [];
  /** What the server found wrong with it. */
  @property({ attribute: false }) faults: readonly DefinitionFault[] = [];
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const text = this.words;
    return html`
      ${this.renderGroup(
        text.identity,
        html`<fen-definition-place .draft=${this.draft} ?isNew=${this.isNew} .definitions=${this.definitions} .channels=${this.channels} .problemAt=${(path: string) => this.problemAt(path)} .locale=${this.locale}></fen-definition-place>`,
      )}
      ${this.renderGroup(
        text.condition,
        this.renderField('condition', (value, isOwn) => this.renderCondition(value, isOwn)),
      )}
      ${this.renderGroup(text.response, html`${this.renderPriority()} ${this.renderSeconds('timeToRespondSeconds')}`)}
      ${this.renderGroup(
        text.texts,
        TEXT_FIELDS.map((field) => this.renderTexts(field)),
      )}
      ${this.renderGroup(
        text.behaviour,
        html`${this.renderSeconds('onDelaySeconds')} ${this.renderSeconds('offDelaySeconds')} ${this.renderCheck('latch')}
          ${this.renderCheck('autoAcknowledgeReturns')}`,
      )}
      ${this.renderGroup(text.capture, this.renderCapture())} ${this.renderGroup(text.suppress, this.renderSuppress())}
    `;
  }

  private renderGroup(heading: string, content: unknown) {
    return html`<section aria-label=${heading}><h3>${heading}</h3><div class="group">${content}</div></section>`;
  }

  /** A field with where its value comes from, and the way to another. */
  private renderField(field: DraftField, content: (value: unknown, isOwn: boolean) => TemplateResult) {
    const { words: text } = this;
    const { value, source } = fieldOf(this.draft, field, this.definitions);
    const isOwn = source.kind === 'own';
    const hides = isOwn ? source.hides : undefined;
    const from = isOwn
      ? hides === undefined
        ? ''
        : text.overrides(hides)
      : source.kind === 'inherited'
        ? text.inherited(source.from)
        : text.usual;
    return html`
      <div class="field ${isOwn ? 'own' : 'inherited'}">
        ${content(value, isOwn)}
        <p class="source">
          <span>${from}</span>
          ${
            isOwn
              ? hides === undefined && !this.mayLack(field)
                ? nothing
                : html`<button type="button" @click=${() => this.set(field, undefined)}>${hides === undefined ? text.clear : text.reset(hides)}</button>`
              : html`<button type="button" @click=${() => this.set(field, value ?? FIRST_VALUES[field])}>${text.override}</button>`
          }
        </p>
      </div>
    `;
  }

  private renderCondition(value: unknown, isOwn: boolean) {
    const problems = this.problemsBelow('condition');
    return html`<fen-condition-form .condition=${value as FenConditionForm['condition']} .problems=${problems} ?disabled=${!isOwn} .locale=${this.locale} @fen-condition=${(event: ConditionEvent) => this.set('condition', event.condition)}></fen-condition-form>`;
  }

  private renderPriority() {
    const { words: text } = this;
    return this.renderField('priority', (value, isOwn) => {
      const chosen = String(value ?? '');
      return html`
        <label>
          <span>${text.priority}</span>
          <select ?disabled=${!isOwn} aria-invalid=${String(this.problemAt('priority') !== undefined)} .value=${live(chosen)} @change=${(event: Event) => this.set('priority', typed(event))}>
            ${ALARM_PRIORITIES.map((one, n) => html`<option value=${one} ?selected=${one === chosen}>${n + 1} ${this.locale.text.alarmPriority[one]}</option>`)}
          </select>
          ${this.renderProblem('priority')}
        </label>
      `;
    });
  }

  private renderSeconds(field: 'timeToRespondSeconds' | 'onDelaySeconds' | 'offDelaySeconds') {
    const { words: text } = this;
    return this.renderField(
      field,
      (value, isOwn) => html`
        <label>
          <span>${text[field]}</span>
          <span class="measure">
            <input inputmode="decimal" ?disabled=${!isOwn} aria-invalid=${String(this.problemAt(field) !== undefined)} .value=${live(value === undefined ? '' : String(value))} @change=${(event: Event) => this.set(field, typedNumber(typed(event)))} />
            <small>${text.units.seconds}</small>
          </span>
          ${this.renderProblem(field)}
        </label>
      `,
    );
  }

  private renderTexts(field: (typeof TEXT_FIELDS)[number]) {
    const { words: text } = this;
    return this.renderField(field, (value, isOwn) => {
      const texts = (value ?? {}) as Texts;
      const area = (language: keyof Texts, name: string) => html`
        <label>
          <span>${text[field]} · ${name}</span>
          <textarea rows=${field === 'title' ? 1 : 3} lang=${language} ?disabled=${!isOwn} aria-invalid=${String(this.problemAt(`${field}.${language}`) !== undefined)} .value=${live(texts[language] ?? '')} @input=${(event: Event) => this.set(field, withText(texts, language, typed(event)))}></textarea>
          ${this.renderProblem(`${field}.${language}`)}
        </label>
      `;
      return html`<div class="pair">${area('en', text.english)} ${area('ko', text.korean)}</div>${this.renderProblem(field)}`;
    });
  }

  private renderCheck(field: 'latch' | 'autoAcknowledgeReturns') {
    const { words: text } = this;
    return this.renderField(
      field,
      (value, isOwn) => html`
        <label class="check">
          <input type="checkbox" ?disabled=${!isOwn} .checked=${live(value === true)} @change=${(event: Event) => this.set(field, (event.target as HTMLInputElement).checked)} />
          <span>${text[field]}</span>
        </label>
        ${this.renderProblem(field)}
      `,
    );
  }

  private renderCapture() {
    const { words: text } = this;
    return this.renderField('capture', (value, isOwn) => {
      const isOn = typeof value === 'object' && value !== null;
      const part = (isOn ? value : {}) as Part;
      const side = (key: 'beforeSeconds' | 'afterSeconds', name: string) => html`
        <label>
          <span>${name}</span>
          <span class="measure">
            <input inputmode="decimal" ?disabled=${!isOwn} aria-invalid=${String(this.problemAt(`capture.${key}`) !== undefined)} .value=${live(String(part[key] ?? ''))} @change=${(event: Event) => this.set('capture', { ...part, [key]: typedNumber(typed(event)) })} />
            <small>${text.units.seconds}</small>
          </span>
          ${this.renderProblem(`capture.${key}`)}
        </label>
      `;
      return html`
        <label class="check">
          <input type="checkbox" ?disabled=${!isOwn} .checked=${live(isOn)} @change=${(event: Event) => this.set('capture', (event.target as HTMLInputElement).checked ? FIRST_VALUES.capture : false)} />
          <span>${text.captureOn}</span>
        </label>
        ${isOn ? html`<div class="fields">${side('beforeSeconds', text.before)} ${side('afterSeconds', text.after)}</div>` : nothing}
        ${this.renderProblem('capture')}
      `;
    });
  }

  private renderSuppress() {
    const { words: text } = this;
    return this.renderField('suppress', (value, isOwn) => {
      const part = (value ?? {}) as Part;
      const parent = String(part.parent ?? '');
      const others = [...this.definitions.keys()].filter((id) => id !== this.draft.id);
      const set = (change: Part) => this.set('suppress', present({ ...part, ...change }));
      return html`
        <div class="fields">
          <label>
            <span>${text.parent}</span>
            <select ?disabled=${!isOwn} aria-invalid=${String(this.problemAt('suppress.parent') !== undefined)} .value=${live(parent)} @change=${(event: Event) => set({ parent: typed(event) || undefined })}>
              <option value="" ?selected=${parent === ''}>${text.parentNone}</option>
              ${others.map((id) => html`<option value=${id} ?selected=${id === parent}>${id}</option>`)}
            </select>
            ${this.renderProblem('suppress.parent')}
          </label>
          <label class="check">
            <input type="checkbox" ?disabled=${!isOwn} .checked=${live(part.whileOff === true)} @change=${(event: Event) => set({ whileOff: (event.target as HTMLInputElement).checked })} />
            <span>${text.whileOff}</span>
          </label>
        </div>
      `;
    });
  }

  private renderProblem(path: string) {
    const problem = this.problemAt(path);
    return problem === undefined ? nothing : html`<strong class="problem">${problem}</strong>`;
  }

  /** What is wrong exactly there; of channels, with any of them. */
  private problemAt(path: string): string | undefined {
    const fault = this.faults.find(
      (one) => one.path === path || (path === 'channels' && one.path.startsWith('channels.')),
    );
    return fault && (this.words.fault(fault) ?? toPlainText(fault.message));
  }

  private problemsBelow(path: string): ReadonlyMap<string, string> {
    const below = this.faults.filter((fault) => fault.path === path || fault.path.startsWith(`${path}.`));
    return new Map(below.map((fault) => [fault.path.slice(path.length + 1), this.problemAt(fault.path) ?? '']));
  }

  /** Whether the definition is right without it, though it inherits none. */
  private mayLack(field: DraftField): boolean {
    return this.draft.channels.length === 0 || OPTIONAL.has(field);
  }

  private get words() {
    return DEFINITION_TEXTS[this.locale.language];
  }

  private set(field: string, value: unknown): void {
    this.dispatchEvent(new DraftEvent(withField(this.draft, field, value)));
  }
}

/** What a field begins with where nothing is inherited. */
const FIRST_VALUES: Readonly<Record<DraftField, unknown>> = {
  title: {},
  cause: {},
  consequence: {},
  action: {},
  priority: 'low',
  timeToRespondSeconds: 600,
  condition: { kind: 'limit', figure: 'mean', deadband: 0 },
  onDelaySeconds: 0,
  offDelaySeconds: 0,
  latch: false,
  autoAcknowledgeReturns: false,
  capture: { beforeSeconds: 2, afterSeconds: 2 },
  suppress: {},
};

/** Korean may be left out. */
function withText(texts: Texts, language: keyof Texts, value: string): Texts {
  return present({ ...texts, [language]: language === 'ko' && value.trim() === '' ? undefined : value });
}

function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-definition-form': FenDefinitionForm;
  }
}
