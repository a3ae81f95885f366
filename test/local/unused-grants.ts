import type { GrantUsage } from '../../local/iam/usage.ts';

interface Reason {
  /** Its id. */
  readonly statement: RegExp;
  readonly action: RegExp;
  readonly reason: string;
}

/** Grants that stay although no journey uses them, each with its reason. */
const UNUSED_FOR_A_REASON: ReadonlyArray<Reason> = [
  {
    statement: /^Domicile-(Directory(Key)?\/DirectoryKey|Data\/(Data|Keys)Key)\w+\/KeyPolicy#1$/,
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
];

/** Which unused grants nothing explains, and which explanations explain nothing. */
export function judgeUnused(grants: ReadonlyArray<GrantUsage>): {
  readonly unexplained: ReadonlyArray<GrantUsage>;
  readonly needlessReasons: ReadonlyArray<string>;
} {
  const unused = grants.filter(({ calls }) => calls === 0);
  const explains = ({ statement, action }: Reason, grant: GrantUsage) =>
    statement.test(grant.statementId) && action.test(grant.action);
  return {
    unexplained: unused.filter((grant) => !UNUSED_FOR_A_REASON.some((one) => explains(one, grant))),
    needlessReasons: UNUSED_FOR_A_REASON.filter(
      (one) => !unused.some((grant) => explains(one, grant)),
    ).map(({ reason }) => reason),
  };
}
