import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import type { LifeStore } from '../store/life-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { readablePace } from './readable-pace.ts';

/**
 * The loudest thing there is: the server is silent or not understood, nothing
 * on the screen is true any more. Absent while it speaks.
 */
@customElement('fen-silence-banner')
export class FenSilenceBanner extends LitElement {
  static override styles = [
    shared,
    css`
      .banner {
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 4);
        min-height: calc(var(--target) + var(--unit) * 4);
        padding: var(--unit) var(--gutter);
        color: var(--on-alarm);
        background: var(--critical);
        line-height: 1.2;
      }
      h2,
      p {
        display: inline;
      }
      h2,
      .time {
        font-size: var(--text-grave);
        font-weight: var(--weight-strong);
      }
      h2 {
        margin-right: 0.4em;
      }
      .time {
        flex: none;
        min-width: 4ch;
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
    const { liveness, silentMs, isOtherVersion } = this.life.value;
    const { text } = this.locale;
    const span = this.locale.span(silentMs);
    const title = isOtherVersion ? text.otherVersionTitle : text.silentTitle;
    // The region stays, so that what appears in it is read out once.
    return html`
      <div role="alert" class="unseen">${liveness === 'silent' ? title : nothing}</div>
      ${
        liveness === 'silent'
          ? html`
              <section class="banner" aria-label=${title}>
                <span class="time" aria-hidden="true">${span}</span>
                <div class="words">
                  <h2>${title}</h2>
                  <p>${this.renderWhy(span)}</p>
                </div>
              </section>
            `
          : nothing
      }
    `;
  }

  private renderWhy(span: string): string {
    const { text } = this.locale;
    const { serverMs, silentMs, isOtherVersion } = this.life.value;
    if (isOtherVersion) return text.otherVersionWhy;
    return serverMs === undefined
      ? text.neverHeardWhy(span)
      : text.silentWhy(this.locale.time(serverMs - silentMs), span);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-silence-banner': FenSilenceBanner;
  }
}
