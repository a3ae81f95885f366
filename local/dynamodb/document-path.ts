import type { AttributeValue } from './attribute-value.ts';
import type { Item } from './engine.ts';
import { isObject } from './json-object.ts';

/** `map.x[0]` → `['map', 'x', 0]`. */
export type DocumentPath = ReadonlyArray<string | number>;

export function isPath(operand: unknown): operand is DocumentPath {
  return Array.isArray(operand);
}

export function findAt(item: Item, path: DocumentPath): AttributeValue | undefined {
  let value: unknown = { M: item };
  for (const step of path) {
    if (!isObject(value)) return undefined;
    value = memberOf(value, step);
  }
  return isObject(value) ? value : undefined;
}

function memberOf(value: AttributeValue, step: string | number): unknown {
  if (typeof step === 'number') return Array.isArray(value['L']) ? value['L'][step] : undefined;
  return isObject(value['M']) && Object.hasOwn(value['M'], step) ? value['M'][step] : undefined;
}

interface Tree {
  readonly steps: Map<string | number, Tree>;
  value: AttributeValue | undefined;
}

/** What the paths lead to, nested as in the item; chosen list members move together. */
export function project(item: Item, paths: ReadonlyArray<DocumentPath>): Item {
  const root: Tree = { steps: new Map(), value: undefined };
  for (const path of paths) {
    const value = findAt(item, path);
    if (value !== undefined) plant(root, path, value);
  }
  return Object.fromEntries([...root.steps].map(([name, tree]) => [name, harvest(tree)]));
}

function plant(root: Tree, path: DocumentPath, value: AttributeValue): void {
  let tree = root;
  for (const step of path) {
    const next = tree.steps.get(step) ?? { steps: new Map(), value: undefined };
    tree.steps.set(step, next);
    tree = next;
  }
  tree.value = value;
}

function harvest(tree: Tree): AttributeValue {
  if (tree.value !== undefined) return tree.value;
  const steps = [...tree.steps];
  if (steps.every(([step]) => typeof step === 'number')) {
    const ordered = steps.sort(([a], [b]) => Number(a) - Number(b));
    return { L: ordered.map(([, member]) => harvest(member)) };
  }
  return { M: Object.fromEntries(steps.map(([name, member]) => [name, harvest(member)])) };
}
