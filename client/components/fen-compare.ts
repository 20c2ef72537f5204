import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import { LAYOUTS, LINE_LIMIT, type LookingBack } from '../store/looking-back.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import './fen-menu.ts';

// A search is offered from so many channels on, and no more than this are listed at once.
const SEARCHED = 9;
const LISTED = 200;

/** A channel that can be shown beside another. */
export interface Comparable {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
}

/** Which channels are shown on one time axis, over each other or one above the other. */
@customElement('fen-compare')
export class FenCompare extends LitElement {
  static override styles = [
    shared,
    css`
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
      }
      .layouts {
        display: flex;
        gap: calc(var(--unit) * 4);
        margin-bottom: calc(var(--unit) * 2);
      }
      legend,
      .hint {
        color: var(--ink-2);
        font-size: var(--text-small);
      }
      label {
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 2);
        min-height: var(--target);
        white-space: nowrap;
      }
      label small {
        color: var(--ink-2);
      }
      input {
        accent-color: var(--ink);
      }
      input[type="search"] {
        width: 100%;
        min-height: var(--target);
        padding: 0 calc(var(--unit) * 2);
        font: inherit;
        color: var(--ink);
        background: var(--well);
        border: var(--hair) solid var(--ink-3);
        border-radius: var(--radius);
      }
      input:disabled + span {
        color: var(--ink-3);
      }
    `,
  ];

  @property({ attribute: false }) looking!: LookingBack;
  /** All channels there are, the page's own left out. */
  @property({ attribute: false }) channels: readonly Comparable[] = [];
  @property({ attribute: false }) locale!: Locale;

  @state() private search = '';

  constructor() {
    super();
    new StoreController(this, () => this.looking);
  }

  override render() {
    const { text } = this.locale;
    const { layout, others } = this.looking.value;
    const words = this.search.toLowerCase();
    const found = this.channels.filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(words));
    const isFull = others.length >= LINE_LIMIT - 1;
    return html`
      <fen-menu .label=${others.length > 0 ? `${text.compare} (${others.length + 1})` : text.compare}>
        <fieldset class="layouts">
          <legend class="unseen">${text.compare}</legend>
          ${LAYOUTS.map(
            (each) => html`
              <label>
                <input
                  type="radio"
                  name="layout"
                  .checked=${each === layout}
                  @change=${() => this.looking.compare({ layout: each })}
                />
                <span>${each === 'overlay' ? text.overlay : text.stack}</span>
              </label>
            `,
          )}
        </fieldset>
        ${
          this.channels.length >= SEARCHED
            ? html`<input type="search" aria-label=${text.search} placeholder=${text.search} @input=${this.find} />`
            : ''
        }
        <fieldset>
          <legend>${text.compareHint(String(LINE_LIMIT))}</legend>
          ${found.slice(0, LISTED).map(({ name, label, unit }) => {
            const isShown = others.includes(name);
            return html`
              <label>
                <input type="checkbox" .checked=${isShown} ?disabled=${isFull && !isShown} @change=${() => this.toggle(name)} />
                <span><bdi>${label}</bdi> <small>${unit}</small></span>
              </label>
            `;
          })}
        </fieldset>
      </fen-menu>
    `;
  }

  private toggle(name: string): void {
    const { others } = this.looking.value;
    this.looking.compare({
      others: others.includes(name) ? others.filter((other) => other !== name) : [...others, name],
    });
  }

  private find(event: Event): void {
    this.search = (event.target as HTMLInputElement).value;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-compare': FenCompare;
  }
}
