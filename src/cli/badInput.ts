import type { SourceLocation } from '../core/sourceLocation';

/** Ctrl-C: one line on stderr says so, exit 130. */
export class Interrupted extends Error {}

/** Input that cannot be used: one clear line on stderr, exit 2. */
export class BadInput extends Error {
  /** Where in a source it stands; the message says so too. */
  readonly location: SourceLocation | null;

  constructor(message: string, location: SourceLocation | null = null) {
    super(message);
    this.location = location;
  }
}
