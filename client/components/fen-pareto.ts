import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { JOURNAL_TEXTS } from '../locale/journal-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { panel } from '../styles/panel.ts';
import { shared } from '../styles/shared.ts';
import { figureTable } from '../styles/table.ts';

/** What is counted of one alarm. */
export interface ParetoRow {
  readonly name: TemplateResult;
  readonly count: number;
  /** 0 to 1: of all, and together with those before it. */
  readonly share: number;
  readonly cumulative: number;
}

/** Drawn and named; those beyond are counted. */
const SHOWN = 10;

/** The most frequent alarms: a bar each, and a line of what they are together. The same as a table. */
@customElement('fen-pareto')
export class FenPareto extends LitElement {
  static override styles = [
    shared,
    panel,
    figureTable,
    css`
      :host {
        container-type: inline-size;
      }
      .both {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-items: start;
      }
      @container (min-width: 56em) {
        .both {
          grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
        }
      }
      p {
        padding: calc(var(--unit) * 2.5) calc(var(--unit) * 3.5) 0;
        color: var(--ink-2);
      }
      .none {
        padding-bottom: calc(var(--unit) * 3);
      }
      .plot {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 0 calc(var(--unit) * 2);
        padding: calc(var(--unit) * 5) calc(var(--unit) * 3.5) calc(var(--unit) * 3);
        font-size: var(--text-small);
        font-variant-numeric: tabular-nums;
        color: var(--ink-2);
      }
      svg {
        display: block;
        width: 100%;
        height: calc(var(--unit) * 50);
        overflow: visible;
      }
      @container (min-width: 56em) {
        svg {
          height: calc(var(--unit) * 76);
        }
      }
      .ys {
        position: relative;
        min-width: 1.8em;
      }
      .shares {
        min-width: 3em;
      }
      .ys span {
        position: absolute;
        right: 0;
        transform: translateY(50%);
        white-space: nowrap;
      }
      .ranks {
        grid-column: 2;
        display: flex;
        padding-top: calc(var(--unit) * 1);
      }
      .ranks span {
        flex: 1;
        text-align: center;
      }
      line {
        stroke: var(--line);
        stroke-width: var(--hair);
      }
      .bar {
        fill: var(--band);
      }
      .together {
        stroke: var(--trace);
        stroke-width: calc(var(--trace-width) * 1.3);
      }
      circle {
        r: calc(var(--unit) * 0.8);
        fill: var(--trace);
      }
      tbody th {
        width: 100%;
        white-space: normal;
        overflow-wrap: anywhere;
        min-width: 9em;
      }
      th small {
        color: var(--ink-2);
        font-weight: var(--weight);
      }
      th b {
        display: inline-block;
        min-width: 2em;
        color: var(--ink-2);
        font-weight: var(--weight);
      }
    `,
  ];

  @property({ attribute: false }) rows: readonly ParetoRow[] = [];
  /** How many alarms there are in all. */
  @property({ attribute: false }) total = 0;
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const text = JOURNAL_TEXTS[this.locale.language];
    const rows = this.rows.slice(0, SHOWN);
    return html`
      <h2 id="heading">${text.actors}</h2>
      ${rows.length === 0 ? html`<p class="none">${text.noneOfThese}</p>` : this.renderRows(rows)}
    `;
  }

  private renderRows(rows: readonly ParetoRow[]) {
    const { locale } = this;
    const text = JOURNAL_TEXTS[locale.language];
    const more = this.total - rows.length;
    return html`
      <p>${text.actorsWhy}</p>
      <div class="both">
        ${this.renderPlot(rows)}
        <div class="scroll" tabindex="0" role="group" aria-labelledby="heading">
          <table aria-labelledby="heading">
            <thead>
              <tr><th scope="col">${text.alarm}</th><th scope="col">${text.times}</th><th scope="col">${text.share}</th><th scope="col">${text.cumulative}</th></tr>
            </thead>
            <tbody>
              ${rows.map(
                ({ name, count, share, cumulative }, i) => html`<tr>
                  <th scope="row"><b>${locale.count(i + 1)}</b> ${name}</th>
                  <td>${locale.count(count)}</td><td>${locale.percent(share)}</td><td>${locale.percent(cumulative)}</td>
                </tr>`,
              )}
            </tbody>
          </table>
          ${more > 0 ? html`<p class="none">${text.others(locale.count(more))}</p>` : nothing}
        </div>
      </div>
    `;
  }

  private renderPlot(rows: readonly ParetoRow[]) {
    const { locale } = this;
    const most = rows[0]?.count ?? 1;
    const wide = (place: number) => `${((place / rows.length) * 100).toFixed(2)}%`;
    const high = (part: number) => `${((1 - part) * 100).toFixed(2)}%`;
    return html`
      <div class="plot" aria-hidden="true">
        <div class="ys"><span .style=${'bottom: 100%'}>${locale.count(most)}</span><span .style=${'bottom: 0'}>0</span></div>
        <svg>
          ${[0, 0.5, 1].map((part) => svg`<line x1="0" x2="100%" y1=${high(part)} y2=${high(part)}></line>`)}
          ${rows.map(({ count }, i) => svg`<rect class="bar" x=${wide(i + 0.12)} width=${wide(0.76)} y=${high(count / most)} height=${`${(count / most) * 100}%`}></rect>`)}
          ${rows.slice(1).map((row, i) => svg`<line class="together" x1=${wide(i + 0.5)} x2=${wide(i + 1.5)} y1=${high(rows[i]?.cumulative ?? 0)} y2=${high(row.cumulative)}></line>`)}
          ${rows.map(({ cumulative }, i) => svg`<circle cx=${wide(i + 0.5)} cy=${high(cumulative)}></circle>`)}
        </svg>
        <div class="ys shares">
          ${[0, 0.5, 1].map((part) => html`<span .style=${`bottom: ${part * 100}%`}>${locale.percent(part)}</span>`)}
        </div>
        <div class="ranks">${rows.map((_, i) => html`<span>${locale.count(i + 1)}</span>`)}</div>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-pareto': FenPareto;
  }
}
