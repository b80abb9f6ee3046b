import * as v from 'valibot';
import type { CodeFoundBy } from '../core/diagnosis/catalogue';
import type { Finding } from '../core/diagnosis/finding';
import type { Severity } from '../core/diagnosis/severity';
import { namesInHeadline, namesInWords } from '../core/diagnosis/words';
import { formatNumber } from '../core/numerics/format';
import type { Observation } from './observations';

/** The codes of what the recorder observes; ranks are compared by the reader. */
export type ObservedCode = Exclude<CodeFoundBy<'recording'>, 'ranks-differ'>;

/** What an observation means. */
export interface ObservedFinding extends Pick<Finding, 'headline' | 'detail' | 'advice'> {
  readonly severity: Severity;
  readonly code: ObservedCode;
}

type Words = Omit<ObservedFinding, 'code' | 'severity'>;

interface Kind {
  readonly severity: Severity;
  readonly words: (observation: Observation) => Words;
}

/** @returns null for an observation of a newer recorder */
export function findingOf(observation: Observation): ObservedFinding | null {
  if (observation.kind === 'written-unseen')
    return { code: 'written-between', severity: 'info', ...wordsOfUnseenWrite(observation) };
  const code = observation.kind as ObservedCode;
  if (!Object.hasOwn(kinds, code)) return null;
  const { severity, words } = kinds[code];
  return { code, severity, ...words(observation) };
}

