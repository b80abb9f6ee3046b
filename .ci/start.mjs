// npm start: opens VS Code with the extension and the sample workspace.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { openDesktop, whyNotDesktop } from './desktop.mjs';
import { cacheFolder, root } from './paths.mjs';
import { prepare } from './prepare.mjs';
import { main } from './problem.mjs';
import { refreshSamples } from './sampleWorkspace.mjs';
import { installServedVsCode } from './vscode/install.mjs';
import { linkExtension, quietSettings, startServer, workbenchUrl, writeSettings } from './vscode/server.mjs';

/** A copy of the samples is opened, because the user may change it, unlike the checkout. */
function sampleWorkspace() {
  const workspace = path.join(cacheFolder(), 'samples');
  refreshSamples(path.join(root, 'media', 'samples'), workspace);
  return workspace;
}

function firstFile(workspace) {
  const file = path.join(workspace, 'rosenbrock.ts');
  return existsSync(file) ? file : undefined;
}

async function serve(workspace) {
  const installation = await installServedVsCode();
  // Settings and the window layout are kept for the next start.
  const folders = {
    dataFolder: path.join(cacheFolder(), 'start', 'server'),
    userDataFolder: path.join(cacheFolder(), 'start', 'user'),
  };
  if (!existsSync(path.join(folders.userDataFolder, 'User', 'settings.json'))) {
    writeSettings(folders.userDataFolder, {
      ...quietSettings,
      'workbench.editorAssociations': { '*.md': 'vscode.markdown.preview.editor' },
    });
  }
  linkExtension(folders, root);
  const server = await startServer(installation, folders);
  let stopping = false;
  const stop = async () => {
    stopping = true;
    await server.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  const url = workbenchUrl(server, { folder: workspace, open: firstFile(workspace) });
  console.log(
    `\nVS Code with Adamscope is ready. Open this address in a browser on this machine:\n\n  ${url}\n`,
  );
  console.log('Ctrl-C ends it.');
  await server.exited;
  if (stopping) return;
  console.error('adamscope: the VS Code server ended by itself.');
  console.error(server.log().trimEnd().slice(-2000));
  process.exit(1);
}

await main(async () => {
  await prepare();
  const workspace = sampleWorkspace();
  console.log(
    `The sample workspace: ${workspace} (a copy: change it as you like, or delete it to start afresh)`,
  );
  const reason = await whyNotDesktop();
  if (reason === undefined && (await openDesktop(workspace, firstFile(workspace)))) return;
  console.log(`${reason ?? 'the desktop VS Code did not start'}: VS Code is served to a browser instead.`);
  await serve(workspace);
});
