import type { Client } from '../core/client.ts';
import {
  isValidSecret,
  type PresentedCredentials,
  readAssertionSubject,
  readClientCredentials,
  refusedClient,
} from '../core/client-authentication.ts';
import { OAuthError } from '../core/errors.ts';
import type { ClientId } from '../core/ids.ts';
import type {
  ClientAssertions,
  Clients,
  HashSecret,
  VerifyAssertion,
} from '../core/ports/clients.ts';
import { addSeconds, type EpochSeconds } from '../core/time.ts';
import type { HttpRequest } from '../http/message.ts';

/** How far ahead an assertion may expire. */
const MAX_ASSERTION_LIFETIME_SECONDS = 300;
/** Longer than any assertion is accepted: its lifetime and the tolerance of its verification. */
const JTI_MEMORY_SECONDS = 360;
const MAX_JTI_LENGTH = 256;

interface Deps {
  readonly clients: Clients;
  readonly assertions: ClientAssertions;
  readonly verifyAssertion: VerifyAssertion;
  readonly hashSecret: HashSecret;
  readonly equal: (a: string, b: string) => boolean;
  readonly issuer: string;
}

export type AuthenticateClient = (request: HttpRequest) => Promise<Client>;

/** RFC 6749 §2.3: the client of a request, proven. Throws invalid_client or invalid_request. */
export function createClientAuthentication(deps: Deps): AuthenticateClient {
  return async (request) => {
    const authorization = request.headers.get('authorization');
    try {
      return await authenticate(deps, authorization, request);
    } catch (error) {
      if (authorization === undefined) throw error;
      throw withChallenge(error, deps.issuer);
    }
  };
}

/** For endpoints that are of no use to those who prove nothing. */
export function requireProof(authenticateClient: AuthenticateClient): AuthenticateClient {
  return async (request) => {
    const client = await authenticateClient(request);
    if (client.tokenEndpointAuthMethod !== 'none') return client;
    throw refusedClient('a public client proves nothing');
  };
}

async function authenticate(
  deps: Deps,
  authorization: string | undefined,
  { form, now }: HttpRequest,
): Promise<Client> {
  const credentials = readClientCredentials(authorization, form);
  const client = await findClient(deps.clients, credentials);
  if (client === undefined) throw refusedClient('unknown client');
  if (credentials.method !== client.tokenEndpointAuthMethod) {
    throw refusedClient(`the client is not registered for ${credentials.method}`);
  }
  if (credentials.method === 'private_key_jwt') {
    await requireAssertion(deps, client, credentials.assertion, now);
  } else if (credentials.method !== 'none') {
    const presented = deps.hashSecret(credentials.secret);
    if (!isValidSecret(client, presented, now, deps.equal)) throw refusedClient('wrong secret');
  }
  return client;
}

async function findClient(
  clients: Clients,
  credentials: PresentedCredentials,
): Promise<Client | undefined> {
  if (credentials.method !== 'private_key_jwt') return clients.find(credentials.clientId);
  const subject = readAssertionSubject(credentials.assertion) as ClientId | undefined;
  if (subject === undefined) throw refusedClient('the assertion is no JWT with a subject');
  // RFC 7521 §4.2: a client_id beside the assertion must name the same client.
  if (credentials.clientId !== undefined && credentials.clientId !== subject) {
    throw refusedClient('client_id is not the subject of the assertion');
  }
  return clients.find(subject);
}

/** RFC 7523 §3; the `jti` is consumed last, so that a bad assertion costs no write. */
async function requireAssertion(
  deps: Deps,
  client: Client,
  assertion: string,
  now: EpochSeconds,
): Promise<void> {
  const verified = await deps.verifyAssertion(client, assertion, now);
  if (verified === undefined) throw refusedClient('the assertion is not valid');
  const { jti, exp } = verified;
  if (exp > now + MAX_ASSERTION_LIFETIME_SECONDS) {
    throw refusedClient('the assertion lives longer than five minutes');
  }
  if (jti === '' || jti.length > MAX_JTI_LENGTH) throw refusedClient('the jti is too long');
  const rememberUntil = addSeconds(now, JTI_MEMORY_SECONDS);
  if (!(await deps.assertions.consume(client.clientId, jti, rememberUntil))) {
    throw refusedClient('the assertion was used before');
  }
}

/** RFC 6749 §5.2: who tried the Authorization header is told its scheme. */
function withChallenge(error: unknown, issuer: string): unknown {
  if (!(error instanceof OAuthError) || error.code !== 'invalid_client') return error;
  return refusedClient(error.detail, { 'www-authenticate': `Basic realm="${issuer}"` });
}
