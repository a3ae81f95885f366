import { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CalledSurface } from '../../functions/core/ports/cell-calls.ts';
import { ENVIRONMENT } from '../../functions/environment.ts';
import { areSeveral } from '../config.ts';
import { DIRECTORY_TABLE, dataTableName, keyTableName, recordsTableName } from '../names.ts';
import { countryEnvironment, regionOf, shareEnvironment } from '../topology-environment.ts';
import { countFailures } from './account-access.ts';
import { abroadOf, callCells } from './cell-access.ts';
import {
  directoryAbroad,
  findHomesOfSubs,
  readClients,
  readSigningKeys,
} from './directory-access.ts';
import { type CellContext, createHttpSurface } from './http-surface.ts';
import { INTERACTION_ROUTES, routesOf } from './interaction-routes.ts';
import { itemAccess } from './item-access.ts';
import { useCellKeyring, useSharedKeyring } from './keyring-access.ts';
import { sendMail } from './mail-access.ts';
import type { SurfaceFunction } from './surface-function.ts';
import type { SurfaceHealth } from './surface-health.ts';

export const INTERACTION_HEALTH: SurfaceHealth = {
  surface: 'interaction',
  lost: 'Signing up or in',
  slowMs: 2000,
};

/** What it asks of other cells. */
const CALLED: ReadonlyArray<CalledSurface> = ['interaction'];

/** `functions/interaction`: what browsers visit to sign up, in and out. It never signs tokens. */
export class InteractionSurface extends Construct {
  readonly surface: SurfaceFunction;

  constructor(scope: Construct, id: string, context: CellContext) {
    super(scope, id);
    this.surface = createHttpSurface(this, context, {
      surface: 'interaction',
      routes: routesOf(context.topology, INTERACTION_ROUTES),
      statements: [
        ...this.#directoryStatements(context),
        ...this.#dataStatements(context),
        ...this.#severalCellsStatements(context),
        ...useSharedKeyring(this),
        ...useCellKeyring(this, context),
        sendMail(this, context.parameters.get('fromAddress').valueAsString),
      ],
      environment: {
        [ENVIRONMENT.recordsTable]: recordsTableName(context.cell),
        ...countryEnvironment(context.topology),
        ...shareEnvironment(context.topology),
      },
      abroad: abroadOf(this, context, CALLED, directoryAbroad(this, context)),
      // One whole vCPU: Argon2id is what a sign-in waits for.
      memoryMiB: 1769,
      needsCommonPasswords: true,
      needsPrivacyPolicy: true,
      timeout: Duration.seconds(15),
    });
  }

  #directoryStatements({ cell, topology }: CellContext): ReadonlyArray<PolicyStatement> {
    const table = DIRECTORY_TABLE;
    const isPrimary = cell.name === topology.primary.name;
    return [
      readClients(this),
      readSigningKeys(this),
      itemAccess(this, {
        sid: 'FindHomes',
        table,
        keys: 'IDENTIFIER#*',
        actions: ['BatchGetItem'],
      }),
      // In the primary region, wherever this cell is; other cells confirm and release there, too.
      itemAccess(this, {
        sid: 'ClaimIdentifiers',
        table,
        region: regionOf(topology.primary),
        keys: ['IDENTIFIER#*', 'SUB#*'],
        actions: isPrimary
          ? ['PutItem', 'ConditionCheckItem']
          : ['PutItem', 'ConditionCheckItem', 'UpdateItem', 'DeleteItem'],
      }),
    ];
  }

  /** Hand-overs, look-ups and homes elsewhere: with one cell there is none of it. */
  #severalCellsStatements(context: CellContext): ReadonlyArray<PolicyStatement> {
    if (!areSeveral(context.topology)) return [];
    const table = dataTableName(context.cell);
    return [
      itemAccess(this, { sid: 'UseUpHandOvers', table, keys: 'HANDOVER#*', actions: ['PutItem'] }),
      itemAccess(this, { sid: 'CountLookUps', table, keys: 'LOOKUPS#*', actions: ['UpdateItem'] }),
      ...findHomesOfSubs(this, context, {
        here: ['GetItem'],
        inPrimary: { keys: ['IDENTIFIER#*'], actions: ['BatchGetItem'] },
      }),
      ...callCells(this, context, CALLED),
    ];
  }

  #dataStatements({ cell }: CellContext): ReadonlyArray<PolicyStatement> {
    const table = dataTableName(cell);
    return [
      itemAccess(this, {
        sid: 'SignPeopleUpAndIn',
        table,
        // An account and the pointer to it are written in one transaction.
        keys: ['USER#*', 'IDENTIFIER#*'],
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
        sid: 'UseUpPushedRequests',
        table,
        keys: 'PAR#*',
        actions: ['UpdateItem'],
      }),
      countFailures(this, cell),
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
      // Who signs in to an account that is to be erased may keep it.
      itemAccess(this, {
        sid: 'UndoErasures',
        table: recordsTableName(cell),
        keys: 'REQUEST#*',
        actions: ['GetItem', 'UpdateItem'],
      }),
    ];
  }
}
