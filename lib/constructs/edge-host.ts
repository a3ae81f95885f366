import { Duration } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  type ErrorResponse,
  HttpVersion,
  type IOrigin,
  OriginProtocolPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { EDGE_HEADERS } from '../../functions/http/edge-headers.ts';
import type { Domain } from '../config.ts';
import { sentSecret } from '../edge-secrets.ts';
import type { EdgePolicies } from './edge-policies.ts';

export interface EdgeContext {
  readonly domain: Domain;
  readonly certificate: ICertificate;
  readonly webAclArn: string;
  readonly policies: EdgePolicies;
}

interface EdgeHostProps {
  readonly host: string;
  /** Where CloudFront finds the API that answers to `host`. */
  readonly originHost: string;
  readonly comment: string;
  /** Whether relying parties read the deployment's documents here. */
  readonly publishes: boolean;
}

/** Documents that are the same for everybody. */
const PUBLISHED = ['/.well-known/*', '/oauth2/jwks'];

/**
 * Kept for 10 seconds otherwise, under their path alone: somebody's page that says "try again" would
 * be shown to the next one.
 */
const ERRORS_NOT_KEPT: Array<ErrorResponse> = [
  400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504,
].map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) }));

/** One host of the deployment: its distribution and its records. */
export class EdgeHost extends Construct {
  constructor(scope: Construct, id: string, context: EdgeContext, props: EdgeHostProps) {
    super(scope, id);
    const { domain, policies } = context;
    const origin = createOrigin(domain, props);
    const published: BehaviorOptions = {
      origin,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
      cachePolicy: policies.published,
      originRequestPolicy: policies.hostAlone,
      responseHeadersPolicy: policies.secureForAllOrigins,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    };
    const distribution = new Distribution(this, 'Distribution', {
      comment: props.comment,
      domainNames: [props.host],
      certificate: context.certificate,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      webAclId: context.webAclArn,
      defaultBehavior: {
        origin,
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: policies.everything,
        responseHeadersPolicy: policies.secure,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      },
      additionalBehaviors: props.publishes
        ? Object.fromEntries(PUBLISHED.map((path) => [path, published]))
        : {},
      errorResponses: ERRORS_NOT_KEPT,
      // Access logs hold queries and addresses; the API's own log has what operators need.
      enableLogging: false,
    });
    for (const type of ['A', 'AAAA']) {
      new CfnRecordSet(this, `Record${type}`, {
        hostedZoneId: domain.hostedZoneId,
        name: props.host,
        type,
        aliasTarget: {
          dnsName: distribution.distributionDomainName,
          hostedZoneId: CloudFrontTarget.getHostedZoneId(this),
        },
      });
    }
  }
}

function createOrigin(domain: Domain, { host, originHost }: EdgeHostProps): IOrigin {
  return new HttpOrigin(originHost, {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
    // The API answers within 30 s or not at all.
    readTimeout: Duration.seconds(35),
    customHeaders: {
      [EDGE_HEADERS.secret]: sentSecret(domain),
      [EDGE_HEADERS.host]: host,
    },
  });
}
