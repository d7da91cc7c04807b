import { expect, it } from 'vitest'
import { systemdUnit } from './systemd-unit.ts'

const base = {
  node: '/opt/node',
  main: '/opt/m3m/main.ts',
  home: '/srv/m3m',
  configFile: '/srv/m3m/config.yaml',
  runAs: null,
}

it('brings the agent up at boot and whenever it ends', () => {
  const unit = systemdUnit({ ...base, scope: 'system', runAs: 'm3m' })
  expect(unit).toContain('ExecStart=/opt/node /opt/m3m/main.ts serve -c /srv/m3m/config.yaml\n')
  for (const line of [
    'Restart=always',
    'StartLimitIntervalSec=0',
    'User=m3m',
    'WantedBy=multi-user.target',
    'OOMPolicy=continue',
  ])
    expect(unit.split('\n')).toContain(line)
})

it('belongs to the user when asked', () => {
  const unit = systemdUnit({ ...base, scope: 'user' })
  expect(unit).toContain('WantedBy=default.target')
  expect(unit).not.toMatch(/User=|ProtectSystem|network-online/)
})

it('quotes what systemd would take apart', () => {
  const unit = systemdUnit({
    ...base,
    scope: 'user',
    home: '/srv/my 100% $HOME "m3m"',
    configFile: '/srv/my 100% $HOME/c.yaml',
  })
  expect(unit).toContain('serve -c "/srv/my 100%% $$HOME/c.yaml"')
  expect(unit).toContain('Environment="M3M_HOME=/srv/my 100%% $$HOME \\"m3m\\""')
  expect(unit).toContain('WorkingDirectory=/srv/my 100%% $HOME "m3m"')
})
