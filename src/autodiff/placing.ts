import { noSite } from './sites';

/** The place of the operation that is under way off the fast path: of what is refused or noted on its behalf. */
export const placing = { site: noSite };
