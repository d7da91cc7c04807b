import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { root } from '../build/targets.ts'

const MODULES = 'packages/runtime/src/modules'

/** One page a runtime module: what its room says of it, then its declarations. Keyed by path. */
export function runtimePages(): Record<string, () => Promise<string>> {
  const names = globSync(`${MODULES}/*/*.docs.md`, { cwd: root })
    .map((file) => basename(dirname(file)))
    .sort()
  const pages: Record<string, () => Promise<string>> = {
    'docs/reference/runtime/README.md': () => Promise.resolve(index(names)),
  }
  for (const name of names) pages[`docs/reference/runtime/${name}.md`] = () => Promise.resolve(page(name))
  return pages
}

function index(names: readonly string[]): string {
  const rows = names.map((name) => `| [${name}](${name}.md) | ${firstSentence(room(name, 'docs.md'))} |`)
  return [
    '# Runtime modules',
    '',
    'Globals of every service, in two spellings from one definition: `database` returns promises where a call waits, `$database`',
    'waits itself. Every example on these pages is run by the tests.',
    '',
    '| Module | What for |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function page(name: string): string {
  const declarations = room(name, 'd.ts').trim()
  return `${room(name, 'docs.md').trim()}\n\n## Declarations\n\n\`\`\`ts\n${declarations}\n\`\`\`\n`
}

function room(name: string, role: string): string {
  const file = join(root, MODULES, name, `${name}.${role}`)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** The first sentence below the heading, on one line. */
function firstSentence(markdown: string): string {
  const text = markdown.split('\n').slice(1).join(' ').trim()
  return (/^.*?[.:](?=\s|$)/.exec(text)?.[0] ?? '').replace(/:$/, '.').replaceAll('|', '\\|')
}
