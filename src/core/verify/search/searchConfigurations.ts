import { baseLr } from '../../config/readOptions';
import type { RunConfig } from '../../config/runConfig';
import { decreasesFrom, isEqualLoss } from '../equalLoss';
import { Attempt, type AttemptSetting } from './attempt';
import { fixBetween, sizeOfChange } from './configDifference';
import { rescaledStart } from './rescaledStart';
import { type Family, familiesOf, neighboursOf, withCosine, withLr } from './searchSpace';

/** A configuration, and the loss that it reaches with the steps of the user's run. */
export interface Reached {
  readonly config: RunConfig;
  /** Infinite if the run fails. */
  readonly score: number;
}

export interface SearchRequest extends AttemptSetting {
  readonly config: RunConfig;
  /** The outcomes that are known already, the user's own configuration among them. */
  readonly known: readonly Reached[];
}

export interface Searched {
  /** The configurations that are worth a complete trial: the best one, then the best of other kinds, then the others. */
  readonly best: readonly RunConfig[];
  /** The number of configurations that were tried, at least for a part of the steps. */
  readonly configurations: number;
}

/** The number of configurations that get a complete trial with a diagnosis; up to `mostProposed` if none of them helps. */
export const mostFinalists = 4;
const mostProposed = 8;

/** The first comparison takes place after this share of the steps, the second after a quarter. */
const firstShare = 1 / 16;
const secondShare = 1 / 4;
/** Fewer steps say nothing about a run. */
const fewestSteps = 20;
/** The largest distance of a learning rate from that of its family, in decades. */
const mostDecades = 9;
const mostSecond = 8;
const mostThird = 5;
const mostCosines = 4;
const mostClimbs = 6;
/** The number of attempts without a lower loss after which the search ends. */
const patience = 14;
/** A loss of this share of that at the start is not worth lowering. */
const negligible = 1e-14;

/**
 * Searches for a configuration that reaches a low loss with the steps of the user's run:
 *
 *   1. for each family (the user's configuration, and other optimizers), the learning rate by bracketing in decades, then
 *      half decades, with runs of a sixteenth of the steps
 *      Where the coordinates have very different scales: also the user's optimizer with a unit for each (`rescaledStart`)
 *   2. successive halving: the best of them continue to a quarter of the steps, and the best of those to the end
 *   3. cosine decay with the best families
 *   4. the user's own configuration with other learning rates, since that is the simplest change
 *   5. learning rates nearer to the user's, as long as they reach an equal loss: a smaller change is easier to trust
 *   6. around the best configurations so far: one change at a time (learning rate, momentum or memories, schedule, warmup,
 *      weight decay, clipping), always next to the best one that has untried neighbours; every third attempt next to the
 *      best one of another optimizer
 *
 * It is deterministic: only `goesOn` can end it early.
 */
export async function searchConfigurations(request: SearchRequest): Promise<Searched> {
  const search = new Search(request);
  await search.run();
  return { best: search.finalists(), configurations: search.configurations };
}

class Search {
  readonly #request: SearchRequest;
  readonly #families: readonly Family[];
  readonly #first: number;
  readonly #second: number;
  readonly #attempts = new Map<string, Attempt>();
  readonly #ended = new Map<string, Reached>();
  readonly #neighbours = new Map<string, RunConfig[]>();
  /** The lowest score after a quarter of the steps. */
  #leastAtSecond = Number.POSITIVE_INFINITY;
  #isOver = false;

  constructor(request: SearchRequest) {
    const { config, known } = request;
    const { steps } = config;
    this.#request = request;
    this.#families = familiesOf(config);
    this.#first = Math.min(steps, Math.max(fewestSteps, Math.ceil(firstShare * steps)));
    this.#second = Math.min(steps, Math.max(fewestSteps, Math.ceil(secondShare * steps)));
    for (const each of known) this.#ended.set(keyOf(each.config), each);
  }

