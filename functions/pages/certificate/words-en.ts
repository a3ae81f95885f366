/** What the page of a certificate says; `words-de.ts` has the same in German. */
export const en = {
  title: 'Certificate of deletion',
  lede: 'An account at {product} was deleted, with everything that belonged to it.',
  unreadable:
    'The key that its profile was encrypted with is destroyed. From {time} on, no backup holds it either, and nobody can read the profile any more.',
  deleted: 'What was deleted',
  account: 'Account',
  asked: 'Asked for',
  by: {
    person: '{time}, by the person',
    administrator: '{time}, by an administrator on behalf of the person',
  },
  closed: 'Closed, beyond return',
  completed: 'Deleted by',
  place: 'From',
  inRegion: '{table} in {region}',
  items: 'Entries',
  nothingLeft: 'nothing was left',
  key: 'Key destroyed',
  hash: 'Hash of the e-mail address kept until',
  processors: 'Services that were told to delete as well',
  noProcessors: 'None.',
  answered: 'deleted it, and said so on {time}',
  overdue: 'had not answered when this was signed; overdue since {time}',
  told: 'was told',
  kept: 'What is kept, and why',
  keptText: 'In the words of the certificate:',
  check: 'How anybody can check it',
  checkText:
    'This page only shows what the certificate says. What proves it is its signature. With the source code of Domicile, this command checks it and says the result in plain words:',
  files:
    'Keep the address of this page. Whoever keeps the certificate and the public keys as well can check it without us:',
  json: 'Certificate as JSON',
  jws: 'Signed text alone (JWS)',
  keys: 'Public keys of the issuer',
  issuer: 'Signed by',
  signed: '{issuer}, on {time}',
  id: 'Certificate',
  /** By the entity's name in certificates. */
  entities: {
    ACCOUNT: 'Profile',
    PASSWORD: 'Password',
    PRIVACY: 'Privacy choices',
    ACT: 'Notes of what happened',
    CONSENT: 'Consents',
    'CONSENT-EVENT': 'History of consents',
    GRANT: 'Access of apps',
    HOLD: 'Holds',
    'PRIVACY-REQUEST': 'Requests about privacy',
    SESSION: 'Sign-ins',
  },
} as const;

type Widened<Shape> = {
  readonly [Name in keyof Shape]: Shape[Name] extends string ? string : Widened<Shape[Name]>;
};

export type CertificateWords = Widened<typeof en>;
