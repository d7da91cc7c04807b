// The arrows of CONTRIBUTING.md ("Who may import whom") as rules. The comment of a rule is what a review quotes.
const own = '^(apps|packages|plugins)/'
const tests = '([.]test[.]tsx?$|[.]suite[.]ts$|/testing[.]ts$|/testing/)'
const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })

module.exports = {
  forbidden: [
    rule(
      'no-cycle',
      'Two files that need each other are one file, or a third is missing.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule('resolvable', 'Reach a package through its exports map.', {}, { couldNotResolve: true }),
    rule(
      'declared',
      'A package lists what it imports.',
      { path: '^(apps|packages|plugins)/[^/]+/src/' },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    rule(
      'base-knows-nobody',
      'base is the ground.',
      { path: '^packages/base/' },
      { path: own, pathNot: '^packages/base/' },
    ),
    rule(
      'datastore-on-base',
      'The datastore stands on base alone.',
      { path: '^packages/datastore/' },
      { path: own, pathNot: '^packages/(base|datastore)/' },
    ),
    rule(
      'data-on-datastore',
      'data holds what panel and services share; it knows neither of them.',
      { path: '^packages/data/' },
      { path: own, pathNot: '^packages/(base|datastore|data)/' },
    ),
    rule(
      'data-gets-its-db',
      'data is given a Db; only its tests open one.',
      { path: '^packages/data/src/', pathNot: tests },
      { path: '^packages/datastore/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'core-meets-runtime-in-the-agent',
      'core and runtime state ports; compose-agent.ts joins them.',
      { path: '^packages/(core|runtime)/' },
      { path: own, pathNot: ['^packages/($1|base|data)/', '^packages/datastore/src/(index|testing)[.]ts$'] },
    ),
    rule(
      'only-tests-open-a-datastore',
      'core and runtime are given a Db.',
      { path: '^packages/(core|runtime)/src/', pathNot: tests },
      { path: '^packages/datastore/' },
    ),
    rule(
      'core-has-no-node',
      'I/O reaches core through ports, so the renderer may read its types.',
      { path: '^packages/(core|base)/src/', pathNot: tests },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'feature-front-door',
      'A feature is reached by its schema, service, errors or port file.',
      { path: '^packages/core/src/features/([^/]+)/', pathNot: tests },
      {
        path: '^packages/core/src/features/',
        pathNot: ['^packages/core/src/features/$1/', '[.](schema|service|errors|port)[.]ts$'],
      },
    ),
    rule(
      'router-asks-service',
      'Only a service touches its repository.',
      { path: '[.]router[.]ts$' },
      { path: '[.]repo[.]ts$' },
    ),
    rule(
      'sandbox-is-alone',
      'In the isolate there is nothing but sandbox code and contracts.',
      { path: ['[.]sandbox[.]ts$', '^packages/runtime/src/sandbox/'], pathNot: tests },
      // The SDK of plugins has types and functions without any I/O; a sandbox half takes types from it.
      {
        pathNot: [
          '[.]sandbox[.]ts$',
          '[.]contract[.]ts$',
          '^packages/runtime/src/sandbox/',
          '^packages/runtime/src/plugin[.]ts$',
          // Libraries of the web's own classes: nothing but the language in them.
          'node_modules/(web-streams-polyfill|urlpattern-polyfill|fflate)/',
        ],
      },
    ),
    rule(
      'rooms-are-shut',
      'A runtime module never reaches into another.',
      { path: '^packages/runtime/src/modules/([^/]+)/' },
      { path: '^packages/runtime/src/modules/[^/]+/', pathNot: '^packages/runtime/src/modules/$1/' },
    ),
    rule(
      'isolated-vm-in-two-rooms',
      'References stay where the entry rules are kept.',
      { path: own, pathNot: '^packages/runtime/src/(isolate|bridge)/' },
      { path: '(^|/)isolated-vm(/|$)' },
    ),
    rule(
      'renderer-by-client',
      'The renderer sees types and schemas only.',
      { path: '^apps/desktop/src/renderer/' },
      {
        path: ['^packages/', '^apps/agent/', '^apps/desktop/src/(main|preload)/'],
        pathNot: ['^packages/core/src/client[.]ts$', '^packages/base/src/'],
      },
    ),
    rule(
      'renderer-has-no-node',
      'The renderer is a web page.',
      { path: '^apps/desktop/src/renderer/', pathNot: tests },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'preload-is-thin',
      'The preload imports electron and the contract it shares with main.',
      { path: '^apps/desktop/src/preload/' },
      { pathNot: ['^apps/desktop/src/(preload|shared)/', 'node_modules/electron/', 'node_modules/zod/'] },
    ),
    rule(
      'electron-in-main-and-preload',
      'Logic lives in files without electron and is unit-tested.',
      { path: own, pathNot: '^apps/desktop/src/(main|preload)/' },
      { path: '(^|/)electron(/|$)', pathNot: own },
    ),
    rule(
      'desktop-never-runs-code',
      'User code lives in processes of an agent.',
      { path: '^apps/desktop/' },
      { path: '^packages/runtime/' },
    ),
    rule(
      'apps-meet-on-the-wire',
      'No app imports another.',
      { path: '^apps/([^/]+)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    rule('packages-below-apps', 'Arrows point down.', { path: '^(packages|plugins)/' }, { path: '^apps/' }),
    rule(
      'plugin-by-sdk',
      'A plugin uses the SDK and its own files.',
      { path: '^plugins/([^/]+)/' },
      { path: own, pathNot: ['^plugins/$1/', '^packages/runtime/src/plugin(-testing)?[.]ts$'] },
    ),
    rule(
      'ui-knows-no-feature',
      'A primitive that knows a feature belongs to it.',
      { path: '^apps/desktop/src/renderer/ui/' },
      { path: '^apps/desktop/src/renderer/(features|app)/' },
    ),
    rule(
      'screens-are-apart',
      'Screens share through ui/ and the shell, not through each other.',
      { path: '^apps/desktop/src/renderer/features/([^/]+)/' },
      { path: '^apps/desktop/src/renderer/features/', pathNot: '^apps/desktop/src/renderer/features/$1/' },
    ),
    rule(
      'tests-are-leaves',
      'Nothing but a test imports a test.',
      { pathNot: tests },
      { path: '[.](test|suite)[.]tsx?$' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|dist-web|out|generated)/' },
    // The renderer's `@/` is written there.
    tsConfig: { fileName: 'tsconfig.web.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.d.ts', '.js'],
    },
  },
}
