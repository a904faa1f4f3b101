/**
 * The borders: what a folder may import. docs/architecture.md has them as a table.
 * A folder that is not named in a rule's `to` is out of bounds.
 */

const tests = '\\.test\\.ts$|^test/';
/** Folders of the product. */
const folders = [
  'domain',
  'workflows',
  'activities',
  'connectors',
  'repository',
  'store',
  'worker',
  'api',
  'cli',
  'web',
  'local',
  'test',
  'deploy',
  'docs',
  'bench',
];
const anyFolder = `^(${folders.join('|')})/`;
const rootFiles = '^(config|temporal-connection|job-schedules|keepers|process-log)\\.ts$';
const packages = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;
const anyPackage = '(^|/)node_modules/';

/** Our own files that a folder may import; files that `to` does not match are out of bounds. */
const border = (folder, to, comment) => ({
  name: `border-${folder}`,
  comment,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: tests },
  to: { path: [anyFolder, rootFiles], pathNot: [`^${folder}/`, ...to] },
});

/** Packages that a folder may import. */
const libraries = (folder, names, comment) => ({
  name: `libraries-${folder}`,
  comment,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: tests },
  to: { path: anyPackage, pathNot: packages(...names) },
});

module.exports = {
  forbidden: [
    // ── the "may import" column ───────────────────────────────────────────────────────────────────────────────────
    border('domain', [], 'The model decides without IO and knows nothing around it.'),
    libraries(
      'domain',
      ['zod', 'luxon', '@marcbachmann/cel-js', 're2js', 'uuid', 'yaml', 'croner'],
      'Pure computation only.',
    ),
    {
      name: 'domain-without-io',
      comment: 'The model decides without IO: no file, network or process.',
      severity: 'error',
      from: { path: '^domain/', pathNot: tests },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|crypto)$' },
    },
    border('workflows', ['^domain/', '^activities/'], 'Orchestration only; everything else is an activity.'),
    libraries('workflows', ['@temporalio/workflow', '@temporalio/common'], 'Workflow code runs in a sandbox.'),
    {
      name: 'workflows-common-in-names-and-messages',
      comment: 'Clients read names and messages too; other workflow files need @temporalio/workflow alone.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: ['^workflows/(names|messages)\\.ts$', tests] },
      to: { path: packages('@temporalio/common') },
    },
    {
      name: 'workflows-types-of-activities',
      comment: 'Workflows know activities by type; as values they would be bundled into the sandbox.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: tests },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-without-node',
      comment: 'Workflow code is replayed: it has no clock, file or network of its own.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    border(
      'activities',
      ['^domain/', '^connectors/', '^repository/', '^store/'],
      'One file a stage, with its tools given.',
    ),
    libraries('activities', ['@temporalio/activity'], 'Statements belong to repository/, files to store/.'),
    border('connectors', ['^domain/'], 'Packages read and write the outside system, never our database.'),
    {
      name: 'connectors-without-our-stores',
      comment: 'Packages never see our database or Temporal; a heartbeat is the activity’s.',
      severity: 'error',
      from: { path: '^connectors/', pathNot: ['^connectors/sql/', tests] },
      to: { path: packages('knex', 'pg', 'pg-copy-streams', '@temporalio/[^/]+') },
    },
    {
      name: 'sql-package-without-our-stores',
      comment: 'A PostgreSQL may be what the package sql reads; ours it never sees.',
      severity: 'error',
      from: { path: '^connectors/sql/', pathNot: tests },
      to: { path: packages('knex', 'pg-copy-streams', '@temporalio/[^/]+') },
    },
    {
      name: 'packages-apart',
      comment:
        'A package stands alone in its folder. outbound/, web/ and entries/ are none: the first two reach other machines for all of them, the last knows entries of directories.',
      severity: 'error',
      from: { path: '^connectors/([^/]+)/', pathNot: tests },
      to: { path: '^connectors/[^/]+/', pathNot: ['^connectors/$1/', '^connectors/(outbound|web|entries)/'] },
    },
    border('repository', ['^domain/'], 'Statements and transactions, nothing else.'),
    libraries('repository', ['knex', 'pg', 'pg-copy-streams'], 'Statements and transactions, nothing else.'),
    border('store', ['^domain/'], 'Exported files and error files.'),
    {
      name: 'store-without-database',
      comment: 'Files only.',
      severity: 'error',
      from: { path: '^store/', pathNot: tests },
      to: { path: packages('knex', 'pg', 'pg-copy-streams', '@temporalio/[^/]+') },
    },
    border(
      'worker',
      ['^domain/', '^workflows/', '^activities/', '^connectors/', '^repository/', '^store/', rootFiles],
      'The process that joins everything but the screens.',
    ),
    border(
      'api',
      [
        '^domain/',
        '^repository/',
        '^store/',
        '^connectors/(registry|package)\\.ts$',
        '^connectors/[^/]+/index\\.ts$',
        '^workflows/',
        rootFiles,
      ],
      'The API reads Postgres, and asks Temporal by message; it reaches no source.',
    ),
    {
      name: 'api-describes-packages',
      comment: 'Only the entry makes the registry; the routes read descriptions from it.',
      severity: 'error',
      from: { path: '^api/', pathNot: ['^api/main\\.ts$', tests] },
      to: { path: '^connectors/[^/]+/' },
    },
    {
      name: 'api-types-of-workflows',
      comment: 'The API knows workflows by name, message and type; their code belongs to the worker.',
      severity: 'error',
      from: { path: '^api/', pathNot: tests },
      to: { path: '^workflows/', pathNot: '^workflows/(messages|names)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    border(
      'cli',
      ['^package\\.json$', '^domain/', '^connectors/registry\\.ts$'],
      'The command line knows HTTP only, through types generated from the OpenAPI.',
    ),
    {
      name: 'cli-offline-in-one-file',
      comment: 'Only the check of a file without a running Syncline uses the rules that the API checks it by.',
      severity: 'error',
      from: { path: '^cli/', pathNot: ['^cli/offline\\.ts$', tests] },
      to: { path: '^(domain|connectors)/' },
    },
    {
      name: 'cli-without-servers',
      comment: 'The command line reaches neither Postgres nor Temporal.',
      severity: 'error',
      from: { path: '^cli/', pathNot: tests },
      to: { path: packages('knex', 'pg', 'pg-copy-streams', '@temporalio/[^/]+') },
    },
    {
      name: 'border-web',
      comment: 'The console knows HTTP only, through types generated from the OpenAPI.',
      severity: 'error',
      from: { path: '^web/', pathNot: tests },
      to: { path: [anyFolder, rootFiles], pathNot: '^web/' },
    },
    {
      name: 'web-pages-apart',
      comment: 'What several pages show is a part.',
      severity: 'error',
      from: { path: '^web/pages/([^/]+)/', pathNot: tests },
      to: { path: '^web/pages/[^/]+/', pathNot: '^web/pages/$1/' },
    },
    {
      name: 'web-parts-know-no-page',
      comment: 'A part takes data; pages and dialogs fetch.',
      severity: 'error',
      from: { path: '^web/parts/', pathNot: tests },
      to: { path: '^web/(pages|dialogs|frame|editor|settings)/' },
    },
    {
      name: 'web-parts-fetch-nothing',
      comment: 'A part knows answers of the API by type only.',
      severity: 'error',
      from: { path: '^web/parts/', pathNot: tests },
      to: { path: '^web/server/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'web-model-pure',
      comment: 'Decisions without a document or a network.',
      severity: 'error',
      from: { path: '^web/(model|words)/', pathNot: tests },
      to: {
        path: [
          '^web/(?!model/|words/|generated/)',
          packages('react', 'react-dom', '@mantine/[^/]+', '@tanstack/[^/]+'),
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'web-editor-lazy',
      comment: 'The editor is as large as the rest: only who opens it loads it.',
      severity: 'error',
      from: { path: '^web/', pathNot: ['^web/editor/', tests] },
      to: { path: '^web/editor/', dependencyTypesNot: ['dynamic-import', 'type-only'] },
    },
    {
      name: 'no-mantine-in-rows',
      comment: 'A component in each row makes scrolling half as fast again.',
      severity: 'error',
      from: { path: '^web/parts/(virtual-rows|change-row)/' },
      to: { path: packages('@mantine/[^/]+') },
    },
    border(
      'local',
      ['^worker/', '^api/', '^repository/migrate\\.ts$', '^workflows/names\\.ts$', rootFiles],
      'The local stack starts the others, and knows of the repository its migrations.',
    ),
    border(
      'deploy',
      ['^domain/error-record\\.ts$', '^repository/migrate\\.ts$', '^worker/sign-file\\.ts$', rootFiles],
      'Jobs and health checks of containers.',
    ),
    {
      name: 'no-tests-in-product',
      comment: 'What runs in production does not need what tests it.',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: tests },
    },
    {
      name: 'configuration-at-the-entries',
      comment: 'The environment is read by processes at their start and passed on as values.',
      severity: 'error',
      from: { path: anyFolder, pathNot: ['^(worker|api)/main\\.ts$', '^(local|deploy)/', tests] },
      to: { path: '^config\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'sql-in-repository',
      comment: 'The repository is the one place for statements; the local stack asks a server whether it is up.',
      severity: 'error',
      from: { pathNot: ['^repository/', '^local/', '^bench/', '^connectors/sql/', tests] },
      to: { path: packages('knex', 'pg', 'pg-copy-streams'), dependencyTypesNot: ['type-only'] },
    },

    // ── everywhere ────────────────────────────────────────────────────────────────────────────────────────────────
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports is an entry, or dead.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          tests,
          '^(worker|api)/main\\.ts$',
          '^worker/bundle\\.ts$',
          '^(local|cli|deploy)/',
          '\\.d\\.ts$',
          '^vitest\\.config\\.ts$',
          '^web/(main\\.tsx|vite\\.config\\.ts|public/.*)$',
        ],
      },
      to: {},
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'listed-in-package-json',
      comment: 'A package that package.json does not list may be gone tomorrow.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-dependency-in-product',
      comment: 'The image holds no dev dependencies.',
      severity: 'error',
      // the console is built: nothing of its packages is in the image
      from: { path: anyFolder, pathNot: [tests, '^docs/', '^deploy/', '^bench/', '^web/'] },
      // types too: an import of a type and a value together counts as one of types
      to: { dependencyTypes: ['npm-dev'], pathNot: '(^|/)node_modules/@types/' },
    },
    {
      name: 'no-deprecated-core',
      comment: 'Node has deprecated it.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['core'], path: '^(node:)?(punycode|domain|constants|sys|_linklist|_stream_wrap)$' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.syncline|coverage)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types', 'typings'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'],
    },
    skipAnalysisNotInRules: true,
  },
};
