import path from 'node:path';
import { keyframeBudget } from '../core/keyframePlan';
import { CannotDebug, type DebuggedRun, type DebugHost } from '../debug/debugHost';
import { AdamscopeDebugSession } from '../debug/debugSession';
import type { LaunchArguments } from '../debug/launchArguments';
import { placesOf } from '../debug/lossPlaces';
import { RunJob } from '../runner/runJob';
import { RunStore } from '../runs/runStore';
import { BadInput } from './badInput';
import { findLosses } from './findLosses';
import { jobs } from './jobs';
import { type LimitFlags, limitsOf } from './limits';
import { planOf, requireStart } from './prepare';

/** `adamscope debug-adapter`: serves a debug session over standard input and output, for other editors than VS Code. */
export async function debugAdapter(flags: LimitFlags): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    const session = new AdamscopeDebugSession(hostOf(flags));
    // Its own way would end this process before the last answer is written.
    session.shutdown = resolve;
    // The client may go without a word.
    process.stdin.on('end', resolve);
    process.stdin.on('close', resolve);
    session.start(process.stdin, process.stdout);
  });
  await ended;
  jobs.dispose();
  setTimeout(() => process.stdin.destroy(), answerMs);
}

/** How long the last answer may take to be written. */
const answerMs = 200;

function hostOf(flags: LimitFlags): DebugHost {
  return {
    launch: (launch) => (launch.run === undefined ? runOf(launch, flags) : storedRun(launch.run)),
    fork: ({ store }, order, fork) => store.start(order, { fork, name: forkName(fork.at) }),
    show() {},
    onDidMoveCursor: () => ({ dispose() {} }),
    release: async ({ store }) => {
      await Promise.all(store.live.map(({ record }) => store.stop(record.id)));
      await store.dispose();
    },
  };
}

/** What a run is called that leaves another one. */
export function forkName(at: number): string {
  return `fork at step ${at}`;
}

async function runOf(launch: LaunchArguments, flags: LimitFlags): Promise<DebuggedRun> {
  try {
    const { losses } = await findLosses([launch.program!], (error) => {
      throw error;
    });
    const declaration = chosen(losses, launch);
    const plan = planOf(declaration, [launch.config]);
    requireStart(plan, 'the start in "config", such as');
    const order = {
      source: plan.source,
      config: plan.config,
      lossText: '',
      overrides: launch.config,
      diagnosis: 'full',
      limits: limitsOf(flags),
      stops: { all: [], codes: [] },
    } as const;
    const store = new RunStore({
      files: null,
      openSource: (each) => new RunJob(jobs, { ...each, keyframeBudget }),
    });
    await store.restore();
    return { store, run: store.start(order), order, places: placesOf(declaration) };
  } catch (error) {
    throw error instanceof BadInput ? new CannotDebug(error.message) : error;
  }
}

function chosen<T extends { readonly name: string }>(
  losses: readonly T[],
  { program, loss }: LaunchArguments,
): T {
  const file = path.basename(program!);
  const names = losses.map(({ name }) => name).join(', ');
  if (losses.length === 0) throw new CannotDebug(`${file} contains no loss.`);
  if (loss === undefined && losses.length > 1)
    throw new CannotDebug(`${file} contains several losses (${names}): name one of them as "loss".`);
  const found = loss === undefined ? losses[0] : losses.find(({ name }) => name === loss);
  if (!found) throw new CannotDebug(`${file} contains no loss ${loss}; its losses: ${names}.`);
  return found;
}

async function storedRun(file: string): Promise<DebuggedRun> {
  const { openedFile } = await import('../runs/openedFile');
  const opened = await openedFile(file, false).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? 'there is no such file' : String(error.code ?? error.message),
  );
  if (typeof opened === 'string') throw new CannotDebug(`${file} cannot be read: ${opened}.`);
  await opened.run.finished;
  return { ...opened, order: null, places: null };
}
