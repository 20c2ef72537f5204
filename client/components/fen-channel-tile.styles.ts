import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    min-width: 0;
    min-height: var(--tile-height);
  }
  article {
    position: relative;
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    grid-auto-rows: auto;
    gap: var(--unit);
    height: 100%;
    padding: calc(var(--unit) * 2.5) calc(var(--unit) * 3);
    background: var(--panel);
    border: var(--hair) solid transparent;
    border-radius: var(--radius);
  }
  article.abnormal {
    --edge-colour: var(--ink);
  }
  /* Of an alarm alone. */
  article.critical {
    --edge-colour: var(--critical);
  }
  article.high {
    --edge-colour: var(--high);
  }
  article.medium {
    --edge-colour: var(--medium);
  }
  article.low {
    --edge-colour: var(--low);
  }
  article.abnormal,
  article.alarmed {
    border-color: var(--edge-colour);
    box-shadow: inset var(--edge) 0 0 var(--edge-colour);
  }
  header,
  footer {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: calc(var(--unit) * 3);
    min-width: 0;
  }
  h2 {
    flex: 1 1 0;
    min-width: 35%;
    font-size: var(--text-name);
    color: var(--ink-2);
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  :is(.abnormal, .alarmed) h2 {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    white-space: normal;
    line-height: 1.1;
    font-size: var(--text-name-abnormal);
    color: var(--ink);
  }
  a {
    text-decoration: none;
    outline: none;
  }
  a::after {
    content: "";
    position: absolute;
    inset: 0;
    z-index: 1;
    border-radius: var(--radius);
  }
  a:focus-visible::after {
    outline: calc(var(--hair) * 2) solid var(--focus);
    outline-offset: calc(var(--hair) * 2);
  }
  article:has(a:hover) {
    border-color: var(--ink-3);
  }
  article:is(.abnormal, .alarmed):has(a:hover) {
    border-color: var(--edge-colour);
  }
  .value {
    display: flex;
    align-items: baseline;
    flex: 0 1 auto;
    min-width: 0;
    white-space: nowrap;
    font-size: var(--text-value);
    font-weight: var(--weight-strong);
    line-height: 1.1;
  }
  .value b,
  .value small {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .value b {
    flex: none;
    max-width: 100%;
    font-weight: inherit;
  }
  .value small {
    margin-left: 0.25em;
    font-size: var(--text-unit);
    font-weight: var(--weight);
    color: var(--ink-2);
  }
  .plot {
    position: relative;
    display: flex;
    gap: calc(var(--gauge) * 0.8);
    min-height: 0;
  }
  fen-trend-chart {
    flex: 1;
    min-width: 0;
  }
  /* Over the link. A pointer or the focus brings it, over the trend; fingers cannot, and have it beside what is wrong. */
  fen-capture-button {
    z-index: 2;
    display: var(--tile-button);
  }
  @media (hover: hover) {
    fen-capture-button {
      position: absolute;
      left: 0;
      bottom: calc(100% + var(--unit));
    }
    article:not(:hover, :focus-within) fen-capture-button {
      opacity: 0;
    }
  }
  @media (hover: none) {
    fen-capture-button {
      position: relative;
      align-self: center;
      margin: calc(var(--target) * -0.5) 0;
    }
    .more {
      display: none;
    }
  }
  footer {
    position: relative;
    font-size: var(--text-small);
    color: var(--ink-3);
    white-space: nowrap;
  }
  header fen-alarm-symbol {
    align-self: center;
    margin-right: calc(var(--unit) * -1);
  }
  /* Over the link: it leads to the alarm. */
  .alarm {
    position: relative;
    z-index: 2;
    justify-self: start;
    justify-content: start;
    gap: calc(var(--unit) * 2);
    max-width: 100%;
    min-width: 0;
    min-height: min(1.5em, var(--target));
    padding: 0;
    font-size: var(--text-abnormal);
    font-weight: var(--weight);
    line-height: 1.1;
    background: none;
    border: 0;
  }
  .alarm b {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .alarm span {
    display: var(--abnormal-figures);
    color: var(--ink-2);
  }
  .alarm:hover b {
    text-decoration: underline;
  }
  fen-diagnosis {
    font-size: var(--text-abnormal);
  }
  /* What alarms is said already: the rest takes as few lines as there is room for. */
  article.alarmed {
    grid-template-columns: minmax(0, 1fr) fit-content(60%);
    gap: calc(var(--unit) * 0.6) calc(var(--unit) * 3);
  }
  .alarmed > * {
    grid-column: 1 / -1;
  }
  .alarmed :is(fen-diagnosis, fen-diagnosis + footer) {
    grid-column: var(--alarmed-rest);
  }
  .alarmed fen-diagnosis {
    font-size: var(--text-small);
  }
  .condition {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    font-weight: var(--weight-strong);
    color: var(--ink-2);
  }
  .abnormal .condition {
    line-height: 1.1;
    color: var(--ink);
  }
  .abnormal:not(.alarmed) .condition {
    font-size: var(--text-abnormal);
  }
  .abnormal footer {
    flex-wrap: wrap; /* what is wrong is whole first */
    gap: 0 calc(var(--unit) * 3);
  }
  .figures {
    flex: none;
    margin-left: auto;
    display: flex;
    gap: calc(var(--unit) * 3);
  }
  :is(.abnormal, .alarmed) .more {
    display: var(--abnormal-figures);
  }
  .age {
    display: inline-block;
    min-width: 6ch;
    text-align: right;
  }
  .stale .value b {
    font-weight: var(--weight);
    color: var(--ink-2);
    text-decoration: line-through;
  }
  .abnormal .age {
    min-width: 0;
  }
  .stale .age {
    color: var(--ink);
    font-weight: var(--weight-strong);
  }
  .abnormal.stale .plot::after {
    content: "";
    position: absolute;
    inset: 0;
    background: repeating-linear-gradient(
      135deg,
      var(--hatch) 0 var(--hair),
      transparent var(--hair) calc(var(--unit) * 2.5)
    );
  }
`;
