/**
 * Names of the environment that the stacks give to functions. Imported by both sides, so that a
 * name cannot be spelled twice. Tunables come from `lib/parameters.ts` under the names in `TUNABLES`.
 */
export const ENVIRONMENT = {
  /** Issuer identifier, no trailing slash (RFC 8414 §2). */
  issuer: 'ISSUER',
  /** This cell's name, a tag in codes, tokens and cookies. */
  cell: 'CELL',
  directoryTable: 'DIRECTORY_TABLE',
  dataTable: 'DATA_TABLE',
  keyTable: 'KEY_TABLE',
  /** `eu=https://eu.id.example.com,us=…`: every cell's pages, in the order of the topology. */
  cellUrls: 'CELL_URLS',
  /** `eu=eu-central-1,us=us-east-1`: every cell's AWS region. */
  cellRegions: 'CELL_REGIONS',
  /** AWS region whose directory claims new identifiers. */
  primaryRegion: 'PRIMARY_REGION',
  /** `eu=AT BE …,us=CA US`: ISO 3166-1 alpha-2 codes of the countries that each cell is home to. */
  cellCountries: 'CELL_COUNTRIES',
  /** `eu=1,us=1`: how many of all people live in each cell, against each other. */
  cellShares: 'CELL_SHARES',
  /**
   * What CloudFront, or a front of the operator's own, adds to every request, so that nobody can
   * pass it by: one secret, or two with a comma between while they change. Absent with one cell and
   * no domain, empty for a front that proves nothing.
   */
  edgeSecret: 'EDGE_SECRET',
  /** KMS key that wraps the cell's own keyring, which no other cell can open. */
  cellKeyArn: 'CELL_KEY_ARN',
  /** KMS key that wraps the shared keyring. */
  keyringKeyArn: 'KEYRING_KEY_ARN',
  /** Hours that a new signing key is published before it signs. */
  signingKeyPublishHours: 'SIGNING_KEY_PUBLISH_HOURS',
  /** Hours that an old signing key stays published after it signed last. */
  signingKeyRetireHours: 'SIGNING_KEY_RETIRE_HOURS',
  /** State machine that rotates the signing keys. */
  keyRotationArn: 'KEY_ROTATION_ARN',
  /** Audit records, requests, certificates and the ledger of erasures, which erasure leaves alone. */
  recordsTable: 'RECORDS_TABLE',
  exportBucket: 'EXPORT_BUCKET',
  /** Empty unless the audit trail is archived. */
  archiveBucket: 'ARCHIVE_BUCKET',
  exportMachineArn: 'EXPORT_MACHINE_ARN',
  erasureMachineArn: 'ERASURE_MACHINE_ARN',
  /** Name of the EventBridge bus that processors are told on. */
  privacyBus: 'PRIVACY_BUS',
  /** KMS key that signs evidence, at deployment. */
  evidenceKeyArn: 'EVIDENCE_KEY_ARN',
} as const;

