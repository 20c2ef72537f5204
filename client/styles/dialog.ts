import { css } from 'lit';

/** Dialogs: one look, and what a form in them is made of. */
export const dialogStyle = css`
  dialog {
    width: min(34em, calc(100vw - var(--gutter) * 2));
    max-height: calc(100dvh - var(--gutter) * 2);
    padding: calc(var(--unit) * 5);
    overflow: auto;
    color: var(--ink);
    background: var(--panel);
    border: var(--hair) solid var(--ink-3);
    border-radius: var(--radius);
  }
  dialog::backdrop {
    background: var(--ground);
    opacity: 0.8;
  }
  form {
    display: grid;
    gap: calc(var(--unit) * 3);
  }
  h2 {
    font-size: var(--text-title);
    overflow-wrap: anywhere;
  }
  form p {
    color: var(--ink-2);
  }
  [role='alert'] {
    min-height: 1.5em;
    color: var(--ink);
  }
  :is([type='text'], [type='password']) {
    width: 100%;
    min-height: var(--target);
    padding: 0 calc(var(--unit) * 3);
    font: inherit;
    color: var(--ink);
    background: var(--ground);
    border: var(--hair) solid var(--ink-3);
    border-radius: var(--radius);
  }
  .ends {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: calc(var(--unit) * 2.5);
  }
`;
