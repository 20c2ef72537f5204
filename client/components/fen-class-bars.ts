import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DiagnosisClass } from '../../server/wire/diagnoses.ts';
import type { Locale } from '../locale/locale.ts';
import { RUN_TEXTS } from '../locale/run-texts.ts';
import { panel } from '../styles/panel.ts';
import { severityInks } from '../styles/severity.ts';
import { shared } from '../styles/shared.ts';
import { classSymbol } from './class-symbol.ts';

/** A class, and how probable a model holds it to be. */
export interface ClassShare {
  readonly name: string;
  readonly ofClass: DiagnosisClass | undefined;
  /** 0 to 1. */
  readonly probability: number;
  /** It is what the run came to. */
  readonly isDecided: boolean;
  /** It is less probable than what its model is believed. */
  readonly isUnsure: boolean;
}

/** How probable each class is, as bars under each other; the one that was decided on is marked. */
@customElement('fen-class-bars')
export class FenClassBars extends LitElement {
  static override styles = [
    shared,
    panel,
    severityInks,
    css`
      ul {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: calc(var(--unit) * 1.5) calc(var(--unit) * 2);
        padding: calc(var(--unit) * 3) calc(var(--unit) * 3.5);
      }
      li {
        display: grid;
        grid-column: 1 / -1;
        grid-template-columns: subgrid;
        align-items: center;
        color: var(--ink-2);
      }
      li > span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      svg {
        vertical-align: -0.1em;
      }
      .decided {
        font-weight: var(--weight-strong);
        color: var(--ink);
      }
      .figure {
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
      .rail {
        grid-column: 1 / -1;
        height: 0.45em;
        background: var(--well);
        border-radius: var(--radius);
        overflow: hidden;
      }
      .rail i {
        display: block;
        height: 100%;
        background: var(--band);
      }
      .decided i {
        background: var(--ink-2);
      }
      p {
        padding: 0 calc(var(--unit) * 3.5) calc(var(--unit) * 3);
        color: var(--ink-2);
        font-size: var(--text-small);
      }
    `,
  ];

  @property({ attribute: false }) shares: readonly ClassShare[] = [];
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const text = RUN_TEXTS[this.locale.language];
    const most = Math.max(...this.shares.map(({ probability }) => probability));
    const decided = this.shares.find(({ isDecided }) => isDecided);
    return html`
      <h2>${text.probabilities}</h2>
      <ul>${this.shares.map((share) => this.renderShare(share))}</ul>
      ${decided && decided.probability < most ? html`<p>${text.weighed}</p>` : nothing}
    `;
  }

  private renderShare({ name, ofClass, probability, isDecided, isUnsure }: ClassShare) {
    const severity = isDecided ? (ofClass?.severity ?? '') : '';
    return html`
      <li class=${isDecided ? 'decided' : ''}>
        <span class=${severity} aria-hidden="true">${ofClass ? classSymbol(ofClass, isDecided && isUnsure) : nothing}</span>
        <span title=${name}>${name}${isDecided ? html`<span class="unseen"> (${RUN_TEXTS[this.locale.language].decided})</span>` : nothing}</span>
        <span class="figure">${this.locale.percent(probability)}</span>
        <div class="rail"><i .style=${`width: ${probability * 100}%`}></i></div>
      </li>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-class-bars': FenClassBars;
  }
}
