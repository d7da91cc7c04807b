import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
import { projectErrors } from './projects.errors.ts'
import { DEFAULT_PROJECT_SETTINGS, LIMIT_NAMES } from './projects.schema.ts'
import type { ProjectLimitsView, ProjectSettings, updateProjectInput } from './projects.schema.ts'

/** What is absent stays. */
export function mergeSettings(
  before: ProjectSettings,
  changes: z.output<typeof updateProjectInput>['settings'],
): ProjectSettings {
  return {
    autoStart: changes?.autoStart ?? before.autoStart,
    rollback: changes?.rollback ?? before.rollback,
    ...((changes?.isolation ?? before.isolation) && { isolation: changes?.isolation ?? before.isolation }),
    limits: changes?.limits ?? before.limits,
    outbound: changes?.outbound ?? before.outbound,
    api: changes?.api ?? before.api,
    plugins: before.plugins,
  }
}

/** Settings that were stored before a setting existed have its default. */
export function settingsOf(stored: Partial<ProjectSettings>): ProjectSettings {
  return { ...DEFAULT_PROJECT_SETTINGS, ...stored }
}

/** The part that a run is given at its start. */
const atStart = ({ isolation, limits, outbound }: ProjectSettings) => [
  isolation ?? 'default',
  LIMIT_NAMES.map((name) => limits[name] ?? null),
  outbound.allow,
  outbound.hosts,
]

/** Whether a running service would have to be started again for the change. */
export const changesRuns = (before: ProjectSettings, after: ProjectSettings) =>
  !isSame(atStart(before), atStart(after))

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** What is held already may stay: config.yaml may have been changed since. */
export function checkSettings(
  { bounds }: ProjectLimitsView,
  actor: SignedIn,
  { held, wanted }: { held: ProjectSettings; wanted: ProjectSettings },
): void {
  if (!actor.user.root && !isSame(held.outbound, wanted.outbound))
    throw projectErrors.PROJECT_OUTBOUND_ROOT({})
  for (const name of LIMIT_NAMES) {
    const value = wanted.limits[name]
    const { min, max } = bounds[name]
    if (value === undefined || value === held.limits[name] || (value >= min && value <= max)) continue
    const field = projectErrors.PROJECT_LIMIT_BOUND({ limit: name, min, max }).toField()
    const fields = { [`settings.limits.${name}`]: field }
    throw projectErrors.PROJECT_LIMIT_BOUND({ limit: name, min, max }, { fields })
  }
}
