import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import type { LifeStore } from '../store/life-store.ts';
import { shared } from '../styles/shared.ts';
import { PacedController } from './paced-controller.ts';

/**
 * The loudest thing there is: the server is silent, nothing on the screen is
 * true any more. Absent while it speaks.
 */
@customElement('fen-silence-banner')
export class FenSilenceBanner extends LitElement {
  static override styles = [
    shared,
    css`
      .banner {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(var(--unit)) calc(var(--unit) * 4);
        padding: calc(var(--unit) * 3) var(--gutter);
        color: var(--on-alarm);
        background: var(--critical);
      }
      h2 {
        font-size: var(--text-title);
      }
      .time {
        flex: none;
        min-width: 5ch;
        font-size: var(--text-large);
        font-weight: var(--weight-strong);
        line-height: 1;
      }
      .words {
        flex: 1 1 60%;
      }
    `,
  ];

  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) locale!: Locale;

  constructor() {
    super();
    new PacedController(this, () => this.life);
  }

  override render() {
    const { liveness, silentMs, serverMs } = this.life.value;
    const { text } = this.locale;
    const span = this.locale.span(silentMs);
    const since = this.locale.time(serverMs === undefined ? undefined : serverMs - (silentMs ?? 0));
    // The region stays, so that what appears in it is read out once.
    return html`
      <div role="alert" class="unseen">${liveness === 'silent' ? text.silentTitle : nothing}</div>
      ${
        liveness === 'silent'
          ? html`
              <section class="banner" aria-label=${text.silentTitle}>
                <span class="time" aria-hidden="true">${span}</span>
                <div class="words">
                  <h2>${text.silentTitle}</h2>
                  <p>${text.silentWhy(since, span)}</p>
                </div>
              </section>
            `
          : nothing
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-silence-banner': FenSilenceBanner;
  }
}
