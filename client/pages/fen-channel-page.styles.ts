import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) minmax(20em, 24%);
    gap: var(--gap);
    height: 100%;
    padding: calc(var(--unit) * 2) var(--gutter) var(--gutter);
  }
  fen-view-bar,
  fen-missing-page {
    grid-column: 1 / -1;
  }
  fen-missing-page {
    grid-row: 1 / -1;
  }
  .pager {
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 2);
    min-width: 0;
  }
  h1 {
    min-width: 0;
    margin-left: calc(var(--unit) * 2);
    font-size: var(--text-title);
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  fen-capture-button {
    margin-left: auto;
  }
  .view {
    display: grid;
    grid-template: auto auto minmax(min-content, 1fr) auto auto / minmax(0, 1fr);
    gap: calc(var(--unit) * 2);
    min-width: 0;
    min-height: 0;
    overflow-y: auto; /* where many plots need more room than there is */
    padding: calc(var(--unit) * 3) calc(var(--unit) * 4);
    background: var(--panel);
    border: var(--hair) solid transparent;
    border-radius: var(--radius);
  }
  .view.abnormal {
    border-color: var(--ink);
    box-shadow: inset var(--edge) 0 0 var(--ink);
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 calc(var(--unit) * 6);
    color: var(--ink-2);
  }
  fen-diagnosis {
    flex: 1 0 100%;
  }
  fen-diagnosis-lane {
    margin-top: calc(var(--unit) * -2);
  }
  .value {
    font-size: var(--text-large);
    line-height: 1.1;
    color: var(--ink);
  }
  .value small {
    margin-left: 0.2em;
    font-size: 0.5em;
    color: var(--ink-2);
  }
  .compared .value {
    font-size: var(--text-value);
  }
  .compared .value small {
    font-size: var(--text-unit);
  }
  .condition {
    font-weight: var(--weight-strong);
    font-size: var(--text-title);
  }
  .abnormal .condition {
    color: var(--ink);
  }
  .age {
    margin-left: auto;
  }
  .stale .value b {
    font-weight: var(--weight);
    color: var(--ink-2);
    text-decoration: line-through;
  }
  .plot {
    position: relative;
    display: flex;
    min-height: calc(var(--tile-height) * 0.7);
  }
  fen-time-panes {
    flex: 1;
    min-width: 0;
  }
  /* The plot inside the chart leaves this much for its axes. */
  fen-gauge {
    margin: 2em 0;
  }
  .abnormal.stale.hatched .plot::after {
    content: "";
    pointer-events: none; /* what is stale can be pointed at too */
    position: absolute;
    inset: 2em 0;
    background: repeating-linear-gradient(
      135deg,
      var(--hatch) 0 var(--hair),
      transparent var(--hair) calc(var(--unit) * 2.5)
    );
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
  aside > :last-child {
    flex-shrink: var(--panel-shrink);
  }
  .alarms {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--unit) calc(var(--unit) * 2);
    min-width: 0;
  }
  .alarms button {
    min-width: 0;
    max-width: 100%;
    gap: calc(var(--unit) * 2);
    white-space: normal;
    text-align: left;
  }
  .alarms small {
    font-size: var(--text-small);
    font-weight: var(--weight);
    color: var(--ink-2);
  }
  @media (max-width: 899px) {
    :host {
      grid-template: auto auto auto / minmax(0, 1fr);
      height: auto;
    }
    .plot {
      min-height: max(45dvh, 280px);
    }
    /* The hand that moves the time does not hide it: the buttons stand below the trend. */
    .top,
    .plot,
    fen-diagnosis-lane {
      order: -1;
    }
    .view {
      grid-template-rows: auto;
    }
    aside {
      overflow: visible;
    }
  }
  @media (max-width: 699px) {
    /* So low that what moves the time is seen with it. */
    .plot {
      min-height: max(34dvh, 240px);
    }
    /* A long name has a line of its own, and what is tapped stays where it is. */
    .pager {
      flex-wrap: wrap;
    }
    fen-capture-button {
      flex: 1 1 0;
    }
    h1 {
      order: -1;
      flex: 1 0 100%;
      margin-left: 0;
      white-space: normal;
    }
  }
`;
