export interface Installation {
  node: string;
  serverMain: string;
}
export function installServedVsCode(): Promise<Installation>;
