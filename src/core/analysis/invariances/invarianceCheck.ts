import type { PathExpectation } from './expectations';
import type { Judgement } from './judge';
import type { PathCheck } from './pathChecks';

/** What one check expected, and what came of it. */
export interface InvarianceCheck extends Judgement {
  readonly name: PathCheck | 'first step';
  readonly expected: PathExpectation;
}
