import { keepPage, sealKeepWord } from '../browser/keep-account-link.ts';
import { seeOther } from '../browser/pages.ts';
import type { SignInRecord } from '../core/ports/accounts.ts';
import { addSeconds } from '../core/time.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { type CarriedRequest, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';

/** To read a page and decide. */
const ASKING_SECONDS = 900;

/**
 * Somebody has just proved to be the owner of an account that is to be erased: 303 to the page that
 * asks whether to keep it. Undefined for every other account. No session begins, and no call is made.
 */
export async function leadToKeeping(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  record: SignInRecord | undefined,
): Promise<HttpResponse | undefined> {
  if (record?.status !== 'erasing' || record.erasure === undefined) return undefined;
  noteSubject(http, { sub: record.sub });
  const word = await sealKeepWord(deps, record.erasure, addSeconds(http.now, ASKING_SECONDS));
  return seeOther(withRequest(keepPage(word), carried));
}