const kinds: { readonly [C in ObservedCode]: Kind } = {
  'unexplained-update': {
    severity: 'warning',
    words: (seen) => {
      const [worst] = read(seen, worstSchema)?.worst ?? [];
      const example = worst
        ? ` In ${worst.tensor}, ${worst.differing} of ${worst.compared} compared numbers of ${worst.of} differ${exampleOf(worst)}.`
        : '';
      return {
        headline: `The step is not what the optimizer's formula makes of its inputs.`,
        detail: `torch's own kernel, on copies of the same parameters, gradients, state and options, gives other numbers for ${names(seen)}.${example} Something changes them during the step: a hook, a subclass, or another thread.`,
        advice:
          'Look for hooks and overridden step methods that write to parameters or state; make such changes outside of step().',
      };
    },
  },
  'written-between': {
    severity: 'warning',
    words: (seen) => ({
      headline: `${inHeadline(seen)} ${isOrAre(seen)} written outside the optimizer.`,
      detail: `The parameters before this step are not those after the step before: ${changeOf(seen)}. ${momentsOf(seen)}`,
      advice: loadedIn(seen)
        ? 'Load the checkpoint before the optimizer is made, together with the state of the optimizer.'
        : 'Make sure that this is intended: put averaged weights back after an evaluation, and clamp or re-initialize knowingly.',
    }),
  },
  'no-new-gradient': {
    severity: 'warning',
    words: () => ({
      headline: 'The step uses the gradient of the step before again.',
      detail:
        'No backward pass wrote a gradient since the last step, so the same gradient moves the parameters twice and enters the moments twice.',
      advice: 'Call optimizer.step() once after each backward(), and skip it where backward() is skipped.',
    }),
  },
  'gradients-not-zeroed': {
    severity: 'warning',
    words: (seen) => ({
      headline: 'The gradient still contains that of the step before.',
      detail: `backward() added to the gradients of ${names(seen)} that the last step had already used. Each step then moves along a sum of old and new gradients.`,
      advice: 'Call optimizer.zero_grad() after each step, before the next backward().',
    }),
  },
  'loss-not-divided': {
    severity: 'warning',
    words: (seen) => {
      const passes = count(seen, 'backwards');
      return {
        headline: `The gradients of ${passes} backward passes are added up, not averaged.`,
        detail: `Each step uses the sum of ${passes} gradients, and no loss is divided by their number. The gradient is ${passes} times as long as that of one batch: with SGD the step too; with Adam, eps and clipping act differently.`,
        advice: `Divide the loss by the number of passes before backward(): (loss / ${passes}).backward().`,
      };
    },
  },
  'clipped-before-unscale': {
    severity: 'warning',
    words: (seen) => ({
      headline: 'Gradients are clipped while they are multiplied by the loss scale.',
      detail: `${normsOf(seen)} before the scaler divided the gradient. After the division it is far shorter than the limit says.`,
      advice: 'Call scaler.unscale_(optimizer) before the gradients are clipped.',
    }),
  },
  'decays-vectors': {
    severity: 'info',
    words: (seen) => ({
      headline: 'Weight decay also shrinks biases and norms.',
      detail: `${names(seen)} ${isOrAre(seen)} in a group with weight decay, beside matrices. This is torch's default; most recipes decay matrices only, because shrinking the scale of a norm or a bias regularizes nothing.`,
      advice:
        'Put parameters with at most one dimension in a group with weight_decay=0, if you want the usual recipe.',
    }),
  },
  'eps-vanishes': {
    severity: 'warning',
    words: (seen) => ({
      headline: `eps is 0 in ${list(seen, 'dtypes')}.`,
      detail: `The number is too small for the type of ${names(seen)}, so nothing bounds the division where the second moment is 0: such a coordinate becomes NaN or infinite.`,
      advice:
        'Use a larger eps, such as 1e-4 in float16, or keep float32 parameters (autocast with a GradScaler).',
    }),
  },
  'update-below-spacing': {
    severity: 'warning',
    words: (seen) => ({
      headline: `Most updates are too small to change ${list(seen, 'dtypes')} numbers.`,
      detail: `${percent(seen, 'share')} of the sampled coordinates with a gradient did not move in 5 recorded steps in a row: the update is less than half the spacing between two numbers of that type. The training looks as if it had converged.`,
      advice: 'Keep the parameters in float32 and compute in the short type (autocast), or increase lr.',
    }),
  },
  'never-reached': {
    severity: 'warning',
    words: (seen) => ({
      headline: `${inHeadline(seen)} ${seen.tensors.length > 1 ? 'have' : 'has'} no gradient.`,
      detail: `The optimizer has ${names(seen)}, but no backward pass gave ${seen.tensors.length > 1 ? 'them' : 'it'} a gradient in the first 5 recorded steps: the loss does not depend on ${seen.tensors.length > 1 ? 'them' : 'it'}, for example because of detach() or an unused layer.`,
      advice: 'Connect it to the loss, or declare it frozen with requires_grad_(False).',
    }),
  },
  'not-in-optimizer': {
    severity: 'warning',
    words: (seen) => ({
      headline: `No optimizer trains ${inHeadline(seen)}.`,
      detail: `The model has ${names(seen)} with requires_grad, but no watched optimizer has ${seen.tensors.length > 1 ? 'them' : 'it'}. Layers that are made after the optimizer are not in it.`,
      advice:
        'Make the optimizer after the whole model, or call optimizer.add_param_group; freeze what must not train.',
    }),
  },
  'not-in-model': {
    severity: 'warning',
    words: (seen) => {
      const instead = strings(seen, 'instead');
      const lost =
        instead.length > 0
          ? ` The model has ${namesInWords((i) => instead[i]!, [...instead.keys()])} instead, which no optimizer trains.`
          : '';
      return {
        headline: `The optimizer trains ${inHeadline(seen)}, which the model does not use.`,
        detail: `${names(seen)} ${isOrAre(seen)} no parameter of the model any more: a layer was replaced, or its parameters were converted into new tensors.${lost}`,
        advice:
          'Make the optimizer after the last change of the model (new layers, .half(), .to with new tensors).',
      };
    },
  },
  'optimizer-remade': {
    severity: 'warning',
    words: (seen) => ({
      headline: 'A new optimizer starts without the state of the one before.',
      detail: `It takes over parameters that another optimizer of the same kind had trained for ${count(seen, 'after')} steps. Moments and step count begin at 0 again, so the first steps are as long as at the start of a training.`,
      advice: 'Make the optimizer once, before the loop; change lr through param_groups or a scheduler.',
    }),
  },
  'state-lost': {
    severity: 'warning',
    words: (seen) => ({
      headline: `The optimizer's state of ${inHeadline(seen)} is lost.`,
      detail: `Before this step, the state of ${names(seen)} is gone or counts fewer steps than after the step before.${loadedIn(seen) ? ` ${loadedIn(seen)} was called in between.` : ''} Moments and bias correction begin again.`,
      advice: 'Keep optimizer.state, and load a state_dict only together with its model, at the start.',
    }),
  },
  'load-changed-state': {
    severity: 'warning',
    words: (seen) => {
      const { differences = [], number = differences.length } = read(seen, differencesSchema) ?? {};
      const shown = differences
        .slice(0, 2)
        .map(({ where, before, after }) => `${where}: ${before}, now ${after}`);
      return {
        headline: 'load_state_dict did not restore the state that it was given.',
        detail:
          shown.length === 0
            ? 'The state after the call is not the one that was given.'
            : `${number} ${number === 1 ? 'part differs' : 'parts differ'} from what was loaded: ${shown.join('; ')}${number > shown.length ? '; …' : ''}.`,
        advice:
          'Make the model and the optimizer exactly as when the state was saved (order of parameters, types), then load; `python -m adamscope audit` lists all differences.',
      };
    },
  },
  'schedule-before-step': {
    severity: 'warning',
    words: (seen) => ({
      headline: `${word(seen, 'scheduler')} steps before the optimizer's first step.`,
      detail:
        'The first learning rate of the schedule is never used, and every later one comes one step too early.',
      advice: 'Call optimizer.step() first, then scheduler.step().',
    }),
  },
  'schedule-after-skip': {
    severity: 'warning',
    words: (seen) => ({
      headline: `${word(seen, 'scheduler')} steps although the scaler skipped the step.`,
      detail:
        'The gradients overflowed, so scaler.step() left the parameters as they were, but the schedule went on: it runs ahead of the training.',
      advice: 'Step the scheduler only if scaler.get_scale() did not decrease in scaler.update().',
    }),
  },
  'schedule-per-batch': {
    severity: 'warning',
    words: (seen) => ({
      headline: `${word(seen, 'scheduler')} ends within an epoch, because it steps at each batch.`,
      detail: `Its period is ${count(seen, 'period')} calls, and it was called ${count(seen, 'calls')} times in one epoch, after which another epoch followed with the learning rate of its end.`,
      advice: 'Call scheduler.step() once an epoch, or give the schedule the number of all batches.',
    }),
  },
};

