import type { SandboxRoom } from '../../sandbox/lane.ts'
import { ENV_CHANGED, type Values } from './env.contract.ts'

let values: Values | undefined

const YES = ['true', '1', 'yes', 'on']
const NO = ['false', '0', 'no', 'off']

export const room: SandboxRoom = (_lane, kernel) => {
  if (!values) {
    values = (kernel.bootData('env') as Values | undefined) ?? {}
    kernel.on(ENV_CHANGED, (changed) => void (values = changed as Values))
  }
  const read = (key: unknown): unknown =>
    Object.hasOwn(values!, String(key)) ? values![String(key)] : undefined
  return {
    get: (key: string, fallback: unknown = null) => copy(read(key) ?? fallback),
    has: (key: string) => Object.hasOwn(values!, String(key)),
    keys: () => Object.keys(values!),
    getAll: () => copy(values),
    getString: (key: string, fallback = '') => {
      const value = read(key)
      if (value === undefined || value === null) return fallback
      return typeof value === 'object' ? JSON.stringify(value) : String(value)
    },
    getInt: (key: string, fallback = 0) => {
      const number = numberOf(read(key))
      return number === null ? fallback : Math.trunc(number)
    },
    getFloat: (key: string, fallback = 0) => numberOf(read(key)) ?? fallback,
    getBool: (key: string, fallback = false) => {
      const value = read(key)
      if (typeof value === 'boolean') return value
      const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
      return YES.includes(text) ? true : NO.includes(text) ? false : fallback
    },
  }
}

/** What a service changes in a Json variable must not change the variable. */
function copy(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.trim() === '') return null
  const number = Number(value.trim())
  return Number.isFinite(number) ? number : null
}
