import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { findViolations } from './tabs.ts';

export async function openConsole(page: Page, issuer: string, view: string): Promise<void> {
  await page.goto(`${issuer}/_local#/${view}`);
  // The view before stays until this one has come, with its tab.
  await page.waitForSelector(`nav a[aria-current=page][href="#/${view}"]`);
  await page.waitForSelector('main h1');
}

/**
 * Accessible in light and dark, narrow and wide; leaves the page as wide as it was. It is opened on
 * the narrow screen, whose tabs then scroll.
 */
export async function expectGoodLooks(page: Page, issuer: string, view: string): Promise<void> {
  const before = page.viewportSize();
  for (const [colorScheme, width] of [
    ['dark', 360],
    ['light', 1280],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await openConsole(page, issuer, view);
    expect(await findViolations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  }
  if (before !== null) await page.setViewportSize(before);
}
