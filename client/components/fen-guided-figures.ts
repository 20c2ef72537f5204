import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { JOURNAL_TEXTS } from '../locale/journal-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { shared } from '../styles/shared.ts';

/** A figure, what it should be, and whether it is. */
export interface GuidedFigure {
  readonly name: string;
  readonly written: string;
  /** What it should be; said as it is, where there is no guide. */
  readonly guide: string;
  /** Undefined where there is no guide, or nothing to hold against it. */
  readonly isBeyond: boolean | undefined;
  /** Said below. */
  readonly more?: string;
}

/** Figures side by side, each with its guide. One beyond it stands out by an edge and a word, in no alarm's colour. */
@customElement('fen-guided-figures')
export class FenGuidedFigures extends LitElement {
  static override styles = [
    shared,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(13.5em, 100%), 1fr));
        gap: var(--gap);
      }
      :host {
        display: block;
        container-type: inline-size;
      }
      /* Eight figures leave no gap in a row. */
      @container (min-width: 56em) {
        dl {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
      }
      @container (min-width: 112em) {
        dl {
          grid-template-columns: repeat(8, minmax(0, 1fr));
        }
      }
      dl > div {
        padding: calc(var(--unit) * 3) calc(var(--unit) * 3.5);
        background: var(--panel);
        border-radius: var(--radius);
        border-left: var(--edge) solid var(--panel);
      }
      dl > .beyond {
        border-left-color: var(--ink);
      }
      dt,
      .guide,
      .more {
        color: var(--ink-2);
      }
      .guide,
      .more {
        font-size: var(--text-small);
      }
      .value {
        font-size: var(--text-value);
        font-weight: var(--weight-strong);
        line-height: 1.35;
        font-variant-numeric: tabular-nums;
      }
      .beyond b {
        color: var(--ink);
      }
      @media (max-width: 699px) {
        dl {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
    `,
  ];

  @property({ attribute: false }) figures: readonly GuidedFigure[] = [];
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const text = JOURNAL_TEXTS[this.locale.language];
    return html`
      <dl>
        ${this.figures.map(
          ({ name, written, guide, isBeyond, more = '' }) => html`
            <div class=${isBeyond ? 'beyond' : ''}>
              <dt>${name}</dt>
              <dd class="value">${written}</dd>
              <dd class="guide">${guide}${isBeyond === undefined ? '' : html`: <b>${isBeyond ? `▲ ${text.beyond}` : text.within}</b>`}</dd>
              ${more === '' ? '' : html`<dd class="more">${more}</dd>`}
            </div>
          `,
        )}
      </dl>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-guided-figures': FenGuidedFigures;
  }
}
