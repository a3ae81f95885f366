/** `at=eu` in a page's address: that the person is at home here has been settled on the way. */
import type { Cells } from '../core/cells.ts';
import { addToQuery } from '../core/redirect-uri.ts';
import type { HttpRequest } from '../http/message.ts';
import type { HomeHint } from './home-hint.ts';

const AT = 'at';
/** Not who is usually here: where they are at home is to be asked once more. */
const CHOOSE = 'choose';

interface StayingDeps {
  readonly cells: Cells;
  readonly homeHint: HomeHint;
}

/** True when whoever is here can go on here; always so with one cell. */
export function isSettled({ cells, homeHint }: StayingDeps, http: HttpRequest): boolean {
  if (!cells.areSeveral) return true;
  const parameters = http.method === 'POST' ? http.form : http.query;
  if (parameters.find(AT) === cells.own.name) return true;
  return parameters.find(CHOOSE) === undefined && homeHint.find(http) === cells.own;
}

/** A page of this cell for somebody who is at home here. */
export function staying(cells: Cells, path: string): string {
  return addToQuery(path, hiddenStaying(cells));
}

/** Hidden inputs of a form on such a page, so that it comes back as it was. */
export function hiddenStaying(cells: Cells): Readonly<Record<string, string>> {
  return cells.areSeveral ? { [AT]: cells.own.name } : {};
}

/** A page of this cell for somebody who is at home wherever it will turn out. */
export function choosing(path: string): string {
  return addToQuery(path, hiddenChoosing());
}

export function hiddenChoosing(): Readonly<Record<string, string>> {
  return { [CHOOSE]: '1' };
}
