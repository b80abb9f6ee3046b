import type { Objective } from '../../objective';

/** The limits of a verification that searches for fixes. */
export interface SearchBudget {
  /**
   * Times the gradient evaluations of the run; the baseline run and the trials of proposed fixes count. Never exceeded. A run of
   * fewer than 100 steps counts as one of 100, because the diagnosis of each trial costs more than its steps.
   */
  readonly times: number;
  readonly seconds: number;
}

/** 60 times the evaluations of the run, and ten seconds. */
export const defaultBudget: SearchBudget = { times: 60, seconds: 10 };

/** A run counts as at least this many steps. */
const fewestSteps = 100;

/** What a search has spent, and of which budget. */
export interface SearchReport {
  /** The configurations that were tried, at least for a part of the steps. */
  readonly configurations: number;
  readonly evaluations: number;
  readonly mostEvaluations: number;
  readonly seconds: number;
  readonly mostSeconds: number;
  /** Whether the time limit ended it. If so, a faster machine may find other fixes. */
  readonly isCutByTime: boolean;
  /** The number of configurations and edits that findings or the verdict propose, and that the limits left untried. */
  readonly untried: number;
}

/** The objective refused an evaluation that the budget does not contain. */
class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

/**
 * Counts gradient evaluations and seconds, and refuses evaluations beyond the budget. No evaluation begins after the time limit: one that
 * is slow may end after it.
 */
export class Spending {
  readonly mostEvaluations: number;
  readonly #mostSeconds: number;
  readonly #seconds: () => number;
  readonly #from: number;
  readonly #counted = new WeakSet<Objective>();
  #evaluations = 0;
  #hasRefused = false;

  /** @param seconds  the time now, in seconds from any origin */
  constructor({ times, seconds: mostSeconds }: SearchBudget, steps: number, seconds: () => number) {
    this.mostEvaluations = Math.floor(times * Math.max(fewestSteps, steps));
    this.#mostSeconds = mostSeconds;
    this.#seconds = seconds;
    this.#from = seconds();
  }

  get evaluations(): number {
    return this.#evaluations;
  }

  /** Whether no evaluation is left. */
  get isSpent(): boolean {
    return this.#evaluations >= this.mostEvaluations;
  }

  /** Whether an evaluation was refused: the run or probe that asked for it is not complete. */
  get hasRefused(): boolean {
    return this.#hasRefused;
  }

  get isOverTime(): boolean {
    return this.secondsLeft <= 0;
  }

  get secondsLeft(): number {
    return this.#mostSeconds - (this.#seconds() - this.#from);
  }

  report(configurations: number, isCutByTime: boolean, untried: number): SearchReport {
    return {
      untried,
      configurations,
      evaluations: this.#evaluations,
      mostEvaluations: this.mostEvaluations,
      seconds: this.#seconds() - this.#from,
      mostSeconds: this.#mostSeconds,
      isCutByTime,
    };
  }

  /** The same objective, whose gradient evaluations are counted. They throw where the budget is spent. */
  counted(objective: Objective): Objective {
    if (this.#counted.has(objective)) return objective;
    const counted: Objective = {
      dim: objective.dim,
      get gradientMode() {
        return objective.gradientMode;
      },
      value: this.timed((params, open) => objective.value(params, open)),
      valueAndGradient: (params, grad, open) => {
        this.#refuseIf(this.isSpent);
        this.#refuseIfLate();
        this.#evaluations++;
        return objective.valueAndGradient(params, grad, open);
      },
    };
    this.#counted.add(counted);
    return counted;
  }

  /** The same function, which throws after the time limit. */
  timed(value: Objective['value']): Objective['value'] {
    return (params, open) => {
      this.#refuseIfLate();
      return value(params, open);
    };
  }

  #refuseIfLate(): void {
    this.#refuseIf(this.isOverTime);
  }

  #refuseIf(isRefused: boolean): void {
    if (!isRefused) return;
    this.#hasRefused = true;
    throw new BudgetSpent('the budget of the search is spent');
  }
}

/** "Searched 41 configurations with 41,200 of 60,000 gradient evaluations in 1.2 of 10 s." */
export function searchSentence({
  configurations,
  evaluations,
  mostEvaluations,
  seconds,
  mostSeconds,
  isCutByTime,
  untried,
}: SearchReport): string {
  const grouped = (count: number) => count.toLocaleString('en-US');
  const spent = `${grouped(evaluations)} of ${grouped(mostEvaluations)} gradient evaluations`;
  const ended = isCutByTime ? '; the time limit ended the search' : '';
  const left =
    untried === 0 ? '' : ` ${untried} proposed ${untried === 1 ? 'fix was' : 'fixes were'} not tried.`;
  const time = `${seconds.toFixed(1)} of ${mostSeconds} s`;
  return `Searched ${grouped(configurations)} ${configurations === 1 ? 'configuration' : 'configurations'} with ${spent} in ${time}${ended}.${left}`;
}
