import type { Installation } from './install.mjs';

export interface Folders {
  dataFolder: string;
  userDataFolder: string;
}
export interface Server {
  origin: string;
  token: string;
  pid: number | undefined;
  /** The output of the server and its extension hosts, at most the last 400,000 characters. */
  log(): string;
  exited: Promise<void>;
  stop(): Promise<void>;
}
export const quietSettings: Record<string, unknown>;
export function shortTemporaryFolder(): string;
export function settingsFile(userDataFolder: string): string;
export function writeSettings(userDataFolder: string, settings: Record<string, unknown>): void;
export function installVsix(installation: Installation, folders: Folders, vsix: string): Promise<void>;
export function linkExtension(folders: Folders, extension: string): void;
export function startServer(
  installation: Installation,
  options: Folders & {
    temporaryFolder?: string;
    port?: number;
    trusted?: boolean;
    development?: boolean;
    env?: Record<string, string>;
  },
): Promise<Server>;
export function workbenchUrl(
  server: Server,
  options: { folder: string; development?: string; tests?: string; open?: string },
): string;
