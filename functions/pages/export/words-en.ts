import type { Actor } from '../../core/audit/act.ts';
import type { ExportSection } from '../../core/exports/sections.ts';
import type { Channel } from '../../core/ports/privacy-choices.ts';
import { type ActWords, EN_ACTS } from '../acts/words-en.ts';

/** What the readable file of an export says; its own list, since no hosted page needs it. */
export interface ExportWords {
  readonly title: string;
  readonly lede: string;
  readonly contents: string;
  readonly nothing: string;
  readonly purposes: string;
  readonly purposesText: string;
  readonly rights: string;
  readonly rightsText: ReadonlyArray<string>;
  readonly yes: string;
  readonly no: string;
  readonly sections: Readonly<
    Record<ExportSection, { readonly title: string; readonly text: string }>
  >;
  /** Of members of the JSON file; others, of processors for example, are shown as they are called. */
  readonly labels: Readonly<Record<string, string>>;
  /** Of members with a fixed set of values. */
  readonly values: Readonly<Record<string, string>>;
  /** Of members of a topic. */
  readonly channels: Readonly<Record<Channel, string>>;
  /** Of the member `kind` of the activity. */
  readonly acts: ActWords;
  /** Of its member `actor`, by what stands before the colon (`nameActor`). */
  readonly actors: Readonly<Record<Actor['type'], string>>;
}

