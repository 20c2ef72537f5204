import { css } from 'lit';

export const styles = css`
  :host {
    position: fixed;
    inset: 0;
    display: flex;
    flex-direction: column;
    gap: var(--gap);
    padding: var(--gutter);
    overflow: hidden;
    user-select: none;
    transform: translate(
      calc(var(--shift-x, 0) * var(--hair) * 0.5),
      calc(var(--shift-y, 0) * var(--hair) * 0.5)
    );
  }
  :host([resting]) {
    cursor: none;
  }
  fen-silence-banner {
    flex: none;
    margin: calc(var(--gutter) * -1) calc(var(--gutter) * -1) 0;
  }
  header {
    flex: none;
    display: flex;
    align-items: baseline;
    gap: calc(var(--unit) * 3);
    min-width: 0;
    line-height: 1.1;
    white-space: nowrap;
  }
  header > * {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  h1 {
    flex: 0 1 auto;
    min-width: 0;
    font-size: var(--text-name);
  }
  .which {
    flex: 1 1 0;
    min-width: 0;
    font-size: var(--text-small);
    color: var(--ink-2);
  }
  .clock {
    flex: none;
    font-size: var(--text-value);
  }
  .most {
    flex: none;
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 3);
    min-width: 0;
    padding: calc(var(--unit) * 2) calc(var(--unit) * 4);
    overflow: hidden;
    line-height: 1.2;
    white-space: nowrap;
    background: var(--panel);
    border-radius: var(--radius);
    box-shadow: inset var(--edge) 0 0 var(--urgency);
  }
  .most fen-alarm-symbol {
    font-size: var(--text-grave);
  }
  .most.critical {
    --urgency: var(--critical);
  }
  .most.high {
    --urgency: var(--high);
  }
  .most.medium {
    --urgency: var(--medium);
  }
  .most.low {
    --urgency: var(--low);
  }
  .most.old {
    --urgency: var(--ink-3);
  }
  .what {
    flex: 1 1 0;
    min-width: 0;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    white-space: normal;
    font-size: var(--text-grave);
    font-weight: var(--weight-strong);
  }
  .how {
    flex: none;
    max-width: 40%;
    overflow: hidden;
    text-overflow: ellipsis;
    font-size: var(--text-unit);
    color: var(--ink-2);
  }
  @media (orientation: portrait) {
    .most {
      display: grid;
      grid-template: auto auto / auto minmax(0, 1fr);
      row-gap: 0;
    }
    .most fen-alarm-symbol {
      grid-row: 1 / 3;
    }
    .what {
      -webkit-line-clamp: 3;
    }
    .how {
      max-width: none;
    }
  }
  main {
    flex: 1;
    min-height: 0;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
  }
  main.none {
    grid-template: auto auto / minmax(0, 1fr);
    place-content: center;
    gap: var(--gap);
    text-align: center;
    color: var(--ink-2);
  }
  main.none h1 {
    font-size: var(--text-grave);
    color: var(--ink);
  }
  footer {
    flex: none;
    display: flex;
    gap: calc(var(--unit) * 6);
    min-width: 0;
    overflow: hidden;
    line-height: 1.2;
    white-space: nowrap;
    font-size: var(--text-small);
    color: var(--ink-2);
  }
  footer b {
    color: var(--ink);
  }
  .silent .life {
    color: var(--ink);
    font-weight: var(--weight-strong);
  }
`;
