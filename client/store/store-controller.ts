import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Store } from './store.ts';

/** When a change is shown: runs what it is given later, once, and returns what calls that off. */
export type Pace = (run: () => void) => () => void;

/**
 * Re-renders its host when a store changes, at most once a frame, or at another
 * pace, however often the store is written. Subscribed only while the host is
 * in the document.
 *
 * The store is looked up on every connect, so it may depend on a property. Where
 * `find` answers undefined there is nothing to follow, and `value` is undefined.
 */
export class StoreController<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #find: () => Store<T> | undefined;
  readonly #pace: Pace;
  #followed: Store<T> | undefined;
  #unsubscribe: (() => void) | undefined;
  #callOff: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, find: () => Store<T> | undefined, pace: Pace = nextFrame) {
    this.#host = host;
    this.#find = find;
    this.#pace = pace;
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
    this.#callOff?.();
    this.#callOff = undefined;
  }

  #follow(): void {
    this.#unsubscribe?.();
    this.#followed = this.#find();
    this.#unsubscribe = this.#followed?.subscribe(() => this.#schedule());
  }

  #schedule(): void {
    this.#callOff ??= this.#pace(() => {
      this.#callOff = undefined;
      this.#host.requestUpdate();
    });
  }
}

function nextFrame(run: () => void): () => void {
  const frame = requestAnimationFrame(run);
  return () => cancelAnimationFrame(frame);
}
