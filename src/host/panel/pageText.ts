import { contentPolicy } from './contentPolicy';

interface PageParts {
  readonly nonce: string;
  /** The origin of the extension's files. */
  readonly source: string;
  /** The address of the folder of the page's further files, with a slash at its end. */
  readonly folder: string;
  readonly style: string;
  readonly script: string;
}

/**
 * The text of the dashboard's page. It contains its script and its style: VS Code answers each request of a page through a
 * service worker and its own window, so two files would be the longest wait between opening a dashboard and its first chart.
 */
export function pageText({ nonce, source, folder, style, script }: PageParts): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${contentPolicy(nonce, source)}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <style>${style.replaceAll('</style', '<\\/style')}</style>
  <title>Adamscope</title>
</head>
<body>
  <div id="root"></div>
  <script nonce="${nonce}" data-folder="${folder}">${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>`;
}
