import { createServer } from 'node:net'

const FIRST_PORT = 3000
const LAST_PORT = 3998

/** The first of two neighbouring free ports of this computer, the panel's and that of its services; null when there are none. The well-known ones first. */
export async function freePortPair(): Promise<number | null> {
  for (let port = FIRST_PORT; port <= LAST_PORT; port += 2)
    if ((await isFree(port)) && (await isFree(port + 1))) return port
  return null
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
