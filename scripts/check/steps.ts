import { join } from 'node:path'
import { root } from '../build/targets.ts'

export interface CheckStep {
  readonly name: string
  /** What a red step asks for. */
  readonly cure: string
  readonly argv: readonly string[]
  readonly cwd?: string
}

const bin = (path: string) => join(root, 'node_modules', path)
const tsc = (project: string): CheckStep => ({
  name: `types (${project})`,
  cure: 'mend the types',
  argv: [bin('typescript/bin/tsc'), '-p', `tsconfig.${project}.json`],
})

/** All of `npm run check`. Each runs with the project's own Node. */
export const steps: readonly CheckStep[] = [
  {
    name: 'format',
    cure: 'npm run fix',
    argv: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  },
  {
    name: 'lint',
    cure: 'mend, or a reason on the same line',
    argv: [bin('oxlint/bin/oxlint'), '--type-aware', '--quiet', '--tsconfig', 'tsconfig.node.json'],
  },
  tsc('node'),
  tsc('sandbox'),
  tsc('web'),
  tsc('e2e'),
  {
    name: 'import rules',
    cure: 'an arrow points the wrong way: see CONTRIBUTING.md, "Who may import whom"',
    argv: [join(root, 'scripts/check/import-rules.ts')],
  },
  {
    name: 'dead code',
    cure: 'delete it, or export it from a door that is used',
    argv: [join(root, 'scripts/check/dead-code.ts')],
  },
  { name: 'generated files', cure: 'npm run docs', argv: [join(root, 'scripts/docs.ts'), '--check'] },
  {
    name: 'lock file',
    cure: 'npm install, then npm ci --dry-run',
    argv: [join(root, 'scripts/check/lock-file.ts')],
  },
]
