import { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CalledSurface } from '../../functions/core/ports/cell-calls.ts';
import { dataTableName } from '../names.ts';
import { countFailures, readDataKeys } from './account-access.ts';
import { abroadOf, callCells } from './cell-access.ts';
import { type CellContext, createHttpSurface, type RouteKey } from './http-surface.ts';
import { itemAccess } from './item-access.ts';
import { useCellKeyring, useSharedKeyring } from './keyring-access.ts';
import { sendMail } from './mail-access.ts';
import type { SurfaceFunction } from './surface-function.ts';
import type { SurfaceHealth } from './surface-health.ts';

export const ACCOUNT_ROUTES: ReadonlyArray<RouteKey> = [
  'GET /',
  'GET /account',
  'GET /account/password',
  'POST /account/password',
  'POST /account/sessions/revoke',
  'POST /account/sign-out',
];

export const ACCOUNT_HEALTH: SurfaceHealth = {
  surface: 'account',
  lost: 'Managing the own account',
  slowMs: 2000,
};

/**
 * For a sign of life, before somebody is led to another cell's host. IAM cannot grant that question
 * alone, so it is put to the function that does for a cell only what it does for everybody.
 */
const ASKED: ReadonlyArray<CalledSurface> = ['token'];

/** `functions/account`: what a signed-in person sees and changes of their own account. */
export class AccountSurface extends Construct {
  readonly surface: SurfaceFunction;

  constructor(scope: Construct, id: string, context: CellContext) {
    super(scope, id);
    this.surface = createHttpSurface(this, context, {
      surface: 'account',
      routes: ACCOUNT_ROUTES,
      statements: this.#statements(context),
      environment: {},
      abroad: abroadOf(this, context, ASKED),
      // One whole vCPU, as for sign-in: a password change runs Argon2id twice.
      memoryMiB: 1769,
      needsCommonPasswords: true,
      needsPrivacyPolicy: true,
      timeout: Duration.seconds(15),
    });
  }

  #statements(context: CellContext): ReadonlyArray<PolicyStatement> {
    const { cell, parameters } = context;
    const data = dataTableName(cell);
    return [
      itemAccess(this, {
        sid: 'ManageOwnAccount',
        table: data,
        keys: 'USER#*',
        // A password change puts a new session in the place of the old one.
        actions: [
          'GetItem',
          'BatchGetItem',
          'Query',
          'PutItem',
          'UpdateItem',
          'ConditionCheckItem',
        ],
      }),
      countFailures(this, cell),
      // A password change forgets failures and ends the other sessions in one transaction.
      itemAccess(this, {
        sid: 'EndFailuresAndSessions',
        table: data,
        keys: ['ATTEMPTS#*', 'USER#*'],
        actions: ['DeleteItem'],
      }),
      readDataKeys(this, cell),
      ...useSharedKeyring(this),
      ...useCellKeyring(this, context),
      ...callCells(this, context, ASKED),
      sendMail(this, parameters.get('fromAddress').valueAsString),
    ];
  }
}
