import type { ParameterSpec } from './parameter-spec.ts';

/** Every stack with functions has it, for its own logs. */
export const LOG_SPECS = {
  logRetentionDays: {
    group: 'Operations',
    type: 'choice',
    default: '90',
    // What CloudWatch Logs accepts as RetentionInDays.
    values:
      '1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653'.split(
        ' ',
      ),
    description:
      'Days that function and access logs are kept; the Directory, Data and Privacy stacks have it too.',
  },
} as const satisfies Readonly<Record<string, ParameterSpec>>;

/**
 * Parameters of the Directory stack. Every token's lifetime (24 hours at most) < retire hours, and
 * publish hours > what verifiers keep of the JWK Set (minutes).
 */
export const SIGNING_KEY_SPECS = {
  signingKeyRotationDays: {
    group: 'Signing keys',
    type: 'number',
    default: 90,
    min: 7,
    max: 365,
    description: 'Days between rotations of the signing keys.',
  },
  signingKeyPublishHours: {
    group: 'Signing keys',
    type: 'number',
    default: 24,
    min: 1,
    max: 168,
    description: 'Hours that a new signing key is published before it signs.',
  },
  signingKeyRetireHours: {
    group: 'Signing keys',
    type: 'number',
    default: 48,
    min: 25,
    max: 720,
    description:
      'Hours that an old signing key stays published after it signed last: longer than any token lives.',
  },
} as const satisfies Readonly<Record<string, ParameterSpec>>;

/** What operators tune about the infrastructure itself; no function reads it. */
export const INFRASTRUCTURE_SPECS = {
  ...LOG_SPECS,
  throttlingRatePerSecond: {
    group: 'Operations',
    type: 'number',
    default: 500,
    min: 1,
    max: 100_000,
    description: 'Requests per second that the HTTP API lets through in the long run.',
  },
  throttlingBurst: {
    group: 'Operations',
    type: 'number',
    default: 1000,
    min: 1,
    max: 100_000,
    description: 'Requests that the HTTP API lets through at once.',
  },
  signInThrottlingRatePerSecond: {
    group: 'Operations',
    type: 'number',
    default: 100,
    min: 1,
    max: 10_000,
    description:
      'Requests per second to each form that takes a password, address or code, and with several cells to each way into sign-up and home, counted apart so that a flood there leaves tokens alone.',
  },
  signInThrottlingBurst: {
    group: 'Operations',
    type: 'number',
    default: 300,
    min: 1,
    max: 10_000,
    description: 'Requests at once to each of these.',
  },
} as const satisfies Readonly<Record<string, ParameterSpec>>;

/** Parameters of the Operations stack. */
export const OPERATIONS_SPECS = {
  notificationTopicArn: {
    group: 'Operations',
    type: 'text',
    default: '',
    pattern: '(arn:[a-z-]+:sns:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_.-]{1,256})?',
    maxLength: 350,
    expected: 'empty, or the ARN of an SNS topic in this region',
    description: 'SNS topic that alarms notify. Empty: alarms change their colour only.',
  },
  signInFailureSurge: {
    group: 'Operations',
    type: 'number',
    default: 500,
    min: 10,
    max: 1_000_000,
    description: 'Failed sign-ins in five minutes that raise the alarm for an attack.',
  },
} as const satisfies Readonly<Record<string, ParameterSpec>>;

/** Parameters of the Edge stack; per network address, as CloudFront sees it. */
export const EDGE_SPECS = {
  edgeRequestsPerFiveMinutes: {
    group: 'Operations',
    type: 'number',
    default: 20_000,
    min: 100,
    max: 10_000_000,
    description:
      'With a domain: requests in five minutes after which a network address is refused. Servers of apps have one address each.',
  },
  edgeFormsPerFiveMinutes: {
    group: 'Operations',
    type: 'number',
    default: 300,
    min: 10,
    max: 1_000_000,
    description:
      'With a domain: forms of the hosted pages in five minutes after which a network address is refused. Offices share an address.',
  },
} as const satisfies Readonly<Record<string, ParameterSpec>>;

/** Parameters of the Data stack: a copy of the audit trail that nobody can change. */
export const ARCHIVE_SPECS = {
  auditArchive: {
    group: 'Privacy',
    type: 'choice',
    default: 'none',
    values: ['none', 'governance', 'compliance'],
    description:
      'Whether the audit trail is also written to a bucket with S3 Object Lock, and in which mode. In compliance mode nobody can delete a record early, you included; the mode is for good. The Privacy stack has it too.',
  },
  auditArchiveDays: {
    group: 'Privacy',
    type: 'number',
    default: 730,
    min: 1,
    max: 3650,
    description: 'Days that a record in the archive is locked, and kept.',
  },
} as const satisfies Readonly<Record<string, ParameterSpec>>;
