import { parseArgs } from 'node:util';
import { UsageError } from './admin/usage-error.ts';
import { fetchKeys, readSource } from './certificates/sources.ts';
import { NotProvenError, readIssuer, verifyCertificate } from './certificates/verify.ts';
import { describe } from './certificates/words.ts';

// `npm run verify-certificate -- FILE|URL`: exit codes 0 (valid), 1 (not valid), 2 (usage).

const HELP = `Checks a certificate of erasure, and says in plain words what it proves.

  npm run verify-certificate -- FILE|URL [--issuer URL]

FILE is what somebody was given: the signed text (JWS), or the JSON that it was downloaded as. URL is
the certificate's own address, as it was mailed. Keys are fetched from the issuer, at
/.well-known/evidence-jwks.json.

  --issuer URL  who must have signed it; without, whoever it says itself
  --help        this text

Exit codes: 0 valid, 1 not valid, 2 it could not be checked.`;

async function main(args: ReadonlyArray<string>): Promise<string> {
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

try {
  console.log(await main(process.argv.slice(2)));
} catch (error) {
  if (error instanceof NotProvenError) {
    console.error(`NOT VALID: ${error.message}.`);
    process.exitCode = 1;
  } else if (error instanceof UsageError) {
    console.error(`verify-certificate: ${error.message}`);
    console.error('Try --help.');
    process.exitCode = 2;
  } else throw error;
}
