import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import type { FleetState } from '../store/fleet-store.ts';
import type { LifeStore } from '../store/life-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import './fen-window-choice.ts';
import { readablePace } from './readable-pace.ts';
import { WINDOWS_MS } from './time-window.ts';

/** Freeze the view, or let it run again. */
export class FreezeToggleEvent extends Event {
  constructor() {
    super('fen-freeze-toggle', { bubbles: true, composed: true });
  }
}

/**
 * What stands above trends: the page's own words in the slot, how much time is
 * shown, and whether it stands still. Fires `fen-window-select` and
 * `fen-freeze-toggle`.
 */
@customElement('fen-view-bar')
export class FenViewBar extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 2) calc(var(--unit) * 3);
        min-height: var(--target);
      }
      slot {
        display: block;
      }
      .words {
        flex: 1 1 0;
        min-width: 0;
      }
      .frozen {
        flex: none;
        font-weight: var(--weight-strong);
      }
      .frozen:empty {
        margin-left: calc(var(--unit) * -3);
      }
      .freeze {
        min-width: 8em;
      }
      @media (max-width: 699px) {
        :host {
          flex-wrap: wrap;
          row-gap: calc(var(--unit) * 2);
        }
        .frozen {
          order: 1;
        }
        :host([wide]) .words,
        fen-window-choice {
          flex: 1 1 100%;
        }
        fen-window-choice {
          order: 2;
        }
        :host([wide]) .freeze {
          order: 3;
          flex: 1;
        }
      }
    `,
  ];

  /** The words in the slot need a line of their own on a phone. */
  @property({ type: Boolean, reflect: true }) wide = false;
  @property({ attribute: false }) fleet!: FleetState;
  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) windowMs = 60_000;
  /** Lengths of time that are offered. */
  @property({ attribute: false }) windows = WINDOWS_MS;
  /** The page shows the past. */
  @property({ attribute: false }) isBack = false;
  @property({ attribute: false }) locale!: Locale;

  constructor() {
    super();
    new StoreController(this, () => this.life, readablePace);
  }

  override render() {
    const { fleet, locale } = this;
    const { text } = locale;
    const isStill = fleet.isFrozen || this.isBack;
    return html`
      <div class="words"><slot></slot></div>
      <span class="frozen" role="status">${fleet.isFrozen ? this.frozen(fleet.frozenMs) : ''}</span>
      <fen-window-choice .windows=${this.windows} .windowMs=${this.windowMs} .locale=${locale}></fen-window-choice>
      <button class="freeze ${isStill ? 'go' : ''}" @click=${this.toggle}>
        ${isStill ? text.goLive : text.freeze}
      </button>
    `;
  }

  private frozen(frozenMs: number | undefined): string {
    const { text } = this.locale;
    const words = text.frozen(this.locale.time(frozenMs));
    return this.life.value.liveness === 'live' ? `${words} · ${text.stillCollected}` : words;
  }

  private toggle(): void {
    this.dispatchEvent(new FreezeToggleEvent());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-view-bar': FenViewBar;
  }
  interface HTMLElementEventMap {
    'fen-freeze-toggle': FreezeToggleEvent;
  }
}
