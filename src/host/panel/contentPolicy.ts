/**
 * The content security policy of the panel's page: scripts by nonce only, nothing from outside the extension.
 *
 * `base-uri` and `form-action` do not fall back to `default-src`. Without them, injected markup could
 * redirect relative
 * addresses, or send a form elsewhere.
 *
 * @param nonce   the nonce of the page's own script element
 * @param source  the origin of the extension's files
 */
export function contentPolicy(nonce: string, source: string): string {
  return [
    `default-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `script-src 'nonce-${nonce}'`,
    // The UI toolkit and the charts set styles on elements.
    `style-src ${source} 'unsafe-inline'`,
    `font-src ${source}`,
    `img-src ${source} data:`,
  ].join('; ');
}
