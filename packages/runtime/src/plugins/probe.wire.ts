import type { ErrorShape } from '@m3m/base'
import type { PluginOrder } from './plugin.contract.ts'

/** File descriptors that the process of a probe inherits. */
export const PROBE_FD = { order: 0, answer: 3, watch: 4 } as const

export interface ProbeOrder extends Pick<
  PluginOrder,
  'name' | 'kind' | 'folder' | 'revision' | 'entry' | 'permissions'
> {
  readonly sandbox: string | null
}

export type ProbeAnswer =
  | { ok: true; sandboxCode: string | null; members: string[] | null }
  | {
      ok: false
      error: ErrorShape
      /** Message and stack of the plugin's own files, paths from its folder on. */
      details: string
    }