/** torch counted a write at a step whose values were not compared. */
function wordsOfUnseenWrite(seen: Observation): Words {
  return {
    headline: `${inHeadline(seen)} may have been written outside the optimizer.`,
    detail:
      'torch counted a write in place between two steps. Their values were not compared, because the steps are not recorded; they may be the same.',
    advice: 'Record every step (--every 1) to compare the values.',
  };
}

// The evidence, which a newer recorder may have changed: what is missing is left out of the sentence.

const worstSchema = v.object({
  worst: v.array(
    v.object({
      tensor: v.string(),
      of: v.string(),
      differing: v.number(),
      compared: v.number(),
      expected: v.optional(v.array(v.unknown()), []),
      found: v.optional(v.array(v.unknown()), []),
    }),
  ),
});
const differencesSchema = v.object({
  differences: v.array(v.object({ where: v.string(), before: v.string(), after: v.string() })),
  number: v.optional(v.number()),
});

function read<T>({ evidence }: Observation, schema: v.GenericSchema<unknown, T>): T | null {
  const parsed = v.safeParse(schema, evidence);
  return parsed.success ? parsed.output : null;
}

function exampleOf({
  expected: [expected],
  found: [found],
}: v.InferOutput<typeof worstSchema>['worst'][number]): string {
  return typeof expected === 'number' && typeof found === 'number'
    ? `, such as ${formatNumber(found, 6)} instead of ${formatNumber(expected, 6)}`
    : '';
}

function changeOf(seen: Observation): string {
  const values = Array.isArray(seen.evidence.values)
    ? seen.evidence.values.filter((x) => typeof x === 'number')
    : [];
  switch (seen.evidence.how) {
    case 'clamp':
      return `${names(seen)} ${isOrAre(seen)} limited to ${values.map((x) => formatNumber(x)).join(' and ')}`;
    case 'scale':
      return `${names(seen)} ${isOrAre(seen)} multiplied by ${formatNumber(values[0] ?? Number.NaN, 6)}`;
    case 'swap-back':
      return `${names(seen)} ${isOrAre(seen)} set back to earlier values`;
    default:
      return `${names(seen)} ${isOrAre(seen)} changed`;
  }
}

function momentsOf(seen: Observation): string {
  const loaded = loadedIn(seen);
  return loaded
    ? `${loaded} was called in between; what the optimizer remembers still belongs to the parameters before.`
    : 'What the optimizer remembers, such as moments, still belongs to the path before the change.';
}

/** "Sequential.load_state_dict", if one was called since the last step. */
function loadedIn(seen: Observation): string | undefined {
  return strings(seen, 'loaded')[0];
}

function names({ tensors }: Observation): string {
  return tensors.length === 0 ? 'the parameters' : namesInWords((i) => tensors[i]!, [...tensors.keys()]);
}

function inHeadline({ tensors }: Observation): string {
  return tensors.length === 0
    ? 'Parameters'
    : namesInHeadline((i) => tensors[i]!, [...tensors.keys()]).replace(/ parameters$/, ' tensors');
}

function isOrAre({ tensors }: Observation): string {
  return tensors.length === 1 ? 'is' : 'are';
}

function strings({ evidence }: Observation, name: string): string[] {
  const value = evidence[name];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function list(seen: Observation, name: string): string {
  const found = strings(seen, name);
  return found.length > 0 ? found.join(' and ') : 'their type';
}

function word({ evidence }: Observation, name: string): string {
  const value = evidence[name];
  return typeof value === 'string' ? value : 'The scheduler';
}

/** "The norm was 15100 and was clipped to 1" */
function normsOf({ evidence: { norm, clipped } }: Observation): string {
  return typeof norm === 'number' && typeof clipped === 'number'
    ? `The norm was ${formatNumber(norm)} and was clipped to ${formatNumber(clipped)}`
    : 'The norm was clipped';
}

function count({ evidence }: Observation, name: string): string {
  const value = evidence[name];
  return typeof value === 'number' ? String(value) : 'several';
}

function percent({ evidence }: Observation, name: string): string {
  const value = evidence[name];
  return typeof value === 'number' ? `${formatNumber(100 * value)} %` : 'Most';
}
