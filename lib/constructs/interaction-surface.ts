import { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DIRECTORY_TABLE, dataTableName, keyTableName } from '../names.ts';
import { type CellContext, createHttpSurface, type RouteKey } from './http-surface.ts';
import { itemAccess } from './item-access.ts';
import { openKeyring } from './key-access.ts';
import { sendMail } from './mail-access.ts';
import type { SurfaceFunction } from './surface-function.ts';
import type { SurfaceHealth } from './surface-health.ts';

export const INTERACTION_ROUTES: ReadonlyArray<RouteKey> = [
  'GET /oauth2/authorize',
  'POST /oauth2/authorize',
  'GET /sign-in',
  'POST /sign-in',
  'GET /sign-up',
  'POST /sign-up',
  'GET /verify',
  'POST /verify',
  'POST /verify/resend',
  'GET /recover',
  'POST /recover',
  'GET /recover/reset',
  'POST /recover/reset',
  'POST /recover/resend',
  'GET /consent',
  'POST /consent',
  'GET /oauth2/logout',
  'POST /oauth2/logout',
  // Whatever nothing else answers: a page that says so, and no body of the API's own.
  'GET /{proxy+}',
];

/** Forms that anybody may post and that cost Argon2id, a write or a mail each. */
export const COSTLY_ROUTES: ReadonlyArray<RouteKey> = [
  'POST /sign-in',
  'POST /sign-up',
  'POST /verify',
  'POST /verify/resend',
  'POST /recover',
  'POST /recover/reset',
  'POST /recover/resend',
];

export const INTERACTION_HEALTH: SurfaceHealth = {
  surface: 'interaction',
  lost: 'Signing up or in',
  slowMs: 2000,
};

/** `functions/interaction`: what browsers visit to sign up, in and out. It never signs tokens. */
export class InteractionSurface extends Construct {
  readonly surface: SurfaceFunction;

  constructor(scope: Construct, id: string, context: CellContext) {
    super(scope, id);
    this.surface = createHttpSurface(this, context, {
      surface: 'interaction',
      routes: INTERACTION_ROUTES,
      statements: [
        ...this.#directoryStatements(),
        ...this.#dataStatements(context),
        ...openKeyring(context.keys),
        sendMail(this, context.parameters.get('fromAddress').valueAsString),
      ],
      environment: {},
      // One whole vCPU: Argon2id is what a sign-in waits for.
      memoryMiB: 1769,
      needsCommonPasswords: true,
      timeout: Duration.seconds(15),
    });
  }

  #directoryStatements(): ReadonlyArray<PolicyStatement> {
    const table = DIRECTORY_TABLE;
    return [
      itemAccess(this, { sid: 'ReadClients', table, keys: 'CLIENT#*', actions: ['GetItem'] }),
      itemAccess(this, { sid: 'ReadKeyring', table, keys: 'KEYRING', actions: ['GetItem'] }),
      itemAccess(this, {
        sid: 'ReadSigningKeys',
        table,
        keys: 'SIGNING-KEYS',
        actions: ['Query'],
      }),
      itemAccess(this, {
        sid: 'FindHomes',
        table,
        keys: 'IDENTIFIER#*',
        actions: ['BatchGetItem'],
      }),
      itemAccess(this, {
        sid: 'ClaimIdentifiers',
        table,
        keys: ['IDENTIFIER#*', 'SUB#*'],
        actions: ['PutItem'],
      }),
    ];
  }

  #dataStatements({ cell }: CellContext): ReadonlyArray<PolicyStatement> {
    const table = dataTableName(cell);
    return [
      itemAccess(this, {
        sid: 'SignPeopleUpAndIn',
        table,
        keys: 'USER#*',
        actions: [
          'GetItem',
          'BatchGetItem',
          'Query',
          'ConditionCheckItem',
          'PutItem',
          'UpdateItem',
        ],
      }),
      itemAccess(this, {
        sid: 'FindResidents',
        table,
        keys: 'IDENTIFIER#*',
        actions: ['BatchGetItem', 'PutItem'],
      }),
      itemAccess(this, {
        sid: 'OpenChallenges',
        table,
        keys: 'CHALLENGE#*',
        actions: ['GetItem', 'PutItem'],
      }),
      // A renewed challenge and the mail that tells of it are counted in one transaction.
      itemAccess(this, {
        sid: 'CountTriesAndMails',
        table,
        keys: ['CHALLENGE#*', 'MAILS#*'],
        actions: ['UpdateItem'],
      }),
      itemAccess(this, {
        sid: 'CountFailures',
        table,
        keys: 'ATTEMPTS#*',
        actions: ['UpdateItem'],
      }),
      // Recovery uses up its challenge, forgets failures and ends sessions in one transaction.
      itemAccess(this, {
        sid: 'EndChallengesFailuresAndSessions',
        table,
        keys: ['CHALLENGE#*', 'ATTEMPTS#*', 'USER#*'],
        actions: ['DeleteItem'],
      }),
      itemAccess(this, {
        sid: 'CreateAndReadDataKeys',
        table: keyTableName(cell),
        keys: 'USER#*',
        actions: ['PutItem', 'BatchGetItem'],
      }),
    ];
  }
}
