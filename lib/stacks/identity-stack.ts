import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import type { PrivacyPolicy } from '../../functions/core/privacy-policy.ts';
import { areSeveral, type Cell, type Topology } from '../config.ts';
import { AccountSurface } from '../constructs/account-surface.ts';
import { AdminSurface } from '../constructs/admin-surface.ts';
import { CellApi } from '../constructs/cell-api.ts';
import type { CellContext } from '../constructs/http-surface.ts';
import { costlyRoutesOf } from '../constructs/interaction-routes.ts';
import { InteractionSurface } from '../constructs/interaction-surface.ts';
import { PrivacyAdminSurface } from '../constructs/privacy-admin-surface.ts';
import { PrivacySurface } from '../constructs/privacy-surface.ts';
import { TokenSurface } from '../constructs/token-surface.ts';
import { cellHost } from '../edge-hosts.ts';
import { functionName } from '../names.ts';
import { declareIdentityParameters, type IdentityParameters } from '../parameters.ts';
import { type Addresses, joinByCell } from '../topology-environment.ts';

interface IdentityStackProps extends StackProps {
  readonly cell: Cell;
  readonly topology: Topology;
  readonly cellKeyArn: string;
  readonly privacyPolicy: PrivacyPolicy;
}

/** The cell's HTTP API and its functions. Holds no state: it can be replaced at any time. */
export class IdentityStack extends Stack {
  readonly apiId: string;
  /** For functions that nobody reaches over HTTP. */
  readonly addresses: Addresses;

  constructor(scope: Construct, id: string, props: IdentityStackProps) {
    super(scope, id, props);
    const { cell, topology } = props;
    const foreignFront =
      areSeveral(topology) && topology.domain === undefined ? topology.cells : undefined;
    const parameters = declareIdentityParameters(this, { foreignFront });
    const cellApi = new CellApi(this, 'CellApi', {
      parameters,
      hasOwnHosts: topology.domain !== undefined,
    });
    const { api } = cellApi;
    const addresses = addressesOf(topology, parameters, api);
    this.addresses = addresses;
    const { cellKeyArn, privacyPolicy } = props;
    const context: CellContext = {
      ...{ cell, topology, addresses, api, parameters, cellKeyArn, privacyPolicy },
    };
    new TokenSurface(this, 'Token', context);
    const interaction = new InteractionSurface(this, 'Interaction', context);
    cellApi.throttleApart(
      new Map(costlyRoutesOf(topology).map((route) => [route, interaction.node.findChild(route)])),
    );
    new AccountSurface(this, 'Account', context);
    new PrivacySurface(this, 'Privacy', context);
    new PrivacyAdminSurface(this, 'PrivacyAdmin', context);
    this.apiId = api.apiId;
    new CfnOutput(this, 'Issuer', {
      value: addresses.issuer,
      description: 'Issuer: what apps configure, and where discovery begins',
    });
    if (foreignFront !== undefined) this.#outputEndpoint(api.apiEndpoint);
    if (cell.name === topology.primary.name) this.#administrate(context);
  }

  #outputEndpoint(apiEndpoint: string): void {
    new CfnOutput(this, 'ApiEndpoint', {
      value: apiEndpoint,
      description: 'Where your front passes requests to this cell',
    });
  }

  /** Clients are written in the primary region only, as everything that all cells share. */
  #administrate(context: CellContext): void {
    new AdminSurface(this, 'Admin', context);
    new CfnOutput(this, 'AdminFunction', {
      value: functionName('admin'),
      description: 'Invoked by npm run admin',
    });
  }
}

/** Own hosts with a domain; else the one API's URL, or what the operator's front answers to. */
function addressesOf(
  { cells, domain }: Topology,
  parameters: IdentityParameters,
  api: HttpApi,
): Addresses {
  if (domain !== undefined) {
    const cellUrls = joinByCell(cells, (cell) => `https://${cellHost(cell, domain)}`);
    return { issuer: `https://${domain.name}`, cellUrls };
  }
  if (cells.length === 1) {
    const { apiEndpoint } = api;
    return { issuer: apiEndpoint, cellUrls: joinByCell(cells, () => apiEndpoint) };
  }
  return {
    issuer: parameters.get('issuerUrl').valueAsString,
    cellUrls: parameters.get('cellUrls').valueAsString,
    frontSecret: parameters.get('frontSecret').valueAsString,
  };
}
