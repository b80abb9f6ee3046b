import { core } from './core.mjs';

/**
 * Runs an example as the worker runs a loss, the loss being looked at beside the path as well.
 *
 * @param values  what to keep of each step, functions of its view and of the run's measurements
 * @returns the kept values, a list of steps each, and what was found
 */
export async function traced({ loss, gradient, exact, start, patch, validation, saturationAt }, values) {
  const { config, problems } = core.resolveConfig([patch]);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  const plain = objectiveOf(start.length, loss, gradient);
  const batches = core.batchesOf(config.samples, config.batch, config.seed);
  const open = (t, part = batches.indicesOf(t)) => core.contextAt(config.seed, batches, t, part);
  const measurements = new core.Measurements();
  const diagnosis = new core.Diagnosis({
    config,
    dim: start.length,
    stepsPerEpoch: batches.stepsPerEpoch,
    isContextual: loss.length > 1,
    measurements,
    probing: { objective: plain, open, indicesOf: batches.indicesOf },
  });
  const ending = new core.EndWatch({
    config,
    batches,
    isContextual: loss.length > 1,
    objective: plain,
    ...(saturationAt && { saturationAt }),
  });
  const kept = values.map(() => []);
  const keep = (step) => {
    values.forEach((value, i) => {
      kept[i].push(value(step, measurements));
    });
  };
  const outcome = await core.run({
    objective: core.withGradientChecks({
      objective: plain,
      beside: plain,
      config,
      nameOf: core.coordinateNames(config.names, null, start.length),
      exact: null,
      report: (finding) => diagnosis.post(finding),
    }),
    start: Float64Array.from(start),
    config,
    validation: validation ? (params) => validation(params) : null,
    control: { mayStep: () => true, lr: () => Number.NaN },
    observer: core.together([ending, diagnosis, { afterStep: keep }]),
  });
  if (exact) postCut(diagnosis, { loss, exact, start });
  diagnosis.finish(outcome, await ending.end(outcome, diagnosis.isLossReliable));
  return { kept, findings: diagnosis.findings };
}

/** By differences, unless the example brings a gradient of its own. */
function objectiveOf(dim, loss, gradient) {
  const value = (params, open) => loss(params, open());
  const objective = core.withFiniteDifferences(dim, value, () => {});
  if (!gradient) return objective;
  return {
    ...objective,
    gradientMode: 'provided',
    valueAndGradient(params, grad, open) {
      grad.set(gradient(params, open()));
      return value(params, open);
    },
  };
}

/** Compares the exact derivatives of a loss that rounds with its slopes at the start, as the loader does. */
function postCut(diagnosis, { loss, exact, start }) {
  const derivatives = exact(start);
  for (const index of start.keys()) {
    const check = core.checkCut(Float64Array.from(start), index, derivatives[index], core.seededRandom(1));
    const measured = core.answer(check, loss);
    if (measured === null) continue;
    const cut = { index, exact: derivatives[index], measured, step: 1 };
    diagnosis.post(
      core.piecewiseConstant(
        cut,
        core.coordinateNames(null, null, start.length),
        core.lossWordsOf({ maximize: false }),
      ),
    );
    return;
  }
}

/** The steps of an optimizer of a user's own along given gradients, and what the audit finds in them. */
export function audited({ reference, step, start, gradients }) {
  const { config } = core.resolveConfig([{ optimizer: reference }]);
  const params = Float64Array.from(start);
  const state = {};
  const points = [params.slice()];
  gradients.forEach((grad, k) => {
    step(params, grad, state, k + 1);
    points.push(params.slice());
  });
  const options = core.optionsOf(config.optimizer);
  const bound = core.optimizers[config.optimizer.name].bound(options);
  return {
    points,
    bound: (t) => options.lr * bound(t),
    findings: core.audit(config.optimizer, [{ name: 'the example', points }]),
  };
}
