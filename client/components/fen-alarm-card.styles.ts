import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    content-visibility: auto;
    contain-intrinsic-height: auto 140px;
  }
  .card {
    --tone: var(--line);
    display: grid;
    gap: calc(var(--unit) * 1.5) calc(var(--unit) * 6);
    padding: calc(var(--unit) * 2) calc(var(--unit) * 4) calc(var(--unit) * 3);
    background: var(--panel);
    border-left: 5px solid var(--tone);
    border-radius: calc(var(--radius) * 2);
  }
  .calling.critical {
    --tone: var(--critical);
  }
  .calling.high {
    --tone: var(--high);
  }
  .calling.medium {
    --tone: var(--medium);
  }
  .calling.low {
    --tone: var(--low);
  }
  .stale {
    border-left-style: dotted;
  }
  h2 {
    font-size: 18px;
  }
  /* The whole head is what opens and closes the card. */
  .head {
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 2.5);
    width: 100%;
    min-height: 48px;
    padding: 0;
    font-size: 18px;
    font-weight: 650;
    text-align: start;
    white-space: normal;
    background: none;
    border: 0;
  }
  .head time {
    flex: none;
    margin-inline-start: auto;
    font-size: 15px;
    font-weight: var(--weight);
    color: var(--ink-2);
    white-space: nowrap;
  }
  .title {
    min-width: 0;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  .said {
    display: grid;
    gap: calc(var(--unit) * 1.5);
    margin-top: calc(var(--unit) * -2);
    color: var(--ink-2);
    overflow-wrap: anywhere;
  }
  .said b {
    color: var(--ink);
    unicode-bidi: isolate;
  }
  .first {
    padding: 0 calc(var(--unit) * 1.5);
    font-size: var(--text-small);
    color: var(--ink);
    border: var(--hair) solid var(--ink-3);
    border-radius: var(--radius);
  }
  dl {
    display: grid;
    gap: calc(var(--unit) * 1.5);
  }
  dt {
    font-size: var(--text-small);
    color: var(--ink-3);
  }
  dd.do {
    color: var(--ink);
    font-weight: var(--weight-strong);
  }
  .side {
    display: grid;
    gap: calc(var(--unit) * 2.5);
    margin-top: calc(var(--unit) * 1.5);
  }
  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: calc(var(--unit) * 2.5);
  }
  .acts > button,
  .acts > a {
    flex: 1 1 40%;
    min-height: 48px;
    border-radius: calc(var(--radius) * 2);
    white-space: normal;
  }
  :host([settling]) :is(.acts, .progress button) {
    pointer-events: none;
    filter: contrast(0.75); /* seen to rest, and read all the same */
  }
  .progress {
    position: relative;
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: calc(var(--unit) * 3);
    min-height: 48px;
    padding: 0 0 0 calc(var(--unit) * 3);
    overflow: hidden;
    color: var(--ink);
    background: var(--well);
    border-radius: calc(var(--radius) * 2);
  }
  .progress button {
    flex: none;
    min-height: 48px;
    padding: 0 calc(var(--unit) * 6);
  }
  /* How much of the five seconds is left. */
  .held::before {
    content: "";
    position: absolute;
    inset: auto 0 0;
    height: 3px;
    background: var(--ink-2);
    transform-origin: left;
    animation: leave 5s linear forwards;
  }
  @keyframes leave {
    to {
      transform: scaleX(0);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .held::before {
      animation: none;
      content: none;
    }
  }
  /* Wide: what is said at the left, what is done at the right. */
  @media (min-width: 900px) {
    .card {
      grid-template-columns: minmax(0, 1fr) 22em;
      align-items: start;
    }
    .head {
      grid-column: 1;
    }
    .side {
      grid-column: 2;
      grid-row: 1 / span 3;
    }
    .said,
    fen-alarm-trend {
      grid-column: 1;
    }
    dl {
      grid-template-columns: 1.4fr 1fr 1fr;
      gap: calc(var(--unit) * 2) calc(var(--unit) * 6);
    }
  }
`;