export const en: ExportWords = {
  title: 'Your data',
  lede: 'Everything that is held on you, as it was when this file was made. The JSON file has the same for machines.',
  contents: 'Contents',
  nothing: 'Nothing is held.',
  purposes: 'What your data is used for',
  purposesText:
    'Each purpose with its legal basis, how long data is kept for it, and who receives it.',
  rights: 'Your rights',
  rightsText: [
    'You can have wrong data corrected, have your data erased, have its use restricted, and object to it. Consent can be withdrawn at any time, for the future.',
    'You can take the JSON file to somebody else. You can complain to the data protection authority where you live or work, or where you think that something went wrong.',
    'No decision about you is made by automated means alone on the basis of this data by the sign-in service.',
  ],
  yes: 'Yes',
  no: 'No',
  sections: {
    profile: { title: 'Your account', text: 'What you told us, and when.' },
    credentials: {
      title: 'How you sign in',
      text: 'A password is kept as a hash, from which nobody can read it.',
    },
    preferences: {
      title: 'Your choices',
      text: 'What you agreed or objected to, as it stands, and what you want to hear about.',
    },
    permissions: { title: 'What you allow apps', text: 'Which app may use what of yours.' },
    consentHistory: {
      title: 'History of your choices',
      text: 'Every choice you made, with version and fingerprint of the wording that you saw. The receipts in your account show the wording itself, as long as our policy has it.',
    },
    grants: {
      title: 'Access of apps',
      text: 'Sign-ins of apps in your name. Ended ones are deleted after a while.',
    },
    holds: {
      title: 'Data that a law keeps',
      text: 'While one of these stands, your data cannot be erased. Please ask us for the reason.',
    },
    sessions: { title: 'Where you are signed in', text: 'Browsers with a session.' },
    identifiers: {
      title: 'Addresses',
      text: 'Your e-mail address. All our regions know a keyed hash of it, and where your data is.',
    },
    requests: {
      title: 'Requests about your data',
      text: 'Exports and erasures, this one included.',
    },
    activity: {
      title: 'Activity',
      text: 'What happened with your account: who did what, when, and from which network.',
    },
    organisations: { title: 'Organisations', text: 'Organisations that you belong to.' },
    processors: {
      title: 'What others hold',
      text: 'Answers of those who process your data for us, as they gave them.',
    },
  },
  labels: {
    acceptedAt: 'Accepted at',
    acceptedTerms: 'Accepted terms',
    actor: 'Who',
    algorithm: 'Algorithm',
    answeredAt: 'Answered at',
    at: 'When',
    attributes: 'Details',
    authenticatedAt: 'Signed in at',
    authenticationMethods: 'Signed in with',
    availableUntil: 'Available until',
    birthdate: 'Date of birth',
    choices: 'Choices',
    claimedAt: 'Since',
    clientId: 'App (id)',
    clientName: 'App',
    collectedAt: 'Collected at',
    contact: 'Contact',
    controller: 'Responsible',
    country: 'Country',
    createdAt: 'Created at',
    data: 'Data',
    dataCategories: 'Kinds of data',
    dataKey: 'Your own key',
    description: 'Description',
    device: 'Browser',
    directory: 'Entry in the directory',
    doNotSell: 'Do not sell or share',
    dueAt: 'Due at',
    email: 'E-mail address',
    endsAt: 'Ends at',
    eventId: 'Receipt',
    expiresAt: 'Ends at',
    from: 'Network',
    grantedAt: 'Allowed at',
    grantId: 'Id',
    hash: 'Hash (with a secret pepper of ours)',
    history: 'Course',
    hasAnswered: 'Has answered',
    isOn: 'Switched on',
    holdId: 'Id',
    home: 'Region',
    id: 'Id',
    isEmailVerified: 'Address confirmed',
    isPeppered: 'With a secret pepper',
    issuer: 'Issued by',
    isVerified: 'Confirmed',
    keyedHash: 'Keyed hash',
    keyringVersion: 'Version of the keyring',
    kind: 'What',
    language: 'Language',
    lastSeenAt: 'Last seen at',
    legalBasis: 'Legal basis',
    locale: 'Language',
    memoryKiB: 'Memory (KiB)',
    method: 'How',
    name: 'Name',
    object: 'Concerning',
    page: 'Page',
    parallelism: 'Lanes',
    passes: 'Passes',
    placedAt: 'Since',
    processorId: 'Id',
    purposeId: 'Purpose',
    reason: 'Reason',
    recipients: 'Recipients',
    redirectUri: 'Leads back to',
    requestedAt: 'Requested at',
    requestedBy: 'Requested by',
    requestId: 'Request',
    resources: 'For',
    retention: 'Kept for',
    scopes: 'May use',
    sessionId: 'Session',
    source: 'By',
    state: 'State',
    status: 'State',
    storedIn: 'Stored in',
    sub: 'Your id',
    textHash: 'Fingerprint of the wording',
    title: 'Title',
    topics: 'Topics',
    type: 'Kind',
    updatedAt: 'Changed at',
    url: 'Address',
    value: 'Address',
    version: 'Version of the wording',
    withCredentials: 'With password hash',
    changedAt: 'Changed at',
  },
  values: {
    'awaiting-processors': 'waiting for others',
    choice: 'choice',
    closed: 'being erased',
    disabled: 'disabled',
    'do-not-sell': 'do not sell or share',
    erasure: 'erasure',
    export: 'export',
    held: 'kept by law',
    issued: 'begun',
    open: 'open',
    parent: 'by a parent',
    quarantine: 'erased, address resting',
    revoked: 'ended',
    active: 'active',
    administrator: 'an administrator',
    api: 'by an app',
    'awaiting-parent': 'waiting for a parent',
    collecting: 'being collected',
    completed: 'done',
    consent: 'consent',
    contract: 'contract',
    email: 'e-mail',
    erasing: 'to be erased',
    expired: 'expired',
    form: 'on a page',
    gpc: 'signal of the browser (GPC)',
    grace: 'can still be undone',
    granted: 'agreed',
    'legal-obligation': 'legal obligation',
    'legitimate-interests': 'legitimate interests',
    objected: 'objected',
    password: 'password',
    person: 'yourself',
    'public-task': 'public task',
    ready: 'ready',
    undone: 'undone',
    'vital-interests': 'vital interests',
    withdrawn: 'withdrawn',
  },
  channels: { email: 'E-mail', sms: 'Text message', push: 'Push message' },
  acts: EN_ACTS,
  actors: {
    person: 'you',
    client: 'an app, or our staff',
    system: 'the service itself',
    anonymous: 'somebody who had not signed in',
  },
};
