import { readFile } from 'node:fs/promises'
import type { ModuleDefinition } from '../module/define-module.ts'
import { dollarTwin } from './dollar-twin.ts'

/** Writes the declarations the editor completes by; the shape of core's port. */
export interface ServiceTypes {
  /** One `.d.ts` of the modules in both spellings. */
  types(projectId: string): Promise<string>
}

const HEADER = `// What a service may use. Each module has two spellings: calls of the bare one return promises where they wait,
// those of the $ one block this service and return the value.
`

/** Declarations from the rooms' own `.d.ts` files, which also feed the documentation: said once, shown everywhere. */
export function createServiceTypes(): ServiceTypes {
  let modules: Promise<string> | undefined
  return {
    types: () => (modules ??= declareRooms()),
  }
}

async function declareRooms(): Promise<string> {
  // Only now: the list brings the host halves along, and the agent needs none of them to start.
  const { rooms } = await import('../modules/rooms.ts')
  const parts = await Promise.all(rooms.map(declareRoom))
  return [HEADER, ...parts].join('\n')
}

async function declareRoom({ name, aliases = [], twin: hasTwin = true }: ModuleDefinition): Promise<string> {
  const text = await readFile(new URL(`../modules/${name}/${name}.d.ts`, import.meta.url), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    },
  )
  if (text === null) return ''
  const { title, twin } = dollarTwin(text)
  const globals = [name, ...aliases].flatMap((global) => [
    `declare const ${global}: ${title}`,
    ...(hasTwin ? [`declare const $${global}: $${title}`] : []),
  ])
  return `${text.trimEnd()}\n${hasTwin ? twin : ''}\n${globals.join('\n')}\n`
}
