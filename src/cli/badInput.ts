import type { SourceLocation } from '../core/sourceLocation';

/** The user pressed Ctrl-C. Leads to one line on stderr and exit code 130. */
export class Interrupted extends Error {}

/** Input that cannot be used. Leads to one line on stderr and exit code 2. */
export class BadInput extends Error {
  /** The place in the source, which is also part of the message. */
  readonly location: SourceLocation | null;

  constructor(message: string, location: SourceLocation | null = null) {
    super(message);
    this.location = location;
  }
}
