import type { IncomingMessage, ServerResponse } from 'node:http'
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { AppError } from '@m3m/base'
import { AGENT_VERSION } from '../../version.ts'
import { mcpTools, type McpProject } from './mcp-tools.ts'
import { pagesFor, readReference, referenceText } from './reference-text.ts'

const INSTRUCTIONS = `m3m runs JavaScript services in V8 isolates: no Node.js, no npm, no browser. What a service may use are m3m's own globals.
Before you write code for a service read the types (tool service_types) and the modules it needs (list_reference, read_reference).
Code you propose is put in by a person in the panel; nothing is written through this connection.`

/** Answers one message. A server per request: there are no sessions, so nothing of one caller is left for another. */
export async function serveMcp(
  project: McpProject,
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
): Promise<void> {
  const server = new McpServer({ name: 'm3m', version: AGENT_VERSION }, { instructions: INSTRUCTIONS })
  addTools(server, project)
  addResources(server, project)
  // No session: the generator is left out. Answers are JSON, since no tool reports progress.
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
  response.on('close', () => void server.close())
  await server.connect(transport)
  await transport.handleRequest(request, response, body)
}

function addTools(server: McpServer, project: McpProject): void {
  for (const { name, title, description, input, answer } of mcpTools(project)) {
    server.registerTool(
      name,
      { title, description, inputSchema: input, annotations: { readOnlyHint: true, openWorldHint: false } },
      async (args: Record<string, unknown>) => {
        try {
          return text(await answer(args))
        } catch (error) {
          // What the caller can mend is told to it; a bug is not described.
          if (!(error instanceof AppError) || error.blame === 'bug') throw error
          return { ...text(`${error.code}: ${error.message}`), isError: true }
        }
      },
    )
  }
}

function addResources(server: McpServer, { core, projectId }: McpProject): void {
  const pages = () => pagesFor(core, projectId)
  const template = new ResourceTemplate('m3m://reference/{module}', {
    list: async () => ({
      resources: (await pages()).map(({ name, summary }) => ({
        uri: `m3m://reference/${name}`,
        name,
        description: summary,
        mimeType: 'text/markdown',
      })),
    }),
  })
  server.registerResource(
    'reference',
    template,
    { title: 'Runtime modules', mimeType: 'text/markdown' },
    async (uri, { module }) => {
      const page = readReference(await pages(), String(module))
      return { contents: [{ uri: uri.href, mimeType: 'text/markdown', text: referenceText(page) }] }
    },
  )
}

function text(value: unknown): { content: { type: 'text'; text: string }[] } {
  return {
    content: [{ type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value, null, 1) }],
  }
}
