import type { Browser } from 'playwright-core';

export function findChromium(): string | undefined;
export function launchChromium(options?: { headless?: boolean }): Promise<Browser>;
