import type { MetricsSnapshot } from '@m3m/core'
import { expect, test } from 'vitest'
import { exposition } from './exposition.ts'
import { metricFamilies } from './families.ts'

const figures = {
  cpuMs: 1_500,
  rssBytes: 1,
  heapBytes: 2_048,
  lagMs: 1,
  requests: 3,
  errors: 1,
  inFlight: 0,
  statusClasses: [1, 0, 1, 1] as const,
  bytesIn: 7,
  bytesOut: 9,
  jobRuns: 4,
  routes: [{ method: 'GET', pattern: '/say/"hi"\\:name', hits: 3, errors: 1, p50Ms: 1, p95Ms: 2 }],
  limits: { requestWallMs: 2 },
  // Two within 0.1 ms, one that took longer than every class.
  latencyClasses: Array.from({ length: 63 }, (_, index) => (index === 0 ? 2 : index === 62 ? 1 : 0)),
}
const NOTHING = {
  queueWaiting: null,
  queueDead: null,
  delayedTasks: null,
  databaseBytes: null,
  storageBytes: null,
}
const COUNTED = { ...NOTHING, delayedTasks: 2, databaseBytes: 4_096, storageBytes: 10 }
const snapshot: MetricsSnapshot = {
  version: '1.2.3',
  node: '26.10.0',
  agent: { cpuMs: 2_000, rssBytes: 10, heapBytes: 5, lagMs: 4 },
  services: [
    {
      slug: 'shop',
      state: 'running',
      restarts: 1,
      figures,
      queue: { waiting: 4, delayed: 0, active: 0, dead: 1 },
      gauges: COUNTED,
    },
    {
      slug: 'bot',
      state: 'stopped',
      restarts: 0,
      figures: null,
      queue: { waiting: 0, delayed: 0, active: 0, dead: 0 },
      gauges: NOTHING,
    },
  ],
}

test('what runs, what it did and what waits, in the names and units that Prometheus expects', () => {
  const text = exposition(metricFamilies(snapshot))
  for (const line of [
    'm3m_agent_info{version="1.2.3",node="26.10.0"} 1',
    'm3m_agent_cpu_seconds_total 2',
    'm3m_agent_event_loop_lag_seconds 0.004',
    'm3m_service_up{project="shop"} 1',
    'm3m_service_up{project="bot"} 0',
    'm3m_service_state{project="bot",state="stopped"} 1',
    'm3m_service_restarts_total{project="shop"} 1',
    'm3m_service_cpu_seconds_total{project="shop"} 1.5',
    'm3m_service_limit_passed_total{project="shop",limit="requestWallMs"} 2',
    'm3m_queue_jobs{project="shop",state="dead"} 1',
    'm3m_service_responses_total{project="shop",class="4xx"} 1',
    'm3m_service_received_bytes_total{project="shop"} 7',
    'm3m_service_sent_bytes_total{project="shop"} 9',
    'm3m_service_job_runs_total{project="shop"} 4',
    'm3m_service_delayed_tasks{project="shop"} 2',
    'm3m_service_database_bytes{project="shop"} 4096',
    'm3m_service_storage_bytes{project="shop"} 10',
  ])
    expect(text.split('\n')).toContain(line)
  expect(text).not.toMatch(/m3m_service_(cpu_seconds_total|database_bytes)\{project="bot"/)
  expect(text.endsWith('\n')).toBe(true)
})

test('a histogram is cumulative and ends with everything', () => {
  const lines = exposition(metricFamilies(snapshot)).split('\n')
  const buckets = lines
    .filter((line) => line.startsWith('m3m_service_request_duration_seconds_bucket'))
    .map((line) => Number(line.split(' ').at(-1)))
  expect(buckets).toEqual(buckets.toSorted((a, b) => a - b))
  expect([buckets[0], buckets.at(-1)]).toEqual([2, 3])
  expect(lines).toContain('m3m_service_request_duration_seconds_count{project="shop"} 3')
})

test('a pattern cannot break the format', () => {
  expect(exposition(metricFamilies(snapshot))).toContain(
    String.raw`m3m_route_requests_total{project="shop",method="GET",route="/say/\"hi\"\\:name"} 3`,
  )
})

test('each family is told once, with its type', () => {
  const types = exposition(metricFamilies(snapshot))
    .split('\n')
    .filter((line) => line.startsWith('# TYPE'))
  expect(new Set(types).size).toBe(types.length)
  expect(types).toContain('# TYPE m3m_service_request_duration_seconds histogram')
})
