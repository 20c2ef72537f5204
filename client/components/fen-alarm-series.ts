import { css, html, LitElement, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type AlarmKpiReply, KPI_GUIDES, KPI_STEP_MS } from '../../server/wire/alarm-kpi.ts';
import { JOURNAL_TEXTS } from '../locale/journal-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { panel } from '../styles/panel.ts';
import { shared } from '../styles/shared.ts';

const HOUR_MS = 3_600_000;
/** Of the time axis, for periods that are no longer; beyond the last, the last. */
const STEPS: readonly (readonly [untilMs: number, stepMs: number])[] = [
  [HOUR_MS, KPI_STEP_MS],
  [3 * HOUR_MS, HOUR_MS / 2],
  [13 * HOUR_MS, HOUR_MS],
  [25 * HOUR_MS, 3 * HOUR_MS],
];
/** The count axis ends no lower, so that a quiet period looks quiet. */
const LEAST = 12;

/** Annunciated alarms by ten minutes, as bars over the period; floods are hatched. */
@customElement('fen-alarm-series')
export class FenAlarmSeries extends LitElement {
  static override styles = [
    shared,
    panel,
    css`
      p {
        padding: calc(var(--unit) * 2.5) calc(var(--unit) * 3.5) 0;
        color: var(--ink-2);
      }
      .plot {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0 calc(var(--unit) * 2);
        padding: calc(var(--unit) * 4) calc(var(--unit) * 5) calc(var(--unit) * 2) calc(var(--unit) * 3.5);
        font-size: var(--text-small);
        font-variant-numeric: tabular-nums;
        color: var(--ink-2);
      }
      svg {
        display: block;
        width: 100%;
        height: calc(var(--unit) * 40);
        overflow: visible;
      }
      .ys,
      .xs {
        position: relative;
      }
      .ys {
        min-width: 1.6em;
      }
      .xs {
        grid-column: 2;
        height: 1.5em;
      }
      .ys span {
        position: absolute;
        right: 0;
        transform: translateY(50%);
      }
      .ys span:first-child {
        transform: none;
      }
      .xs span {
        position: absolute;
        transform: translateX(-50%);
        white-space: nowrap;
      }
      .base {
        stroke: var(--ink-3);
        stroke-width: var(--hair);
      }
      .limit {
        stroke: var(--ink-2);
        stroke-width: var(--hair);
        stroke-dasharray: calc(var(--unit) * 1.5);
      }
      .bar {
        fill: var(--band);
      }
      .beyond {
        fill: var(--ink-2);
      }
      .flood {
        fill: var(--hatch);
      }
      .now {
        stroke: var(--ink);
        stroke-width: var(--hair);
      }
      @media (max-width: 699px) {
        .xs span:nth-child(even) {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) kpi!: AlarmKpiReply;
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const { kpi, locale } = this;
    const { beginMs, endMs, untilMs, series } = kpi;
    const text = JOURNAL_TEXTS[locale.language];
    const most = Math.max(LEAST, ...series) * 1.05;
    const wide = (ms: number) => `${(((ms - beginMs) / (endMs - beginMs)) * 100).toFixed(3)}%`;
    const high = (count: number) => `${((1 - count / most) * 100).toFixed(2)}%`;
    const [, stepMs] = STEPS.find(([longestMs]) => endMs - beginMs <= longestMs) ?? (STEPS.at(-1) as (typeof STEPS)[0]);
    const ticks = Array.from({ length: Math.floor((endMs - beginMs) / stepMs) + 1 }, (_, i) => beginMs + i * stepMs);
    const counts = [...new Set([0, KPI_GUIDES.peak, ...(most > 2 * KPI_GUIDES.peak ? [Math.max(...series)] : [])])];
    return html`
      <h2 id="heading">${text.series}</h2>
      <p>${text.seriesWhy}</p>
      <div class="plot" aria-hidden="true">
        <div class="ys">${counts.map((count) => html`<span .style=${`bottom: ${(count / most) * 100}%`}>${locale.count(count)}</span>`)}</div>
        <svg>
          ${kpi.flood.floods.map(({ beginMs: from, endMs: to = untilMs }) => {
            const [left, right] = [Math.max(from, beginMs), Math.min(to, endMs)];
            return svg`<rect class="flood" x=${wide(left)} width=${wide(beginMs + Math.max(0, right - left))} y="0" height="100%"></rect>`;
          })}
          ${series.map((count, i) => {
            const lengthMs = Math.min(KPI_STEP_MS, endMs - beginMs - i * KPI_STEP_MS);
            return svg`<rect class="bar ${count > KPI_GUIDES.peak ? 'beyond' : ''}" x=${wide(beginMs + i * KPI_STEP_MS + lengthMs * 0.08)} width=${wide(beginMs + lengthMs * 0.84)} y=${high(count)} height=${`${((count / most) * 100).toFixed(2)}%`}></rect>`;
          })}
          <line class="limit" x1="0" x2="100%" y1=${high(KPI_GUIDES.peak)} y2=${high(KPI_GUIDES.peak)}></line>
          <line class="base" x1="0" x2="100%" y1="100%" y2="100%"></line>
          ${untilMs < endMs ? svg`<line class="now" x1=${wide(untilMs)} x2=${wide(untilMs)} y1="0" y2="100%"></line>` : ''}
        </svg>
        <div class="xs">${ticks.map((ms) => html`<span .style=${`left: ${wide(ms)}`}>${locale.exact(ms).slice(11, 16)}</span>`)}</div>
      </div>
      <div class="unseen">
        <table aria-labelledby="heading">
          <thead><tr><th scope="col">${locale.text.time}</th><th scope="col">${text.count}</th></tr></thead>
          <tbody>
            ${series.map((count, i) => html`<tr><td>${locale.exact(beginMs + i * KPI_STEP_MS).slice(0, 16)}</td><td>${locale.count(count)}</td></tr>`)}
          </tbody>
        </table>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-alarm-series': FenAlarmSeries;
  }
}
