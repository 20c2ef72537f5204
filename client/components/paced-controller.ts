import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Store } from '../store/store.ts';

// Digits that change more often cannot be read.
const PACE_MS = 200;

/**
 * Re-renders its host when a store changes, at most five times a second. For
 * figures; charts draw at their own pace.
 */
export class PacedController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #find: () => Store<unknown> | undefined;
  #followed: Store<unknown> | undefined;
  #unsubscribe: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `find` is asked on every connect and update, so it may depend on a property. */
  constructor(host: ReactiveControllerHost, find: () => Store<unknown> | undefined) {
    this.#host = host;
    this.#find = find;
    host.addController(this);
  }

  hostConnected(): void {
    this.#follow();
  }

  hostUpdate(): void {
    if (this.#find() !== this.#followed) this.#follow();
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#followed = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #follow(): void {
    this.#unsubscribe?.();
    this.#followed = this.#find();
    this.#unsubscribe = this.#followed?.subscribe(() => this.#schedule());
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#host.requestUpdate();
    }, PACE_MS);
  }
}
