import { Session, type Runtime } from 'node:inspector'
import vm from 'node:vm'

/** What V8 says of a text: fine as one of the two kinds, or wrong at a place (1-based), or beyond its stack. */
export type SyntaxVerdict =
  | { kind: 'script' | 'module' }
  | { kind: 'wrong'; line: number; column: number; message: string }
  | { kind: 'too-deep' }

// What V8 says of a classic script that would be right as a module (Node decides by the same texts:
// lib/internal/modules/helpers, "esmSyntaxErrorMessages").
const MODULE_ONLY = [
  'Cannot use import statement outside a module',
  "Unexpected token 'export'",
  "Cannot use 'import.meta' outside a module",
  'await is only valid in async functions and the top level bodies of modules',
  'Unexpected reserved word',
]

/**
 * Asks V8 itself, without running anything. Needs --experimental-vm-modules. The inspector is asked to do the
 * compiling, because the exact position of a syntax error is reachable nowhere else (node:vm drops a module's
 * and cuts long lines).
 */
export function checkSyntax(code: string, path: string): SyntaxVerdict {
  // A session for each check: it would hold on to every error it has reported.
  const session = new Session()
  session.connect()
  try {
    session.post('Runtime.enable')
    const asScript = compileScript(session, code, path)
    if (!asScript) return { kind: 'script' }
    const mayBeModule =
      asScript.kind === 'wrong' && MODULE_ONLY.some((text) => asScript.message.includes(text))
    return mayBeModule ? (compileModule(session, code, path) ?? { kind: 'module' }) : asScript
  } finally {
    session.disconnect()
  }
}

type Failed = Exclude<SyntaxVerdict, { kind: 'script' | 'module' }>
type Answer = { exceptionDetails?: Runtime.ExceptionDetails | undefined }

function compileScript(session: Session, code: string, path: string): Failed | null {
  const request = { expression: code, sourceURL: path, persistScript: false }
  return ask((answer) => session.post('Runtime.compileScript', request, answer))
}

const SLOT = '__m3mCompile'

function compileModule(session: Session, code: string, path: string): Failed | null {
  const slots = globalThis as unknown as Record<string, unknown>
  slots[SLOT] = () => void new vm.SourceTextModule(code, { identifier: path })
  try {
    return ask((answer) =>
      session.post('Runtime.evaluate', { expression: `${SLOT}()`, silent: true }, answer),
    )
  } finally {
    delete slots[SLOT]
  }
}

/** A session in its own process answers before `post` returns; what its callback throws would be lost. */
function ask(post: (answer: (error: Error | null, result: Answer) => void) => void): Failed | null {
  const got: { error?: Error | null; result?: Answer } = {}
  post((error, result) => Object.assign(got, { error, result }))
  if (got.error || !got.result) throw got.error ?? new Error('The inspector did not answer.')
  return verdictOf(got.result.exceptionDetails)
}

function verdictOf(details: Runtime.ExceptionDetails | undefined): Failed | null {
  if (!details) return null
  const message = details.exception?.description?.split('\n')[0] ?? details.text
  if (message.startsWith('RangeError')) return { kind: 'too-deep' }
  return {
    kind: 'wrong',
    line: details.lineNumber + 1,
    column: details.columnNumber + 1,
    message: message.replace(/^SyntaxError: /, ''),
  }
}
