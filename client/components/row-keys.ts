/** Moves the focus from a row to another with the keys of a list; `links` has one of each row. */
export function moveAmong(links: readonly HTMLElement[], here: HTMLElement | undefined, event: KeyboardEvent): void {
  const at = here ? links.indexOf(here) : -1;
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: links.length - 1,
  };
  const to = at < 0 ? undefined : links[steps[event.key] ?? -1];
  if (!to) return;
  event.preventDefault();
  to.focus();
}
