/** Input that cannot be used: one clear line on stderr, exit 2. */
export class BadInput extends Error {}
