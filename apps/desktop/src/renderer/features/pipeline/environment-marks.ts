import type { EditorMark } from './editor-mark.ts'

/**
 * Comments and quoted texts, so that nothing in them counts, or a look at a variable by its name alone. With a fallback
 * (`env.get('LIMIT', 10)`) it may be missing, and computed names nobody knows. `://` in a template begins no comment; what is
 * between backticks is looked at, since `${env.get('HOST')}` stands there.
 */
const COMMENT_TEXT_OR_LOOK =
  /(?<!:)\/\/[^\n]*|\/\*[^]*?\*\/|(?<![\w$.])\$?env\s*\.\s*get\(\s*(['"`])(?<name>[A-Za-z_]\w*)\1\s*\)|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g

interface CodeFile {
  path: string
  code: string
}

/** A look at one variable, and where its name stands. */
interface Look {
  name: string
  line: number
  column: number
}

/** Whoever types changes one file; bundles of packages beside it are megabytes. */
const seen = new WeakMap<CodeFile, Look[]>()

/** Variables that the code asks for and the project does not have: such a look gives `null`. */
export function marksOfEnvironment(
  files: readonly CodeFile[],
  variables: readonly string[],
  messageOf: (name: string) => string,
): EditorMark[] {
  const known = new Set(variables)
  return files
    .filter(({ path }) => /\.[cm]?[jt]s$/.test(path))
    .flatMap((file) =>
      looksIn(file)
        .filter(({ name }) => !known.has(name))
        .map(({ name, ...place }): EditorMark => {
          const message = messageOf(name)
          return { file: file.path, ...place, severity: 'warning', message, source: 'environment' }
        }),
    )
}

function looksIn(file: CodeFile): Look[] {
  const known = seen.get(file)
  if (known) return known
  const looks = [...file.code.matchAll(COMMENT_TEXT_OR_LOOK)].flatMap(
    ({ 0: look, groups, index }): Look[] => {
      const name = groups?.['name']
      if (name === undefined) return []
      const at = index + look.lastIndexOf(name)
      const before = file.code.slice(0, at)
      return [{ name, line: before.split('\n').length, column: at - before.lastIndexOf('\n') }]
    },
  )
  seen.set(file, looks)
  return looks
}
