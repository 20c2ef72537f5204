import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { digitsFor, nextScale, type ValueScale } from '../locale/digits.ts';
import type { Locale } from '../locale/locale.ts';
import { scaledUnit } from '../locale/units.ts';
import type { LookingBack } from '../store/looking-back.ts';
import { StoreController } from '../store/store-controller.ts';
import type { SummaryFold } from '../store/summary-fold.ts';
import { shared } from '../styles/shared.ts';
import './fen-capture-button.ts';
import { readablePace } from './readable-pace.ts';
import { panesOf, raisedOf, type ShownLine } from './shown-lines.ts';

// More channels than these stand closer.
const MANY = 4;

/**
 * What each channel came to at the cursor: minimum, mean, maximum, deviation
 * and how many samples; without a cursor, the same of all that is in view.
 */
@customElement('fen-readout')
export class FenReadout extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
        font-size: var(--text-small);
        color: var(--ink-2);
      }
      .scroll {
        overflow-x: auto;
      }
      .when {
        display: flex;
        flex-wrap: wrap;
        gap: 0 calc(var(--unit) * 4);
        min-height: 1.5em;
      }
      .when b {
        color: var(--ink);
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: calc(var(--unit) * 0.5) calc(var(--unit) * 2);
        text-align: right;
        white-space: nowrap;
      }
      /* All of many channels are seen at once. */
      .many :is(th, td) {
        padding-block: calc(var(--unit) * 0.25);
        line-height: 1.25;
      }
      th {
        font-weight: var(--weight);
      }
      tbody th,
      th:first-child {
        padding-left: 0;
        text-align: left;
      }
      td {
        color: var(--ink);
        font-weight: var(--weight-strong);
        min-width: 7em;
      }
      small {
        font-size: inherit;
        font-weight: var(--weight);
        color: var(--ink-2);
      }
      .line {
        justify-content: flex-start;
        min-height: 0;
        padding: 0;
        font-weight: var(--weight);
        color: inherit;
        background: none;
        border: 0;
      }
      .line[aria-pressed="true"] {
        font-weight: var(--weight-strong);
        color: var(--ink);
      }
      .sign {
        display: inline-block;
        min-width: 1.6em;
        font-weight: var(--weight-strong);
        text-align: center;
        color: var(--of);
        border-radius: var(--radius);
      }
      [aria-pressed="true"] .sign {
        color: var(--panel);
        background: var(--of);
      }
      @media (max-width: 699px) {
        table,
        tbody,
        tr {
          display: block;
        }
        thead {
          display: none;
        }
        tr {
          display: grid;
          grid-template-columns: repeat(auto-fit, minmax(17em, 1fr));
          gap: 0 calc(var(--unit) * 4);
          padding: calc(var(--unit)) 0;
        }
        tbody th {
          grid-column: 1 / -1;
        }
        td {
          display: flex;
          justify-content: space-between;
          padding: 0;
          min-width: 0;
        }
        td::before {
          content: attr(data-name);
          font-weight: var(--weight);
          color: var(--ink-2);
        }
      }
    `,
  ];

  @property({ attribute: false }) looking!: LookingBack;
  @property({ attribute: false }) lines: readonly ShownLine[] = [];
  /** How long a pixel column of the plots is: what the cursor reads. */
  @property({ attribute: false }) columnMs: () => number | undefined = () => undefined;
  @property({ attribute: false }) locale!: Locale;
  /** Changes with every second that is worth reading anew. */
  @property({ attribute: false }) pulse = 0;

  constructor() {
    super();
    new StoreController(this, () => this.looking, readablePace);
    new StoreController(this, () => this.looking.arrivals, readablePace);
  }

  /** What is shown of each channel, in their order. */
  read(): readonly (SummaryFold | undefined)[] {
    const columnMs = this.columnMs();
    if (columnMs === undefined) return []; // nothing is drawn yet that could be read
    return this.lines.map(({ name }) => this.looking.read(name, columnMs));
  }

  override render() {
    const { text } = this.locale;
    const folds = this.read();
    const head = [text.minimum, text.mean, text.maximum, text.spread, text.samples];
    return html`
      ${this.renderWhen(folds)}
      <div class="scroll ${this.lines.length > MANY ? 'many' : ''}" tabindex="0" role="group" aria-label=${text.reading}>
      <table>
        <thead>
          <tr>
            <th scope="col">${text.channel}</th>
            ${head.map((name) => html`<th scope="col">${name}</th>`)}
            ${this.lines.length > 1 ? html`<td></td>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${this.lines.map((line, i) => this.renderLine(line, folds[i], head))}
        </tbody>
      </table>
      </div>
    `;
  }

  private renderWhen(folds: readonly (SummaryFold | undefined)[]) {
    const { locale, looking } = this;
    const { text } = locale;
    const { cursorMs } = looking.value;
    const { range } = looking;
    if (cursorMs === undefined) {
      const zone = range && locale.zone(range.toMs);
      return html`<p class="when">
        <span>${text.inView}</span> <b>${locale.exact(range?.fromMs).slice(0, 19)} … ${locale.exact(range?.toMs).slice(0, 19)} ${zone}</b>
        <span class="unseen">${text.readoutHint}</span>
      </p>`;
    }
    const covered = folds.find((fold) => fold && fold.count > 0);
    const [fromMs, toMs] = covered ? [covered.fromMs, covered.toMs] : [cursorMs, cursorMs];
    const lengthMs = toMs - fromMs;
    const length =
      lengthMs > 0 ? html`<span>${lengthMs < 1000 ? locale.delay(lengthMs) : locale.window(lengthMs)}</span>` : nothing;
    return html`<p class="when" role="status">
      <span>${text.atCursor}</span> <b>${locale.exact(fromMs)} ${locale.zone(fromMs)}</b>
      <span>${locale.exactUtc(fromMs)} UTC</span> ${length}
    </p>`;
  }

  private renderLine(line: ShownLine, fold: SummaryFold | undefined, names: readonly string[]) {
    const { locale } = this;
    const isThere = fold !== undefined && fold.count > 0;
    const isComing = fold === undefined || this.looking.line(line.name).isLoading; // not known to be none
    const scale = scaleOf(line, isThere ? fold : undefined);
    const unit = scaledUnit(line.unit, scale.exponent);
    const value = (of: number | undefined, more = 0) =>
      isThere ? html`${locale.value(of, scale, more)} <small>${unit}</small>` : '–';
    const cells = [value(fold?.min), value(fold?.mean, 1), value(fold?.max), value(fold?.deviation, 1)];
    return html`
      <tr>
        <th scope="row">${this.renderName(line)}</th>
        ${cells.map((cell, i) => html`<td data-name=${names[i]}><span>${cell}</span></td>`)}
        <td data-name=${names[4]}>${isThere ? locale.count(fold.count) : isComing ? '' : locale.text.nothingThere}${isComing ? ' …' : ''}</td>
        ${this.lines.length > 1 ? html`<td>${line.isLive ? this.renderCapture(line) : nothing}</td>` : nothing}
      </tr>
    `;
  }

  /** Beside others the page's own button, which is of its first channel, would not say enough. */
  private renderCapture({ name, label }: ShownLine) {
    const { captureRange: range, extent } = this.looking;
    return html`<fen-capture-button plain .channel=${name} .label=${label} .range=${range} .nowMs=${extent.nowMs} .locale=${this.locale}></fen-capture-button>`;
  }

  /** What a line is called: pointed at, it lies before those that share its plot. */
  private renderName({ name, label, sign }: ShownLine) {
    const { looking, lines } = this;
    if (lines.length === 1) return html`<bdi>${label}</bdi>`;
    const { layout, raised } = looking.value;
    const pane = panesOf(lines, layout).find((each) => each.some((line) => line.name === name)) ?? lines;
    const at = pane.findIndex((line) => line.name === name);
    const of = `--of: var(--trace${at === 0 ? '' : `-${at + 1}`})`;
    if (pane.length === 1) return html`<span class="sign" .style=${of}>${sign}</span> <bdi>${label}</bdi>`;
    const raise = () => looking.raise(name);
    return html`<button
      class="line"
      aria-pressed=${at === raisedOf(pane, raised)}
      title=${this.locale.text.raise}
      .style=${of}
      @pointerenter=${raise}
      @focus=${raise}
      @click=${raise}
    ><span class="sign">${sign}</span><bdi>${label}</bdi></button>`;
  }
}

/** As many digits as the deviation says something with. */
function scaleOf({ digits, normal }: ShownLine, fold: SummaryFold | undefined): ValueScale {
  const reading = fold && { min: fold.min, max: fold.max, spread: fold.deviation, timeMs: 0 };
  const { exponent, digits: shown } = nextScale(undefined, { digits, normal }, reading);
  return {
    exponent,
    digits:
      digits === undefined && fold
        ? Math.max(shown, digitsFor(fold.deviation / 10 ** exponent, Math.abs(fold.max) / 10 ** exponent))
        : shown,
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-readout': FenReadout;
  }
}
