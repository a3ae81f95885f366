import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnStage,
  CorsHttpMethod,
  HttpApi,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import { type IdentityParameters, logRetention } from '../parameters.ts';
import type { RouteKey } from './http-surface.ts';

/** What an access log line may say: no address, no path (links carry secrets), no query, no agent. */
const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  requestedAt: '$context.requestTimeEpoch',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLatencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  responseBytes: '$context.responseLength',
  error: '$context.integrationErrorMessage',
};

interface CellApiProps {
  readonly parameters: IdentityParameters;
  /** With hosts of its own the API answers to those alone. */
  readonly hasOwnHosts: boolean;
}

/** The cell's HTTP API. Its own URL is the issuer as long as there is no domain. */
export class CellApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  readonly #parameters: IdentityParameters;

  constructor(scope: Construct, id: string, { parameters, hasOwnHosts }: CellApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: 'domicile',
      description: 'Domicile: sign-up, sign-in and tokens',
      createDefaultStage: false,
      ...(hasOwnHosts && { disableExecuteApiEndpoint: true }),
      // For apps in browsers, which redeem codes, read userinfo and use REST. No credentials: our cookies
      // are never readable or usable from another origin, so `*` gives nothing away.
      corsPreflight: {
        allowOrigins: ['*'],
        allowMethods: [
          CorsHttpMethod.GET,
          CorsHttpMethod.POST,
          CorsHttpMethod.PUT,
          CorsHttpMethod.PATCH,
          CorsHttpMethod.DELETE,
          CorsHttpMethod.OPTIONS,
        ],
        allowHeaders: ['authorization', 'content-type', 'dpop'],
        exposeHeaders: ['www-authenticate', 'dpop-nonce', 'retry-after'],
        maxAge: Duration.hours(1),
      },
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      // The prefix keeps log delivery's resource policy, which is bounded, from growing.
      logGroupName: '/aws/vendedlogs/domicile/http-api',
      retention: logRetention(parameters),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: {
        rateLimit: parameters.get('throttlingRatePerSecond').valueAsNumber,
        burstLimit: parameters.get('throttlingBurst').valueAsNumber,
      },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
    this.#parameters = parameters;
  }

  /**
   * Gives each route a bucket of its own, smaller than the default one: whoever floods it is
   * answered 429 there, and tokens are issued as before. The routes are created before the stage,
   * because API Gateway refuses settings of routes that it does not know.
   */
  throttleApart(routes: ReadonlyMap<RouteKey, IConstruct>): void {
    const settings = {
      ThrottlingRateLimit: this.#parameters.get('signInThrottlingRatePerSecond').valueAsNumber,
      ThrottlingBurstLimit: this.#parameters.get('signInThrottlingBurst').valueAsNumber,
      // Settings of a route replace the default ones as a whole.
      DetailedMetricsEnabled: true,
    };
    // The L2 construct has no settings per route.
    const stage = this.stage.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error('the stage has no resource');
    stage.routeSettings = Object.fromEntries([...routes.keys()].map((route) => [route, settings]));
    this.stage.node.addDependency(...routes.values());
  }
}
