/**
 * What `export.json` is: JSON Schema 2020-12. Published by the deployment and, as a file, in
 * `docs/schemas/export.schema.json`, which a test holds equal. Objects are open: readers pass over
 * members that a later version adds (`format` counts what breaks them).
 */
type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const number: Schema = { type: 'integer' };
const texts: Schema = { type: 'array', items: text };
const time: Schema = { type: 'string', format: 'date-time' };

/** All members but those whose name ends in `?` are always there. */
function object(description: string, members: Readonly<Record<string, Schema>>): Schema {
  const entries = Object.entries(members);
  return {
    description,
    type: 'object',
    properties: Object.fromEntries(
      entries.map(([name, schema]) => [name.replace(/\?$/, ''), schema]),
    ),
    required: entries.map(([name]) => name).filter((name) => !name.endsWith('?')),
  };
}

function list(description: string, items: Schema): Schema {
  return { description, type: 'array', items };
}

const choice = {
  purposeId: text,
  state: { enum: ['granted', 'withdrawn', 'objected', 'awaiting-parent'] },
  at: time,
  version: text,
  textHash: text,
  language: text,
  page: text,
  method: text,
  eventId: text,
};

const head = {
  $schema: text,
  format: { const: 'domicile-export/1' },
  issuer: text,
  sub: text,
  requestId: text,
  requestedAt: time,
  requestedBy: { enum: ['person', 'administrator'] },
  collectedAt: time,
  'availableUntil?': time,
  storedIn: text,
  withCredentials: flag,
  controller: object('Who is responsible (GDPR Art. 15(1))', {
    ...{ name: text, contact: text, country: text },
  }),
  purposes: list(
    'What data is processed for, on which legal basis, for how long, and who receives it',
    object('One purpose', {
      ...{ purposeId: text, title: text, description: text, legalBasis: text, retention: text },
      ...{ dataCategories: texts, recipients: texts },
    }),
  ),
};

const sections = {
  profile: object('The account', {
    ...{ sub: text, status: text, isEmailVerified: flag, attributes: { type: 'object' } },
    'acceptedTerms?': object('Terms of use', { url: text, acceptedAt: time }),
    ...{ createdAt: time, updatedAt: time },
    dataKey: object('The key that the profile is encrypted with', { keyringVersion: number }),
  }),
  credentials: list(
    'How the person signs in; what would let somebody in is not here',
    object('A password', {
      ...{ type: text, algorithm: text, memoryKiB: number, passes: number, parallelism: number },
      changedAt: time,
      // PHC string, when asked for; of no use without the pepper.
      ...{ 'hash?': text, 'isPeppered?': flag },
    }),
  ),
  preferences: {
    description: 'What the person chose, as it stands; null when nothing was ever chosen',
    oneOf: [
      { type: 'null' },
      object('Choices', {
        choices: { type: 'array', items: object('A choice', choice) },
        topics: { type: 'object' },
        'doNotSell?': object('Do not sell or share', { at: time, source: text }),
      }),
    ],
  },
  permissions: list(
    'What the person allows apps',
    object('One app', { clientId: text, 'clientName?': text, scopes: texts, grantedAt: time }),
  ),
  consentHistory: list('Every choice ever made, oldest first', {
    oneOf: [
      object('A choice', { kind: { const: 'choice' }, ...choice }),
      object('Do not sell or share, on or off', {
        ...{ kind: { const: 'do-not-sell' }, isOn: flag, at: time },
        ...{ page: text, method: text, eventId: text },
      }),
    ],
  }),
  grants: list(
    'Access of apps in the person’s name',
    object('One sign-in of an app', {
      ...{ grantId: text, clientId: text, 'clientName?': text, state: text, scopes: texts },
      ...{ 'resources?': texts, redirectUri: text, sessionId: text, authenticatedAt: time },
      ...{ authenticationMethods: texts, expiresAt: time },
    }),
  ),
  holds: list(
    'While one stands, a law keeps the data from being erased',
    object('A hold', { holdId: text, placedAt: time }),
  ),
  sessions: list(
    'Browsers with a session',
    object('One session', {
      ...{ sessionId: text, 'device?': text, authenticatedAt: time, authenticationMethods: texts },
      ...{ createdAt: time, lastSeenAt: time, endsAt: time },
    }),
  ),
  identifiers: list(
    'Addresses, and what the directory of all regions knows of them',
    object('An address', {
      ...{ type: text, value: text, isVerified: flag },
      directory: list(
        'Pseudonymous entries',
        object('An entry', { keyedHash: text, home: text, claimedAt: time }),
      ),
    }),
  ),
  requests: list(
    'Requests about the person’s data',
    object('One request', {
      ...{ requestId: text, kind: { enum: ['export', 'erasure'] }, state: text },
      ...{ requestedAt: time, dueAt: time, requestedBy: text, 'reason?': text },
      history: list('Its states', object('One state', { state: text, at: time })),
    }),
  ),
  activity: list(
    'Records of the audit trail about the person, newest first',
    object('One act', {
      ...{ id: text, kind: text, at: time, actor: text },
      ...{ 'object?': text, 'reason?': text, 'from?': text },
    }),
  ),
  organisations: list('Organisations that the person belongs to; none so far', { type: 'object' }),
  processors: list(
    'What those answered who process data for the controller',
    object('One processor', {
      ...{ processorId: text, name: text, hasAnswered: flag },
      ...{ 'answeredAt?': time, 'data?': {} },
    }),
  ),
};

export const EXPORT_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Domicile: everything that is held on a person',
  ...object('One export', { ...head, ...sections }),
};
