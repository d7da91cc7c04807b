import { findDeclaration } from './member-declarations.ts'
import type { MemberDeclaration } from './member-declarations.ts'
import { splitDocs } from './split-docs.ts'

/** What a service author reads of one module; the shape of core's port. */
export interface ReferencePage {
  /** The global's name; `globals` for what every service has besides the modules. */
  name: string
  aliases: string[]
  /** False where there is no `$` spelling. */
  twin: boolean
  /** The first sentence, without markup of its own block. */
  summary: string
  /** Markdown above the first member. */
  intro: string
  /** Each member in the order of the docs: Markdown, and how it is declared; `null` for a chapter such as "Errors". */
  members: { name: string; text: string; declared: MemberDeclaration | null }[]
  /** TypeScript, as the editor completes by it. */
  declarations: string
  /** The folder's name of the plugin that adds the module. Absent: it is one of ours. */
  plugin?: string
}

/** The page of a module or plugin from its docs and its declarations; `name` is the global's. */
export function describePage(
  name: string,
  docs: string,
  declarations: string,
): Omit<ReferencePage, 'name' | 'aliases' | 'twin'> {
  const { members, ...above } = splitDocs(docs)
  return {
    ...above,
    members: members.map((one) => ({ ...one, declared: findDeclaration(declarations, name, one.name) })),
    declarations: declarations.trim(),
  }
}
