/** Something that changes and says so. What changed is read from `value`. */
export interface Store<T> {
  readonly value: T;
  /** Calls `onChange` after every change until the returned function is called. */
  subscribe(onChange: () => void): () => void;
}

/** Who listens to a store. The store owns one of these and calls `announce`. */
export class Listeners {
  readonly #listeners = new Set<() => void>();

  subscribe(onChange: () => void): () => void {
    const own = () => onChange(); // so the same function may subscribe twice
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A store of one value that is replaced. */
export class Current<T> implements Store<T> {
  readonly #listeners = new Listeners();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  set(value: T): void {
    this.#value = value;
    this.#listeners.announce();
  }
}
