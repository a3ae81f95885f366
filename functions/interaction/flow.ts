import { pageExpired } from '../browser/page-error.ts';
import { seeOther } from '../browser/pages.ts';
import type { AuthorizationRequest } from '../core/authorization-request.ts';
import { readTaggedBy, tagWithCell } from '../core/cells.ts';
import type { MailPurpose } from '../core/challenge.ts';
import type { ChallengeId, SecretHash } from '../core/ids.ts';
import { addToQuery } from '../core/redirect-uri.ts';
import { addSeconds } from '../core/time.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { Interaction } from './dependencies.ts';
import { CODE_PAGE, START_PAGE } from './flow-pages.ts';

const LIFETIME_SECONDS = 86_400;
const FIELD = 'state';

/** Where a sign-up or recovery stands, between the mail and the code. */
export interface Flow {
  readonly kind: MailPurpose;
  readonly challengeId: ChallengeId;
  readonly email: string;
  /** The browser that began it. */
  readonly browser: SecretHash;
  readonly request?: AuthorizationRequest;
}

/** The flow as it stands, and sealed as it travels, behind the tag of the cell that can open it. */
export interface OpenFlow extends Flow {
  readonly sealed: string;
}

/** To the page that asks for the code; a reload there sends nothing again. */
export async function goToCodePage(
  { cells, sealer }: Pick<Interaction, 'cells' | 'sealer'>,
  http: HttpRequest,
  flow: Flow,
  cookies: ReadonlyArray<string>,
): Promise<HttpResponse> {
  const sealed = await sealer.seal('flow', flow, addSeconds(http.now, LIFETIME_SECONDS));
  const state = tagWithCell(cells.own.name, sealed);
  return seeOther(addToQuery(CODE_PAGE[flow.kind], { [FIELD]: state }), cookies);
}

/** Throws PageError when it is stale, of another kind, or was begun in another browser. */
export async function openFlow(
  { cells, sealer, forms }: Pick<Interaction, 'cells' | 'sealer' | 'forms'>,
  http: HttpRequest,
  kind: MailPurpose,
): Promise<OpenFlow> {
  const sealed = (http.method === 'POST' ? http.form : http.query).text(FIELD);
  const opaque = readTaggedBy(cells.own.name, sealed) ?? '';
  const content = await sealer.open('flow', opaque, http.now);
  if (content === undefined) throw pageExpired('stale or forged state', START_PAGE[kind]);
  // Authentic, hence written by `goToCodePage`.
  const flow = content as Flow;
  if (flow.kind !== kind) throw pageExpired('state of another flow', START_PAGE[kind]);
  if (flow.browser !== forms.browserOf(http)) {
    throw pageExpired("another browser's state", START_PAGE[kind]);
  }
  return { ...flow, sealed };
}

/** Hidden inputs of a form on such a page. */
export function hiddenFlow({ sealed }: OpenFlow): Readonly<Record<string, string>> {
  return { [FIELD]: sealed };
}

/** The same page once more, for after a form was posted. */
export function flowPage(
  { kind, sealed }: OpenFlow,
  parameters: Readonly<Record<string, string>> = {},
): string {
  return addToQuery(CODE_PAGE[kind], { [FIELD]: sealed, ...parameters });
}
