import { pagesUrlOf } from '../browser/cell-hosts.ts';
import { PageError } from '../browser/page-error.ts';
import { readTaggedBy, tagWithCell } from '../core/cells.ts';
import type { ChallengeContent, MailPurpose } from '../core/challenge.ts';
import type { ChallengeId, MailId } from '../core/ids.ts';
import { addToQuery } from '../core/redirect-uri.ts';
import { addSeconds } from '../core/time.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Interaction } from './dependencies.ts';
import { CODE_PAGE, START_PAGE } from './flow-pages.ts';

const FIELD = 'token';

/** Sealed into the link. */
interface LinkContent {
  readonly i: ChallengeId;
  readonly k: MailPurpose;
  readonly m: MailId;
}

type LinkedContent = Extract<ChallengeContent, { kind: MailPurpose }>;

/** What a mail's link leads to. */
export interface OpenLink<Kind extends LinkedContent['kind']> {
  readonly challengeId: ChallengeId;
  readonly content: Extract<LinkedContent, { kind: Kind }>;
  readonly sealed: string;
}

/**
 * The address to put into a mail. The sealed pointer is itself the secret: 256-bit authenticated
 * encryption with a random IV that nobody else can produce. It lives as long as the code: until it
 * expires, or until a new mail takes its place. Its tag leads it home, whichever cell it reaches.
 */
export async function createLink(
  { cells, sealer, settings }: Pick<Interaction, 'cells' | 'sealer' | 'settings'>,
  http: HttpRequest,
  kind: MailPurpose,
  { challengeId, mailId }: { readonly challengeId: ChallengeId; readonly mailId: MailId },
): Promise<string> {
  const expiresAt = addSeconds(http.now, settings.codeLifetimeSeconds);
  const content: LinkContent = { i: challengeId, k: kind, m: mailId };
  const sealed = await sealer.seal('challenge-link', content, expiresAt);
  const page = `${pagesUrlOf(cells, settings.issuer)}${CODE_PAGE[kind]}`;
  return addToQuery(page, { [FIELD]: tagWithCell(cells.own.name, sealed) });
}

/** Opens what a link points to and consumes nothing: mail scanners follow links. One read. */
export async function openLink<Kind extends LinkedContent['kind']>(
  { cells, sealer, challenges }: Pick<Interaction, 'cells' | 'sealer' | 'challenges'>,
  http: HttpRequest,
  kind: Kind,
): Promise<OpenLink<Kind>> {
  const sealed = (http.method === 'POST' ? http.form : http.query).text(FIELD);
  const opaque = readTaggedBy(cells.own.name, sealed) ?? '';
  const opened = await sealer.open('challenge-link', opaque, http.now);
  if (opened === undefined) throw linkInvalid(kind, 'stale or forged link');
  // Authentic, hence written by `createLink`.
  const { i: challengeId, k, m: mailId } = opened as LinkContent;
  if (k !== kind) throw linkInvalid(kind, 'link of another flow');
  const found = await challenges.find(challengeId, http.now);
  if (!isOfKind(found?.content, kind)) throw linkInvalid(kind, 'the challenge is gone');
  if (found?.mailId !== mailId) throw linkInvalid(kind, 'a later mail took its place');
  return { challengeId, content: found.content, sealed };
}

export function isLinkPresent(http: HttpRequest): boolean {
  return (http.method === 'POST' ? http.form : http.query).find(FIELD) !== undefined;
}

/** Hidden inputs of a form on such a page. */
export function hiddenLink({ sealed }: { sealed: string }): Readonly<Record<string, string>> {
  return { [FIELD]: sealed };
}

export function linkInvalid(kind: LinkedContent['kind'], detail: string): PageError {
  return new PageError({
    title: 'error-title.link-invalid',
    text: 'error.link-invalid',
    detail,
    retryUrl: START_PAGE[kind],
  });
}

function isOfKind<Kind extends LinkedContent['kind']>(
  content: ChallengeContent | undefined,
  kind: Kind,
): content is Extract<LinkedContent, { kind: Kind }> {
  return content?.kind === kind;
}
