import type { Node } from '@babel/types';
import type { Site } from '../sites';

/** The reason why code cannot be generated for a loss, with its place. */
export interface Unsupported extends Site {
  readonly message: string;
}

/**
 * Ends the lowering of one statement. With `isFollowUp`, the problem has been reported at its first place.
 */
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
