import { css } from 'lit';

export const styles = css`
  :host {
    --times: 1.85em; /* what times under a plot take more than none */
    display: flex;
    min-width: 0;
    min-height: 0;
  }
  /* Plots of one height: the times under the lowest stand in what is left below. */
  .panes {
    flex: 1;
    display: grid;
    grid-template-columns: minmax(0, 1fr) fit-content(24%);
    grid-auto-rows: minmax(var(--pane-height), 1fr);
    min-width: 0;
    padding-bottom: var(--times);
    touch-action: pan-y;
    cursor: crosshair;
    user-select: none;
  }
  .panes.moved:active {
    cursor: grabbing;
  }
  .pane {
    grid-column: 1 / -1;
    display: grid;
    grid-template-columns: subgrid;
    min-height: 0;
  }
  .pane:last-child fen-trend-chart {
    margin-bottom: calc(-1 * var(--times));
  }
  .names {
    align-self: center;
    max-height: 100%;
    overflow: hidden;
    color: var(--ink-2);
    font-size: var(--text-small);
    line-height: 1.25;
    pointer-events: none;
  }
  .names p {
    display: flex;
    gap: 0.5em;
    white-space: nowrap;
  }
  bdi {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  small {
    font-size: inherit;
  }
  @media (max-width: 699px) {
    .panes {
      grid-template-columns: minmax(0, 1fr);
      grid-auto-rows: 1fr;
    }
    .pane {
      grid-template-rows: auto minmax(var(--pane-height), 1fr);
    }
    /* Below the names, also where there are none. */
    fen-trend-chart {
      grid-row: 2;
    }
    .names {
      order: -1;
    }
  }
`;
