import { baseLr, isLrOfSchedule } from '../config/readOptions';
import type { OptionValue, RunConfig } from '../config/runConfig';
import type { Finding, Fix } from '../diagnosis/finding';
import { anyOf } from '../diagnosis/words';

/** A finding with the fixes that were tried, and advice that does not contradict them. */
export function withTriedFixes(finding: Finding, fixes: readonly Fix[], config: RunConfig): Finding {
  return { ...finding, fixes, advice: followedAdvice(finding.advice, fixes, config) };
}

/**
 * A rule gives its advice before anything was tried. Where a fix that helps changes an option in the opposite direction, or all of
 * them use another optimizer, a choice such as "decrease lr" is omitted. If no choice is left, the advice is the best fix.
 *
 * @param advice  as from `anyOf`; other sentences stay as they are
 * @param fixes   those that help, best first
 */
function followedAdvice(advice: string, fixes: readonly Fix[], config: RunConfig): string {
  const [best] = fixes;
  if (!best) return advice;
  const choices = choicesIn(advice);
  const left = choices.filter((choice) => {
    const change = changeIn(choice);
    return change === null || !isContradicted(change, fixes, config);
  });
  if (left.length === choices.length) return advice;
  const label = best.words?.label ?? best.title;
  return left.length > 0 ? anyOf(...left) : `Use ${label}, which was tried.`;
}

/** The choices of a sentence from `anyOf`, with the first letter in lower case. */
function choicesIn(advice: string): string[] {
  return advice
    .replace(/\.$/, '')
    .split(/, or | or |, (?!so that )/)
    .map((choice) => choice.charAt(0).toLowerCase() + choice.slice(1))
    .map((choice) => (choice === 'decay it' ? 'decay lr' : choice));
}

interface Change {
  readonly verb: 'decrease' | 'increase' | 'decay';
  readonly option: string;
}

/** What a choice does to an option of the configuration; null if it does something else. */
function changeIn(choice: string): Change | null {
  const [, verb, option] = /^(decrease|increase|decay) (\w+)/.exec(choice) ?? [];
  return verb && option ? { verb: verb as Change['verb'], option } : null;
}

function isContradicted({ verb, option }: Change, fixes: readonly Fix[], config: RunConfig): boolean {
  const now = optionIn(option, config.optimizer, config.schedule, config);
  if (now === undefined) return false;
  const all = fixes.map((fix) =>
    isOfOtherOptimizer(fix) ? 'other' : signOf(fix, { verb, option }, now, config),
  );
  const opposite = verb === 'increase' ? -1 : 1;
  return all.includes(opposite) || all.every((each) => each === 'other');
}

function isOfOtherOptimizer({ patch }: Fix): boolean {
  return patch?.optimizer?.name !== undefined;
}

/** The direction in which a fix changes an option: 1 up, -1 down, 0 if it leaves it. */
function signOf({ patch }: Fix, { verb, option }: Change, now: number, config: RunConfig): number {
  if (!patch) return 0;
  // A larger learning rate that decays does not contradict a decay.
  if (verb === 'decay' && (patch.schedule ?? (patch.schedule === null ? null : config.schedule))) return 0;
  const next = optionIn(option, patch.optimizer, patch.schedule, config);
  return next === undefined ? 0 : Math.sign(next - now);
}

type Options = Readonly<Record<string, OptionValue | undefined>> | null | undefined;

/** The value of an option of the optimizer, or else of the schedule. */
function optionIn(
  option: string,
  optimizer: unknown,
  schedule: unknown,
  config: RunConfig,
): number | undefined {
  const isOfSchedule = option === 'lr' && isLrOfSchedule(config);
  if (isOfSchedule && schedule === config.schedule) return baseLr(config);
  const value = isOfSchedule
    ? (schedule as Options)?.maxLr
    : ((optimizer as Options)?.[option] ?? (schedule as Options)?.[option]);
  return typeof value === 'number' ? value : undefined;
}
