import { randomUUID } from 'node:crypto';

/** Letters, digits and hyphens, because an id becomes part of a file name. */
const pattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

export function isRunId(text: string): boolean {
  return pattern.test(text);
}

/** A unique id. Sorted ids are in the order of the start times. */
export function newRunId(startedAt: number): string {
  return `${startedAt}-${randomUUID().slice(0, 8)}`;
}
