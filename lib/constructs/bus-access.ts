import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

interface Telling {
  readonly sid: string;
  readonly busArn: string;
  /** The only events that may be told. */
  readonly kind: 'ErasureRequested' | 'ExportRequested' | 'ParentalConsentRequested';
}

/** Events of one kind, for what listens outside: processors, and who asks parents. */
export function tellOnBus({ sid, busArn, kind }: Telling): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: ['events:PutEvents'],
    resources: [busArn],
    conditions: { StringEquals: { 'events:detail-type': kind } },
  });
}
