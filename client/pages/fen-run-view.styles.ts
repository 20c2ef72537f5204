import { css } from 'lit';

export const styles = css`
  :host {
    grid-column: 1 / -1;
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) minmax(20em, 24%);
    gap: var(--gap);
    min-height: 0;
  }
  .head {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--unit) * 2) calc(var(--unit) * 3);
  }
  h2 {
    display: flex;
    align-items: center;
    gap: 0.4em;
    min-width: 0;
    font-size: var(--text-title);
  }
  h2:focus-visible {
    outline: none;
  }
  h2 svg {
    flex: none;
    width: 0.95em;
    height: 0.95em;
    overflow: visible;
    color: var(--ink-3);
    fill: none;
    stroke: currentColor;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  h2 svg.filled {
    fill: currentColor;
  }
  h2 small {
    font-size: inherit;
    font-weight: var(--weight);
    color: var(--ink-2);
  }
  .when {
    color: var(--ink-2);
    font-variant-numeric: tabular-nums;
  }
  .samples {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--unit) * 2);
    margin-left: auto;
    color: var(--ink-2);
  }
  .steps {
    display: flex;
    gap: calc(var(--unit) * 2);
  }
  .runs {
    display: flex;
    flex-direction: column;
    gap: calc(var(--unit) * 3);
    min-width: 0;
    min-height: 0;
    overflow-y: auto;
    padding: calc(var(--unit) * 3) calc(var(--unit) * 4);
    background: var(--panel);
    border-radius: var(--radius);
  }
  .said {
    color: var(--ink-2);
  }
  .said:empty {
    display: none;
  }
  .axis {
    color: var(--ink-2);
    font-size: var(--text-small);
    text-align: right;
    margin-top: calc(var(--unit) * -3);
  }
  fen-run-plot {
    flex: 1 1 0;
    min-height: 9em;
  }
  /* The times under it take nothing of its height. */
  fen-run-plot[timed] {
    flex-basis: 1.5em;
  }
  aside {
    display: flex;
    flex-direction: column;
    gap: var(--gap);
    min-height: 0;
    overflow: auto;
  }
  aside > * {
    flex: none;
  }
  h2 svg.low {
    color: var(--grade-low);
  }
  h2 svg.medium {
    color: var(--grade-medium);
  }
  h2 svg.high {
    color: var(--grade-high);
  }
  h2 svg.critical {
    color: var(--grade-critical);
  }
  @media (max-width: 899px) {
    :host {
      align-content: start;
      min-height: 100dvh; /* so that its head can be scrolled to before the rest has come */
      grid-template: none / minmax(0, 1fr);
      grid-auto-rows: auto;
    }
    .runs {
      overflow: visible;
      padding: calc(var(--unit) * 3) calc(var(--unit) * 2);
    }
    aside {
      overflow: visible;
    }
    fen-run-plot {
      flex: none;
      height: 15em;
    }
    fen-run-plot[timed] {
      flex-basis: 16.5em;
    }
    .head {
      padding-top: calc(var(--unit) * 2); /* it is scrolled to, under the strip */
    }
    .when {
      font-size: var(--text-small);
    }
    .close {
      order: 0;
      margin-left: auto;
    }
    .when {
      order: 1;
    }
    .samples {
      order: 2;
      flex: 1 0 100%;
      margin-left: 0;
    }
  }
`;
