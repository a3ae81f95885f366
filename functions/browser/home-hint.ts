/** A cookie that says where this browser's person is at home: a cell's name, and no more. */
import type { Cells, KnownCell } from '../core/cells.ts';
import { setSharedCookie, sharedCookieName } from '../http/cookies.ts';
import type { HttpRequest } from '../http/message.ts';

const LIFETIME_SECONDS = 365 * 86_400;

/** Anybody can write this cookie: a lie costs a detour, nothing else. */
export interface HomeHint {
  /** Undefined without a cookie, or when it names none of our cells. */
  find(http: HttpRequest): KnownCell | undefined;
  /**
   * For every answer that signs somebody in: `Set-Cookie` values, of which there are none with one
   * cell.
   */
  remember(): ReadonlyArray<string>;
}

export function createHomeHint({ issuer, cells }: { issuer: string; cells: Cells }): HomeHint {
  const name = sharedCookieName('home', issuer);
  return {
    find(http) {
      const cell = http.cookies.get(name);
      return cells.areSeveral && cell !== undefined ? cells.find(cell) : undefined;
    },
    remember() {
      if (!cells.areSeveral) return [];
      return [setSharedCookie(name, cells.own.name, { issuer, maxAgeSeconds: LIFETIME_SECONDS })];
    },
  };
}
