/**
 * One RPC peer for every boundary, over birpc: calls are typed on both sides, and every request settles: a throw and
 * a closed channel both reject.
 */
import { type BirpcReturn, createBirpc } from 'birpc';

export interface Channel {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

export type Peer<Remote extends object> = BirpcReturn<Remote, object>;

interface Envelope {
  /** birpc's place for the error of a failed call. */
  e?: unknown;
}

/** An Error does not survive a webview's messages: its sentence does. */
function errorToPlain(message: Envelope): Envelope {
  return message.e instanceof Error ? { ...message, e: { message: message.e.message } } : message;
}

function plainToError(message: Envelope): Envelope {
  const failure = message.e as { message?: string } | undefined;
  return failure === undefined ? message : { ...message, e: new Error(failure.message) };
}

/** Connects `local` to the other end of `channel`. Closing the peer rejects pending calls. */
export function connect<Remote extends object, Local extends object>(
  local: Local,
  channel: Channel,
): Peer<Remote> {
  return createBirpc<Remote, Local>(local, {
    post: (message) => channel.post(message),
    on: (listener) => channel.onMessage(listener),
    serialize: errorToPlain,
    deserialize: plainToError,
    timeout: -1,
  }) as Peer<Remote>;
}
