import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDocument, visit, type Pair } from 'yaml'
import { configSchema } from './config.schema.ts'
import { readConfig } from './read-config.ts'

let home: string
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'm3m-config-'))))
afterEach(() => rmSync(home, { recursive: true, force: true }))

const read = (yaml: string, env: NodeJS.ProcessEnv = {}) => {
  writeFileSync(join(home, 'config.yaml'), yaml)
  return readConfig({ env, cwd: home })
}

describe('config.yaml', () => {
  it('means the defaults when it is missing', () => {
    const config = readConfig({ env: {}, cwd: home })
    expect(config.file).toBeNull()
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 3000, tls: 'off' })
    expect(config.jwt.expiration).toBe(168 * 3_600_000)
    expect(config.datastore.path).toBe(join(home, 'data'))
  })

  it('takes relative paths from M3M_HOME', () => {
    const config = readConfig({ env: { M3M_HOME: home }, cwd: '/' })
    expect(config.storage.path).toBe(join(home, 'storage'))
  })

  it('refuses a file named with -c that is not there', () => {
    expect(() => readConfig({ env: {}, cwd: home, file: 'other.yaml' })).toThrow(
      /other\.yaml: cannot be read/,
    )
  })

  it.each([
    ['server:\n  prot: 3000\n', 'config.yaml:2: unknown key "server.prot"; did you mean "port"?'],
    ['serve:\n  port: 1\n', 'config.yaml:1: unknown key "serve"; did you mean "server"?'],
    [
      'runtime:\n  worker_pool_size: 5\n',
      'config.yaml:2: unknown key "runtime.worker_pool_size"; did you mean "workerPoolSize"?',
    ],
    ['runtime:\n  limits:\n    memory: 5\n', 'config.yaml:3: unknown key "runtime.limits.memory"'],
    ['server:\n  host: a\n  port: 70000\n', 'config.yaml:3: server.port: a port is at most 65535.'],
    ['server:\n  servicesPort: on\n', 'config.yaml:2: server.servicesPort: expected a port or off.'],
    ['server:\n  tls: yes please\n', 'config.yaml:2: server.tls: expected off, auto or'],
    [
      'server:\n  trustedProxies: [10.0.0.300]\n',
      'config.yaml:2: server.trustedProxies.0: expected an IP address',
    ],
    ['jwt:\n  expiration: 168\n', 'config.yaml:2: jwt.expiration: expected a duration such as 168h'],
    ['jwt:\n  expiration: soon\n', 'config.yaml:2: jwt.expiration: expected a duration such as 168h'],
    ['mongodb:\n  uri: localhost:27017\n', 'config.yaml:2: mongodb.uri: expected mongodb://'],
    ['logging:\n  level: loud\n', 'config.yaml:2: logging.level: '],
    ['mail:\n  host: smtp.example.com\n', 'config.yaml:1: mail.from: a mail server needs mail.from'],
    ['updates:\n  check: true\n', 'config.yaml:1: updates.feed: updates.check needs updates.feed'],
    ['runtime:\n  outboundAllow: [lan]\n', 'config.yaml:2: runtime.outboundAllow.0: expected loopback'],
    ['server: [1]\n', 'config.yaml:1: server: '],
    ['- a\n', 'config.yaml:1: expected sections'],
    ['server:\n  port: [\n', 'is not YAML'],
    ['server:\n  port: 1\n  port: 2\n', 'config.yaml:3:3: is not YAML'],
  ])('names file, line, key and cure: %j', (yaml, message) => {
    expect(() => read(yaml)).toThrow(message)
  })

  it('names every problem at once', () => {
    expect(() => read('server:\n  prot: 1\nlogging:\n  level: loud\n')).toThrow(
      /config\.yaml:2.*\nconfig\.yaml:4/,
    )
  })

  it('counts a key without a value as absent', () => {
    expect(read('mongodb:\n  uri:\njwt:\n').mongodb.uri).toBeUndefined()
  })

  it('is overridden by M3M_*, in camelCase words', () => {
    const config = read('server:\n  port: 1\n', {
      M3M_SERVER_PORT: '4000',
      M3M_SERVER_SERVICES_PORT: 'off',
      M3M_RUNTIME_WORKER_POOL_SIZE: '3',
      M3M_RUNTIME_LIMITS_MEMORY_MB: '64',
      M3M_SERVER_PANEL_ORIGINS: 'http://a.test,http://b.test',
      M3M_MONGODB_DATABASE: '123',
      M3M_LONG: '1',
    })
    expect(config.server).toMatchObject({
      port: 4000,
      servicesPort: 'off',
      panelOrigins: ['http://a.test', 'http://b.test'],
    })
    expect(config.runtime).toMatchObject({ workerPoolSize: 3, limits: { memoryMb: 64 } })
    expect(config.mongodb.database).toBe('123')
  })

  it('takes certificate and key from the environment', () => {
    const config = read('', { M3M_SERVER_TLS_CERT: 'c.pem', M3M_SERVER_TLS_KEY: 'k.pem' })
    expect(config.server.tls).toEqual({ cert: join(home, 'c.pem'), key: join(home, 'k.pem') })
  })

  it('names a wrong or unknown variable', () => {
    expect(() => read('', { M3M_SERVER_PORT: 'many' })).toThrow(/^M3M_SERVER_PORT: server\.port: /)
    expect(() => read('', { M3M_SERVER_PROT: '1' })).toThrow(
      'M3M_SERVER_PROT: no key of the configuration has this name; did you mean M3M_SERVER_PORT?',
    )
    expect(() => read('', { M3M_SERVER_SERVICESPORT: '1' })).toThrow('did you mean M3M_SERVER_SERVICES_PORT?')
    expect(() => read('', { M3M_SERVER_TURTLES_ALL_THE_WAY_DOWN: '1' })).toThrow('remove the variable.')
  })

  it('loads a sample with server, mongodb, jwt and storage', () => {
    const config = read(
      'server:\n  host: 0.0.0.0\n  port: 3000\n  uri: http://localhost:3000\nmongodb:\n  uri: mongodb://localhost:27017\n' +
        '  database: m3m\njwt:\n  secret: your-secret-key\n  expiration: 168h\nstorage:\n  path: ./storage\n',
    )
    expect(config.jwt.secret).toBe('your-secret-key')
    expect(config.placeOf(['jwt', 'secret'])).toBe('config.yaml:9')
  })
})

