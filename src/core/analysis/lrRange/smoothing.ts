const beta = 0.98;

/**
 * fastai's smoothed loss (AvgSmoothLoss in fastai/learner.py, beta 0.98), an average over about 50 losses.
 *
 *   a_t = beta a_{t−1} + (1 − beta) loss_t            s_t = a_t / (1 − beta^t)
 */
export class Smoothing {
  #average = 0;
  #weight = 0;

  /** @param first  the loss before the others: it is part of the average, but has no entry in the result */
  static of(first: number, losses: Float64Array): Float64Array {
    const smoothing = new Smoothing();
    smoothing.add(first);
    return losses.map((loss) => {
      smoothing.add(loss);
      return smoothing.value;
    });
  }

  add(loss: number): void {
    this.#average = beta * this.#average + (1 - beta) * loss;
    this.#weight = beta * this.#weight + (1 - beta);
  }

  get value(): number {
    return this.#average / this.#weight;
  }
}
