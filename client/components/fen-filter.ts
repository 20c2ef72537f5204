import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Locale } from '../locale/locale.ts';
import type { LifeStore } from '../store/life-store.ts';
import { shared } from '../styles/shared.ts';
import './fen-time-filter.ts';
import type { FenTimeFilter, TimeFilterEvent } from './fen-time-filter.ts';

/** Something to find by: words, or one of a few. */
export type FilterField =
  | { readonly kind: 'words'; readonly key: string; readonly name: string }
  | {
      readonly kind: 'choice';
      readonly key: string;
      /** Said where none is chosen. */
      readonly name: string;
      readonly options: readonly (readonly [value: string, name: string])[];
    };

/** What is found by, by key; `from` and `to` in ms since 1970 UTC. */
export type FilterValues = Readonly<Record<string, string | undefined>>;

/** Something else is wanted. */
export class FilterEvent extends Event {
  readonly values: FilterValues;

  constructor(values: FilterValues) {
    super('fen-filter');
    this.values = values;
  }
}

/** Words are looked for once the writer has stopped so long. */
const TYPED_MS = 250;

/** By what a list is filtered: the first field, and after it, or behind a button where there is little room, the others and a range of time. Fires `fen-filter`. */
@customElement('fen-filter')
export class FenFilter extends LitElement {
  static override styles = [
    shared,
    css`
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(var(--unit) * 2);
      }
      .more {
        display: none;
      }
      input,
      select {
        min-width: 0;
        min-height: var(--target);
        padding: 0 calc(var(--unit) * 2.5);
        font: inherit;
        color: var(--ink);
        background: var(--panel);
        border: var(--hair) solid var(--ink-3);
        border-radius: var(--radius);
      }
      input {
        flex: 1 1 11em;
        max-width: 26em;
        text-overflow: ellipsis;
      }
      input::placeholder {
        color: var(--ink-2);
        opacity: 1;
      }
      /* A browser's own arrow does not grow with the text. */
      select {
        max-width: 16em;
        appearance: none;
        padding-right: 1.9em;
        background: conic-gradient(from -45deg at bottom, var(--ink) 90deg, transparent 0) no-repeat right 0.7em center /
          0.7em 0.35em var(--panel);
      }
      @media (max-width: 1099px) {
        input {
          flex: 1 1 40%;
          max-width: none;
        }
        select {
          flex: 1 1 28%;
          max-width: none;
          padding-left: var(--unit);
        }
        .more {
          display: inline-flex;
        }
        .closed > :not(:first-child, .more, .clear) {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) fields: readonly FilterField[] = [];
  @property({ attribute: false, hasChanged: isOther }) values: FilterValues = {};
  /** What is found, for those who listen. */
  @property({ attribute: false }) name = '';
  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) locale!: Locale;

  /** With words that are still being written. */
  @state() private written?: FilterValues;
  /** Whether all fields are shown where there is little room. */
  @state() private isOpen = false;
  @query('fen-time-filter') private readonly timeFilter!: FenTimeFilter;
  private timer?: ReturnType<typeof setTimeout>;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('values')) this.take();
  }

  override render() {
    const { locale, now } = this;
    const { text } = locale;
    const [first, ...others] = this.fields;
    const used = Object.entries(now).filter(([, value]) => value !== undefined && value !== '');
    const hidden = used.filter(([key]) => key !== first?.key).length;
    return html`
      <form class=${this.isOpen ? '' : 'closed'} role="search" aria-label=${this.name} @submit=${(event: Event) => event.preventDefault()}>
        ${first && this.renderField(first)}
        <button type="button" class="more" aria-expanded=${this.isOpen ? 'true' : 'false'} @click=${() => {
          this.isOpen = !this.isOpen;
        }}>${text.filterAlarms}${hidden === 0 ? '' : ` · ${locale.count(hidden)}`}</button>
        ${others.map((field) => this.renderField(field))}
        <fen-time-filter .fromMs=${msOf(now.from)} .toMs=${msOf(now.to)} .life=${this.life} .locale=${locale} @fen-time-filter=${this.chooseTime}></fen-time-filter>
        ${used.length > 0 ? html`<button type="button" class="clear" @click=${this.clear}>${text.clearFilter}</button>` : nothing}
      </form>
    `;
  }

  private renderField(field: FilterField) {
    const { key, name } = field;
    const value = this.now[key] ?? '';
    if (field.kind === 'words') {
      return html`<input type="search" name=${key} maxlength="200" placeholder=${name} aria-label=${name} .value=${live(value)} @input=${(event: Event) => this.write(key, writtenIn(event))} />`;
    }
    return html`
      <select name=${key} aria-label=${name} .value=${live(value)} @change=${(event: Event) => this.want({ ...this.now, [key]: writtenIn(event) })}>
        <option value="" ?selected=${value === ''}>${name}</option>
        ${field.options.map(([one, said]) => html`<option value=${one} ?selected=${one === value}>${said}</option>`)}
      </select>
    `;
  }

  private get now(): FilterValues {
    return this.written ?? this.values;
  }

  private write(key: string, words: string): void {
    clearTimeout(this.timer);
    const written = { ...this.now, [key]: words };
    this.written = written;
    this.timer = setTimeout(() => this.want(written), TYPED_MS);
  }

  private chooseTime({ fromMs, toMs }: TimeFilterEvent): void {
    this.want({ ...this.now, from: fromMs?.toString(), to: toMs?.toString() });
  }

  private clear(): void {
    this.timeFilter.reset();
    this.want({});
  }

  private want(values: FilterValues): void {
    this.take();
    this.dispatchEvent(new FilterEvent(values));
  }

  private take(): void {
    clearTimeout(this.timer);
    this.written = undefined;
  }
}

/** Whether something else is wanted: pages say anew what they want whenever they are drawn. */
function isOther(a: FilterValues | undefined, b: FilterValues | undefined): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

function writtenIn({ target }: Event): string {
  return (target as HTMLInputElement | HTMLSelectElement).value;
}

function msOf(text: string | undefined): number | undefined {
  const ms = text ? Number(text) : Number.NaN;
  return Number.isFinite(ms) ? ms : undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-filter': FenFilter;
  }
  interface HTMLElementEventMap {
    'fen-filter': FilterEvent;
  }
}
