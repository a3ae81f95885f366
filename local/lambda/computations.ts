import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/**
 * What other threads work out for this one: ciphers and hashes of WebCrypto, and Argon2id. No list of
 * Node's tells it, since jobs of its cryptography are no requests.
 */
export function followComputations(): ReadonlySet<object> {
  const computing = new Set<object>();
  const { prototype } = SubtleCrypto;
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const method: unknown = property.value;
    if (name === 'constructor' || typeof method !== 'function') continue;
    const value = new Proxy(method, {
      apply: async (target, self, values) => {
        const job = {};
        computing.add(job);
        try {
          return await Reflect.apply(target, self, values);
        } finally {
          computing.delete(job);
        }
      },
    });
    Object.defineProperty(prototype, name, { ...property, value });
  }
  replaceArgon2(computing);
  return computing;
}

type Argon2Arguments = Parameters<typeof crypto.argon2>;

function replaceArgon2(computing: Set<object>): void {
  const argon2 = new Proxy(crypto.argon2, {
    apply: (target, self, [algorithm, parameters, callback]: Argon2Arguments) => {
      computing.add(callback);
      const done: typeof callback = (...outcome) => {
        computing.delete(callback);
        callback(...outcome);
      };
      Reflect.apply(target, self, [algorithm, parameters, done]);
    },
  });
  Object.assign(crypto, { argon2 });
  syncBuiltinESMExports();
}
