import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-rows: auto auto minmax(0, 1fr);
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
    gap: 0 calc(var(--unit) * 6);
    min-height: var(--head);
    padding: calc(var(--unit) * 0.5) var(--gutter);
    border-bottom: var(--hair) solid var(--line);
  }
  .brand {
    font-weight: var(--weight-brand);
    letter-spacing: 0.01em;
  }
  .site {
    color: var(--ink-2);
  }
  nav {
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
  fen-life-strip {
    flex: 1;
  }
  main {
    min-height: 0;
    overflow: auto;
  }
  h1:focus,
  main:focus {
    outline: none;
  }
  @media (max-width: 1279px) {
    fen-life-strip {
      flex-basis: 100%;
      padding-bottom: calc(var(--unit) * 2);
    }
  }
  @media (max-width: 699px) {
    .head {
      gap: 0 calc(var(--unit) * 2);
      padding-top: calc(var(--unit) * 0.5);
    }
    .brand {
      margin-right: auto;
    }
    .site {
      display: none;
    }
    main {
      overscroll-behavior: contain;
    }
  }
`;