/** Environment names of the operator's tunables; the unit stands in each name. */
export const TUNABLES = {
  accessTokenLifetimeSeconds: 'ACCESS_TOKEN_LIFETIME_SECONDS',
  idTokenLifetimeSeconds: 'ID_TOKEN_LIFETIME_SECONDS',
  authorizationCodeLifetimeSeconds: 'AUTHORIZATION_CODE_LIFETIME_SECONDS',
  refreshTokenIdleLifetimeSeconds: 'REFRESH_TOKEN_IDLE_LIFETIME_SECONDS',
  refreshTokenAbsoluteLifetimeSeconds: 'REFRESH_TOKEN_ABSOLUTE_LIFETIME_SECONDS',
  refreshTokenGraceSeconds: 'REFRESH_TOKEN_GRACE_SECONDS',
  sessionIdleLifetimeSeconds: 'SESSION_IDLE_LIFETIME_SECONDS',
  sessionAbsoluteLifetimeSeconds: 'SESSION_ABSOLUTE_LIFETIME_SECONDS',
  oneTimeCodeLifetimeSeconds: 'ONE_TIME_CODE_LIFETIME_SECONDS',
  oneTimeCodeTries: 'ONE_TIME_CODE_TRIES',
  oneTimeCodeResendIntervalSeconds: 'ONE_TIME_CODE_RESEND_INTERVAL_SECONDS',
  /** Mails with a code per e-mail address and hour. */
  oneTimeCodeMailsPerHour: 'ONE_TIME_CODE_MAILS_PER_HOUR',
  /** Mails with a code that one network address may cause per hour. */
  oneTimeCodeMailsPerHourAndSource: 'ONE_TIME_CODE_MAILS_PER_HOUR_AND_SOURCE',
  signInFailureLimit: 'SIGN_IN_FAILURE_LIMIT',
  signInFailureWindowSeconds: 'SIGN_IN_FAILURE_WINDOW_SECONDS',
  /** Addresses that one network may have looked up in a quarter of an hour, with several cells. */
  lookUpsPerQuarterHourAndSource: 'LOOK_UPS_PER_QUARTER_HOUR_AND_SOURCE',
  passwordMinimumLength: 'PASSWORD_MINIMUM_LENGTH',
  argon2MemoryKiB: 'ARGON2_MEMORY_KIB',
  argon2Passes: 'ARGON2_PASSES',
  argon2Parallelism: 'ARGON2_PARALLELISM',
  /** `enabled` or `disabled`. */
  selfRegistration: 'SELF_REGISTRATION',
  fromAddress: 'FROM_ADDRESS',
  productName: 'PRODUCT_NAME',
  termsUrl: 'TERMS_URL',
  privacyUrl: 'PRIVACY_URL',
  defaultLanguage: 'DEFAULT_LANGUAGE',
  /** Days that an account to be erased can still be kept. */
  erasureGraceDays: 'ERASURE_GRACE_DAYS',
  /** Days after an erasure that nobody can sign up with its address. */
  identifierQuarantineDays: 'IDENTIFIER_QUARANTINE_DAYS',
  processorDeadlineDays: 'PROCESSOR_DEADLINE_DAYS',
  processorReminderHours: 'PROCESSOR_REMINDER_HOURS',
  exportLinkDays: 'EXPORT_LINK_DAYS',
  auditRetentionDays: 'AUDIT_RETENTION_DAYS',
  /** Runs of one workflow at a time. */
  privacyRequestConcurrency: 'PRIVACY_REQUEST_CONCURRENCY',
  /** Age of a sign-in that downloads and erasures accept. */
  freshSignInMinutes: 'FRESH_SIGN_IN_MINUTES',
} as const;

/** CloudWatch namespace of what functions count; each metric has the one dimension `service`. */
export const METRICS_NAMESPACE = 'Domicile';

/** Business events that functions log and count; the dashboard shows every one of them. */
export const COUNTED_EVENTS = [
  'SignInSucceeded',
  'SignInFailed',
  /** Refused unread, because of those that failed before. */
  'SignInLocked',
  'SignUpCompleted',
  'PasswordRecovered',
  /** The mail about a changed password did not leave. */
  'PasswordChangeNotTold',
] as const;

/** As `COUNTED_EVENTS`, where there are several cells. */
export const COUNTED_BETWEEN_CELLS = [
  /** Somebody could not be led to another cell, because it does not answer. */
  'HandOverRefused',
  /** What another cell was asked, handed or told got no answer. */
  'CellCallFailed',
  /** An account whose address the primary region could not confirm. */
  'ClaimLeftPending',
] as const;

/** As `COUNTED_EVENTS`, of exports and erasures; counted by surfaces and by states of workflows. */
export const COUNTED_OF_PRIVACY = [
  /** The mail about an erasure that was asked for, or undone, did not leave. */
  'ErasureNotTold',
  /** A processor has not acknowledged in time. */
  'ProcessorOverdue',
  /** A request is not answered within the month that the law gives (GDPR Art. 12(3)). */
  'RequestOverdue',
] as const;

export type CountedEvent =
  | (typeof COUNTED_EVENTS)[number]
  | (typeof COUNTED_BETWEEN_CELLS)[number]
  | (typeof COUNTED_OF_PRIVACY)[number];

/** Lies beside the bundle of each function where passwords are chosen; written at synthesis. */
export const COMMON_PASSWORDS_FILE = 'common-passwords.bin';

/** Lies beside the bundle of each function that knows the purposes; `PrivacyPolicy` as JSON. */
export const PRIVACY_POLICY_FILE = 'privacy-policy.json';

type EnvironmentName =
  | (typeof ENVIRONMENT)[keyof typeof ENVIRONMENT]
  | (typeof TUNABLES)[keyof typeof TUNABLES];

/** Throws at start, naming what is missing: a function without its settings must not serve. */
export function requireText(name: EnvironmentName, environment = process.env): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new Error(`environment lacks ${name}`);
  return value;
}

/** For settings that may be left empty. */
export function findText(name: EnvironmentName, environment = process.env): string | undefined {
  const value = environment[name];
  return value === '' ? undefined : value;
}

/** Rounds down: CloudFormation's parameters of type Number take fractions too. */
export function requireInteger(name: EnvironmentName, environment = process.env): number {
  const value = Number(requireText(name, environment));
  if (!Number.isFinite(value)) throw new Error(`environment has no number in ${name}`);
  return Math.floor(value);
}
