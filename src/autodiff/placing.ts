import { noSite } from './sites';

/** The place of the current operation outside of the fast path, for its refusals and notes. */
export const placing = { site: noSite };
