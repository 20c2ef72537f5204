import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import type { Channel } from '../../server/wire/events.ts';
import type { HistoryReply } from '../../server/wire/history.ts';
import { ALARM_PAGE_TEXTS } from '../locale/alarm-page-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { fetchHistory } from '../net/history.ts';
import { Repeated } from '../net/repeated.ts';
import { shared } from '../styles/shared.ts';
import { type TrendSketch, trendSketch } from './trend-sketch.ts';

/** Rows of a sketch, of which each is one unit wide. */
const COLUMNS = 180;
const HEIGHT = 64;
const EVERY_MS = 3000;
/** So much from before the alarm began, and so much at most. */
const BEFORE_MS = 60_000;
const LONGEST_MS = 3_600_000;

/** A small trend of an alarm's channel, from a minute before it began until now, an hour at most. */
@customElement('fen-alarm-trend')
export class FenAlarmTrend extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      svg {
        display: block;
        width: 100%;
        height: 84px;
        background: var(--well);
        border-radius: var(--radius);
      }
      .normal {
        fill: var(--normal);
      }
      .band {
        fill: var(--band);
      }
      .mean,
      .limit,
      .began {
        fill: none;
        stroke: var(--trace);
        stroke-width: 1.5px;
        vector-effect: non-scaling-stroke;
      }
      .limit,
      .began {
        stroke: var(--ink);
        stroke-width: 1px;
        stroke-dasharray: 4 3;
      }
      p {
        display: flex;
        justify-content: space-between;
        font-size: var(--text-small);
        color: var(--ink-2);
      }
    `,
  ];

  @property({ attribute: false }) alarm!: AlarmReply;
  @property({ attribute: false }) channel: Channel | undefined;
  @property({ attribute: false }) nowMs: number | undefined;
  @property({ attribute: false }) locale!: Locale;

  @state() private reply: HistoryReply | undefined;
  @state() private why: string | undefined;
  private readonly asking = new Repeated<void, HistoryReply>({
    ask: (_, signal) => fetchHistory({ channel: this.alarm.channel ?? '', ...this.range, columns: COLUMNS }, signal),
    everyMs: EVERY_MS,
    receive: (reply) => {
      this.reply = reply;
      this.why = undefined;
    },
    miss: (error) => {
      this.why = error instanceof Error ? error.message : String(error);
    },
  });

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.isConnected && this.asking.ask());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.asking.close();
  }

  override render() {
    const { locale, reply } = this;
    const text = ALARM_PAGE_TEXTS[locale.language];
    if (reply === undefined)
      return html`<p>${this.why === undefined ? text.trendLoading : text.trendFailed(this.why)}</p>`;
    const { finding, beganNs } = this.alarm;
    const sketch = trendSketch(reply, {
      width: COLUMNS,
      height: HEIGHT,
      normal: this.channel?.normal,
      limit: this.isInUnit ? finding?.limit : undefined,
      beganMs: beganNs === undefined ? undefined : Number(BigInt(beganNs) / 1_000_000n),
    });
    if (sketch === undefined) return html`<p>${text.trendNone}</p>`;
    const times = [reply.fromMs, reply.toMs].map((ms) => locale.timeOn(ms, this.nowMs)) as [string, string];
    return html`${this.renderSketch(sketch, text.trendOf(this.channel?.label ?? reply.channel, ...times))}
      <p><span>${times[0]}</span><span>${this.figures(sketch)}</span><span>${times[1]}</span></p>`;
  }

  private renderSketch({ bands, means, normal, limitY, beganX }: TrendSketch, name: string) {
    return html`
      <svg viewBox="0 0 ${COLUMNS} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${name}>
        ${normal && svg`<rect class="normal" x="0" width=${COLUMNS} y=${normal.y} height=${normal.height} />`}
        ${bands.map((d) => svg`<path class="band" d=${d} />`)} ${means.map((d) => svg`<path class="mean" d=${d} />`)}
        ${limitY === undefined ? nothing : svg`<path class="limit" d="M0 ${limitY}H${COLUMNS}" />`}
        ${beganX === undefined ? nothing : svg`<path class="began" d="M${beganX} 0V${HEIGHT}" />`}
      </svg>
    `;
  }

  private figures({ low, high }: TrendSketch): string {
    const written = [low, high].map((value) => String(Number(value.toPrecision(4))).replace('-', '\u2212'));
    return `${written.join(' – ')} ${this.reply?.unit ?? ''}`.trim();
  }

  /** Whether what the alarm's value passed lies on the scale of the trend. */
  private get isInUnit(): boolean {
    const { finding } = this.alarm;
    const [low, high] = this.channel?.normal ?? [];
    return finding?.limit !== undefined && low !== undefined && high !== undefined
      ? Math.abs(finding.limit - (low + high) / 2) < 20 * (high - low)
      : false;
  }

  private get range() {
    const { beganNs, raisedMs } = this.alarm;
    const toMs = this.nowMs ?? Date.now();
    const beganMs = beganNs === undefined ? (raisedMs ?? toMs) : Number(BigInt(beganNs) / 1_000_000n);
    return { fromMs: Math.max(beganMs - BEFORE_MS, toMs - LONGEST_MS), toMs: Math.max(toMs, beganMs) };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-alarm-trend': FenAlarmTrend;
  }
}
