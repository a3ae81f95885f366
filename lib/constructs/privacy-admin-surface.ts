import { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CalledSurface } from '../../functions/core/ports/cell-calls.ts';
import { DIRECTORY_TABLE, dataTableName, recordsTableName } from '../names.ts';
import { readDataKeys } from './account-access.ts';
import { abroadOf, callCells } from './cell-access.ts';
import { directoryAbroad, findHomesOfSubs, readSigningKeys } from './directory-access.ts';
import { answerTasks, moveErasures } from './erasure-asking-access.ts';
import { serveExports, writeRequests } from './export-asking-access.ts';
import { type CellContext, createHttpSurface, type RouteKey } from './http-surface.ts';
import { itemAccess } from './item-access.ts';
import { useCellKeyring, useSharedKeyring } from './keyring-access.ts';
import { sendMail } from './mail-access.ts';
import type { SurfaceFunction } from './surface-function.ts';
import type { SurfaceHealth } from './surface-health.ts';

export const PRIVACY_ADMIN_ROUTES: ReadonlyArray<RouteKey> = [
  'GET /v1/admin/privacy/requests',
  'POST /v1/admin/privacy/requests',
  'GET /v1/admin/privacy/requests/{requestId}',
  'DELETE /v1/admin/privacy/requests/{requestId}',
  'POST /v1/admin/privacy/requests/{requestId}/files',
  'POST /v1/admin/privacy/people',
  'GET /v1/admin/privacy/people/{sub}/holds',
  'POST /v1/admin/privacy/people/{sub}/holds',
  'DELETE /v1/admin/privacy/people/{sub}/holds/{holdId}',
  'POST /v1/admin/privacy/people/{sub}/consents',
  'POST /v1/admin/privacy/people/{sub}/parental-consents',
  'POST /v1/privacy/acknowledgements',
  'GET /v1/privacy/certificates/{certificateId}',
];

export const PRIVACY_ADMIN_HEALTH: SurfaceHealth = {
  surface: 'privacy-admin',
  lost: 'Acting on requests for data and erasure, and checking certificates',
  slowMs: 2000,
};

/** Requests about people of other cells are handed on. */
const CALLED: ReadonlyArray<CalledSurface> = ['privacy-admin'];

/** `functions/privacy-admin`: operators' side of people's rights, and what processors answer. */
export class PrivacyAdminSurface extends Construct {
  readonly surface: SurfaceFunction;

  constructor(scope: Construct, id: string, context: CellContext) {
    super(scope, id);
    this.surface = createHttpSurface(this, context, {
      surface: 'privacy-admin',
      routes: PRIVACY_ADMIN_ROUTES,
      statements: [
        ...this.#directoryStatements(context),
        ...this.#dataStatements(context),
        ...this.#recordStatements(context),
        ...useSharedKeyring(this),
        ...useCellKeyring(this, context),
        ...callCells(this, context, CALLED),
        sendMail(this, context.parameters.get('fromAddress').valueAsString),
      ],
      environment: {},
      abroad: abroadOf(this, context, CALLED, directoryAbroad(this, context)),
      memoryMiB: 1024,
      needsPrivacyPolicy: true,
      timeout: Duration.seconds(15),
    });
  }

  #directoryStatements(context: CellContext): ReadonlyArray<PolicyStatement> {
    return [
      readSigningKeys(this),
      itemAccess(this, {
        sid: 'LookUpAddresses',
        table: DIRECTORY_TABLE,
        keys: 'IDENTIFIER#*',
        actions: ['BatchGetItem'],
      }),
      ...findHomesOfSubs(this, context, {
        here: ['GetItem'],
        inPrimary: { keys: ['IDENTIFIER#*', 'SUB#*'], actions: ['GetItem', 'BatchGetItem'] },
      }),
    ];
  }

  #dataStatements({ cell }: CellContext): ReadonlyArray<PolicyStatement> {
    const table = dataTableName(cell);
    return [
      itemAccess(this, {
        sid: 'PlaceHoldsAndCloseAccess',
        table,
        keys: 'USER#*',
        actions: [
          'GetItem',
          'BatchGetItem',
          'PutItem',
          'UpdateItem',
          'DeleteItem',
          'Query',
          'ConditionCheckItem',
        ],
      }),
      itemAccess(this, { sid: 'TellOfActs', table, keys: 'ACT#*', actions: ['PutItem'] }),
      // The reason of a hold is encrypted under the key of its person.
      readDataKeys(this, cell, ['BatchGetItem', 'GetItem']),
    ];
  }

  #recordStatements({ cell }: CellContext): ReadonlyArray<PolicyStatement> {
    const table = recordsTableName(cell);
    return [
      ...moveErasures(this, cell),
      writeRequests(this, cell),
      itemAccess(this, {
        sid: 'ReadRequests',
        table,
        keys: 'REQUEST#*',
        actions: ['GetItem', 'BatchGetItem', 'Query'],
      }),
      itemAccess(this, {
        sid: 'ListRequestsByMonth',
        table,
        keys: 'REQUESTS#*',
        actions: ['Query'],
      }),
      itemAccess(this, {
        sid: 'ReadCertificates',
        table,
        keys: 'CERTIFICATE#*',
        actions: ['GetItem'],
      }),
      ...serveExports(this, cell),
      answerTasks(this),
    ];
  }
}
