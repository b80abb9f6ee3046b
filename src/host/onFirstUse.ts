/** A value that is made when it is first asked for. */
export class OnFirstUse<T> {
  readonly #make: () => Promise<T>;
  /** Settles when someone has asked for the value, and never rejects. */
  readonly made: Promise<T>;
  #resolve!: (value: T) => void;
  #value: Promise<T> | null = null;

  constructor(make: () => Promise<T>) {
    this.#make = make;
    this.made = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Whether someone has asked for it. */
  get isAskedFor(): boolean {
    return this.#value !== null;
  }

  get(): Promise<T> {
    if (!this.#value) {
      this.#value = this.#make();
      this.#value.then(this.#resolve, () => {});
    }
    return this.#value;
  }
}

/** What a part that needs such a value sees of it. */
export type Eventual<T> = Pick<OnFirstUse<T>, 'get' | 'made'>;
