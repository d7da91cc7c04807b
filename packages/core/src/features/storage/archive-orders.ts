import { newId } from '@m3m/base'
import type { Clock } from '@m3m/base'
import { storagePath } from '@m3m/data'

/** What somebody asked to have packed. */
export interface ArchiveOrder {
  /** With ending. */
  fileName: string
  /** The storage's path of each, and its name at the top of the archive. */
  entries: readonly { path: string; name: string }[]
}

/**
 * A list of paths is too long for an address: it is kept here, and the address names it. An order belongs to its
 * project, ends by itself, and is lost with the process; the panel then orders again.
 */
export interface ArchiveOrders {
  add(projectId: string, paths: readonly string[]): string
  find(projectId: string, orderId: string): ArchiveOrder | null
}

/** As long as the ticket by which it is fetched. */
const KEEP_MS = 5 * 60_000
const MAX_ORDERS = 500

export function createArchiveOrders(clock: Clock): ArchiveOrders {
  const orders = new Map<string, ArchiveOrder & { projectId: string; until: number }>()
  return {
    add(projectId, paths) {
      const now = clock.now()
      for (const [id, order] of orders) {
        if (order.until < now || orders.size >= MAX_ORDERS) orders.delete(id)
      }
      const id = newId(now)
      orders.set(id, { ...orderOf(paths), projectId, until: now + KEEP_MS })
      return id
    },
    find(projectId, orderId) {
      const order = orders.get(orderId)
      return order?.projectId === projectId && order.until >= clock.now() ? order : null
    },
  }
}

/** Names are kept from the folder down that all paths share, so that no two are alike. */
function orderOf(paths: readonly string[]): ArchiveOrder {
  const unique = [...new Set(paths.map(storagePath))]
  const parents = unique.map((path) => path.split('/').slice(0, -1))
  const shared = parents.reduce((a, b) => {
    const parted = a.findIndex((name, i) => name !== b[i])
    return parted === -1 ? a : a.slice(0, parted)
  })
  const skip = shared.length === 0 ? 0 : shared.join('/').length + 1
  const only = unique.length === 1 ? unique[0]!.split('/').at(-1) : shared.at(-1)
  return {
    fileName: `${only || 'storage'}.zip`,
    entries: unique.map((path) => ({ path, name: path.slice(skip) })),
  }
}
