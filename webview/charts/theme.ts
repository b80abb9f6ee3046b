import { contrast, cssColour, parseColour, type Rgb, withContrast } from './colour';

/** The colours for a canvas, read from the theme's tokens, because a canvas cannot use CSS variables. */
export interface Theme {
  readonly background: Rgb;
  readonly foreground: Rgb;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly line: string;
  /** The colour of a second line in the same chart. */
  readonly second: string;
  readonly accent: Rgb;
  readonly error: Rgb;
  readonly warning: Rgb;
  readonly info: Rgb;
  readonly font: string;
  readonly highContrast: boolean;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const token = (name: string, otherwise: Rgb): Rgb =>
    parseColour(style.getPropertyValue(`--vscode-${name}`)) ?? otherwise;
  const dark = !document.body.classList.contains('vscode-light');
  const background = token('editor-background', dark ? [31, 31, 31] : [255, 255, 255]);
  const foreground = token('foreground', dark ? [204, 204, 204] : [59, 59, 59]);
  const highContrast =
    document.body.classList.contains('vscode-high-contrast') || contrast(background, foreground) > 20;
  const accent = token('charts-blue', [55, 148, 255]);
  const described = token('descriptionForeground', foreground);
  return {
    background,
    foreground,
    text: cssColour(foreground),
    muted: cssColour(withContrast(described, background, 4.5)),
    grid: cssColour(foreground, highContrast ? 0.35 : 0.12),
    line: cssColour(foreground),
    second: cssColour(withContrast(accent, background, 4.5)),
    accent,
    error: withContrast(token('editorError-foreground', [241, 76, 76]), background, 3),
    warning: withContrast(token('editorWarning-foreground', [204, 167, 0]), background, 3),
    info: withContrast(token('editorInfo-foreground', [55, 148, 255]), background, 3),
    font: style.getPropertyValue('--vscode-font-family') || 'sans-serif',
    highContrast,
  };
}

/**
 * Calls `changed` whenever VS Code changes the theme, which changes the class of the body and the style of
 * the root.
 */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  return () => observer.disconnect();
}
