import type { Finding } from '../core/diagnosis/finding';
import { inTagsOf } from './annotation/tagWords';
import type { Language } from './source';

/** A finding whose texts mention tags and options in the notation of a language. */
export function findingIn(language: Language, finding: Finding): Finding {
  const inTags = (text: string) => inTagsOf(language, text);
  return {
    ...finding,
    headline: inTags(finding.headline),
    detail: inTags(finding.detail),
    advice: inTags(finding.advice),
    fixes: finding.fixes.map((fix) => ({ ...fix, title: inTags(fix.title) })),
  };
}
