import type { ProjectData } from '@m3m/data'

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

/** A service of the engine that is opened by its first call, for the same reason. Only for members that answer by promises. */
export function lazyService<T extends object>(open: () => Promise<T>): T {
  return new Proxy({} as T, {
    get:
      (_target, member) =>
      async (...args: unknown[]) => {
        const service = (await open()) as Record<PropertyKey, (...args: unknown[]) => unknown>
        return await service[member]!(...args)
      },
  })
}
