import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../../functions/environment.ts';
import { DIRECTORY_TABLE } from '../names.ts';
import { logRetention } from '../parameters.ts';
import { regionEnvironment } from '../topology-environment.ts';
import type { CellContext } from './http-surface.ts';
import { itemAccess } from './item-access.ts';
import { SurfaceFunction } from './surface-function.ts';

/**
 * `functions/admin`: operators register clients. It has no route: who may call it is decided by
 * the operator's own `lambda:InvokeFunction`.
 */
export class AdminSurface extends Construct {
  readonly surface: SurfaceFunction;

  constructor(scope: Construct, id: string, { parameters, topology }: CellContext) {
    super(scope, id);
    const table = DIRECTORY_TABLE;
    this.surface = new SurfaceFunction(this, 'Surface', {
      surface: 'admin',
      topology,
      memoryMiB: 512,
      timeout: Duration.seconds(20),
      logRetention: logRetention(parameters),
      environment: { [ENVIRONMENT.directoryTable]: table, ...regionEnvironment(topology) },
      statements: [
        itemAccess(this, {
          sid: 'ReadClients',
          table,
          keys: 'CLIENT#*',
          actions: ['GetItem', 'BatchGetItem'],
        }),
        itemAccess(this, { sid: 'ListClients', table, keys: 'CLIENTS', actions: ['Query'] }),
        itemAccess(this, {
          sid: 'WriteClientsAndTheirIndex',
          table,
          keys: ['CLIENT#*', 'CLIENTS'],
          actions: ['PutItem'],
        }),
        // A deleted client's own item stays, as a tombstone.
        itemAccess(this, {
          sid: 'DeleteFromTheIndex',
          table,
          keys: 'CLIENTS',
          actions: ['DeleteItem'],
        }),
      ],
    });
  }
}
