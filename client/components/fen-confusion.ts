import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ModelClassReply } from '../../server/wire/models.ts';
import type { Locale } from '../locale/locale.ts';
import { MODEL_TEXTS } from '../locale/model-texts.ts';
import { panel } from '../styles/panel.ts';
import { shared } from '../styles/shared.ts';
import { classSymbol } from './class-symbol.ts';

/** Runs by true class (row) and what was said (column), as a table whose cells are shaded by their share of the row. */
@customElement('fen-confusion')
export class FenConfusion extends LitElement {
  static override styles = [
    shared,
    panel,
    css`
      :host {
        display: flex;
        flex-direction: column;
      }
      p {
        padding: calc(var(--unit) * 2) calc(var(--unit) * 3.5) 0;
        color: var(--ink-2);
      }
      .scroll {
        flex: 1;
        position: relative; /* what is only heard stays within what scrolls */
        overflow-x: auto;
        padding: calc(var(--unit) * 3) calc(var(--unit) * 3.5) calc(var(--unit) * 3.5);
      }
      table {
        table-layout: fixed;
        width: 100%;
        min-width: calc(9em + var(--classes) * 4.8em);
        height: 100%;
        border-collapse: separate;
        border-spacing: calc(var(--hair) * 2);
      }
      th {
        font-weight: var(--weight);
        color: var(--ink-2);
      }
      th svg {
        flex: none;
      }
      thead th {
        padding: var(--unit) calc(var(--unit) * 0.5) calc(var(--unit) * 1.5);
        font-size: var(--text-small);
        vertical-align: bottom;
        overflow-wrap: anywhere;
      }
      thead th svg {
        display: block;
        margin: 0 auto calc(var(--unit) * 0.5);
      }
      thead td {
        font-size: var(--text-small);
        color: var(--ink-2);
        width: 11em;
        vertical-align: bottom;
        padding-bottom: calc(var(--unit) * 1.5);
        white-space: nowrap;
      }
      tbody th {
        position: sticky;
        left: 0;
        text-align: left;
        color: var(--ink);
        background: var(--panel);
        padding-right: calc(var(--unit) * 2);
      }
      tbody th span {
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 1.5);
      }
      tbody td {
        height: calc(var(--unit) * 11);
        padding: 0 var(--unit);
        text-align: center;
        line-height: 1.15;
        border-radius: calc(var(--radius) / 2);
        background: color-mix(in oklab, var(--band) var(--share), var(--ground));
      }
      .none {
        color: var(--ink-3);
      }
      .right {
        outline: var(--hair) solid var(--ink-3);
        outline-offset: calc(var(--hair) * -1);
        font-weight: var(--weight-strong);
      }
      @media (max-width: 699px) {
        thead td {
          width: 7.5em;
          white-space: normal;
        }
      }
      small {
        display: block;
        font-size: var(--text-small);
        font-weight: var(--weight);
      }
    `,
  ];

  @property({ attribute: false }) classes: readonly ModelClassReply[] = [];
  /** Runs by true class and said one. */
  @property({ attribute: false }) confusion: readonly (readonly number[])[] = [];
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const { classes, locale } = this;
    const text = MODEL_TEXTS[locale.language];
    const nameOf = (of: ModelClassReply) => of.name[locale.language];
    return html`
      <h2 id="heading">${text.confusion}</h2>
      <p>${text.confusionWhy}</p>
      <div class="scroll" tabindex="0" role="group" aria-labelledby="heading">
        <table aria-labelledby="heading" .style=${`--classes: ${classes.length}`}>
          <thead>
            <tr>
              <td>${text.trueSaid}</td>
              ${classes.map((of) => html`<th scope="col">${classSymbol(of)}${nameOf(of)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${classes.map(
              (of, row) => html`
                <tr>
                  <th scope="row"><span>${classSymbol(of)}<span>${nameOf(of)}</span></span></th>
                  ${this.confusion[row].map((runs, column) => this.renderCell(runs, row, column))}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  private renderCell(runs: number, row: number, column: number) {
    const { locale } = this;
    const text = MODEL_TEXTS[locale.language];
    const all = this.confusion[row].reduce((sum, of) => sum + of, 0);
    const share = all === 0 ? 0 : runs / all;
    const kind = row === column ? 'right' : runs === 0 ? 'none' : '';
    return html`<td class=${kind} .style=${`--share: ${(share * 100).toFixed(1)}%`}>
      ${locale.count(runs)}
      ${runs === 0 ? '' : html`<small aria-hidden="true">${locale.percent(share)}</small> <span class="unseen">${text.ofRow(locale.percent(share))}</span>`}
    </td>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-confusion': FenConfusion;
  }
}
