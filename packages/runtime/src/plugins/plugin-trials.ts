// Trying plugins out: once for each change of their files.
import type { Logger } from '@m3m/base'
import { probePlugin } from './probe.ts'
import type { ProbeAnswer } from './probe.wire.ts'
import type { SeenPlugin } from './read-plugins.ts'

export interface Trials {
  /** What trying it out came to; tried once for each change of its files. Null when that makes no sense. */
  of(plugin: SeenPlugin): Promise<ProbeAnswer | null>
  /** Tries one out again at the next question, or all of them. */
  forget(name?: string): void
}

export interface TrialOptions {
  /** Where processes are recorded for the next agent start. */
  processFolder?: string
  logger: Logger
  /** How long a plugin may take. Default 20 s. */
  deadlineMs?: number
}

/** One probe at a time: an agent's start belongs to its services. */
export function createTrials({ processFolder, deadlineMs, logger }: TrialOptions): Trials {
  const known = new Map<string, { revision: string; answer: Promise<ProbeAnswer> }>()
  let last: Promise<unknown> = Promise.resolve()

  async function tryOut({ name, folder, revision, manifest }: SeenPlugin): Promise<ProbeAnswer> {
    const { kind, entry, sandbox, permissions } = manifest!
    const order = { name, kind, folder, revision, entry, sandbox, permissions }
    const answer = await probePlugin(order, {
      processFolder,
      ...(deadlineMs !== undefined && { deadlineMs }),
    })
    if (answer.ok) return answer
    // One that waits to be built, as a fresh clone has it, is no fault.
    const level = answer.error.code === 'PLUGIN_NOT_BUILT' ? 'info' : 'warn'
    logger[level]('a plugin cannot be used', { plugin: name, error: answer.error.message })
    return answer
  }
  return {
    async of(plugin) {
      if (plugin.problem || !plugin.manifest) return null
      const there = known.get(plugin.name)
      if (there?.revision === plugin.revision) return await there.answer
      const answer = last.then(() => tryOut(plugin))
      last = answer.catch(() => {})
      known.set(plugin.name, { revision: plugin.revision, answer })
      return await answer
    },
    forget: (name) => void (name === undefined ? known.clear() : known.delete(name)),
  }
}
