// The arrows between parts of the code (docs/architecture.md). `npm run arrows` holds them.

const SURFACES =
  'token|interaction|account|privacy|privacy-admin|export|erasure|events|audit|admin|provision|provision-cell|rotation';
/** Nobody's request waits for them, and what they do is AWS. */
const OPERATIONS = 'admin|provision|provision-cell|rotation';
const DEPLOYED = '^functions/';
/** Of environment, the steps of a rotation, an erasure and an export, a privacy policy's shape, surfaces that cells call, tags on keys, CloudFront's headers. */
const SHARED_NAMES =
  '^functions/(environment|core/key-rotation|core/privacy-policy|core/erasure/steps|core/exports/steps|core/ports/cell-calls|adapters/kms/key-tags|http/edge-headers)\\.ts$';
const HASHES = '^functions/adapters/crypto/hash\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'core-is-pure',
      comment: 'Rules know no I/O, clock, randomness, environment or AWS: core imports core alone.',
      severity: 'error',
      from: { path: '^functions/core/' },
      to: { pathNot: '^functions/core/' },
    },
    {
      name: 'aws-behind-adapters',
      comment:
        "Only a surface's entry, the deploy-time and operators' surfaces and adapters know AWS.",
      severity: 'error',
      from: {
        path: DEPLOYED,
        pathNot: `^functions/(adapters|deployment|${OPERATIONS})/|^functions/(${SURFACES})/index\\.ts$`,
      },
      to: { path: 'node_modules/@aws-sdk/' },
    },
    {
      name: 'adapters-only-from-entries',
      // Exempt: random ids and digests need no settings and no network, and have one implementation.
      comment:
        'Endpoints see ports, and hash.ts for random ids and digests; the entry chooses the rest.',
      severity: 'error',
      from: {
        path: `^functions/(${SURFACES})/`,
        pathNot: `^functions/(${OPERATIONS})/|/index\\.ts$`,
      },
      to: { path: '^functions/adapters/', pathNot: HASHES },
    },
    {
      name: 'randomness-from-one-place',
      comment: 'Endpoints and pages draw and digest by hash.ts, where it is decided how well.',
      severity: 'error',
      from: {
        path: '^functions/(token|interaction|account|privacy|privacy-admin|export|erasure|events|audit|browser|pages)/',
      },
      to: { path: '^(node:)?crypto$' },
    },
    {
      name: 'pages-only-render',
      comment: 'Pages turn a view into HTML: no adapters, no surfaces.',
      severity: 'error',
      from: { path: '^functions/pages/' },
      to: { path: `^functions/(adapters|${SURFACES})/` },
    },
    {
      name: 'adapters-point-inward',
      comment:
        'Adapters implement ports of the core; they know neither HTTP nor surfaces nor pages.',
      severity: 'error',
      from: { path: '^functions/adapters/' },
      to: { path: `^functions/(http|pages|${SURFACES})/` },
    },
    {
      name: 'http-points-inward',
      comment: 'The HTTP layer serves every surface and knows none; it draws ids by hash.ts.',
      severity: 'error',
      from: { path: '^functions/http/' },
      to: { path: `^functions/(adapters|browser|pages|${SURFACES})/`, pathNot: HASHES },
    },
    {
      name: 'browser-serves-surfaces',
      comment: 'What surfaces with pages share (cookies, forms, error pages) knows none of them.',
      severity: 'error',
      from: { path: '^functions/browser/' },
      to: { path: `^functions/(adapters|${SURFACES})/`, pathNot: HASHES },
    },
    {
      name: 'surfaces-stand-alone',
      comment: 'A surface is one bundle with its own permissions: it takes nothing from another.',
      severity: 'error',
      from: { path: `^functions/(${SURFACES})/` },
      to: { path: `^functions/(${SURFACES})/`, pathNot: '^functions/$1/' },
    },
    {
      name: 'functions-stand-alone',
      comment: 'What deploys knows nothing of how it is deployed, run locally or measured.',
      severity: 'error',
      from: { path: DEPLOYED },
      to: { path: '^(lib|local|bin|bench|test|examples)/' },
    },
    {
      name: 'deployed-code-ships-its-dependencies',
      comment: 'A development dependency in a bundle escapes the review of runtime dependencies.',
      severity: 'error',
      from: { path: DEPLOYED },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '@types/' },
    },
    {
      name: 'lib-shares-names-only',
      comment:
        'Infrastructure and functions share names, so that none is spelled twice, and no code.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(functions|local|test|bench)/', pathNot: SHARED_NAMES },
    },
    {
      name: 'local-runs-what-deploys',
      comment: 'The local cloud learns from the template; code of ours in it would prove nothing.',
      severity: 'error',
      from: { path: '^local/' },
      to: { path: DEPLOYED },
    },
    {
      name: 'no-cycles',
      comment: 'Files in a circle cannot be read downward.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that resolves nowhere is a spelling mistake or a missing dependency.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // TypeScript 7 has no compiler API for JavaScript; swc reads the same syntax.
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
