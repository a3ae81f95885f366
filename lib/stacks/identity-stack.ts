import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Cell } from '../config.ts';
import { AccountSurface } from '../constructs/account-surface.ts';
import { AdminSurface } from '../constructs/admin-surface.ts';
import { CellApi } from '../constructs/cell-api.ts';
import type { CellContext } from '../constructs/http-surface.ts';
import { COSTLY_ROUTES, InteractionSurface } from '../constructs/interaction-surface.ts';
import type { ServiceKeyArns } from '../constructs/key-access.ts';
import { TokenSurface } from '../constructs/token-surface.ts';
import { functionName } from '../names.ts';
import { declareIdentityParameters } from '../parameters.ts';

interface IdentityStackProps extends StackProps {
  readonly cell: Cell;
  readonly keys: ServiceKeyArns;
}

/** The cell's HTTP API and its functions. Holds no state: it can be replaced at any time. */
export class IdentityStack extends Stack {
  readonly apiId: string;

  constructor(scope: Construct, id: string, props: IdentityStackProps) {
    super(scope, id, props);
    const parameters = declareIdentityParameters(this);
    const cellApi = new CellApi(this, 'CellApi', parameters);
    const { api } = cellApi;
    const context: CellContext = { cell: props.cell, keys: props.keys, api, parameters };
    new TokenSurface(this, 'Token', context);
    const interaction = new InteractionSurface(this, 'Interaction', context);
    cellApi.throttleApart(
      new Map(COSTLY_ROUTES.map((route) => [route, interaction.node.findChild(route)])),
    );
    new AccountSurface(this, 'Account', context);
    new AdminSurface(this, 'Admin', context);
    this.apiId = api.apiId;
    new CfnOutput(this, 'Issuer', {
      value: api.apiEndpoint,
      description: 'Issuer: what apps configure, and where discovery begins',
    });
    new CfnOutput(this, 'AdminFunction', {
      value: functionName('admin'),
      description: 'Invoked by npm run admin',
    });
  }
}
