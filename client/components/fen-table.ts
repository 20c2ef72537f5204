import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { panel } from '../styles/panel.ts';
import { shared } from '../styles/shared.ts';

/** A table that scrolls sideways where it is too wide; the first column names the row. */
@customElement('fen-table')
export class FenTable extends LitElement {
  static override styles = [
    shared,
    panel,
    css`
      .scroll {
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: var(--row-gap) var(--cell);
        text-align: right;
        white-space: nowrap;
        font-weight: var(--weight);
      }
      th:first-child {
        padding-left: calc(var(--unit) * 3.5);
        text-align: left;
      }
      td:last-child,
      th:last-child {
        padding-right: calc(var(--unit) * 3.5);
      }
      thead th {
        vertical-align: bottom;
        white-space: normal;
        overflow-wrap: normal;
        font-size: var(--text-small);
        color: var(--ink-2);
      }
      thead span {
        display: inline-block;
        width: var(--heading-width);
      }
      tbody th {
        font-weight: var(--weight-strong);
      }
      th svg {
        margin-right: var(--unit);
        vertical-align: -0.12em;
      }
      tbody tr {
        border-top: var(--hair) solid var(--line);
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
