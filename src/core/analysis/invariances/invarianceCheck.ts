import type { PathExpectation } from './expectations';
import type { Judgement } from './judge';
import type { PathCheck } from './pathChecks';

/** The expectation of one check and its result. */
export interface InvarianceCheck extends Judgement {
  readonly name: PathCheck | 'first step';
  readonly expected: PathExpectation;
}