describe('the config.yaml that is handed out', () => {
  const file = new URL('../../../../config.yaml', import.meta.url)
  const text = readFileSync(file, 'utf8')

  it('holds the defaults', () => {
    const { placeOf: _a, setPlaceOf: _e, file: _b, ...given } = read(text)
    const { placeOf: _c, setPlaceOf: _f, file: _d, ...defaults } = read('')
    expect(given).toEqual(defaults)
  })

  it('names every key there is', () => {
    const uncommented = text.replaceAll(
      /^( *)# (uri|servicesPort|servicesUri|runtimeUri|secret|host|user|password|from|feed):/gm,
      '$1$2:',
    )
    const found = new Set<string>()
    visit(parseDocument(uncommented, { strict: false }), {
      Pair(_key, pair, path) {
        const above = path
          .filter((node): node is Pair => 'key' in (node as object))
          .map((node) => String(node.key))
        found.add([...above, String(pair.key)].join('.'))
      },
    })
    for (const key of keysOf(configSchema.parse({ jwt: {} }))) expect(found).toContain(key)
    for (const key of [
      'server.uri',
      'server.servicesPort',
      'server.servicesUri',
      'mongodb.uri',
      'mongodb.runtimeUri',
      'jwt.secret',
      'mail.host',
      'mail.password',
      'updates.feed',
    ])
      expect(found).toContain(key)
  })
})

function keysOf(value: object, above = ''): string[] {
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
    const own = above ? `${above}.${key}` : key
    const nested = typeof child === 'object' && child !== null && !Array.isArray(child)
    return nested && Object.keys(child).length > 0 ? keysOf(child, own) : [own]
  })
}
