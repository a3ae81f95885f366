import { parseArgs } from 'node:util';
import { UsageError } from '../admin/usage-error.ts';
import { fetchKeys, readSource } from './sources.ts';
import { NotProvenError, readIssuer, verifyCertificate } from './verify.ts';
import { describe } from './words.ts';

/** What a command prints, and how it ends. */
export interface Printed {
  readonly code: 0 | 1 | 2;
  /** To the standard output when it ends well, and to the standard error otherwise. */
  readonly text: string;
}

const HELP = `Checks a certificate of erasure, and says in plain words what it proves.

  npm run verify-certificate -- FILE|URL [--issuer URL]

FILE is what somebody was given: the signed text (JWS), or the JSON that it was downloaded as. URL is
the certificate's own address, as it was mailed. Keys are fetched from the issuer, at
/.well-known/evidence-jwks.json.

  --issuer URL  who must have signed it; without, whoever it says itself
  --help        this text

Exit codes: 0 valid, 1 not valid, 2 it could not be checked.`;

/** Answers what is printed. Throws NotProvenError and UsageError. */
async function check(args: ReadonlyArray<string>): Promise<string> {
  const { values, positionals } = readArguments(args);
  if (values.help === true) return HELP;
  const [given, ...others] = positionals;
  if (given === undefined || others.length > 0) throw new UsageError('name one FILE or URL');
  const { jws, origin } = await readSource(given);
  const said = readIssuer(jws);
  const issuer = values.issuer?.replace(/\/$/, '') ?? said;
  if (origin !== undefined && values.issuer === undefined && new URL(said).origin !== origin) {
    throw new NotProvenError(
      `${origin} shows a certificate of ${said}: add --issuer if that is right`,
    );
  }
  const certificate = await verifyCertificate(jws, issuer, await fetchKeys(issuer));
  return describe(certificate, values.issuer !== undefined);
}

function readArguments(args: ReadonlyArray<string>) {
  try {
    return parseArgs({
      args: [...args],
      options: { issuer: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'the command line is wrong');
  }
}

/** `npm run verify-certificate`, without a process of its own. */
export async function verifyCommand(args: ReadonlyArray<string>): Promise<Printed> {
  try {
    return { code: 0, text: await check(args) };
  } catch (error) {
    if (error instanceof NotProvenError) return { code: 1, text: `NOT VALID: ${error.message}.` };
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, text: `verify-certificate: ${error.message}\nTry --help.` };
  }
}
