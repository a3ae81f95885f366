/** Compiled code that threads hand to one another through files. */

import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openCompiledCode } from '../../local/lambda/compiled-code.ts';
import { compileModule } from '../../local/lambda/compiled-module.ts';

let root: string;
let directory: string;
let file: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'code-'));
});
beforeEach(() => {
  directory = mkdtempSync(join(root, 'code-'));
  file = join(mkdtempSync(join(root, 'module-')), 'index.cjs');
  writeFileSync(file, 'let n = 0; exports.count = () => (n += 1); exports.where = __dirname;');
});
afterAll(() => rmSync(root, { recursive: true }));

const countOf = (exports: object) => Object(exports).count();

test('a module starts from its beginning each time, wherever it lies', () => {
  const module = compileModule(file, openCompiledCode(directory));
  const first = module.start(file);
  expect([countOf(first), countOf(first)]).toEqual([1, 2]);
  expect(countOf(module.start(file))).toBe(1);
  expect(module.start('/elsewhere/index.cjs')).toMatchObject({ where: '/elsewhere' });
});

test('stack traces tell where in the file something failed', () => {
  writeFileSync(file, 'exports.count = () => { throw new Error("here") };');
  const { count } = compileModule(file, openCompiledCode(directory)).start(file);
  expect(count).toThrow(
    expect.objectContaining({ stack: expect.stringContaining(`${file}:1:31`) }),
  );
});

test('what was compiled once is taken over by whoever compiles the same source', () => {
  const module = compileModule(file, openCompiledCode(directory));
  module.start(file);
  module.share();

  const write = vi.fn();
  const other = compileModule(file, { ...openCompiledCode(directory), write });
  other.share();
  expect(write).not.toHaveBeenCalled();
  expect(countOf(other.start(file))).toBe(1);
});

test.each([
  ['half of it', (code: string) => truncateSync(code, 300)],
  ['nothing', (code: string) => truncateSync(code, 0)],
  ['zeros', (code: string) => writeFileSync(code, Buffer.alloc(2000))],
])('where a file holds %s of what was written, the source is compiled anew', (_, damage) => {
  const module = compileModule(file, openCompiledCode(directory));
  module.start(file);
  module.share();
  const [name = ''] = readdirSync(directory);
  damage(join(directory, name));

  expect(openCompiledCode(directory).read(name)).toBeUndefined();
  const other = compileModule(file, openCompiledCode(directory));
  expect(countOf(other.start(file))).toBe(1);
  other.share();
  expect(openCompiledCode(directory).read(name)).toBeInstanceOf(Buffer);
});

test('nothing but a changed source has another name', () => {
  compileModule(file, openCompiledCode(directory)).share();
  compileModule(file, openCompiledCode(directory)).share();
  writeFileSync(file, readFileSync(file, 'utf8').replace('n += 1', 'n += 2'));
  const module = compileModule(file, openCompiledCode(directory));
  module.share();
  expect(countOf(module.start(file))).toBe(2);
  expect(readdirSync(directory)).toHaveLength(2);
});

test('where nothing can be written, a module starts all the same', () => {
  const module = compileModule(file, openCompiledCode(join(file, 'below a file')));
  module.share();
  expect(countOf(module.start(file))).toBe(1);
});

test('a hundred are kept, the latest', () => {
  const code = openCompiledCode(directory);
  for (let n = 0; n < 103; n += 1) code.write(`code-${n}`, Buffer.from([n]));
  expect(readdirSync(directory)).toHaveLength(100);
  expect(code.read('code-102')).toEqual(Buffer.from([102]));
});
