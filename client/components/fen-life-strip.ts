import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import type { LifeState, LifeStore } from '../store/life-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { readablePace } from './readable-pace.ts';

/** The proof of life, small, on every page: whether what is on the screen is now, whole and true. */
@customElement('fen-life-strip')
export class FenLifeStrip extends LitElement {
  static override styles = [
    shared,
    css`
      /* Two groups: how late at the right or above, how whole at the left or below. Each takes as many lines as it needs. */
      :host {
        display: block;
        color: var(--ink-2);
        font-size: var(--text-strip);
      }
      .strip,
      ul {
        display: flex;
        flex-flow: row wrap;
        align-items: baseline;
        gap: 0 clamp(0.7em, 1.2vw, 1em);
      }
      .strip {
        flex-direction: row-reverse;
      }
      ul {
        flex: 1 1 auto;
      }
      li {
        white-space: nowrap;
      }
      b {
        color: var(--ink);
      }
      /* Fixed places: what stands beside a figure stays while it changes. */
      .figure {
        display: inline-block;
      }
      .delay {
        min-width: 5.6ch;
      }
      .count {
        min-width: 2ch;
        text-align: right;
      }
      .points {
        min-width: 12.4ch;
      }
      .total {
        min-width: 5.1ch;
        text-align: right;
      }
      .dot {
        display: inline-block;
        width: 0.55em;
        height: 0.55em;
        margin-right: 0.4em;
        border-radius: 50%;
        background: var(--ink-2);
      }
      .clock {
        margin-left: auto;
      }
      .clock b {
        font-size: var(--text-clock);
      }
      /* Until it is known: its place is kept. */
      .unknown {
        visibility: hidden;
      }
      .silent .state,
      .silent .state b {
        color: var(--critical);
        font-weight: var(--weight-strong);
      }
      .silent .dot {
        border-radius: 0;
        background: var(--critical);
      }
      /* The server is well, but no device sends: to be seen, without the colour of an alarm. */
      .dry .state,
      .dry .state b {
        color: var(--ink);
        font-weight: var(--weight-strong);
      }
      .dry .dot {
        background: none;
        border: var(--edge) solid var(--ink);
      }
      .silent li:not(.state, .clock),
      .silent li:not(.state, .clock) .figure,
      .silent li:not(.state, .clock) b {
        color: var(--ink-3);
        text-decoration: line-through;
      }
      .lost {
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      /* What is missing stands beside it: a phone needs no more than how many come. */
      @media (max-width: 699px) {
        .points,
        ul:last-child .count {
          min-width: 0;
        }
        .wide {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) locale!: Locale;

  constructor() {
    super();
    new StoreController(this, () => this.life, readablePace);
  }

  override render() {
    const life = this.life.value;
    const { text } = this.locale;
    return html`
      <div class="strip ${life.liveness} ${life.areDevicesSilent ? 'dry' : ''}" role="group" aria-label=${text.proofOfLife}>
        <ul>
          <li class="state" title=${text.newestSample}><i class="dot"></i>${this.renderState(life)}</li>
          <li class=${life.latencyMs === undefined ? 'unknown' : ''}>${text.latency} <b class="figure delay">${this.locale.delay(life.latencyMs)}</b></li>
          <li class=${life.pointsPerSecond ? '' : 'unknown'}><b class="figure count">${this.locale.fixed(life.framesPerSecond, 0)}</b> ${text.framesPerSecond}</li>
          ${this.renderClock(life.serverMs)}
        </ul>
        <ul>${this.renderWhole(life)}</ul>
      </div>
    `;
  }

  /** Whether anything is missing of what was sent. */
  private renderWhole({ pointsPerSecond, points, gone, isGoneOpen, gaps, restarts, coarseness }: LifeState) {
    const { text } = this.locale;
    const [received, sent] = [pointsPerSecond?.received, pointsPerSecond?.sent].map((count) =>
      this.locale.count(count),
    );
    const all = points.sent + gone;
    const ofAll = html`${text.of} <span class="figure total">${this.locale.large(all, '')}</span> `;
    return html`
      <li class=${all > 0 || isGoneOpen ? '' : 'unknown'} title=${text.missingHint}>${this.renderLoss(points.missing + gone, text.missing, { ofAll, isAtLeast: isGoneOpen })}</li>
      <li class=${pointsPerSecond ? '' : 'unknown'} title=${text.pointsHint}><span class="figure points"><b>${received}</b><span class="wide"> ${text.of} ${sent}</span></span><span class="wide"> ${text.points}</span>/s</li>
      <li title=${text.gapsHint}>${this.renderLoss(gaps, text.gapsCount)}</li>
      ${restarts > 0 ? html`<li title=${text.restartsHint}><b>${text.restarts(this.locale.count(restarts))}</b></li>` : nothing}
      ${coarseness > 1 ? html`<li><b>${text.coarser(this.locale.count(coarseness))}</b></li>` : nothing}
    `;
  }

  private renderState({ liveness, silentMs, ageMs, areDevicesSilent }: LifeState) {
    const { text } = this.locale;
    switch (liveness) {
      case 'live':
        if (areDevicesSilent) return html`${text.noNewData} <b class="figure delay">${this.locale.span(ageMs)}</b>`;
        return html`${text.live} <b class="figure delay">${this.locale.delay(ageMs)}</b>`;
      case 'silent':
        return html`${text.silent} <b class="figure delay">${this.locale.span(silentMs)}</b>`;
      case 'connecting':
        return text.connecting;
    }
  }

  private renderLoss(
    count: number,
    { before, after, one = after }: LossWords,
    { ofAll, isAtLeast = false }: LossBounds = {},
  ) {
    const written = `${isAtLeast ? '≥ ' : ''}${this.locale.count(count)}`;
    return html`${before} <b class="figure count ${count > 0 || isAtLeast ? 'lost' : ''}">${written}</b> ${ofAll}${count === 1 ? one : after}`;
  }

  private renderClock(serverMs: number | undefined) {
    if (serverMs === undefined) return nothing;
    return html`<li class="clock"><b>${this.locale.time(serverMs)}</b> ${this.locale.zone(serverMs)}</li>`;
  }
}

/** The words around a count, and what follows it where it is 1. */
interface LossWords {
  readonly before: string;
  readonly after: string;
  readonly one?: string;
}

interface LossBounds {
  /** Of how many, as it is written. */
  readonly ofAll?: TemplateResult;
  /** It may be more, and nobody knows yet. */
  readonly isAtLeast?: boolean;
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-life-strip': FenLifeStrip;
  }
}
