import { Duration } from 'aws-cdk-lib';
import {
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  HeadersReferrerPolicy,
  OriginRequestCookieBehavior,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginRequestQueryStringBehavior,
  ResponseHeadersPolicy,
  type ResponseSecurityHeadersBehavior,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';

/** Also on what CloudFront and its firewall answer by themselves. */
const SECURITY_HEADERS: ResponseSecurityHeadersBehavior = {
  strictTransportSecurity: {
    accessControlMaxAge: Duration.days(730),
    includeSubdomains: true,
    override: true,
  },
  contentTypeOptions: { override: true },
  referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: false },
};

/** What CloudFront keeps, passes on and adds. Shared by all distributions. */
export class EdgePolicies extends Construct {
  /**
   * Everything that the viewer sent, the host included, and where CloudFront thinks they are. Their
   * own `CloudFront-…` headers are replaced.
   */
  readonly everything: OriginRequestPolicy;
  /** The same document for everybody: the API only has to know which host was asked. */
  readonly hostAlone: OriginRequestPolicy;
  /** As long as the document itself says; nothing of a request makes another document of it. */
  readonly published: CachePolicy;
  readonly secure: ResponseHeadersPolicy;
  /** What is kept for all may be read from all origins, whoever asked for it first. */
  readonly secureForAllOrigins: ResponseHeadersPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.everything = new OriginRequestPolicy(this, 'Everything', {
      comment: 'Domicile: the whole request, with the viewer address and country',
      headerBehavior: OriginRequestHeaderBehavior.all(
        'CloudFront-Viewer-Address',
        'CloudFront-Viewer-Country',
      ),
      cookieBehavior: OriginRequestCookieBehavior.all(),
      queryStringBehavior: OriginRequestQueryStringBehavior.all(),
    });
    this.hostAlone = new OriginRequestPolicy(this, 'HostAlone', {
      comment: 'Domicile: which host was asked, and nothing of the person',
      headerBehavior: OriginRequestHeaderBehavior.allowList('Host'),
      cookieBehavior: OriginRequestCookieBehavior.none(),
      queryStringBehavior: OriginRequestQueryStringBehavior.none(),
    });
    this.published = new CachePolicy(this, 'Published', {
      comment: 'Domicile: discovery and keys, as long as they say',
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.hours(1),
      headerBehavior: CacheHeaderBehavior.none(),
      cookieBehavior: CacheCookieBehavior.none(),
      queryStringBehavior: CacheQueryStringBehavior.none(),
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    });
    this.secure = new ResponseHeadersPolicy(this, 'Secure', {
      comment: 'Domicile: HTTPS alone',
      securityHeadersBehavior: SECURITY_HEADERS,
    });
    this.secureForAllOrigins = new ResponseHeadersPolicy(this, 'SecureForAllOrigins', {
      comment: 'Domicile: HTTPS alone, readable from any origin',
      securityHeadersBehavior: SECURITY_HEADERS,
      corsBehavior: {
        accessControlAllowOrigins: ['*'],
        accessControlAllowMethods: ['GET', 'HEAD', 'OPTIONS'],
        accessControlAllowHeaders: ['*'],
        accessControlAllowCredentials: false,
        originOverride: true,
      },
    });
  }
}
