// Where a file calls `import()`. V8 has no hook for it that isolated-vm passes on, so the runner binds these places to a
// function of its own (isolate/import-calls.ts). Found by a parser: in texts, comments, templates and names it is none.
import { Parser, type Node } from 'acorn'

/** The part of acorn's parser that is asked for each `import(…)`; not in its declarations. */
interface ImportParser {
  parseDynamicImport(node: Node): Node
}

/** What cannot be a call is not parsed: most files. Between the word and its bracket there may be blanks and comments. */
const MAYBE = /\bimport\s*[(/]/

/**
 * Offsets of the word `import` of every `import(…)`, in their order. Empty also for what V8 takes and this parser does not: there
 * such a call is refused when it is made.
 *
 * @param code checked already: V8 compiles it as `kind`.
 */
export function findImportCalls(code: string, kind: 'script' | 'module'): number[] {
  if (!MAYBE.test(code)) return []
  const found: number[] = []
  try {
    finding(found).parse(code, { ecmaVersion: 'latest', sourceType: kind, allowHashBang: true })
  } catch {
    return []
  }
  // A parser that had to look twice at an arrow function's parameters would have told twice.
  return [...new Set(found)].sort((a, b) => a - b)
}

function finding(found: number[]): typeof Parser {
  return Parser.extend((Base) => {
    class Finding extends (Base as unknown as new (...args: unknown[]) => ImportParser) {
      override parseDynamicImport(node: Node): Node {
        found.push(node.start)
        return super.parseDynamicImport(node)
      }
    }
    return Finding as unknown as typeof Parser
  })
}
