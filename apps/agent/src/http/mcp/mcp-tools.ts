import type { Core } from '@m3m/core'
import { codeSourceSchema, idSchema, runLogsInput } from '@m3m/core/client'
import type { DataEngine } from '@m3m/data'
import { z } from 'zod'
import { pagesFor, readReference, referenceText } from './reference-text.ts'

/** The project of the key. */
export interface McpProject {
  core: Core
  data: DataEngine
  projectId: string
  keyId: string
}

/** One tool. What it answers goes out as text: as it is, or as JSON. */
export interface McpTool {
  name: string
  title: string
  /** Tells the assistant when to use it. */
  description: string
  input: z.ZodRawShape
  answer(args: Record<string, unknown>): Promise<unknown>
}

function tool<Shape extends z.ZodRawShape>(
  definition: Omit<McpTool, 'input' | 'answer'> & {
    input: Shape
    answer(args: z.output<z.ZodObject<Shape>>): Promise<unknown>
  },
): McpTool {
  const { input, answer } = definition
  return { ...definition, answer: (args) => answer(z.object(input).parse(args)) }
}

const release = z.string().max(20).optional().describe('Version of a release, like 1.2')
const branch = z.string().max(60).optional().describe('Name of a branch; develop when neither is given')

/** Everything an assistant may ask of the project of its key. Bounded like the same questions of the panel. */
export function mcpTools(project: McpProject): McpTool[] {
  return [...referenceTools(project), ...codeTools(project), ...runTools(project)]
}

function referenceTools({ core, projectId }: McpProject): McpTool[] {
  const { serviceTypes } = core.services
  return [
    tool({
      name: 'list_reference',
      title: 'Modules of the runtime',
      description: 'Lists every global module a service may use, with one sentence each.',
      input: {},
      answer: async () =>
        (await pagesFor(core, projectId)).map(({ name, aliases, summary, members }) => ({
          module: name,
          ...(aliases.length > 0 && { aliases }),
          summary,
          members: members.map((member) => member.name),
        })),
    }),
    tool({
      name: 'read_reference',
      title: 'Documentation of a module',
      description: 'Documentation, runnable examples and types of one module, or of one member of it.',
      input: { module: z.string().max(60), member: z.string().max(60).optional() },
      answer: async ({ module, member }) =>
        referenceText(readReference(await pagesFor(core, projectId), module), member),
    }),
    tool({
      name: 'service_types',
      title: 'Types of this project',
      description:
        'One TypeScript declaration file of all that a service of this project has: modules, plugins, its models, its variables.',
      input: {},
      answer: () => serviceTypes.types(projectId),
    }),
  ]
}

function codeTools({ core: { services }, data, projectId, keyId }: McpProject): McpTool[] {
  const { pipeline, projects, runs } = services
  const filesOf = async (args: { release?: string | undefined; branch?: string | undefined }) => {
    const source = sourceOf(args)
    return 'release' in source
      ? (await pipeline.release(projectId, source.release)).files
      : (await pipeline.branch(projectId, source.branch)).files
  }
  return [
    tool({
      name: 'project',
      title: 'This project',
      description:
        'Name, models with fields, variables (without values), branches, releases and what runs now.',
      input: {},
      async answer() {
        const ours = data.project(projectId, { kind: 'apiKey', id: keyId })
        const [project, models, { variables }, branches, releases, state] = await Promise.all([
          projects.find(projectId),
          ours.models.list(),
          ours.environment.list(),
          pipeline.branches(projectId),
          pipeline.releases(projectId),
          runs.state(projectId),
        ])
        return {
          name: project?.name,
          slug: project?.slug,
          run: state,
          branches: branches.map(({ name, fileCount, updatedAt }) => ({ name, fileCount, updatedAt })),
          releases: releases.map(({ version, tag, comment, createdAt }) => ({
            version,
            tag,
            comment,
            createdAt,
          })),
          models: models.map(({ name, slug, fields }) => ({ name, slug, fields })),
          variables: variables.map(({ key, type }) => ({ key, type })),
        }
      },
    }),
    tool({
      name: 'list_files',
      title: 'Files of the code',
      description: 'Paths and sizes of the files of a branch or release.',
      input: { release, branch },
      answer: async (args) => (await filesOf(args)).map(({ path, code }) => ({ path, chars: code.length })),
    }),
    tool({
      name: 'read_file',
      title: 'A file of the code',
      description: 'The code of one file of a branch or release.',
      input: { path: z.string().max(200), release, branch },
      async answer({ path, ...args }) {
        const files = await filesOf(args)
        const found = files.find((file) => file.path === path)
        return (
          found?.code ?? `There is no file ${path}. There are: ${files.map((file) => file.path).join(', ')}.`
        )
      },
    }),
    tool({
      name: 'search_code',
      title: 'Search in the code',
      description: 'Lines of a branch or release that contain a text, with file and line; at most 500.',
      input: { text: z.string().min(1).max(200), release, branch },
      answer: ({ text, ...args }) => pipeline.search({ projectId, source: sourceOf(args), text }),
    }),
    tool({
      name: 'check_code',
      title: 'Errors of the code',
      description:
        'What the compiler says of a branch or release; an empty list means that it can be started.',
      input: { release, branch },
      answer: (args) => pipeline.check(projectId, sourceOf(args)),
    }),
  ]
}

function runTools({ core: { services }, projectId }: McpProject): McpTool[] {
  const { runs, metrics, jobs, requests } = services
  const { level, search, limit, cursor, direction } = runLogsInput.shape
  return [
    tool({
      name: 'read_log',
      title: 'Log of the latest run',
      description:
        'Lines of the latest run, newest page first; go on with cursor = "before" of the answer. Errors carry file:line:column.',
      input: { level, search, limit, cursor, direction },
      answer: (args) => runs.logs({ projectId, ...args }),
    }),
    tool({
      name: 'run_history',
      title: 'Earlier runs',
      description: 'Starts and ends of runs: what ran, who started it, why it ended.',
      input: { limit: z.number().int().min(1).max(200).default(20) },
      answer: ({ limit: most }) => runs.history({ projectId, limit: most }),
    }),
    tool({
      name: 'recent_requests',
      title: 'Requests that came in',
      description:
        'The last requests of the service, the newest first: method, path, route, status, milliseconds. read_request has the rest.',
      input: {},
      answer: async () => requests.list(projectId),
    }),
    tool({
      name: 'read_request',
      title: 'One request and its answer',
      description:
        'Headers and bodies (the first 16 KiB) of a request of recent_requests; sign-ins are left out.',
      input: { id: idSchema },
      answer: async ({ id }) => requests.get(projectId, id),
    }),
    tool({
      name: 'metrics',
      title: 'Figures of the service',
      description: 'CPU, memory, requests and errors now; hits, errors and latencies by route; jobs.',
      input: {},
      async answer() {
        const [{ now, memoryLimitBytes }, routes, scheduled] = await Promise.all([
          metrics.live(projectId),
          metrics.routes(projectId),
          jobs.list(projectId),
        ])
        return { now, memoryLimitBytes, routes, jobs: scheduled }
      },
    }),
  ]
}

function sourceOf(args: { release?: string | undefined; branch?: string | undefined }) {
  const { release: version, branch: name = 'develop' } = args
  return codeSourceSchema.parse(version === undefined ? { branch: name } : { release: version })
}
