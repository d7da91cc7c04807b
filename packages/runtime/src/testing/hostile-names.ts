// Who did it: after the hostile cases, the guilty service's own log, limits and figures say so, and its neighbour's do not.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { SupervisedRun } from '../supervisor/supervisor.port.ts'
import { BROKEN_OFF, limitedCases } from './hostile-cases.ts'
import type { TestAgent } from './open-agent.ts'

/** All that a run has written, the parts of its log that are full included. */
export function logOf({ folder }: TestAgent, runId: string): string {
  const logs = join(folder, 'logs')
  const files = readdirSync(logs, { recursive: true }).map(String)
  return files
    .filter((name) => name.includes(runId) && name.endsWith('.log'))
    .map((name) => readFileSync(join(logs, name), 'utf8'))
    .join('')
}

interface Answered {
  readonly agent: TestAgent
  readonly service: SupervisedRun
  /** Status by the place of the case in the table. */
  readonly answers: ReadonlyMap<number, number>
}

/** A flood of lines may take those that follow it along. */
const FLOODS = /flood|million|without end in the log/

/** Of the cases that were tried. */
export async function expectNamed({ agent, service, answers }: Answered, neighbourId: string): Promise<void> {
  const failed = [...answers].filter(([, status]) => status >= 500 || status === BROKEN_OFF)
  const { routes, limits } = agent.supervisor.figures(service.runId)!
  const errors = new Map(routes.map((route) => [route.pattern, route.errors]))
  for (const [index, status] of failed)
    if (status >= 500)
      expect([limitedCases[index]![0], errors.get(`/bad${index}`)]).toEqual([limitedCases[index]![0], 1])
  for (const [index, status] of answers) if (status < 500) expect(errors.get(`/bad${index}`) ?? 0).toBe(0)
  const unnamed = () => {
    const log = logOf(agent, service.runId)
    return failed
      .filter(([index]) => !log.includes(`GET /bad${index} `) && !FLOODS.test(limitedCases[index]![0]))
      .map(([index]) => limitedCases[index]![0])
  }
  await expect.poll(unnamed).toEqual([])
  // What was passed, by name, where the run's history and the charts take it from.
  for (const [limit, times] of Object.entries(limits))
    expect([limit, service.limitHits[limit]! >= times]).toEqual([limit, true])
  if (failed.length > 10)
    for (const limit of ['cpuStretchMs', 'requestWallMs', 'responseBodyBytes', 'maxRoutes'])
      expect([limit, (limits[limit] ?? 0) > 0]).toEqual([limit, true])
  const neighbour = agent.supervisor.figures(neighbourId)!
  expect([neighbour.errors, neighbour.limits]).toEqual([0, {}])
  expect(logOf(agent, neighbourId)).not.toMatch(/\[(?:WARN|ERROR)\]/)
}
