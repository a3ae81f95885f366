import batchGetItem from 'dynalite/actions/batchGetItem.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import getItem from 'dynalite/actions/getItem.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import updateItem from 'dynalite/actions/updateItem.js';
import batchGetItemRules from 'dynalite/validations/batchGetItem.js';
import batchWriteItemRules from 'dynalite/validations/batchWriteItem.js';
import deleteItemRules from 'dynalite/validations/deleteItem.js';
import getItemRules from 'dynalite/validations/getItem.js';
import validations from 'dynalite/validations/index.js';
import putItemRules from 'dynalite/validations/putItem.js';
import queryRules from 'dynalite/validations/query.js';
import scanRules from 'dynalite/validations/scan.js';
import updateItemRules from 'dynalite/validations/updateItem.js';
import { AwsError } from '../types.ts';
import { requireSoundConditions } from './condition-rules.ts';
import { copyJson } from './json-copy.ts';
import { findString, isObject, type JsonObject } from './json-object.ts';
import './parsed-expressions.ts';

const ACTIONS = {
  BatchGetItem: { rules: batchGetItemRules, action: batchGetItem },
  DeleteItem: { rules: deleteItemRules, action: deleteItem },
  GetItem: { rules: getItemRules, action: getItem },
  PutItem: { rules: putItemRules, action: putItem },
  Query: { rules: queryRules, action: query },
  Scan: { rules: scanRules, action: scan },
  UpdateItem: { rules: updateItemRules, action: updateItem },
};

export type ItemOperation = keyof typeof ACTIONS;

export function isItemOperation(operation: string): operation is ItemOperation {
  return Object.hasOwn(ACTIONS, operation);
}

/** Input that passed dynalite's validation, its expressions parsed into underscored members. */
export type Validated = Dynalite.Json;

/** Throws AwsError, in AWS's words, for input that DynamoDB refuses to look at. */
export function validate(
  store: Dynalite.Store,
  operation: ItemOperation,
  input: JsonObject,
): Validated {
  return applyRules(store, ACTIONS[operation].rules, input);
}

/** Requests are run one by one by the caller, each as its own write; this only checks the whole. */
export function validateBatchWrite(store: Dynalite.Store, input: JsonObject): void {
  applyRules(store, batchWriteItemRules, input);
}

export async function perform(
  store: Dynalite.Store,
  operation: ItemOperation,
  data: Validated,
): Promise<JsonObject> {
  return new Promise((resolve, reject) => {
    ACTIONS[operation].action(store, data, (error, result) => {
      if (error) reject(toAwsError(error));
      else resolve(result);
    });
  });
}

export async function loadTable(store: Dynalite.Store, name: string): Promise<Dynalite.Json> {
  return new Promise((resolve, reject) => {
    store.getTable(name, true, (error, table) => {
      if (error) reject(toAwsError(error));
      else resolve(table);
    });
  });
}

function applyRules(store: Dynalite.Store, rules: Dynalite.Validation, input: JsonObject) {
  try {
    const data = validations.checkTypes(copyJson({ ...input }), rules.types);
    validations.checkValidations(data, rules.types, rules.custom, store);
    requireSoundConditions(data);
    return data;
  } catch (error) {
    throw toAwsError(error);
  }
}

/** Throws what one of dynalite's own checks has to complain of. */
export function refuse(complaint: unknown): void {
  if (complaint) throw toAwsError(complaint);
}

/** dynalite fails with `{ statusCode, body: { __type: "namespace#Code", message } }`. */
function toAwsError(error: unknown): unknown {
  const body = isObject(error) ? error['body'] : undefined;
  if (!isObject(body)) return error;
  const type = findString(body, '__type') ?? 'InternalServerError';
  const message = findString(body, 'message') ?? findString(body, 'Message') ?? '';
  return new AwsError(type.slice(type.indexOf('#') + 1), message);
}
