import type { GrantUsage } from '../../local/iam/usage.ts';

interface Reason {
  /** Its id. */
  readonly statement: RegExp;
  readonly action: RegExp;
  /** Any unless said otherwise. */
  readonly resource?: RegExp;
  readonly reason: string;
  /** It is used whenever one of two that run side by side is the slower one. */
  readonly isUsedAtTimes?: true;
}

/** Grants that stay although no journey uses them, each with its reason. */
const UNUSED_FOR_A_REASON: ReadonlyArray<Reason> = [
  {
    statement:
      /^Domicile-(Directory(Key)?\/DirectoryKey|Data\/(Data|Keys|Records)Key)\w+\/KeyPolicy#1$/,
    action:
      /^kms:(Encrypt|ReEncrypt(From|To)|GenerateDataKey(WithoutPlaintext)?|CreateGrant|DescribeKey)$/,
    reason:
      'DynamoDB calls these in the name of whoever uses the table, when it creates or rotates the ' +
      'keys of the table; the local one does not, and AWS documents the list as a whole.',
  },
  {
    statement: /^Domicile-Directory\/(Provision|Rotation)Role\w+\/surface#\d+$/,
    action: /^kms:List(Keys|ResourceTags)$/,
    reason:
      'Finds a key again whose maker was cut off before it could write down what it had made: see ' +
      'test/flows/key-rotation-cut-off.test.ts.',
  },
  {
    statement: /^Domicile-Identity\/InteractionSurfaceRole\w+\/surface#\d+$/,
    action: /^dynamodb:ConditionCheckItem$/,
    reason: 'Addresses that were claimed under an earlier pepper, once that has been rotated.',
  },
  {
    statement: /^Domicile-Data\/ExportsKey\w+\/KeyPolicy#1$/,
    action: /^kms:DescribeKey$/,
    reason: 'S3 may ask for it in the name of whoever uses the bucket; the local one does not.',
  },
  {
    statement: /^Domicile-Privacy\/ErasureSurfaceRole\w+\/surface#\d+$/,
    action: /^dynamodb:BatchWriteItem$/,
    reason:
      'History that stays without its person, where the policy of privacy says so: see ' +
      'test/adapters/erasure-collection.test.ts.',
  },
  {
    statement: /^Domicile-Privacy\/ErasureSurfaceRole\w+\/surface#\d+$/,
    action: /^dynamodb:PutItem$/,
    reason: 'An address rests, too, whose claim has been given back for want of a confirmation.',
  },
  {
    statement: /^Domicile-Privacy\/ErasureSurfaceRole\w+\/surface#\d+$/,
    action: /^ForAllValues:StringLike dynamodb:LeadingKeys$/,
    resource: /^USER#\*$/,
    reason:
      'Sessions that a request left, because it was cut off before it ended them, or has not come ' +
      'to them when the workflow begins: see test/flows/erasure-crashes.test.ts.',
    isUsedAtTimes: true,
  },
  {
    statement: /^Domicile-Privacy\/(Erasure|Export)SurfaceRole\w+\/surface#\d+$/,
    action: /^states:SendTaskSuccess$/,
    reason:
      'A processor has answered before the attempt that told it was repeated: see the crashes in ' +
      'test/flows/certificates.test.ts and test/flows/export-crashes.test.ts.',
  },
  {
    statement: /^Domicile-Privacy\/(Export|Audit)SurfaceRole\w+\/surface#\d+$/,
    action: /^s3:AbortMultipartUpload$/,
    reason: 'A file that could not be finished leaves no parts behind.',
  },
  {
    statement: /^Domicile-Privacy\/AuditWorkflowMachineEventsRole\w+\//,
    action: /^states:StartExecution$/,
    reason: 'The hourly rule, which is off here; it is on in a test of its own.',
  },
];

/** Which unused grants nothing explains, and which explanations explain nothing. */
export function judgeUnused(grants: ReadonlyArray<GrantUsage>): {
  readonly unexplained: ReadonlyArray<GrantUsage>;
  readonly needlessReasons: ReadonlyArray<string>;
} {
  const unused = grants.filter(({ calls }) => calls === 0);
  const explains = ({ statement, action, resource }: Reason, grant: GrantUsage) =>
    statement.test(grant.statementId) &&
    action.test(grant.action) &&
    resource?.test(grant.resource) !== false;
  return {
    unexplained: unused.filter((grant) => !UNUSED_FOR_A_REASON.some((one) => explains(one, grant))),
    needlessReasons: UNUSED_FOR_A_REASON.filter(
      (one) => one.isUsedAtTimes !== true && !unused.some((grant) => explains(one, grant)),
    ).map(({ reason }) => reason),
  };
}
