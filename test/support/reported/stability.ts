import { Quantities } from '../../../src/core/trace/quantities';
import { Trace } from '../../../src/core/trace/trace';
import type { LossDeclaration } from '../../../src/loss/declaration';
import { planRun } from '../../../src/loss/plan';
import { RunJob } from '../../../src/runner/runJob';
import { jobs } from '../startRun';

const limits = { evaluationTimeoutMs: 10_000, memoryLimitMb: 2048 };

/** The largest measured stability value of a run relative to its limit, as the chart shows it. */
export async function largestStability(declaration: LossDeclaration): Promise<number> {
  const { config, source } = planRun(declaration, { below: [], above: [] });
  let trace: Trace | null = null;
  const run = new RunJob(jobs, { source, config, limits });
  run.open({
    onOpened: ({ layout, start }) => {
      trace = new Trace(
        layout,
        layout.coordinates.map((c) => start[c]!),
      );
    },
    onRecord: (data, offset) => trace!.append(data, offset),
  });
  await run.ended;
  return largestShare(trace!, new Quantities(trace!.layout, config));
}

function largestShare(trace: Trace, quantities: Quantities): number {
  const value = quantities.reader('stability', 0);
  const limit = quantities.reader('stabilityLimit', 0);
  const shares = Array.from(
    { length: trace.rows },
    (_, row) => trace.read(row, value) / trace.read(row, limit),
  );
  return Math.max(...shares.filter((share) => !Number.isNaN(share)));
}
