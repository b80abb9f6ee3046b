import { baseLr, isAdaptive } from '../../config/readOptions';
import type { FindingReport, Fix } from '../finding';
import { smallerLrFixes, warmupCosineFix, warmupFix } from '../fixes';
import { lrInWords } from '../lrInWords';
import type { RuleContext } from '../rule';
import { lrOption } from '../subjects';
import { anyOf } from '../words';

/** A rise of the loss above its start. */
export interface Rise {
  /** First and last step above the start. */
  readonly from: number;
  readonly to: number;
  /** H, the largest ℓ − L0. */
  readonly height: number;
  /** The share of H that the gradients explain, by the trapezoidal rule; absent if it is not known. */
  readonly slopeShare?: number;
}

/**
 * The report of a rise at the start, for this rule and for a divergence whose loss returned below the start.
 */
export function instabilityReport(context: RuleContext, rise: Rise, cameBack: boolean): FindingReport {
  const { config, terms, words } = context;
  const lr = baseLr(config);
  const peak = terms.start + rise.height;
  const until = cameBack
    ? `and first returned after step ${rise.to}`
    : `and has not returned by step ${rise.to}`;
  return {
    code: 'instability-at-start',
    severity: 'warning',
    headline: cameBack
      ? words.say`The loss jumped above its starting value, then returned below it.`
      : words.say`The loss jumped above its starting value and is still above it.`,
    detail:
      words.say`At step ${rise.from} the loss${terms.smoothing} rose above its starting value of ${words.value(terms.start)}, reached ${words.value(peak)} ${until}. ` +
      (rise.from > 20
        ? `The steps became too long: ${lrInWords(context)}.`
        : `The first steps were too long: ${lrInWords(context)}` +
          (isAdaptive(config) ? ', and the optimizer does not know the scale of the gradients yet.' : '.')),
    advice: anyOf('decrease lr', 'use a warmup'),
    steps: [rise.from, rise.to],
    coordinates: [],
    subject: lrOption(context.config),
    evidence: {
      startLoss: terms.start,
      peakLoss: peak,
      rise: rise.height,
      improvement: terms.improvement,
      ...(rise.slopeShare === undefined ? {} : { slopeShare: rise.slopeShare }),
      lr,
    },
    fixes: instabilityFixes(context, rise),
  };
}

/** Of a run whose loss returned and rose again for good: the report without the statement that it stays below its start. */
export function risenAgain(
  { detail, steps }: Pick<FindingReport, 'detail' | 'steps'>,
  { terms, words }: Pick<RuleContext, 'terms' | 'words'>,
): Pick<FindingReport, 'headline' | 'detail'> | null {
  const { from } = terms.rise;
  const isAbove = from > steps[1] && terms.smooth > terms.start && terms.loss > terms.start;
  if (!isAbove) return null;
  return {
    headline: words.say`The loss jumped above its starting value, returned, and rose above it again.`,
    detail:
      detail +
      words.say` Since step ${from} it has been above its starting value again, and is ${words.value(terms.loss)} at the end.`,
  };
}

function instabilityFixes(context: RuleContext, rise: Rise): readonly Fix[] {
  const { config } = context;
  const [smaller] = smallerLrFixes(context);
  const fixes = smaller ? [smaller] : [];
  // Warm up until the step at which the loss returned, but for at most a fifth of the run.
  const affordable = Math.max(2, Math.floor(config.steps / 5));
  const warmup = Math.max(2, Math.min(affordable, Math.max(Math.ceil(config.steps / 20), rise.to)));
  if (warmup < config.steps) fixes.push(warmupCosineFix(warmup, config));
  if (config.schedule === null) fixes.push(warmupFix(warmup));
  return fixes;
}
