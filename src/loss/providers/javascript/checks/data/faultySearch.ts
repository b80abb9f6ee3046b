/** Finds the members of a list that each spoil an experiment, by halving. */
export class FaultySearch<T> {
  #left: number;
  readonly #isSpoilt: (members: readonly T[]) => Promise<boolean>;
  #isComplete = true;

  /**
   * @param budget    the maximum number of experiments
   * @param isSpoilt  whether the experiment fails with these members in it
   */
  constructor(budget: number, isSpoilt: (members: readonly T[]) => Promise<boolean>) {
    this.#left = budget;
    this.#isSpoilt = isSpoilt;
  }

  /** Whether every member was judged. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The members that spoil the experiment, in their order, as far as the budget reaches. */
  async search(members: readonly T[]): Promise<T[]> {
    if (members.length === 0) return [];
    if (this.#left <= 0) {
      this.#isComplete = false;
      return [];
    }
    this.#left--;
    if (!(await this.#isSpoilt(members))) return [];
    if (members.length === 1) return [...members];
    const half = Math.ceil(members.length / 2);
    const first = await this.search(members.slice(0, half));
    return [...first, ...(await this.search(members.slice(half)))];
  }
}
