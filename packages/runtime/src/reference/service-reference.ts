import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { ModuleDefinition } from '../module/define-module.ts'
import { describePage } from './reference-page.ts'
import type { ReferencePage } from './reference-page.ts'

export interface ServiceReference {
  /** Every module by name, then what is global besides, then the modules of plugins. */
  pages(): Promise<ReferencePage[]>
}

export interface ServiceReferenceOptions {
  /** Pages of plugins; asked anew at every question. */
  plugins?: { pages(): Promise<ReferencePage[]> }
}

const modulesFolder = resolve(import.meta.dirname, '../modules')
const globalsFile = resolve(import.meta.dirname, '../types/globals.docs.md')

/** Reads the rooms' own docs and declarations, once: the panel, the assistant's door and the files of docs/reference show the same text. */
export function createServiceReference({ plugins }: ServiceReferenceOptions = {}): ServiceReference {
  let rooms: Promise<ReferencePage[]> | undefined
  return {
    async pages() {
      rooms ??= readPages()
      return [...(await rooms), ...((await plugins?.pages()) ?? [])]
    },
  }
}

async function readPages(): Promise<ReferencePage[]> {
  // Only now: the list of rooms brings the host halves along, and the agent needs none of them to start.
  const { rooms } = await import('../modules/rooms.ts')
  const modules = await Promise.all(rooms.map(readRoom))
  return [...modules.sort((a, b) => a.name.localeCompare(b.name)), await readGlobals()]
}

async function readRoom({ name, aliases = [], twin = true }: ModuleDefinition): Promise<ReferencePage> {
  const file = (role: string) => readFile(join(modulesFolder, name, `${name}.${role}`), 'utf8')
  const [docs, declarations] = await Promise.all([file('docs.md'), file('d.ts')])
  return { name, aliases: [...aliases], twin, ...describePage(name, docs, declarations) }
}

async function readGlobals(): Promise<ReferencePage> {
  // Only now: the declarations of the rooms come along.
  const { globalDeclarations } = await import('../types/project-types.ts')
  const intro = (await readFile(globalsFile, 'utf8')).replace(/^# .*\n+/, '').trim()
  const summary = intro.slice(0, intro.indexOf('\n\n')).replaceAll('\n', ' ')
  const declarations = globalDeclarations().trim()
  return { name: 'globals', aliases: [], twin: false, summary, intro, members: [], declarations }
}
