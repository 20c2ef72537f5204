import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Texts } from '../locale/en.ts';
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
      /* One line: what has no room is left out, least needed first. State, missing points and clock stay. */
      :host {
        display: block;
        container-type: inline-size;
        color: var(--ink-2);
        white-space: nowrap;
      }
      ul {
        display: flex;
        justify-content: flex-end;
        align-items: baseline;
        gap: 0 1em;
      }
      @container (max-width: 54em) {
        .frames {
          display: none;
        }
      }
      @container (max-width: 46em) {
        .restarts,
        .sent {
          display: none;
        }
      }
      @container (max-width: 36em) {
        .latency {
          display: none;
        }
      }
      @container (max-width: 29em) {
        .gaps {
          display: none;
        }
      }
      @container (max-width: 24em) {
        .zone {
          display: none;
        }
      }
      b {
        color: var(--ink);
      }
      .figure {
        display: inline-block;
        text-align: right;
      }
      .delay {
        min-width: 5.6ch;
      }
      .count {
        min-width: 2ch;
      }
      .points {
        min-width: 12ch;
      }
      .dot {
        display: inline-block;
        width: 0.55em;
        height: 0.55em;
        margin-right: 0.4em;
        border-radius: 50%;
        background: var(--ink-2);
      }
      .clock b {
        font-size: var(--text-clock);
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
      /* Room for the words: there is no latency of what does not come. */
      .dry .latency {
        display: none;
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
      @media (max-width: 699px) {
        :host {
          font-size: var(--text-small);
        }
        /* Two columns of fixed places. */
        ul {
          display: grid;
          grid-template-columns: 1fr 1fr;
          gap: 0 calc(var(--unit) * 3);
        }
        li {
          display: block;
          order: 2;
        }
        .frames {
          display: none;
        }
        .state,
        .clock {
          order: 1;
        }
        .latency,
        .sent,
        .gaps {
          display: block;
        }
        .zone {
          display: inline;
        }
        .clock b {
          font-size: inherit;
        }
        .delay,
        .count,
        .points {
          min-width: 0;
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
    const { pointsPerSecond: points, liveness, areDevicesSilent } = life;
    return html`
      <ul class="${liveness} ${areDevicesSilent ? 'dry' : ''}" aria-label=${text.proofOfLife}>
        <li class="state" title=${text.newestSample}><i class="dot"></i>${this.renderState(life)}</li>
        ${life.coarseness > 1 ? html`<li><b>${text.coarser(this.locale.count(life.coarseness))}</b></li>` : nothing}
        <li class="latency">${text.latency} <b class="figure delay">${this.locale.delay(life.latencyMs)}</b></li>
        <li class="sent" title=${text.pointsHint}><span class="figure points"><b>${this.locale.count(points?.received)}</b> ${text.of} ${this.locale.count(points?.sent)}</span> ${text.pointsPerSecond}</li>
        ${life.restarts > 0 ? html`<li class="restarts" title=${text.restartsHint}><b>${text.restarts(this.locale.count(life.restarts))}</b></li>` : nothing}
        <li title=${text.missingHint}>${this.renderLoss(life.points.missing + life.gone, text.missing, life.isGoneOpen)}</li>
        <li class="gaps" title=${text.gapsHint}>${this.renderLoss(life.gaps, text.gapsCount)}</li>
        <li class="frames"><b class="figure count">${this.locale.fixed(life.framesPerSecond, 0)}</b> ${text.framesPerSecond}</li>
        ${this.renderClock(life.serverMs)}
      </ul>
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

  /** `isAtLeast`: it may be more, and nobody knows yet. */
  private renderLoss(count: number, { before, after }: Texts['missing'], isAtLeast = false) {
    const written = `${isAtLeast ? '≥ ' : ''}${this.locale.count(count)}`;
    return html`${before} <b class="figure count ${count > 0 || isAtLeast ? 'lost' : ''}">${written}</b> ${after}`;
  }

  private renderClock(serverMs: number | undefined) {
    if (serverMs === undefined) return nothing;
    return html`<li class="clock"><b>${this.locale.time(serverMs)}</b> <span class="zone">${this.locale.zone(serverMs)}</span></li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-life-strip': FenLifeStrip;
  }
}
