import { Stack } from 'aws-cdk-lib';
import {
  type HttpMethod,
  type HttpRoute,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';

/**
 * Calls a surface's function. Gives the API no permission by itself: CDK's would be for every method
 * of a route's path, so that two routes of one path would each hold what the other one needs.
 */
export class SurfaceIntegration extends HttpLambdaIntegration {
  readonly #called: IFunction;

  constructor(called: IFunction) {
    super('Integration', called, { payloadFormatVersion: PayloadFormatVersion.VERSION_2_0 });
    this.#called = called;
  }

  protected override completeBind(): void {}

  /** Lets the API call the function for this route, and for no other. */
  permit(route: HttpRoute, method: HttpMethod): void {
    this.#called.addPermission('Integration-Permission', {
      scope: route,
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(route).formatArn({
        service: 'execute-api',
        resource: route.httpApi.apiId,
        resourceName: `*/${method}${route.path ?? ''}`,
      }),
    });
  }
}
