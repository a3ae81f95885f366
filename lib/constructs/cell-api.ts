import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  HttpApi,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { IdentityParameters } from '../parameters.ts';
import { logRetention } from './http-surface.ts';

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

/** The cell's HTTP API. Its own URL is the issuer as long as there is no domain. */
export class CellApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, parameters: IdentityParameters) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: 'domicile',
      description: 'Domicile: sign-up, sign-in and tokens',
      createDefaultStage: false,
      // For apps in browsers, which redeem codes and read userinfo. No credentials: our cookies
      // are never readable or usable from another origin, so `*` gives nothing away.
      corsPreflight: {
        allowOrigins: ['*'],
        allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.OPTIONS],
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
  }
}