  get configurations(): number {
    return [...this.#attempts.values()].filter(({ t }) => t > 0).length;
  }

  async run(): Promise<void> {
    const brackets: Attempt[][] = [];
    for (const family of this.#families) brackets.push(await this.#bracket(family));
    const rescaled = await rescaledStart(this.#request, this.#families[0]!.config);
    if (rescaled) brackets.push(await this.#bracket({ config: rescaled }));
    await this.#halve(brackets);
    const families = brackets
      .flatMap(([best]) => (best && !best.isHopeless ? [best] : []))
      .sort(byScoreAt(this.#scoresAtFirst));
    for (const { config } of families.slice(0, mostCosines)) {
      const cosine = config.schedule ? null : withCosine(config);
      if (cosine) await this.#toEnd(cosine);
    }
    await this.#climb(brackets[0] ?? []);
    await this.#approach();
    await this.#explore();
  }

  /** The loss that the user's own configuration reaches. */
  get #own(): number {
    return this.#ended.get(keyOf(this.#request.config))?.score ?? Number.POSITIVE_INFINITY;
  }

  get #from(): number {
    return decreasesFrom(this.#request.startLoss, this.#own);
  }

  /** The best configurations of different kinds that reach a lower loss than the user's own. */
  finalists(): RunConfig[] {
    const { config, known } = this.#request;
    const own = this.#own;
    const isKnown = new Set(known.map((each) => keyOf(each.config)));
    const better = this.#ranked().filter(({ score }) => score < own);
    const [lowest] = better;
    if (!lowest) return [];
    const chosen = [
      this.#easiest(better),
      this.#easiest(better.filter((each) => this.#isLrOnly(each.config))),
      better.find((each) => each.config.optimizer.name === config.optimizer.name),
      // The first of each kind.
      ...better.filter(
        (each, i) => i === better.findIndex((one) => kindOf(one.config) === kindOf(each.config)),
      ),
      ...better,
    ];
    return [...new Set(chosen)]
      .flatMap((each) => (each && !isKnown.has(keyOf(each.config)) ? [each.config] : []))
      .slice(0, mostProposed);
  }

  /** Of those that reach the loss of the first one, the smallest change; undefined if there is none. */
  #easiest([lowest, ...others]: readonly Reached[]): Reached | undefined {
    const { config } = this.#request;
    const sizeTo = (to: RunConfig) => {
      const fix = fixBetween(config, to);
      return fix ? sizeOfChange(fix, config) : Number.POSITIVE_INFINITY;
    };
    return others
      .filter(({ score }) => isEqualLoss(lowest!.score, score, this.#from))
      .reduce((a, b) => (sizeTo(b.config) < sizeTo(a!.config) ? b : a), lowest);
  }

  #isLrOnly(to: RunConfig): boolean {
    return keyOf(withoutLr(to)) === keyOf(withoutLr(this.#request.config));
  }

  readonly #scoresAtFirst = new Map<Attempt, number>();

  /** The attempts of a family after the first share of the steps, the best first. */
  async #bracket({ config }: Family): Promise<Attempt[]> {
    const lr = baseLr(config);
    const tried = new Map<number, Attempt | null>();
    const at = async (half: number): Promise<number> => {
      if (!tried.has(half)) {
        const scaled = half === 0 ? config : withLr(config, lr * 10 ** (half / 2));
        const attempt = scaled && this.#attempt(scaled);
        if (attempt) await this.#advance(attempt, this.#first);
        tried.set(half, attempt);
        if (attempt && !this.#scoresAtFirst.has(attempt)) this.#scoresAtFirst.set(attempt, attempt.score);
      }
      const attempt = tried.get(half);
      return (attempt && this.#scoresAtFirst.get(attempt)) ?? Number.POSITIVE_INFINITY;
    };
    // A loss that does not change at all needs longer steps.
    let best = 0;
    for (let half = 2; half <= 2 * mostDecades; half += 2) {
      const [score, before] = [await at(half), await at(half - 2)];
      if (!(score <= before) || score === Number.POSITIVE_INFINITY) break;
      if (score < before) best = half;
    }
    for (let half = -2; best === 0 && half >= -2 * mostDecades; half -= 2) {
      const [score, before] = [await at(half), await at(half + 2)];
      if (!(score < before) && score !== Number.POSITIVE_INFINITY) break;
    }
    for (const [half] of [...tried]) if ((await at(half)) < (await at(best))) best = half;
    for (const half of [best - 1, best + 1]) await at(half);
    return [...tried.values()].filter((each) => each !== null).sort(byScoreAt(this.#scoresAtFirst));
  }

  /** The best attempts continue to a quarter of the steps, and the best of those to the end. */
  async #halve(brackets: readonly (readonly Attempt[])[]): Promise<void> {
    const all = brackets.flat().filter(({ isHopeless }) => !isHopeless);
    const best = all.toSorted(byScoreAt(this.#scoresAtFirst)).slice(0, mostSecond);
    const ofEach = brackets.flatMap((bracket) => {
      const [first] = bracket;
      if (!first || first.isHopeless) return [];
      // Short runs prefer longer steps than the whole run needs.
      const shorter = bracket.filter(({ config }) => baseLr(config) < baseLr(first.config));
      const next = shorter.toSorted((a, b) => baseLr(b.config) - baseLr(a.config))[0];
      return next && !next.isHopeless ? [first, next] : [first];
    });
    const second = [...new Set([...best, ...ofEach])];
    for (const attempt of second) await this.#advance(attempt, this.#second);
    const third = second
      .filter(({ isHopeless }) => !isHopeless)
      .sort((a, b) => a.score - b.score)
      .slice(0, mostThird);
    for (const attempt of third) await this.#finish(attempt);
  }

  /** The learning rate of the user's own configuration, over all steps. */
  async #climb(bracket: readonly Attempt[]): Promise<void> {
    const deepest = bracket.filter(({ t, isHopeless }) => !isHopeless && t >= this.#second);
    const from = deepest.toSorted((a, b) => a.score - b.score)[0] ?? bracket[0];
    if (!from || from.isHopeless) return;
    let best = { config: from.config, score: await this.#toEnd(from.config) };
    let left = mostClimbs;
    for (const factor of [10 ** 0.5, 10 ** 0.25])
      for (const direction of [factor, 1 / factor]) {
        for (let isBetter = true; isBetter && left > 0; left--) {
          const config = withLr(best.config, baseLr(best.config) * direction);
          const score = config ? await this.#toEnd(config) : Number.POSITIVE_INFINITY;
          isBetter = score < best.score;
          if (config && isBetter) best = { config, score };
        }
      }
  }

  async #approach(): Promise<void> {
    const { config } = this.#request;
    const best = this.#ranked().find((each) => this.#isLrOnly(each.config));
    if (!best || !(baseLr(config) > 0)) return;
    const factor = baseLr(best.config) > baseLr(config) ? 10 ** -0.5 : 10 ** 0.5;
    for (let from: RunConfig | null = best.config; from !== null; ) {
      const next: RunConfig | null = withLr(from, baseLr(from) * factor);
      const isBeyond = next && (baseLr(next) - baseLr(config)) * (baseLr(best.config) - baseLr(config)) <= 0;
      if (!next || isBeyond) return;
      const score = await this.#toEnd(next);
      from = isEqualLoss(best.score, score, this.#from) ? next : null;
    }
  }

  async #explore(): Promise<void> {
    let since = 0;
    let least = this.#ranked()[0]?.score ?? Number.POSITIVE_INFINITY;
    for (let turn = 1; since < patience && !this.#isOver; turn++) {
      if (least >= 0 && least <= negligible * Math.abs(this.#from)) return;
      const open = this.#ranked().filter(({ config }) => this.#untried(config).length > 0);
      const [first] = open;
      if (!first) return;
      const other = open.find(({ config }) => config.optimizer.name !== first.config.optimizer.name);
      const { config } = turn % 3 === 0 && other ? other : first;
      const score = await this.#toEnd(this.#untried(config).shift()!);
      since = score < least ? 0 : since + 1;
      least = Math.min(least, score);
    }
  }

  /** The neighbours of a configuration that were not tried, in their order. */
  #untried(config: RunConfig): RunConfig[] {
    const key = keyOf(config);
    const known = this.#neighbours.get(key) ?? neighboursOf(config);
    const left = known.filter((each) => !this.#ended.has(keyOf(each)));
    this.#neighbours.set(key, left);
    return left;
  }

  /** The configurations that ran to their end without failing, the best first. */
  #ranked(): Reached[] {
    return [...this.#ended.values()]
      .filter(({ score }) => Number.isFinite(score))
      .sort((a, b) => a.score - b.score);
  }

  /**
   * The score of a configuration over all steps. A run is given up after a quarter of the steps if it is above the start, or
   * has less than half of the decrease that another one had then.
   */
  async #toEnd(config: RunConfig): Promise<number> {
    const known = this.#ended.get(keyOf(config));
    if (known) return known.score;
    const attempt = this.#attempt(config);
    if (attempt.t < this.#second) await this.#advance(attempt, this.#second);
    if (attempt.t === this.#second && attempt.score > (this.#request.startLoss + this.#leastAtSecond) / 2) {
      if (!this.#isOver) this.#ended.set(keyOf(config), { config, score: Number.POSITIVE_INFINITY });
      return Number.POSITIVE_INFINITY;
    }
    return this.#finish(attempt);
  }

  async #finish(attempt: Attempt): Promise<number> {
    await this.#advance(attempt, attempt.config.steps);
    return this.#isOver ? Number.POSITIVE_INFINITY : attempt.score;
  }

  async #advance(attempt: Attempt, to: number): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = !(await attempt.advance(to));
    const { config, score, t } = attempt;
    // A short run has ended where longer ones are compared for the first time.
    if (!this.#isOver && t === config.steps) this.#ended.set(keyOf(config), { config, score });
    if (attempt.t === this.#second) this.#leastAtSecond = Math.min(this.#leastAtSecond, attempt.score);
  }

  #attempt(config: RunConfig): Attempt {
    const key = keyOf(config);
    const attempt = this.#attempts.get(key) ?? new Attempt(this.#request, config);
    this.#attempts.set(key, attempt);
    return attempt;
  }
}

function byScoreAt(scores: ReadonlyMap<Attempt, number>) {
  return (a: Attempt, b: Attempt) => {
    const [one, other] = [scores.get(a)!, scores.get(b)!];
    return one === other ? 0 : one - other;
  };
}

/** Equal for equal configurations. */
export function keyOf(config: RunConfig): string {
  return JSON.stringify(config);
}

function withoutLr(config: RunConfig): RunConfig {
  return withLr(config, 1) ?? config;
}

/** The optimizer, the schedule, and whether coordinates have units of their own. */
function kindOf({ optimizer, schedule, groups }: RunConfig): string {
  return `${optimizer.name} ${schedule?.name ?? 'constant'} ${groups ? 'rescaled' : ''}`;
}
