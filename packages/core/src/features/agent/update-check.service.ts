import type { Clock } from '@m3m/base'
import { messageOf } from '@m3m/base'
import { agentSettingsErrors } from './agent-settings.errors.ts'
import type { AgentSettings, UpdateStatus } from './agent-settings.schema.ts'
import type { ReleaseFeed } from './release-feed.port.ts'

/** Asks once a day whether there is a newer version, and only while Agent settings say so. */
export interface UpdateCheck extends Disposable {
  status(): UpdateStatus
  /** Asks now. @throws AGENT_UPDATES_OFF: nothing is fetched unless the check is on */
  check(): Promise<UpdateStatus>
  /** Begins the daily round. */
  start(): void
}

export interface UpdateCheckDeps {
  version: string
  settings(): AgentSettings['updates']
  feed: ReleaseFeed
  clock: Clock
}

/** Not in the first moment: an agent that is started again and again asks nobody. */
const FIRST_MS = 5 * 60_000
const DAY_MS = 24 * 60 * 60_000

export function createUpdateCheck({ version, settings, feed, clock }: UpdateCheckDeps): UpdateCheck {
  let found: Pick<UpdateStatus, 'latest' | 'checkedAt' | 'error'> = {
    latest: null,
    checkedAt: null,
    error: null,
  }
  let cancel = () => {}
  let isOver = false

  async function ask(address: string): Promise<void> {
    const checkedAt = new Date(clock.now()).toISOString()
    try {
      found = { latest: await feed.latest(address), checkedAt, error: null }
    } catch (error) {
      found = { ...found, checkedAt, error: messageOf(error) }
    }
  }

  function later(ms: number): void {
    if (isOver) return
    cancel = clock.after(ms, () => {
      const { check, feed: address } = settings()
      const asked = check && address !== null ? ask(address) : Promise.resolve()
      void asked.then(() => later(DAY_MS))
    })
  }

  const status = (): UpdateStatus => ({
    current: version,
    ...found,
    isNewer: found.latest !== null && isNewer(found.latest.version, version),
  })

  return {
    status,
    async check() {
      const { check, feed: address } = settings()
      if (!check || address === null) throw agentSettingsErrors.AGENT_UPDATES_OFF({})
      await ask(address)
      return status()
    },
    start: () => later(FIRST_MS),
    [Symbol.dispose]() {
      isOver = true
      cancel()
    },
  }
}

/** By the numbers of a version (semver.org, 11); what follows a dash comes before the version itself. */
function isNewer(one: string, other: string): boolean {
  const [a, b] = [partsOf(one), partsOf(other)]
  for (const [index, number] of a.numbers.entries()) {
    const against = b.numbers[index] ?? 0
    if (number !== against) return number > against
  }
  return b.isEarly && !a.isEarly
}

function partsOf(version: string) {
  const [numbers = '', ...early] = version.replace(/^v/, '').split('-')
  return { numbers: numbers.split('.').map(Number), isEarly: early.length > 0 }
}
