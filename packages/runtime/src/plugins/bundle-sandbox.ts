// The sandbox half of a plugin as one classic script. Runs in the process of a probe: it parses the plugin's code.
import { realpathSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { messageOf } from '@m3m/base'
import { build, type Plugin } from 'esbuild'
import { withoutFolder } from './load-plugin.ts'
import { pluginErrors } from './plugin.errors.ts'
import { fileOf, isInside } from './plugin-folder.ts'

/** A sandbox half is some functions; each isolate of each project that enables it parses it anew. */
export const MAX_SANDBOX_CHARS = 512 * 1024
/** What its top level may compute. */
const TOP_LEVEL_MS = 2_000

export interface SandboxHalf {
  /** An expression whose value is the room. */
  readonly code: string
  /** Null when they cannot be known before a run. */
  readonly members: string[] | null
}

/** @throws PLUGIN_LOAD_FAILED, PLUGIN_ESCAPE */
export async function bundleSandbox(plugin: string, folder: string, path: string): Promise<SandboxHalf> {
  const failed = (reason: string, cause?: unknown) =>
    pluginErrors.PLUGIN_LOAD_FAILED({ plugin, reason: `${path}: ${reason}` }, { cause })
  const text = await bundled(folder, fileOf(plugin, folder, path)).catch((error: unknown) => {
    throw failed(withoutFolder(firstError(error), folder), error)
  })
  const code = `(() => {${text}\nreturn __m3m_plugin.room})()`
  if (code.length > MAX_SANDBOX_CHARS)
    throw failed(
      `it is longer than ${MAX_SANDBOX_CHARS} characters; the heavy part belongs into the host half`,
    )
  try {
    const kind: unknown = runInNewContext(`typeof ${code}`, webGlobals(), { timeout: TOP_LEVEL_MS })
    if (kind !== 'function') throw new Error('it does not export a function named room')
  } catch (error) {
    // Errors of another realm are no Error of ours.
    throw failed(String((error as Error | null)?.message ?? error), error)
  }
  return { code, members: membersOf(code) }
}

async function bundled(folder: string, file: string): Promise<string> {
  const result = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: '__m3m_plugin',
    platform: 'neutral',
    target: 'es2024',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'silent',
    tsconfigRaw: '{}',
    plugins: [confine(folder)],
  })
  return result.outputFiles[0]!.text
}

/** Nothing of Node, and nothing from outside of the plugin's folder. */
function confine(folder: string): Plugin {
  return {
    name: 'confine',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(node:|@m3m\/)/ }, ({ path }) => ({
        errors: [
          { text: `it imports "${path}", which does not exist inside of a service (types may be imported)` },
        ],
      }))
      onLoad({ filter: /.*/ }, ({ path }) =>
        isInside(folder, realpathSync(path))
          ? undefined
          : { errors: [{ text: `it imports ${path.split('/').at(-1)} from outside of its folder` }] },
      )
    },
  }
}

function firstError(error: unknown): string {
  const [first] =
    (error as { errors?: { text: string; location?: { file: string; line: number } | null }[] }).errors ?? []
  if (!first) return messageOf(error)
  return first.location ? `${first.text} (line ${first.location.line})` : first.text
}

/** The keys of what the room makes, asked of a room that is connected to nothing. */
function membersOf(code: string): string[] | null {
  const ask = `Object.keys((${code})(
    { kind: 'bare', call: async () => undefined, map: async () => undefined, recover: async () => undefined },
    { facts: { project: {}, limits: {} }, bootData() {}, on() {}, tell() {}, log() {}, guard() {},
      describe: String, error: (code, message) => new Error(message) }))`
  try {
    const keys: unknown = runInNewContext(`JSON.stringify(${ask})`, webGlobals(), { timeout: TOP_LEVEL_MS })
    return JSON.parse(String(keys)) as string[]
  } catch {
    return null
  }
}

/** What an isolate has besides JavaScript itself, as far as the top level of a script may name it. */
function webGlobals(): object {
  const nothing = () => {}
  return {
    ...{ URL, URLSearchParams, TextEncoder, TextDecoder, AbortController, AbortSignal, Event, EventTarget },
    ...{ structuredClone, atob, btoa, performance: { now: () => 0 } },
    ...{ setTimeout: nothing, setInterval: nothing, clearTimeout: nothing, clearInterval: nothing },
    ...{ queueMicrotask: nothing, console: { log: nothing, info: nothing, warn: nothing, error: nothing } },
  }
}
