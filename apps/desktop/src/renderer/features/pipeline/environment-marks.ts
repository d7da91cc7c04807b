import type { EditorMark } from './editor-mark.ts'

/**
 * Comments and quoted texts, so that nothing in them counts, or a look at a variable by its name alone. With a fallback
 * (`env.get('LIMIT', 10)`) it may be missing, and computed names nobody knows. `://` in a template begins no comment; what is
 * between backticks is looked at, since `${env.get('HOST')}` stands there.
 */
const COMMENT_TEXT_OR_LOOK =
  /(?<!:)\/\/[^\n]*|\/\*[^]*?\*\/|(?<![\w$.])\$?env\s*\.\s*get\(\s*(['"`])(?<name>[A-Za-z_]\w*)\1\s*\)|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g

/** Variables that the code asks for and the project does not have: such a look gives `null`. */
export function marksOfEnvironment(
  files: readonly { path: string; code: string }[],
  variables: readonly string[],
  messageOf: (name: string) => string,
): EditorMark[] {
  const known = new Set(variables)
  return files
    .filter(({ path }) => /\.[cm]?[jt]s$/.test(path))
    .flatMap(({ path: file, code }) =>
      [...code.matchAll(COMMENT_TEXT_OR_LOOK)].flatMap(({ 0: look, groups, index }): EditorMark[] => {
        const name = groups?.['name']
        if (name === undefined || known.has(name)) return []
        const at = index + look.lastIndexOf(name)
        const before = code.slice(0, at)
        const place = { line: before.split('\n').length, column: at - before.lastIndexOf('\n') }
        return [{ file, ...place, severity: 'warning', message: messageOf(name), source: 'environment' }]
      }),
    )
}
