import type { Core } from '@m3m/core'
import type { ReferencePage } from '@m3m/core/client'
import { mcpErrors } from './mcp.errors.ts'

/** What a service of the project may use: m3m's own modules, and those of the plugins that it has enabled. */
export async function pagesFor({ services }: Core, projectId: string): Promise<ReferencePage[]> {
  const [pages, project] = await Promise.all([
    services.serviceReference.pages(),
    services.projects.find(projectId),
  ])
  const enabled = project?.settings.plugins ?? []
  return pages.filter(({ plugin }) => plugin === undefined || enabled.includes(plugin))
}

/** By its name, an alias, or the `$` spelling of either. @throws MCP_NO_MODULE */
export function readReference(pages: readonly ReferencePage[], named: string): ReferencePage {
  const name = named.replace(/^\$/, '')
  const page = pages.find((each) => each.name === name || each.aliases.includes(name))
  if (page) return page
  throw mcpErrors.MCP_NO_MODULE({ module: named, known: pages.map((each) => each.name).join(', ') })
}

/** One module as Markdown, or one of its members. @throws MCP_NO_MEMBER */
export function referenceText(page: ReferencePage, member?: string): string {
  const { name, intro, members, declarations } = page
  if (member === undefined) {
    const parts = members.map((each) => `## ${name}.${each.name}\n\n${memberText(each)}`)
    return [`# ${name}`, intro, ...parts, `## Types\n\n\`\`\`ts\n${declarations}\n\`\`\``].join('\n\n')
  }
  const found = members.find((each) => each.name === member)
  if (found) return `# ${name}.${member}\n\n${memberText(found)}`
  const known = members.map((each) => each.name).join(', ')
  throw mcpErrors.MCP_NO_MEMBER({ module: name, member, known })
}

/** How it is called, what its declaration says, then its docs. */
function memberText({ text, declared }: ReferencePage['members'][number]): string {
  if (!declared) return text
  const parts = [`\`\`\`ts\n${declared.signature}\n\`\`\``, declared.doc, text]
  return parts.filter((part) => part !== '').join('\n\n')
}
