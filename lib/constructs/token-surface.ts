import { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { dataTableName } from '../names.ts';
import { readDataKeys } from './account-access.ts';
import { abroadOf, callCells } from './cell-access.ts';
import {
  directoryAbroad,
  findHomesOfSubs,
  readClients,
  readSigningKeys,
} from './directory-access.ts';
import { readEvidenceKey } from './evidence-access.ts';
import { type CellContext, createHttpSurface, type RouteKey } from './http-surface.ts';
import { itemAccess } from './item-access.ts';
import { signTokens } from './key-access.ts';
import { useCellKeyring } from './keyring-access.ts';
import type { SurfaceFunction } from './surface-function.ts';
import type { SurfaceHealth } from './surface-health.ts';

export const TOKEN_ROUTES: ReadonlyArray<RouteKey> = [
  'GET /.well-known/openid-configuration',
  'GET /.well-known/oauth-authorization-server',
  'GET /.well-known/evidence-jwks.json',
  'GET /oauth2/jwks',
  'POST /oauth2/token',
  'GET /oauth2/userinfo',
  'POST /oauth2/userinfo',
  'POST /oauth2/revoke',
  'POST /oauth2/introspect',
  'POST /oauth2/par',
  'POST /v1/consents/check',
  'GET /health',
];

export const TOKEN_HEALTH: SurfaceHealth = {
  surface: 'token',
  lost: 'Getting and refreshing tokens',
  slowMs: 1000,
};

/** `functions/token`: what apps call. It redeems and rotates grants, reads profiles and signs. */
export class TokenSurface extends Construct {
  readonly surface: SurfaceFunction;

  constructor(scope: Construct, id: string, context: CellContext) {
    super(scope, id);
    this.surface = createHttpSurface(this, context, {
      surface: 'token',
      routes: TOKEN_ROUTES,
      statements: this.#statements(context),
      abroad: abroadOf(this, context, ['token'], directoryAbroad(this, context)),
      environment: {},
      needsPrivacyPolicy: true,
      // CPU comes with memory; loading the bundle is what a cold start waits for.
      memoryMiB: 1024,
      timeout: Duration.seconds(12),
    });
  }

  #statements(context: CellContext): ReadonlyArray<PolicyStatement> {
    const { cell } = context;
    const data = dataTableName(cell);
    return [
      readClients(this),
      readSigningKeys(this),
      readEvidenceKey(this),
      itemAccess(this, {
        sid: 'MoveGrantsAndReadProfiles',
        table: data,
        keys: 'USER#*',
        actions: ['UpdateItem', 'BatchGetItem', 'GetItem'],
      }),
      readDataKeys(this, cell),
      itemAccess(this, {
        sid: 'RememberAssertions',
        table: data,
        keys: 'ASSERTION#*',
        actions: ['PutItem'],
      }),
      itemAccess(this, {
        sid: 'KeepPushedRequests',
        table: data,
        keys: 'PAR#*',
        actions: ['PutItem'],
      }),
      ...useCellKeyring(this, context),
      ...signTokens(this),
      ...callCells(this, context, ['token']),
      ...findHomesOfSubs(this, context, {
        here: ['GetItem', 'BatchGetItem'],
        inPrimary: { keys: ['SUB#*'], actions: ['GetItem'] },
      }),
    ];
  }
}
