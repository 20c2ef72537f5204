import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 2) calc(var(--unit) * 4);
    min-width: 0;
    min-height: var(--alarm-banner);
    padding: 0 var(--gutter);
    background: var(--panel);
    border-bottom: var(--hair) solid var(--line);
  }
  :host([away]) {
    display: block;
    min-height: 0;
    padding: 0;
    border: 0;
  }
  ::slotted(*) {
    position: absolute;
  }
  :host([stale]) ::slotted(*) {
    position: static;
    flex: 1;
  }
  .most {
    flex: 1;
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 4);
    min-width: 0;
  }
  .most fen-alarm-symbol {
    font-size: 1.2em;
  }
  .words {
    flex: 0 1 auto;
    min-width: 0;
    line-height: 1.3;
  }
  .words > * {
    display: block;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .what {
    max-width: 100%;
    min-height: 0;
    padding: 0;
    font-size: var(--text-title);
    text-align: left;
    background: none;
    border: 0;
  }
  .why {
    color: var(--ink-2);
  }
  .none {
    color: var(--ink-2);
  }
  .most > :is(button, .button) {
    flex: none;
    display: var(--tile-button);
  }
  .counts {
    flex: none;
    display: flex;
    gap: calc(var(--unit) * 3.5);
  }
  .counts li {
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 1.5);
    min-width: 2.6em;
    font-size: var(--text-clock);
    font-weight: var(--weight-strong);
  }
  .phone {
    display: none;
  }
  .zero {
    color: var(--ink-3);
  }
  .zero fen-alarm-symbol {
    opacity: 0.5;
  }
  .sound {
    flex: none;
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 2);
    min-width: 7em;
    justify-content: flex-end;
    color: var(--ink-2);
  }
  .sound b {
    color: var(--ink);
  }
  svg {
    flex: none;
    width: 1.2em;
    height: 1.2em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  @media (max-width: 1199px) {
    .sound span {
      display: none;
    }
    .sound {
      min-width: 0;
    }
  }
  @media (max-width: 699px) {
    :host {
      flex-wrap: wrap;
      gap: calc(var(--unit) * 1.5);
      padding: calc(var(--unit) * 1.5) var(--gutter);
    }
    .most {
      flex: 1 1 60%;
      gap: calc(var(--unit) * 3);
    }
    .phone {
      order: 1;
    }
    .counts {
      order: 2;
      flex: 1 1 0;
      gap: calc(var(--unit) * 1.5);
    }
    .counts li {
      min-width: 0;
    }
    .sound {
      order: 3;
      font-size: var(--text-small);
    }
    .sound button {
      padding: 0 calc(var(--unit) * 2);
    }
    .words {
      flex: 1;
    }
    .why,
    .most > a.button {
      display: none;
    }
  }
  @media (max-width: 699px), (max-width: 999px) and (pointer: coarse) {
    .phone {
      display: inline-flex;
      min-height: 48px;
    }
  }
`;
