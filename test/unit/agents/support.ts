import type { CallContext } from '../../../src/agents/agentTool';
import { AskedVerifications } from '../../../src/agents/askedVerifications';
import { Roots } from '../../../src/agents/roots';
import { SessionRuns } from '../../../src/agents/sessionRuns';
import type { Workplace } from '../../../src/agents/workplace';
import type { Finding } from '../../../src/core/diagnosis/finding';
import { nothingVerified, type Verification } from '../../../src/core/verify/verification';
import type { LossDeclaration } from '../../../src/loss/declaration';
import { discover } from '../../../src/loss/discovery/discover';
import type { Run } from '../../../src/runs/run';
import { RunStore } from '../../../src/runs/runStore';
import { FakeSource } from '../runs/support/fakeSource';
import { order } from '../runs/support/runRecord';

/** A session whose runs and verifications a test controls. */
export class Session {
  readonly sources: FakeSource[] = [];
  readonly runs = new RunStore({
    files: null,
    openSource: () => {
      const source = new FakeSource();
      this.sources.push(source);
      return source;
    },
  });
  refusal: string | null = null;
  /** Ends the verification that is in progress. */
  endVerification: (end: Partial<Verification>) => void = () => {};
  isVerificationStopped = false;
  readonly #workplace: Workplace;
  readonly cancel = new AbortController();
  readonly context: CallContext;

  /** @param folder  a folder that exists */
  constructor(folder: string, text = '') {
    const roots = new Roots(() => [folder], '--root');
    const verifications = new AskedVerifications(this.runs, {
      isOn: () => false,
      isSearching: () => false,
      begin: (_run, findings) => ({
        ended: new Promise((resolve) => {
          this.endVerification = (end) => resolve({ ...nothingVerified(findings, true), ...end });
        }),
        stop: () => {
          this.isVerificationStopped = true;
          this.endVerification({ isComplete: false });
        },
      }),
    });
    this.#workplace = {
      roots,
      runs: this.runs,
      verifications,
      refusal: () => this.refusal,
      losses: async () => ({ losses: discover(text, `${folder}/fit.ts`, 'named'), unreadable: [] }),
      declaration: async (file) => discover(text, file, 'named')[0] as LossDeclaration,
      surroundings: async () => ({
        defaults: {},
        texts: [],
        interpreter: null,
        lossText: '',
        diagnosis: 'full',
        limits: order.limits,
      }),
      page: async (code) => `# ${code}`,
    };
    this.context = {
      workplace: this.#workplace,
      runs: new SessionRuns(this.runs, roots),
      signal: this.cancel.signal,
      progress: () => {},
    };
  }

  /** A run that has ended after three steps, with findings. */
  async ended(findings: readonly Finding[]): Promise<Run> {
    const run = this.runs.start(order);
    const source = this.sources.at(-1)!;
    source.load();
    source.take(3);
    source.listener.onFindings?.(findings);
    source.end();
    await run.finished;
    return run;
  }
}
