import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ModelCandidateReply } from '../../server/wire/models.ts';
import type { ModelTexts } from '../locale/en-models.ts';
import type { Locale } from '../locale/locale.ts';
import { MODEL_TEXTS } from '../locale/model-texts.ts';
import { panel } from '../styles/panel.ts';
import { shared } from '../styles/shared.ts';

type Value = string | number;

interface Column {
  readonly name: string;
  readonly valueOf: (candidate: ModelCandidateReply) => Value;
  readonly written: (candidate: ModelCandidateReply) => string;
  /** Which way is sorted first: the better ones on top. */
  readonly order: 1 | -1;
}

/** Everything that was compared, in the order that the reader asks for; the one that was taken is marked. */
@customElement('fen-candidates')
export class FenCandidates extends LitElement {
  static override styles = [
    shared,
    panel,
    css`
      p {
        padding: calc(var(--unit) * 2) calc(var(--unit) * 3.5);
        color: var(--ink-2);
      }
      .scroll {
        max-height: 32em;
        position: relative;
        overflow: auto;
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
      th:nth-child(-n + 3),
      td:nth-child(-n + 3) {
        text-align: left;
      }
      thead th {
        position: sticky;
        top: 0;
        padding: 0;
        background: var(--panel);
      }
      button {
        width: 100%;
        padding: 0 var(--cell);
        justify-content: inherit;
        font-size: var(--text-small);
        font-weight: var(--weight);
        color: var(--ink-2);
        border: 0;
      }
      th:nth-child(-n + 3) button {
        justify-content: start;
      }
      th:nth-child(n + 4) button {
        justify-content: end;
      }
      [aria-sort] button {
        color: var(--ink);
        font-weight: var(--weight-strong);
      }
      tbody tr {
        border-top: var(--hair) solid var(--line);
      }
      .taken > * {
        font-weight: var(--weight-strong);
        background: var(--ground);
      }
    `,
  ];

  @property({ attribute: false }) candidates: readonly ModelCandidateReply[] = [];
  /** Index of the one that was taken. */
  @property({ attribute: false }) best = 0;
  @property({ attribute: false }) why = '';
  @property({ attribute: false }) locale!: Locale;

  @state() private sorted: { readonly column: number; readonly order: 1 | -1 } = { column: 3, order: -1 };

  override render() {
    const { sorted, candidates } = this;
    const text = MODEL_TEXTS[this.locale.language];
    const columns = this.columns();
    const rows = sortBy([...candidates.keys()], (row) => columns[sorted.column].valueOf(candidates[row]), sorted.order);
    return html`
      <h2 id="heading">${text.compared}</h2>
      <p>${this.why}</p>
      <div class="scroll" tabindex="0" role="group" aria-labelledby="heading">
        <table aria-labelledby="heading">
          <thead><tr>${columns.map((column, at) => this.renderHeading(column, at))}</tr></thead>
          <tbody>${rows.map((row) => this.renderRow(columns, row))}</tbody>
        </table>
      </div>
    `;
  }

  private renderHeading({ name, order }: Column, at: number) {
    const { sorted } = this;
    const isSorted = sorted.column === at;
    const sort = isSorted ? (sorted.order === 1 ? 'ascending' : 'descending') : undefined;
    const next = isSorted ? (-sorted.order as 1 | -1) : order;
    const label = MODEL_TEXTS[this.locale.language].sortBy(name);
    const sign = isSorted ? (sorted.order === 1 ? '▴' : '▾') : '';
    const press = () => {
      this.sorted = { column: at, order: next };
    };
    const button = html`<button aria-label=${label} @click=${press}>${name} <span aria-hidden="true">${sign}</span></button>`;
    return sort ? html`<th scope="col" aria-sort=${sort}>${button}</th>` : html`<th scope="col">${button}</th>`;
  }

  private renderRow(columns: readonly Column[], row: number) {
    const [first, ...others] = columns.map(({ written }) => written(this.candidates[row]));
    const isTaken = row === this.best;
    const text = MODEL_TEXTS[this.locale.language];
    const mark = isTaken ? html`<span aria-hidden="true">▸ </span><span class="unseen">${text.taken}: </span>` : '';
    return html`<tr class=${isTaken ? 'taken' : ''}>
      <th scope="row">${mark}${first}</th>
      ${others.map((cell) => html`<td>${cell}</td>`)}
    </tr>`;
  }

  private columns(): Column[] {
    const { locale } = this;
    const text = MODEL_TEXTS[locale.language];
    const words = (name: string, of: (candidate: ModelCandidateReply) => string): Column => {
      return { name, valueOf: of, written: of, order: 1 };
    };
    const figure = (
      name: string,
      of: (candidate: ModelCandidateReply) => number,
      digits: number,
      order: 1 | -1,
    ): Column => {
      return { name, valueOf: of, written: (candidate) => locale.fixed(of(candidate), digits), order };
    };
    return [
      words(text.learner, ({ learner }) => text.learners[learner] ?? learner),
      words(text.parameters, ({ parameters }) => parametersText(parameters, text)),
      words(text.scaling, ({ scaling }) => text.scalings[scaling] ?? scaling),
      figure(text.macroF1, ({ macroF1 }) => macroF1, 3, -1),
      figure(text.spread, ({ macroF1Spread }) => macroF1Spread, 3, 1),
      figure(text.accuracyShort, ({ accuracy }) => accuracy, 3, -1),
      figure(text.logLoss, ({ logLoss }) => logLoss, 3, 1),
      figure(text.secondsAFit, ({ seconds }) => seconds, 2, 1),
    ];
  }
}

/** Such as `features 2688, head ridge`; what a newer trainer says is shown as it is. */
function parametersText(parameters: ModelCandidateReply['parameters'], text: ModelTexts): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${text.parameterNames[name] ?? name} ${valueText(String(value))}`)
    .join(', ');

  function valueText(value: string): string {
    return text.heads[value] ?? text.poolings[value] ?? value;
  }
}

function sortBy(rows: readonly number[], keyOf: (row: number) => Value, order: 1 | -1): number[] {
  return [...rows].sort((a, b) => {
    const [x, y] = [keyOf(a), keyOf(b)];
    return order * (typeof x === 'number' ? x - Number(y) : x.localeCompare(String(y), 'en', { numeric: true }));
  });
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-candidates': FenCandidates;
  }
}
