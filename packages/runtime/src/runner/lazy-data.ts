import type { GoalsService, ProjectData } from '@m3m/data'

/**
 * Project data that is opened by the first call. Everything in it answers by promises, so nobody sees the difference;
 * a service that never asks never loads the driver (20 MB).
 */
export function lazyProjectData(projectId: string, open: () => Promise<ProjectData>): ProjectData {
  let opened: Promise<ProjectData> | undefined
  const group = (name: 'models' | 'records' | 'environment') =>
    new Proxy(
      {},
      {
        get:
          (_target, member) =>
          async (...args: unknown[]) => {
            const part = (await (opened ??= open()))[name] as unknown as Record<
              PropertyKey,
              (...args: unknown[]) => unknown
            >
            return await part[member]!.apply(part, args)
          },
      },
    )
  return {
    projectId,
    models: group('models'),
    records: group('records'),
    environment: group('environment'),
  } as ProjectData
}

/** Goals that are opened by the first call, for the same reason. */
export function lazyGoals(open: () => Promise<GoalsService>): GoalsService {
  return new Proxy({} as GoalsService, {
    get:
      (_target, member) =>
      async (...args: unknown[]) => {
        const goals = (await open()) as unknown as Record<PropertyKey, (...args: unknown[]) => unknown>
        return await goals[member]!(...args)
      },
  })
}
