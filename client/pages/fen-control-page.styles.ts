import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) var(--alarm-width);
    height: 100%;
    gap: var(--gap);
    padding: calc(var(--unit) * 2) var(--gutter) var(--gutter);
  }
  fen-view-bar {
    grid-column: 1 / -1;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(var(--columns), minmax(0, 1fr));
    grid-auto-rows: minmax(var(--tile-height), 1fr);
    gap: var(--gap);
    min-height: 0;
    /* Room for the focus ring, which a scroller would cut off. */
    margin: calc(var(--unit) * -1);
    padding: var(--unit);
    overflow: auto;
  }
  aside {
    display: var(--alarm-aside);
    flex-direction: column;
    gap: var(--gap);
    min-height: 0;
  }
  fen-alarm-list {
    flex: 1 1 0;
    min-height: 12em;
  }
  fen-alarm-detail {
    flex: 0 1 auto;
    max-height: 60%;
  }
  .none {
    align-self: center;
    justify-self: center;
    text-align: center;
    color: var(--ink-2);
  }
  .none h2 {
    font-size: var(--text-title);
    color: var(--ink);
  }
  @media (max-width: 1199px) {
    :host {
      grid-template: auto auto auto / minmax(0, 1fr);
      height: auto;
    }
    aside {
      order: -1;
    }
    fen-alarm-list {
      flex: 0 0 26em;
    }
    fen-alarm-detail {
      max-height: none;
    }
    .tiles {
      overflow: visible;
    }
  }
  /* The list of a phone has a page of its own. */
  @media (max-width: 699px) {
    aside:not(.open),
    fen-alarm-list {
      display: none;
    }
  }
`;
