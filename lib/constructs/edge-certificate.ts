import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { Domain } from '../config.ts';

/** For the issuer's host and everything one level below it; renewed by AWS as long as DNS is ours. */
export function createHostCertificate(scope: Construct, domain: Domain): Certificate {
  const zone = HostedZone.fromHostedZoneId(scope, 'Zone', domain.hostedZoneId);
  return new Certificate(scope, 'Certificate', {
    domainName: domain.name,
    subjectAlternativeNames: [`*.${domain.name}`],
    validation: CertificateValidation.fromDns(zone),
  });
}
