/** Pushed authorization requests: RFC 9126. */
import { type CellName, readCellTag, tagWithCell } from './cells.ts';

/** RFC 9126 §2.2: between 5 and 600. Enough to redirect a browser, and no more. */
export const PUSHED_REQUEST_LIFETIME_SECONDS = 90;

const URN = 'urn:ietf:params:oauth:request_uri:';

/** Where a pushed request lies. */
export interface PushedReference {
  readonly cell: CellName;
  /**
   * 128 random bits, and behind a dot what names a person, encrypted: only together they find the
   * request, and open it.
   */
  readonly reference: string;
}

/** §2.2: what the client is handed. It names the cell that can read it. */
export function toRequestUri({ cell, reference }: PushedReference): string {
  return URN + tagWithCell(cell, reference);
}

/** Undefined for what we never handed out, such as the address of a request object (OIDC Core §6.2). */
export function readRequestUri(requestUri: string): PushedReference | undefined {
  if (!requestUri.startsWith(URN)) return undefined;
  const tagged = requestUri.slice(URN.length);
  const cell = readCellTag(tagged);
  if (cell === undefined) return undefined;
  const reference = tagged.slice(cell.length + 1);
  return isPushedReference(reference) ? { cell, reference } : undefined;
}

/** Long enough for the longest `login_hint`, in JSON, encrypted and in base64url. */
const REFERENCE = /^[\w-]{1,128}(\.[\w-]{1,2200})?$/;

export function isPushedReference(value: string): boolean {
  return REFERENCE.test(value);
}
