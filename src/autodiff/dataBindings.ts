import type { ShownVariable } from './runtime/api';

/**
 * The variables at the top level of the modules that are being loaded. An observer may examine and change their values after
 * each statement at the top level, so before later statements compute with them.
 */
class DataBindings {
  #variables: ShownVariable[] = [];
  #observer: ((variables: readonly ShownVariable[]) => void) | null = null;

  /** @param observer  called after each statement with the variables of the modules that have started so far */
  observe(observer: (variables: readonly ShownVariable[]) => void): void {
    this.#variables = [];
    this.#observer = observer;
  }

  end(): void {
    this.#variables = [];
    this.#observer = null;
  }

  show(variables: readonly ShownVariable[]): void {
    if (!this.#observer) return;
    this.#variables.push(...variables);
    this.settle();
  }

  settle(): void {
    this.#observer?.(this.#variables);
  }
}

export const dataBindings = new DataBindings();
