import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { panel } from '../styles/panel.ts';
import { shared } from '../styles/shared.ts';
import { figureTable } from '../styles/table.ts';

/** A table that scrolls sideways where it is too wide; the first column names the row. */
@customElement('fen-table')
export class FenTable extends LitElement {
  static override styles = [
    shared,
    panel,
    figureTable,
    css`
      th small {
        font-size: var(--text-small);
        font-weight: var(--weight);
        color: var(--ink-2);
      }
      fen-alarm-symbol {
        margin-right: calc(var(--unit) * 2);
        vertical-align: -0.4em;
      }
      thead span {
        display: inline-block;
        width: var(--heading-width);
      }
      p {
        padding: calc(var(--row-gap) * 1.4) calc(var(--unit) * 3.5);
        color: var(--ink-2);
        border-top: var(--hair) solid var(--line);
      }
    `,
  ];

  @property({ attribute: false }) heading = '';
  @property({ attribute: false }) columns: readonly string[] = [];
  @property({ attribute: false }) rows: readonly (readonly (string | TemplateResult)[])[] = [];
  /** Said under the table. */
  @property({ attribute: false }) note = '';
  @property({ type: Boolean }) stale = false;

  override render() {
    return html`
      <h2 id="heading">${this.heading}</h2>
      ${
        this.rows.length === 0
          ? ''
          : html`
              <div class="scroll" tabindex="0" role="group" aria-labelledby="heading">
                <table class=${this.stale ? 'stale' : ''} aria-labelledby="heading">
                  <thead>
                    <tr>${this.columns.map((name) => html`<th scope="col"><span>${name}</span></th>`)}</tr>
                  </thead>
                  <tbody>
                    ${this.rows.map(
                      ([name, ...cells]) =>
                        html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
                    )}
                  </tbody>
                </table>
              </div>
            `
      }
      ${this.note === '' ? '' : html`<p>${this.note}</p>`}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-table': FenTable;
  }
}
