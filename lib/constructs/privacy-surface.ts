import { Duration, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CalledSurface } from '../../functions/core/ports/cell-calls.ts';
import { ENVIRONMENT } from '../../functions/environment.ts';
import { dataTableName, PRIVACY_BUS } from '../names.ts';
import { countFailures, readDataKeys } from './account-access.ts';
import { readOwnActs } from './audit-access.ts';
import { tellOnBus } from './bus-access.ts';
import { abroadOf, callCells } from './cell-access.ts';
import {
  directoryAbroad,
  findHomesOfSubs,
  readClients,
  readSigningKeys,
} from './directory-access.ts';
import { moveErasures } from './erasure-asking-access.ts';
import { signEvidence } from './evidence-access.ts';
import { askForExports } from './export-asking-access.ts';
import { type CellContext, createHttpSurface, type RouteKey } from './http-surface.ts';
import { itemAccess } from './item-access.ts';
import { useCellKeyring, useSharedKeyring } from './keyring-access.ts';
import { sendMail } from './mail-access.ts';
import type { SurfaceFunction } from './surface-function.ts';
import type { SurfaceHealth } from './surface-health.ts';

export const PRIVACY_ROUTES: ReadonlyArray<RouteKey> = [
  'GET /.well-known/gpc.json',
  'GET /v1/me/consents',
  'PUT /v1/me/consents/{purposeId}',
  'GET /v1/me/consents/history',
  'GET /v1/me/consents/receipts/{eventId}',
  'POST /v1/me/export',
  'GET /v1/me/export',
  'GET /v1/privacy/export-schema.json',
  'GET /account/privacy',
  'POST /account/privacy/consents',
  'POST /account/privacy/preferences',
  'POST /account/privacy/do-not-sell',
  'POST /account/privacy/apps/remove',
  'GET /account/privacy/history',
  'GET /account/privacy/receipts/{eventId}',
  'GET /account/privacy/receipts/{eventId}/file',
  'GET /account/privacy/export',
  'POST /account/privacy/export',
  'GET /account/privacy/delete',
  'POST /account/privacy/delete',
  'GET /account/privacy/export/{requestId}',
  'GET /account/privacy/export/{requestId}/{file}',
  'POST /v1/me/erasure',
  'GET /v1/me/erasure',
  'DELETE /v1/me/erasure',
  'GET /v1/me/preferences',
  'PUT /v1/me/preferences',
];

export const PRIVACY_HEALTH: SurfaceHealth = {
  surface: 'privacy',
  lost: 'Consenting, exporting and erasing by oneself',
  slowMs: 2000,
};

/** Requests for people of other cells are handed on; a sign of life comes before pages lead there. */
const CALLED: ReadonlyArray<CalledSurface> = ['privacy'];

/** `functions/privacy`: what people decide of their own data, on pages and by REST. */
export class PrivacySurface extends Construct {
  readonly surface: SurfaceFunction;

  constructor(scope: Construct, id: string, context: CellContext) {
    super(scope, id);
    this.surface = createHttpSurface(this, context, {
      surface: 'privacy',
      routes: PRIVACY_ROUTES,
      statements: this.#statements(context),
      environment: { [ENVIRONMENT.privacyBus]: PRIVACY_BUS },
      abroad: abroadOf(this, context, CALLED, directoryAbroad(this, context)),
      // CPU comes with memory: a password that is asked for again is compared by Argon2id.
      memoryMiB: 1769,
      needsPrivacyPolicy: true,
      timeout: Duration.seconds(15),
    });
  }

  #statements(context: CellContext): ReadonlyArray<PolicyStatement> {
    const { cell, parameters } = context;
    return [
      readSigningKeys(this),
      readClients(this, ['BatchGetItem']),
      countFailures(this, cell),
      itemAccess(this, {
        sid: 'DecideOnOwnData',
        table: dataTableName(cell),
        keys: 'USER#*',
        actions: [
          'GetItem',
          'BatchGetItem',
          'Query',
          'PutItem',
          'UpdateItem',
          'ConditionCheckItem',
        ],
      }),
      readDataKeys(this, cell),
      ...askForExports(this, cell),
      ...moveErasures(this, cell),
      ...readOwnActs(this, cell),
      itemAccess(this, {
        sid: 'EndAccess',
        table: dataTableName(cell),
        keys: 'USER#*',
        actions: ['DeleteItem'],
      }),
      sendMail(this, parameters.get('fromAddress').valueAsString),
      // The pepper of the password that is asked for before an account goes.
      ...useSharedKeyring(this),
      ...useCellKeyring(this, context),
      ...signEvidence(this),
      tellOnBus({
        sid: 'HaveParentsAsked',
        busArn: Stack.of(this).formatArn({
          service: 'events',
          resource: 'event-bus',
          resourceName: PRIVACY_BUS,
        }),
        kind: 'ParentalConsentRequested',
      }),
      ...callCells(this, context, CALLED),
      ...findHomesOfSubs(this, context, {
        here: ['BatchGetItem'],
        inPrimary: { keys: ['SUB#*'], actions: ['GetItem'] },
      }),
    ];
  }
}
