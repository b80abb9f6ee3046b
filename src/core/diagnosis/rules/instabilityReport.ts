import { baseLr } from '../../config/readOptions';
import type { Report } from '../board';
import type { Fix } from '../finding';
import { smallerLrFixes, warmupCosineFix, warmupFix } from '../fixes';
import type { RuleContext } from '../rule';
import { lrOption } from '../subjects';
import { inWords } from '../words';

/** A rise of the loss above its start. */
export interface Rise {
  /** First and last step above the start. */
  readonly from: number;
  readonly to: number;
  /** H, the largest ℓ − L0. */
  readonly height: number;
}

/** What is said of a rise at the start, by the rule itself and by a divergence that came back. */
export function instabilityReport(context: RuleContext, rise: Rise, cameBack: boolean): Report {
  const { config, terms } = context;
  const lr = baseLr(config);
  const peak = terms.start + rise.height;
  const until = cameBack
    ? ` and came back; it was above its start until step ${rise.to}`
    : `, and at step ${rise.to} it is still above its start`;
  return {
    code: 'instability-at-start',
    severity: 'warning',
    message:
      `From step ${rise.from} the loss jumped from ${inWords(terms.start)} up to ${inWords(peak)}${until}. ` +
      (rise.from <= 20
        ? `The first steps were too long: lr is ${inWords(lr)}, and the optimizer begins without knowing the scale of ` +
          'the gradients. '
        : `Steps became too long: lr is ${inWords(lr)}. `) +
      'The run goes on from wherever the jump landed: the start that was chosen counts for little.',
    steps: [rise.from, rise.to],
    coordinates: [],
    subject: lrOption(context.config),
    evidence: {
      startLoss: terms.start,
      peakLoss: peak,
      rise: rise.height,
      improvement: terms.improvement,
      lr,
    },
    fixes: instabilityFixes(context, rise),
  };
}

function instabilityFixes(context: RuleContext, rise: Rise): readonly Fix[] {
  const { config } = context;
  const [smaller] = smallerLrFixes(context);
  const fixes = smaller ? [smaller] : [];
  // Warm up for as long as it took to calm down, within what a run of this length can afford.
  const affordable = Math.max(2, Math.floor(config.steps / 5));
  const warmup = Math.max(2, Math.min(affordable, Math.max(Math.ceil(config.steps / 20), rise.to)));
  if (warmup < config.steps) fixes.push(warmupCosineFix(warmup, config));
  if (config.schedule === null) fixes.push(warmupFix(warmup));
  return fixes;
}
