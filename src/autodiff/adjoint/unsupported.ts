import type { Node } from '@babel/types';
import type { Site } from '../sites';

/** Why a loss cannot be generated: what stands where. */
export interface Unsupported extends Site {
  readonly message: string;
}

/** Ends the reading of one statement. With `isFollowUp`, what is wrong was reported where it first went wrong. */
export class Refused extends Error {
  readonly reason: Unsupported;
  readonly isFollowUp: boolean;

  constructor(reason: Unsupported, isFollowUp = false) {
    super(reason.message);
    this.reason = reason;
    this.isFollowUp = isFollowUp;
  }
}

export function siteOf(node: Node, file: string): Site {
  return { file, from: node.start ?? 0, to: node.end ?? 0 };
}
