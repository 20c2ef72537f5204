import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr);
    height: 100dvh;
  }
  .skip {
    position: absolute;
    left: var(--gutter);
    top: calc(var(--head) * -2);
    z-index: 2;
  }
  .skip:focus {
    top: calc(var(--unit) * 1.5);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 min(calc(var(--unit) * 6), 1.5vw);
    padding: calc((var(--head) - var(--target) - var(--hair)) / 2) var(--gutter);
    white-space: nowrap;
    border-bottom: var(--hair) solid var(--line);
  }
  .brand {
    font-weight: var(--weight-brand);
    letter-spacing: 0.01em;
  }
  .site {
    flex: 0 1 auto;
    min-width: 0;
    max-width: 24em;
    overflow: hidden;
    text-overflow: ellipsis;
    color: var(--ink-2);
  }
  /* Takes the room between the brand and the strip beside it, so that the strip fills only a line of its own. */
  nav {
    flex: 999 0 auto;
    display: flex;
    gap: calc(var(--unit) * 0.5);
  }
  nav a,
  nav button {
    display: inline-flex;
    align-items: center;
    min-height: var(--target);
    padding: 0 calc(var(--unit) * 2.5);
    color: var(--ink-2);
    background: none;
    border: 0;
    border-radius: var(--radius);
    font-weight: var(--weight);
    text-decoration: none;
  }
  nav a[aria-current] {
    color: var(--ink);
    background: var(--panel);
    font-weight: var(--weight-strong);
  }
  nav a:hover,
  nav button:hover {
    color: var(--ink);
  }
  .home {
    display: none;
    width: 1.5em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.4;
    stroke-linejoin: round;
  }
  nav a[aria-current] .home {
    fill: currentColor;
  }
  fen-life-strip {
    flex: 1 1 auto;
  }
  main {
    grid-row: 3;
    min-height: 0;
    position: relative; /* what is only heard stays within what scrolls */
    overflow: auto;
  }
  h1:focus,
  main:focus {
    outline: none;
  }
  /* Walls are set up, and journals read, at a desk. */
  @media (max-width: 1599px), (min-width: 3840px) {
    nav a.boards {
      display: none;
    }
  }
  @media (min-width: 3840px) {
    nav a[href='/alarms/journal']:not([aria-current]) {
      display: none;
    }
  }
  @media (max-width: 699px) {
    .head {
      gap: 0 calc(var(--unit) * 2);
    }
    nav {
      flex: 1 1 0;
      flex-wrap: wrap;
      justify-content: flex-end;
    }
    nav a[aria-current] {
      background: none;
      text-decoration: underline calc(var(--hair) * 2);
      text-underline-offset: 0.4em;
    }
    fen-life-strip {
      flex-basis: 100%;
      padding-bottom: calc(var(--unit) * 2);
    }
    .site {
      display: none;
    }
    main {
      overscroll-behavior: contain;
    }
  }
  @media (max-width: 599px) {
    .brand {
      display: none;
    }
    nav {
      justify-content: space-between;
    }
  }
  @media (max-width: 519px) {
    nav {
      gap: 0;
      font-size: var(--text-small);
    }
    nav a,
    nav button {
      justify-content: center;
      min-width: min(var(--target), 14vw);
      padding: 0 var(--unit);
    }
    .home {
      display: block;
    }
    .home + span {
      display: none;
    }
  }
  /* The narrowest phone: every page stays in reach of a thumb. */
  @media (max-width: 369px) {
    .head {
      column-gap: calc(var(--unit));
    }
    nav a,
    nav button {
      min-width: 12vw;
      padding: 0 calc(var(--unit) * 0.5);
    }
  }
`;
