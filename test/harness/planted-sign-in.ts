/** People whose sign-up is not the point: stored as the product stores them, without its pages. */
import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { createGrantSecrets } from '../../functions/adapters/crypto/grant-secrets.ts';
import { randomToken } from '../../functions/adapters/crypto/hash.ts';
import { createSealer } from '../../functions/adapters/crypto/sealer.ts';
import { putChallenge } from '../../functions/adapters/dynamodb/challenge-items.ts';
import { createDirectory } from '../../functions/adapters/dynamodb/directory.ts';
import { createGrants } from '../../functions/adapters/dynamodb/grants.ts';
import { createSessions } from '../../functions/adapters/dynamodb/sessions.ts';
import { createSignIns } from '../../functions/adapters/dynamodb/sign-ins.ts';
import { createPasswords } from '../../functions/adapters/passwords/argon2.ts';
import { createForms } from '../../functions/browser/forms.ts';
import { createHomeHint } from '../../functions/browser/home-hint.ts';
import { rememberDevice } from '../../functions/browser/known-devices.ts';
import { createSessionCookies } from '../../functions/browser/session-cookies.ts';
import { parseCells } from '../../functions/core/cells.ts';
import type { ChallengeId, MailId, SessionId, Sub } from '../../functions/core/ids.ts';
import type { NewSession } from '../../functions/core/session.ts';
import { addSeconds, type EpochSeconds, toEpochSeconds } from '../../functions/core/time.ts';
import { ENVIRONMENT, TUNABLES } from '../../functions/environment.ts';
import { actingOf } from '../../functions/http/acting.ts';
import type { HttpRequest } from '../../functions/http/message.ts';
import { Parameters } from '../../functions/http/parameters.ts';
import type { Cloud } from '../../local/cloud.ts';
import { type Agent, createAgent } from './agent.ts';
import type { TestCloud } from './cloud.ts';
import { requireRegion } from './cloud-stores.ts';
import { newPerson, type Person } from './journeys.ts';
import { keyringsOf } from './markers-keys.ts';

export interface PlantedSignIn {
  readonly person: Person;
  readonly agent: Agent;
  readonly sub: Sub;
}

/** Given out in turn: two hashes do for all of a cloud, and neighbours do not open each other's accounts. */
const PASSWORDS = ['a quiet lake where some were planted', 'a loud hill where others were'];

/** By cell. */
const plantings = new WeakMap<TestCloud, Map<string, Planting>>();
/** After a reset, a cloud has the peppers again that it was seeded with, which all cells share. */
const hashes = new WeakMap<Cloud, Map<string, Promise<string>>>();
let planted = 0;

/**
 * Somebody with an account at a cell, the first one unless said otherwise, who is signed in there: what `createSignedIn` leaves in tables and
 * browser but for the count of its mails, by the same adapters, without its pages, mail and log lines.
 * Whoever comes next has another password.
 */
