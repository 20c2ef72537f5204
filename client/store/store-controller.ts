import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Store } from './store.ts';

/**
 * Re-renders its host when a store changes, at most once a frame however often
 * the store is written. Subscribed only while the host is in the document.
 *
 * The store is looked up on every connect, so it may depend on a property. Where
 * `find` answers undefined there is nothing to follow, and `value` is undefined.
 */
export class StoreController<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #find: () => Store<T> | undefined;
  #followed: Store<T> | undefined;
  #unsubscribe: (() => void) | undefined;
  #frame: number | undefined;

  constructor(host: ReactiveControllerHost, find: () => Store<T> | undefined) {
    this.#host = host;
    this.#find = find;
    host.addController(this);
  }

  get value(): T | undefined {
    return this.#find()?.value;
  }

  hostConnected(): void {
    this.#follow();
  }

  /** The property the store depends on may have changed. */
  hostUpdate(): void {
    if (this.#find() !== this.#followed) this.#follow();
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#followed = undefined;
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  #follow(): void {
    this.#unsubscribe?.();
    this.#followed = this.#find();
    this.#unsubscribe = this.#followed?.subscribe(() => this.#schedule());
  }

  #schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#host.requestUpdate();
    });
  }
}
