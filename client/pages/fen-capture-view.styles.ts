import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(21em, 24%);
    gap: var(--gap);
    min-height: 0;
  }
  .view {
    display: grid;
    grid-template: auto minmax(0, 1fr) calc(var(--unit) * 12) auto minmax(0, 0.6fr) / minmax(0, 1fr);
    row-gap: calc(var(--unit) * 1.5);
    min-height: 0;
    padding: calc(var(--unit) * 3) calc(var(--unit) * 4);
    background: var(--panel);
    border-radius: var(--radius);
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: calc(var(--unit) * 2) calc(var(--unit) * 6);
  }
  .readout {
    flex: 1 1 20em;
    min-width: 0;
    min-height: calc(var(--text-value) * 1.2 + var(--text) * 1.5);
  }
  .hint {
    color: var(--ink-2);
  }
  .touch {
    display: none;
  }
  @media (pointer: coarse) {
    .mouse {
      display: none;
    }
    .touch {
      display: inline;
    }
  }
  .value {
    font-size: var(--text-value);
    line-height: 1.2;
  }
  .value small {
    margin-left: 0.2em;
    font-size: var(--text-unit);
    color: var(--ink-2);
  }
  .apart {
    margin-left: 0.8em;
    font-size: var(--text-name);
    color: var(--ink-2);
  }
  .places {
    display: flex;
    flex-wrap: wrap;
    gap: 0 calc(var(--unit) * 5);
    color: var(--ink-2);
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    gap: var(--unit);
  }
  .top {
    grid-row: 1;
  }
  .over {
    z-index: 1;
    grid-area: 2 / 1;
    place-self: start center;
    padding: calc(var(--unit) * 2) calc(var(--unit) * 3);
    background: var(--panel);
    border-radius: var(--radius);
    pointer-events: none;
  }
  .news:empty {
    visibility: hidden;
  }
  .news {
    border: var(--hair) solid var(--ink);
    font-weight: var(--weight-strong);
  }
  .coming {
    color: var(--ink-2);
    animation: come 0s 0.6s both;
  }
  @keyframes come {
    from {
      visibility: hidden;
    }
  }
  fen-wave-chart {
    grid-area: 2 / 1;
    min-height: calc(var(--unit) * 40);
  }
  fen-wave-strip {
    grid-row: 3;
  }
  fen-spectrum-chart {
    grid-row: 5;
    min-height: calc(var(--unit) * 32);
  }
  .heading {
    grid-row: 4;
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 calc(var(--unit) * 4);
    margin-top: calc(var(--unit) * 2);
    padding-top: calc(var(--unit) * 2);
    border-top: var(--hair) solid var(--line);
    color: var(--ink-2);
  }
  .heading h2,
  .heading b {
    color: var(--ink);
  }
  .heading b {
    margin-left: auto;
  }
  .heading small {
    font-weight: var(--weight);
    color: var(--ink-2);
  }
  aside {
    display: flex;
    flex-direction: column;
    gap: var(--gap);
    min-height: 0;
    overflow: auto;
  }
  aside > * {
    flex: none; /* no figure is cut off: where there is no room for all, they scroll */
  }
  /* On a wall nobody scrolls: what has no room is left out, the last first. */
  aside > :last-child {
    flex-shrink: var(--panel-shrink);
  }
  .unset {
    display: var(--unset);
  }
  @media (max-width: 899px) {
    :host {
      grid-template-columns: minmax(0, 1fr);
    }
    .view {
      grid-template-rows: auto max(45dvh, 260px) calc(var(--unit) * 12) auto auto max(34dvh, 220px);
    }
    aside {
      overflow: visible;
    }
    /* Under the picture, which stays where it is however many lines it takes. */
    .top {
      display: contents;
    }
    .tools {
      grid-row: 1;
    }
    .readout {
      grid-row: 4;
      min-height: 0;
    }
    .heading {
      grid-row: 5;
    }
    fen-spectrum-chart {
      grid-row: 6;
    }
    .apart {
      display: block;
      margin: 0;
    }
  }
`;