export async function plantSignedIn(
  cloud: TestCloud,
  cell = cloud.cloud.cells[0]?.name ?? '',
): Promise<PlantedSignIn> {
  const planting = plantingAt(cloud, cell);
  const now = toEpochSeconds(cloud.cloud.clock.nowMs());
  const http = requestAt(planting.place.issuer, now);
  planted += 1;
  const password = PASSWORDS[planted % PASSWORDS.length] ?? '';
  const person = { ...newPerson(), password };
  const sub = randomToken() as Sub;
  const sessionCookie = await register(planting, http, sub, person);
  const agent = createAgent(cloud);
  for (const cookie of await planting.cookiesOf(http, sessionCookie, person)) {
    const [pair = ''] = cookie.split(';', 1);
    const at = pair.indexOf('=');
    agent.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return { person, agent, sub };
}

type Place = ReturnType<typeof placeOf>;
type Planting = ReturnType<typeof createPlanting>;

function plantingAt(cloud: TestCloud, cell: string): Planting {
  const known = plantings.get(cloud) ?? new Map<string, Planting>();
  plantings.set(cloud, known);
  const planting = known.get(cell) ?? createPlanting(cloud, cell);
  known.set(cell, planting);
  return planting;
}

/** What the surface that signs people up is deployed with, and keyrings as its region has them. */
function placeOf(cloud: TestCloud, cell: string) {
  const { functions } = cloud.cloud.infrastructure;
  const region = requireRegion(cloud.cloud, cell);
  const { environment } = functions.requireByName('domicile-interaction', region).definition;
  const text = (name: string) => environment[name] ?? '';
  const { endpoint, accessKeyId, secretAccessKey } = cloud.cloud.seed().aws;
  const credentials = { accessKeyId, secretAccessKey };
  const connect = (at: string) => new DynamoDBClient({ endpoint, region: at, credentials });
  const primaryRegion = text(ENVIRONMENT.primaryRegion);
  const cost = {
    memoryKiB: Number(text(TUNABLES.argon2MemoryKiB)),
    passes: Number(text(TUNABLES.argon2Passes)),
    parallelism: Number(text(TUNABLES.argon2Parallelism)),
  };
  return {
    cell,
    dynamo: connect(region),
    /** Undefined in the primary region. */
    primary: primaryRegion === region ? undefined : connect(primaryRegion),
    cells: parseCells(cell, text(ENVIRONMENT.cellUrls), text(ENVIRONMENT.cellRegions)),
    issuer: text(ENVIRONMENT.issuer),
    directoryTable: text(ENVIRONMENT.directoryTable),
    dataTable: text(ENVIRONMENT.dataTable),
    keyTable: text(ENVIRONMENT.keyTable),
    keyrings: keyringsOf(cloud, cell),
    cost,
    idleLifetimeSeconds: Number(text(TUNABLES.sessionIdleLifetimeSeconds)),
    absoluteLifetimeSeconds: Number(text(TUNABLES.sessionAbsoluteLifetimeSeconds)),
  };
}

function createPlanting(cloud: TestCloud, cell: string) {
  const place = placeOf(cloud, cell);
  const { issuer, cells, keyrings, primary } = place;
  const { loadShared, loadCell: loadKeyring } = keyrings;
  const sealer = createSealer(keyrings);
  const sessions = createSessions({ ...place, sealer });
  const secrets = createGrantSecrets({ sealer, loadKeyring, cell });
  const grants = createGrants({ ...place, secrets, codeLifetimeSeconds: 0 });
  const remote = primary && { forLookups: primary, forClaims: primary };
  const directory = createDirectory({ ...place, primary: remote, loadKeyring: loadShared });
  const remoteClaims = remote && directory;
  const sessionCookies = createSessionCookies({ ...place, sessions });
  return {
    place,
    directory,
    signIns: createSignIns({ ...place, loadKeyring, sessions, grants, remoteClaims }),
    passwordHash: (password: string) => {
      const ofCloud = hashes.get(cloud.cloud) ?? new Map<string, Promise<string>>();
      hashes.set(cloud.cloud, ofCloud);
      const known = ofCloud.get(password) ?? hashPassword(place, password);
      ofCloud.set(password, known);
      return known;
    },
    async cookiesOf(http: HttpRequest, sessionCookie: string, { email }: Person) {
      const { current } = await directory.hash('email', email);
      const device = { cells, sealer, settings: { issuer } };
      const { cookies } = await createForms({ cells, sealer, issuer }).seal(http);
      return [
        ...cookies,
        sessionCookies.set(sessionCookie),
        await rememberDevice(device, http, current, http.now),
        ...createHomeHint({ issuer, cells }).remember(),
      ];
    },
  };
}

function hashPassword({ keyrings, cost }: Place, password: string): Promise<string> {
  const commonPasswordsFile = '/nobody-chooses-one';
  const loadKeyring = keyrings.loadShared;
  return createPasswords({ loadKeyring, cost, commonPasswordsFile }).hash(password);
}

/** As `verify` does when the code is right; answers with the cookie's value. */
async function register(
  { place, directory, signIns, passwordHash }: Planting,
  http: HttpRequest,
  sub: Sub,
  { email, password }: Person,
): Promise<string> {
  const { now } = http;
  const registered = await signIns.register({
    ...{ sub, now, grant: undefined },
    challengeId: await plantChallenge(place, now),
    identifier: await directory.hash('email', email),
    attributes: { email, locale: 'en' },
    passwordHash: await passwordHash(password),
    session: sessionOf(place, sub, now),
    acting: actingOf(http, { type: 'person', sub }),
  });
  if (registered.outcome !== 'begun') throw new Error(`not planted: ${registered.outcome}`);
  if (registered.isClaimPending) throw new Error('planted, but the primary region did not answer');
  return registered.sessionCookie;
}

function sessionOf({ absoluteLifetimeSeconds }: Place, sub: Sub, now: EpochSeconds): NewSession {
  return {
    ...{ sub, sessionId: randomToken() as SessionId, amr: ['pwd'] },
    ...{ authTime: now, createdAt: now, lastSeenAt: now },
    absoluteExpiresAt: addSeconds(now, absoluteLifetimeSeconds),
  };
}

/** A registration consumes one. */
async function plantChallenge({ dynamo, dataTable }: Place, now: EpochSeconds) {
  const challengeId = randomToken() as ChallengeId;
  const challenge = { purpose: 'sign-up', codeHash: '', mailId: '' as MailId, sealed: '' };
  const timing = { codeLifetimeSeconds: 600, resendIntervalSeconds: 0 };
  const put = putChallenge(dataTable, challengeId, challenge, timing, now);
  await dynamo.send(new TransactWriteItemsCommand({ TransactItems: [put] }));
  return challengeId;
}

/** The one that confirmed the address, from this machine and without a name for the browser. */
function requestAt(issuer: string, now: EpochSeconds): HttpRequest {
  const none = Parameters.parse('');
  return {
    ...{ host: new URL(issuer).host, method: 'POST', path: '/verify', rawQuery: '' },
    ...{ query: none, form: none, headers: new Map(), cookies: new Map() },
    ...{ sourceAddress: '127.0.0.1', requestId: randomToken(), now },
  };
}
