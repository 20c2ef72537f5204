import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    min-width: 0;
    min-height: 0;
  }
  article {
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    gap: calc(var(--unit) * 0.8);
    height: 100%;
    padding: calc(var(--unit) * 1.6) calc(var(--unit) * 2.4);
    overflow: hidden;
    background: var(--panel);
    border: var(--hair) solid transparent;
    border-radius: var(--radius);
  }
  article.alarm {
    border-color: var(--urgency);
    box-shadow: inset calc(var(--edge) * 0.8) 0 0 var(--urgency);
  }
  .critical {
    --urgency: var(--critical);
  }
  .high {
    --urgency: var(--high);
  }
  .medium {
    --urgency: var(--medium);
  }
  .low {
    --urgency: var(--low);
  }
  .old {
    --urgency: var(--ink-3);
  }
  header {
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 2);
    min-width: 0;
    line-height: 1.15;
  }
  fen-alarm-symbol {
    font-size: calc(var(--text-name) * 0.85);
  }
  /* Long words take a second line. */
  h2,
  .what {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    overflow-wrap: anywhere;
    white-space: normal;
  }
  h2 {
    flex: 1 1 0;
    min-width: 35%;
    line-height: 1.1;
    font-size: var(--text-name);
    color: var(--ink-2);
  }
  .alarm h2 {
    font-size: var(--text-name-abnormal);
    color: var(--ink);
  }
  .value {
    flex: 0 1 auto;
    min-width: 0;
    overflow: hidden;
    white-space: nowrap;
    font-size: var(--text-value);
    font-weight: var(--weight-strong);
  }
  .value small {
    margin-left: 0.2em;
    font-size: var(--text-unit);
    font-weight: var(--weight);
    color: var(--ink-2);
  }
  .plot {
    display: flex;
    gap: calc(var(--gauge) * 0.8);
    min-height: 0;
  }
  fen-trend-chart {
    flex: 1;
    min-width: 0;
    font-size: calc(var(--text-small) / 0.85); /* of which its labels have 85 % */
  }
  footer {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: calc(var(--unit) * 3);
    min-width: 0;
    min-height: calc(var(--text-abnormal) * 1.25);
    overflow: hidden;
    white-space: nowrap;
    line-height: 1.25;
    font-size: var(--text-small);
    color: var(--ink-3);
  }
  .what,
  fen-diagnosis {
    flex: 1;
    min-width: 0;
    font-size: var(--text-abnormal);
  }
  .what {
    line-height: 1.1;
    font-weight: var(--weight-strong);
    color: var(--ink);
  }
  .found {
    font-size: var(--text-name);
    font-weight: var(--weight);
  }
  .tiles .found {
    display: block;
  }
  .condition {
    font-size: var(--text-name);
    color: var(--ink-2);
  }
  .stale .value b {
    font-weight: var(--weight);
    color: var(--ink-2);
    text-decoration: line-through;
  }
  .stale .age {
    font-weight: var(--weight-strong);
    color: var(--ink);
  }
  /* What a model makes of it, as large as there is room; its trend below, where that leaves some. */
  :host([kind="diagnoses"]) {
    container-type: size;
    font-size: var(--essential);
  }
  .diagnoses {
    grid-template: auto auto / minmax(0, 1fr);
    align-content: center;
    gap: 0.1em;
  }
  .diagnoses .age {
    font-size: var(--text-small);
    color: var(--ink-2);
  }
  .diagnoses .plot {
    display: none;
    order: 1;
  }
  .diagnoses fen-diagnosis {
    font-size: clamp(var(--essential), 26cqh, calc(var(--essential) * 1.3));
  }
  .fault {
    box-shadow: inset calc(var(--edge) * 0.8) 0 0 var(--ink);
  }
  .fault h2 {
    color: var(--ink);
  }
  @container (min-height: 5em) {
    .diagnoses {
      grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr);
      align-content: stretch;
    }
    .diagnoses .plot {
      display: flex;
      padding-top: 0.2em;
    }
    .diagnoses fen-diagnosis {
      font-size: clamp(var(--essential), min(14cqh, 7cqw), calc(var(--essential) * 1.8));
    }
  }
  /* Wide and low: all words in one line above the plot. */
  @media (orientation: landscape) {
    .trends {
      grid-template: auto minmax(0, 1fr) / auto fit-content(38%) minmax(0, 1fr) auto auto;
      align-items: center;
      column-gap: 0;
    }
    .trends :is(header, footer) {
      display: contents;
    }
    .trends :is(fen-alarm-symbol, h2, .what, fen-diagnosis, .condition, .age, .value) {
      grid-row: 1;
    }
    .trends fen-alarm-symbol {
      grid-column: 1;
    }
    .trends h2 {
      grid-column: 2;
    }
    .trends fen-alarm-symbol ~ h2 {
      margin-left: calc(var(--unit) * 2);
    }
    .trends :is(.what, fen-diagnosis, .condition, .age, .value) {
      margin-left: calc(var(--unit) * 4);
    }
    .trends :is(.what, fen-diagnosis, .condition) {
      grid-column: 3;
    }
    .trends .age {
      grid-column: 4;
      font-size: var(--text-small);
      color: var(--ink-3);
    }
    .trends .value {
      grid-column: 5;
    }
    .trends .plot {
      grid-area: 2 / 1 / auto / -1;
      align-self: stretch;
    }
  }
`;
